"""What rings nothing though it speaks of raids, shots and bombs: plots, trials, weather, sport, what is long past.

Sentences of our own, and beside each kind one that rings.
"""

import pytest
from detection_builders import article, shipped_detector, told

from tocsin.core.detection import detect


@pytest.mark.parametrize(
    "text",
    [
        "Obituary: Captain Elin Moss\nShe was taken prisoner near Tobruk and wounded by a mine.",
        "Factbox: grenade attacks on trains in Assam",
        "Two thrillers for the train\nA nun poisons a warlord and a sniper shoots a senator.",
        "Critics love it\nIn this comedy two plumbers kidnap the wrong banker.",
        "You capture bridges and ambush convoys.",
        "Man pleads guilty at trial\nThe butcher admitted that he had knifed the driver in the neck.",
        "A flaw in the lock lets raiders storm the vault.",
        "The bill would let soldiers shoot smugglers.",
        "A preacher whose extradition is being sought by Rabat spoke on Friday.",
        "Bus overturns near Kandy, killing four soldiers\nThe driver lost control of it on a bend.",
        "Hailstones batter Ferrara\nStones as big as plums hit the town, smashing windows and injuring 19 people.",
        "A farmer shot his cousin dead by mistake near Ghent.",
        "Landmines maim two people a day in Tarvia.",
        "Golf: Ruiz fires a 65\nThe Chilean shot past the champion with a birdie.",
        "Marlow Corp Announces Second Annual Street Battle of Bands",
        "The looters must at once be arrested and detained.",
        "Her brothers will mourn until the killers are arrested.",
        "Analysts say that had the preacher been detained in Salem the march would have ended.",
        "Doctors found no evidence that she had been kidnapped.",
        "Inspectors saw no sign that the guards had shot anyone.",
        "A nurse told a court in Bern on Tuesday that gunmen had opened fire on the van and killed two men.",
        "The jury heard on Monday that rebels attacked the lorry and burned it.",
        "Sending a ranger to jail for shooting a poacher who took his gun would be cruel, his lawyer said.",
        "Harlow Rovers survived a late ambush by Denton Town to win 3-2 on Saturday.",
        "The colonel, who once flew bombing missions over Kesh, drinks tea.",
        "Hikers are told to avoid the gorge, where bandits have kidnapped guides and attacked jeeps.",
        "The envoy said the junta must stop pretending that farmers were burning their own barns.",
        "Dealers said the village had been hit by a barrage of poor figures.",
        "Ortega quits, tossing grenade into May's fishing plan",
        "Populist overruns governor in Kansas run-off",
        "Planners war-gamed an attack on the Kesh corridor.",
    ],
)
def test_what_is_no_report_stays_silent(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Film star mourned\nGunmen shot dead a film director in Sefrou on Friday.", "armed_attack"),
        ("Trial of rebel chief opens in court\nPolice arrested three men in Kisumu on Friday.", "arrest"),
        ("The storm went on\nGunmen killed four soldiers near Mopti on Friday.", "armed_clash"),
        ("Soldiers shot two herders near Gao by mistake on Friday.", "armed_attack"),
        ("Gunmen killed two teachers a day after a blast in Bara.", "armed_attack"),
        ("Game maker searched\nPolice seized computers and software in Lugano on Friday.", "seizure"),
        ("The looters were traced to a mill and detained on Friday.", "arrest"),
        ("Marlow Corp. chairman Jan Holt was sentenced to ten years in prison on Thursday.", "sentencing"),
        ("Shepherds found evidence that soldiers had shot six men in Dar on Monday.", "armed_attack"),
        ("The colonel told reporters that gunmen attacked a van on Monday.", "armed_attack"),
        ("Three soldiers were killed when rebels attacked a lorry near Kalin.", "armed_clash"),
        ("Guards let the prisoners go before gunmen stormed the jail in Gitega on Friday.", "armed_attack"),
        ("Rebels carried out attacks on the electrical system of Orlu on Monday.", "armed_attack"),
        ("Villagers avoid the gorge, where bandits killed two guides on Monday.", "armed_attack"),
        ("Stay away from the market in Orlu, where a bomb has killed nine shoppers.", "bombing"),
        ("Guests must avoid the hall, where gunmen have shot dead the mayor.", "armed_attack"),
        ("Gunmen pretending to be pilgrims shot a guard in Orlu on Monday.", "armed_attack"),
        ("The village was hit by a barrage of rockets on Monday.", "shelling"),
        ("Rebels overran the barracks at Kesh on the eve of the run-off.", "territory_overtaken"),
        ("A tribunal found Mara Holt guilty of forgery on Monday.", "sentencing"),
        ("The bandits held her captive in a cave near Orlu on Monday.", "abduction"),
        (
            "Party leaders condemned the murder of Pedro Salas, its candidate for mayor, in Orlu on Monday.",
            "armed_attack",
        ),
    ],
)
def test_what_stands_beside_it_rings(text: str, kind: str) -> None:
    assert kind in [mention.type for mention in told(text)]


def test_a_sentence_without_a_date_goes_on_with_the_old_one() -> None:
    old = "In 2004 gunmen seized a school in Arvand. Two days later troops stormed it and shot 30 men."

    assert told(old) == []


def test_a_sentence_with_a_date_of_its_own_is_new() -> None:
    new = "The band was formed in 2004. On Thursday its fighters ambushed a convoy near Gao and shot 30 men."

    assert told(new) != []


def test_an_undated_article_may_tell_of_its_own_day() -> None:
    own = "On 3 March 2017 teachers protested in Bida. Police dispersed them with tear gas."

    found = detect(article(own, published=None), shipped_detector())

    assert any(mention.opens for mention in found.mentions)


@pytest.mark.parametrize(
    "text",
    ["On 2 May 1942 German troops captured Kerch.", "In July 1944 soldiers shot 80 men in Vassili, villagers said."],
)
def test_an_undated_article_tells_history(text: str) -> None:
    found = detect(article(text, published=None), shipped_detector())

    assert not any(mention.opens for mention in found.mentions)


def test_what_names_the_victims_tells_nothing_new() -> None:
    assert told("A choir sang on Sunday for the pupils killed when gunmen seized a school.") == []


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Why the junta holds on", "Its soldiers shot at nuns and burned two villages."),
        ("How a valley came to fear its guards", "Rangers beat a farmer and burned his hut."),
        ("Rescuer of the Corvo mutiny dies at 91", "Gunmen kidnapped his brother near Tarn."),
        ("Ardel 1974: the town asks for a plaque", "Soldiers shot nine weavers beside the mill."),
        ("Minister lobs grenade into budget plan", "He left the room without another word."),
        ("Cold snap kills dozens in Ardel", "Rivers froze as far south as Tarn."),
    ],
)
def test_who_explains_or_looks_back_tells_nothing_new(title: str, body: str) -> None:
    assert not any(mention.opens for mention in told(body, title=title))


@pytest.mark.parametrize(
    ("title", "body", "event_type"),
    [
        ("Why the junta holds on", "On Tuesday gunmen kidnapped a judge in Ardel.", "abduction"),
        ("Two held over 1974 murders", "Police in Ardel arrested two brothers.", "arrest"),
        ("Man lobs grenade into barracks in Ardel", "Nobody was hurt.", "grenade"),
        (
            "Nine dead at mosque in Ardel",
            "People fled. A suicide bomber blew himself up among them.",
            "suicide_bombing",
        ),
        ("Gunmen storm museum in Ardel", "Visitors hid in the cellar. Rebels kidnapped a guide.", "abduction"),
        ("2000 migrants held near Ardel", "The camps are full. Gunmen shot dead two cooks.", "armed_attack"),
    ],
)
def test_what_is_new_beside_it_rings(title: str, body: str, event_type: str) -> None:
    assert event_type in {mention.type for mention in told(body, title=title) if mention.opens}
