"""Scoring a corpus: the figures of the design, from labels and annotations that are easy to count by hand."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from scoring_builders import day, finding, found, gold, gold_event, names, places

from tocsin.core.events.lineage import Lineage
from tocsin.core.mentions import Precision, Status
from tocsin.core.scoring.bootstrap import find_intervals
from tocsin.core.scoring.conventions import Convention
from tocsin.core.scoring.found import FoundDocument, Level
from tocsin.core.scoring.gold import GoldDocument, Split, Trap
from tocsin.core.scoring.names import NameBook
from tocsin.core.scoring.score import Scores, score_corpus, to_details, to_object

TYPES = Lineage(parents={"suicide_bombing": "bombing", "grenade": "bombing"})
BOOK = NameBook(
    ids=frozenset({"isis", "isis_sinai"}),
    aliases={"islamic state": ("isis",), "is": ("isis",), "sinai province": ("isis_sinai",)},
    lineage=Lineage(parents={"isis_sinai": "isis"}),
)
KEYS = ["corpus", "articles", "types", "macro_f1", "primary", "roles", "status", "false_alerts", "identity"]


def score(
    pairs: Sequence[tuple[GoldDocument, FoundDocument]],
    convention: Convention = Convention(),  # noqa: B008
    labels: Mapping[str, tuple[str, ...]] | None = None,
) -> Scores:
    return score_corpus(
        "ours",
        [document for document, _ in pairs],
        {document.id: finding for document, finding in pairs},
        names=BOOK,
        types=TYPES,
        convention=convention,
        labels=labels,
    )


def figures(*pairs: tuple[GoldDocument, FoundDocument], **values: Any) -> dict[str, Any]:
    return to_object(score(pairs, **values))


def test_the_object_has_exactly_the_agreed_keys_and_null_where_a_corpus_says_nothing() -> None:
    figure = figures((gold(labels=("arrest",)), found(finding())))

    assert list(figure) == KEYS
    assert (figure["primary"], figure["roles"], figure["status"], figure["identity"]) == (None, None, None, None)
    assert figure["types"]["arrest"] == {
        "gold": 1, "tp": 1, "fp": 0, "fn": 0, "precision": 1.0, "recall": 1.0, "f1": 1.0,
    }  # fmt: skip


def test_a_row_without_labels_is_not_scored() -> None:
    unlabelled = GoldDocument(id="x", text="t", lang="en", group="x")

    assert figures((unlabelled, found(finding(), id_="x")))["articles"] == 0


def test_a_child_counts_as_the_labelled_parent_and_not_the_other_way_round() -> None:
    child = figures((gold(labels=("bombing",)), found(finding("suicide_bombing"))))["types"]
    parent = figures((gold(labels=("grenade",)), found(finding("bombing"))))["types"]

    assert child["bombing"]["f1"] == 1.0
    assert (parent["grenade"]["fn"], parent["bombing"]["fp"]) == (1, 1)


def test_a_type_that_is_also_ok_is_neither_right_nor_wrong() -> None:
    document = gold(labels=("arrest",), also_ok=("bombing",))
    figure = figures((document, found(finding(), finding("grenade", event_id="evt_2"))))

    assert list(figure["types"]) == ["arrest"]


@pytest.mark.parametrize(
    ("level", "status", "right"),
    [
        (Level.RECOGNISED, Status.BACKGROUND, 1),
        (Level.RECOGNISED, Status.NEGATED, 1),
        (Level.HAPPENED, Status.BACKGROUND, 1),
        (Level.HAPPENED, Status.AGGREGATE, 1),
        (Level.HAPPENED, Status.NEGATED, 0),
        (Level.HAPPENED, Status.PLANNED, 0),
        (Level.EVENTS, Status.BACKGROUND, 0),
        (Level.RINGS, Status.BACKGROUND, 0),
    ],
    ids=str,
)
def test_silent_mentions_count_only_where_the_corpus_wants_them(level: Level, status: Status, right: int) -> None:
    silent = finding(status=status)
    figure = figures((gold(labels=("arrest",)), found(silent)), convention=Convention(level=level))

    assert figure["types"]["arrest"]["tp"] == right


def test_where_one_event_of_several_is_labelled_only_recall_is_defined() -> None:
    document = gold(labels=("arrest",), single_label=True)
    other = gold(labels=(), id_="b")
    figure = figures((document, found(finding(), finding("bombing"))), (other, found(finding(rings=True), id_="b")))

    arrest = figure["types"]["arrest"]
    assert (arrest["recall"], arrest["precision"], arrest["fp"], arrest["f1"]) == (1.0, None, None, None)
    assert (figure["macro_f1"], figure["false_alerts"]) == (None, None)


def test_the_map_judges_the_main_event_and_leaves_unmapped_rows_out() -> None:
    labels = {"ARREST": ("arrest",), "DISR": ("seizure", "defusal"), "OTHER": ()}
    rows = [
        (gold(id_="1", labels=(), raw_label="ARREST"), found(id_="1", primary="arrest")),
        (gold(id_="2", labels=(), raw_label="DISR"), found(id_="2", primary="defusal")),
        (gold(id_="3", labels=(), raw_label="OTHER"), found(id_="3", primary=None)),
        (gold(id_="4", labels=(), raw_label="OTHER"), found(id_="4", primary="grenade")),
        (gold(id_="5", labels=(), raw_label="ARREST"), found(id_="5", primary="seizure")),
        (gold(id_="6", labels=(), raw_label="FLOOD"), found(id_="6", primary="arrest")),
    ]
    figure = figures(*rows, labels=labels)

    assert figure["articles"] == 5
    assert figure["primary"]["accuracy"] == pytest.approx(0.8)
    # ARREST: 1 of 2, nothing false: F1 2/3. DISR: 1 right, 1 false: 2/3. OTHER: 1.
    assert figure["primary"]["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert figure["primary"]["weighted_f1"] == pytest.approx((2 * 2 / 3 + 2 / 3 + 2 * 1) / 5)


def test_false_alerts_are_counted_by_kind_and_only_for_what_rings() -> None:
    rows = [
        (gold(id_="1", labels=(), kind="sport"), found(finding(rings=True), id_="1")),
        (gold(id_="2", labels=(), kind="sport"), found(finding(rings=False), id_="2")),
        (gold(id_="3", labels=(), kind="medical"), found(id_="3")),
        (gold(id_="4", labels=("arrest",)), found(finding(rings=True), id_="4")),
    ]
    scores = score(rows)

    assert to_object(scores)["false_alerts"] == {
        "negatives": 3,
        "rang": 1,
        "by_kind": {"medical": {"negatives": 1, "rang": 0}, "sport": {"negatives": 2, "rang": 1}},
    }
    news = to_details(scores)["news"]
    assert news == {"precision": 0.5, "recall": 1.0, "false_share": pytest.approx(1 / 3), "false_per_thousand": 250.0}


def test_an_annotated_event_kept_silent_is_found_but_an_unknown_one_that_opens_is_false() -> None:
    document = gold(gold_event(status=Status.NEGATED), traps=(Trap(kind="idiom", sentence="A heart attack."),))
    silent = finding(status=Status.NEGATED)
    trap = finding("armed_attack", sentence="A heart attack.", event_id="evt_9")
    figure = figures((document, found(silent, trap)))

    assert (figure["types"]["arrest"]["tp"], figure["types"]["armed_attack"]["fp"]) == (1, 1)


def test_a_second_mention_of_an_event_that_is_annotated_is_not_false() -> None:
    again = finding(sentence="The six were held at dawn.", event_id="evt_1")

    figure = figures((gold(gold_event()), found(finding(), again)))

    assert figure["types"]["arrest"]["fp"] == 0


def test_status_is_the_mean_over_the_annotated_ones_and_an_unread_sentence_is_a_miss() -> None:
    first = gold(gold_event(status=Status.ASSERTED), id_="1")
    second = gold(gold_event(status=Status.NEGATED), id_="2")
    third = gold(gold_event(status=Status.NEGATED), id_="3")
    figure = figures(
        (first, found(finding(), id_="1")),
        (second, found(finding(status=Status.NEGATED), id_="2")),
        (third, found(id_="3")),
    )

    assert figure["status"]["macro_f1"] == pytest.approx((1 + 2 / 3) / 2)


def test_status_is_judged_by_sentence_when_the_type_is_wrong() -> None:
    figure = figures((gold(gold_event("raid", status=Status.DENIED)), found(finding(status=Status.DENIED))))

    assert (figure["status"]["macro_f1"], figure["types"]["raid"]["fn"]) == (1.0, 1)


@pytest.mark.parametrize(
    ("wanted", "said", "right"),
    [
        (("police",), ("Tangier police",), True),  # the head
        (("two men and a woman",), ("woman",), True),  # one of a coordinated group
        (("group of armed men",), ("men",), True),  # what a portion word portions out
        (("isis",), ("Islamic State fighters",), True),  # an id against words that name it
        (("Islamic State fighters",), ("sinai province",), True),  # a member of the actor
        (("isis_sinai",), ("Islamic State",), False),  # the parent is not the member
        (("dhow carrying drone parts",), ("dhow",), True),  # a participle clause
        (("barracks around Elmina",), ("barracks",), True),  # where it stands is no part of the head
        (("crew between two trucks",), ("trucks",), False),
        (("police station",), ("police",), False),  # another head
        (("warplanes",), ("soldiers",), False),
        ((), ("soldiers",), False),  # nothing was annotated
    ],
)
def test_fillers_are_compared_by_actor_or_by_head(wanted: tuple[str, ...], said: tuple[str, ...], right: bool) -> None:
    figure = figures((gold(gold_event(agents=wanted)), found(finding(agents=names(*said)))))

    assert figure["roles"]["agent"] == (1.0 if right else 0.0)


def test_roles_are_scored_on_found_events_and_beside_it_on_all() -> None:
    hit = gold(gold_event(agents=("police",)), id_="1")
    missed = gold(gold_event("raid", agents=("police",)), id_="2")
    scores = score([(hit, found(finding(agents=names("police")), id_="1")), (missed, found(id_="2"))])

    assert to_object(scores)["roles"]["agent"] == 1.0  # type: ignore[index]
    assert to_details(scores)["roles_of_all"]["agent"] == pytest.approx(2 / 3)  # type: ignore[index]


@pytest.mark.parametrize(
    ("wanted", "said", "right"),
    [
        ("2026-03-06", day("2026-03-06"), True),
        ("2026-03-06", day("2026-03-07"), False),
        ("2026-03-06", day("2026-03-01", Precision.MONTH), False),
        ("2026-03", day("2026-03-01", Precision.MONTH), True),
        ("2026-03", day("2026-03-01"), False),
        ("2026-03-02", day("2026-03-02", Precision.WEEK), False),
        (None, None, True),
        (None, day("2026-03-01", Precision.WEEK), True),
        (None, day("2026-03-06"), False),  # a day that nobody named
    ],
)
def test_a_date_is_right_at_the_annotated_precision(wanted: str | None, said: Any, right: bool) -> None:
    figure = figures((gold(gold_event(date=wanted)), found(finding(date=said))))

    assert figure["roles"]["date"] == float(right)


@pytest.mark.parametrize(
    ("wanted", "said", "kind", "right"),
    [
        (("Deir Ezzor",), ("Deir-Ezzor",), "town", True),
        (("Niger state",), ("Niger",), "province", True),
        (("Tangier",), ("Tangier", "Rabat"), "town", False),
        (("Tangier", "Rabat"), ("Tangier",), "town", False),
        ((), ("Morocco",), "country", True),
        ((), ("Rabat",), "town", False),
    ],
)
def test_places_are_right_when_all_are_found_and_no_other_town(
    wanted: tuple[str, ...], said: tuple[str, ...], kind: str, right: bool
) -> None:
    figure = figures((gold(gold_event(places=wanted)), found(finding(places=places(*said, kind=kind)))))

    assert figure["roles"]["place"] == float(right)


def test_facts_beside_labels_are_scored_by_recall_on_types_that_were_found() -> None:
    fact = gold_event("bombing", recipients=("crowd", "bus"), count=2, labelled=frozenset({"recipient", "count"}))
    document = gold(labels=("bombing",), facts=(fact,))
    figure = figures((document, found(finding("grenade", recipients=names("a crowd", "a stage"), count=2))))

    assert (figure["roles"]["recipient"], figure["roles"]["count"], figure["roles"]["date"]) == (0.5, 1.0, None)


def test_a_place_that_an_origin_calls_a_target_is_there_when_the_event_is_placed_there() -> None:
    fact = gold_event("bombing", agents=("Fenwick",), recipients=("Fenwick", "Ardmore"))
    document = gold(labels=("bombing",), facts=(fact,))
    figure = figures((document, found(finding("grenade", places=places("Fenwick")))))

    assert (figure["roles"]["agent"], figure["roles"]["recipient"]) == (0.0, 0.5)


def test_identity_counts_pairs_and_occurrences_that_ring_twice() -> None:
    def report(id_: str, key: str, event_id: str) -> tuple[GoldDocument, FoundDocument]:
        event = finding(event_id=event_id, rings=True)
        return gold(gold_event(key=key), id_=id_), found(event, id_=id_)

    figure = figures(
        report("1", "K1", "evt_1"), report("2", "K1", "evt_1"), report("3", "K1", "evt_2"), report("4", "K2", "evt_2")
    )["identity"]

    # Pairs: 3 true, 2 said, 1 right. B3: precision (1 + 1 + 1/2 + 1/2) / 4, recall (2/3 + 2/3 + 1/3 + 1) / 4.
    assert figure["pairwise_f1"] == pytest.approx(2 * 1 / (3 + 2))
    assert figure["b3_f1"] == pytest.approx(2 * 0.75 * (8 / 3 / 4) / (0.75 + 8 / 3 / 4))
    assert figure["second_first_alerts"] == 1


def test_neutral_sentences_are_left_out_on_both_sides() -> None:
    document = gold(gold_event(), neutral=("Police held six men.",))

    assert figures((document, found(finding())))["types"] is None


def test_intervals_cover_the_figure_and_shrink_with_agreement() -> None:
    source = random.Random(7)
    tallies = [{("type", "arrest", "tp" if number % 4 else "fn"): 1.0} for number in range(100)]

    def recall(tally: dict[tuple[str, ...], float]) -> dict[str, float | None]:
        right = tally.get(("type", "arrest", "tp"), 0.0)
        return {"recall": right / (right + tally.get(("type", "arrest", "fn"), 0.0))}

    draws = [[source.choices(range(100), k=100).count(one) for one in range(100)] for _ in range(200)]
    low, high = find_intervals(tallies, recall, draws)["recall"]

    assert 0.6 < low < 0.75 < high < 0.9


def test_a_third_of_the_groups_is_held_out_and_a_group_stays_together() -> None:
    documents = [gold(labels=(), id_=f"{group}-{row}", group=f"g{group}") for group in range(300) for row in range(2)]
    held = [document for document in documents if document.in_split(Split.HELD_OUT)]

    assert 150 < len(held) < 250
    assert len({document.group for document in held}) * 2 == len(held)
    assert all(document.in_split(Split.DEV) is not document.in_split(Split.HELD_OUT) for document in documents)
