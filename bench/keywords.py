"""The keyword list that a Huginn or Google Alerts user would write: an alternation for each event type."""

import re
from collections.abc import Mapping

from tocsin.core.article import Article, Span
from tocsin.core.ids import make_id
from tocsin.core.mentions import Detection, EventMention, Status

# Specific types first, as a careful user orders them.
KEYWORDS: Mapping[str, str] = {
    "suicide_bombing": r"suicide (?:bomb\w*|attack\w*|blast)|blew (?:him|her|them)sel\w+ up|explosive (?:vest|belt)",
    "chemical_weapon": r"chemical (?:attack|weapons?)|nerve agent|sarin|chlorine|poison gas|mustard gas",
    "grenade": r"grenades?",
    "sexual_violence": r"rap(?:e|ed|ing)|sexual(?:ly)? (?:assault\w*|abus\w*|violence)",
    "airstrike": r"air ?-?strikes?|air raids?|drone (?:strike|attack)s?|warplanes?|fighter jets?|bombed from the air",
    "shelling": r"shell(?:ed|ing)|artillery|mortars?|rockets?|missiles?",
    "remote_explosive": r"roadside bomb\w*|IEDs?|land ?mines?|car bombs?|improvised explosive|remote\W?controlled",
    "defusal": r"defus\w+|bomb disposal|controlled explosion",
    "interception": r"intercept(?:ed|s)?|shot down",
    "seizure": r"seiz(?:e|ed|es|ing|ure)|confiscat\w+|weapons cache|haul",
    "abduction": r"kidnap\w*|abduct\w*|hostages?|disappear(?:ed|ance)",
    "raid": r"raid(?:ed|s)?|dismantl\w+|hideout",
    "arrest": r"arrest(?:ed|s)?|detain(?:ed|s)?|in custody|nabbed|rounded up",
    "sentencing": r"sentenced|jailed for|life in prison",
    "extradition": r"extradit\w+",
    "execution": r"execut(?:ed|ion)s?|beheaded|hanged",
    "release": r"(?:freed|released) (?:from|after|hostages?|prisoners?|on bail)",
    "territory_regained": r"(?:re)?took control|recaptur\w+|retook|liberated|regained control",
    "territory_overtaken": r"captur(?:ed|es) (?:the )?(?:town|city|village)|overran|seized control|fell to",
    "territory_transferred": r"withdr(?:ew|awal)|handed over (?:the )?(?:town|base|area)",
    "protest_repression": r"(?:fired|opened fire) on (?:protest|demonstrat)\w+|tear gas|live ammunition",
    "protest_intervention": r"dispers(?:ed|ing)|broke up (?:a|the) (?:protest|rally|demonstration)",
    "riot": r"riot(?:s|ed|ing|ers)?|clashes between (?:protesters|police)|threw stones|burn(?:ed|ing) tires",
    "protest": r"protest(?:s|ed|ers)?|demonstrat(?:ed|ion|ors?)\w*|rall(?:y|ies)|march(?:ed)?|sit-in",
    "mob_violence": r"lynch\w*|mob",
    "property_destruction": r"loot(?:ed|ing)|set (?:on )?fire|torched|vandali[sz]\w+|burned down",
    "agreement": r"cease ?-?fire|peace (?:deal|agreement|accord|talks)|truce|signed an agreement",
    "base_established": r"(?:set up|established|opened) (?:a )?(?:new )?(?:base|headquarters|camp|outpost)",
    "group_change": r"deploy(?:ed|ment)|merged|split from|joined forces|reinforcements",
    "armed_clash": r"clash(?:es|ed)?|fire ?fights?|gun ?battles?|fighting|exchange of fire",
    "bombing": r"bomb(?:s|ed|ing|ings)?|blasts?|explosions?|exploded",
    "armed_attack": r"attack(?:s|ed)?|gunmen|shot dead|opened fire|killed|ambush\w*|murder(?:ed)?|assassinat\w+",
}
_PATTERNS = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in KEYWORDS.items()}
_SENTENCE = re.compile(r"[^.!?\n]*[.!?]?")


def detect_keywords(article: Article) -> Detection:
    """Every type whose words stand in the text, once, at its first place; the first in the list is the main one."""
    text = article.text
    found = []
    for name, pattern in _PATTERNS.items():
        match = pattern.search(text)
        if match:
            found.append(_mention(article, name, match.span(), text, primary=not found))
    return Detection(mentions=tuple(found))


def _mention(article: Article, name: str, at: tuple[int, int], text: str, *, primary: bool) -> EventMention:
    start = max(text.rfind(mark, 0, at[0]) for mark in ".!?\n") + 1
    found = _SENTENCE.match(text, at[0])
    end = found.end() if found else at[1]
    while start < at[0] and text[start].isspace():
        start += 1
    return EventMention(
        id=make_id("mnt", article.id, name, str(at[0])),
        article_id=article.id,
        type=name,
        status=Status.ASSERTED,
        sentence=Span(start=start, end=end),
        sentence_text=text[start:end],
        trigger=Span(start=at[0], end=at[1]),
        trigger_text=text[at[0] : at[1]],
        primary=primary,
    )
