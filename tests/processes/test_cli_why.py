"""`tocsin why`: the path of a story from its article to each attempt, and where and why it ended."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from event_builders import NOW, article, mention
from processes.conftest import Tocsin
from processes.desk_rows import ring

from tocsin.adapters.archive import FileArchive
from tocsin.adapters.redis_store import RedisStore
from tocsin.core.alerts import Alert, DispatchReason
from tocsin.core.deliveries import Outcome, OutcomeKind
from tocsin.core.mentions import Status
from tocsin.core.messages import Commit, Drop, Kind
from tocsin.core.subscriptions import Channel, Endpoint
from tocsin.pipeline.delivery_rows import alert_row
from tocsin.pipeline.endpoint_actions import send_test
from tocsin.pipeline.rows import article_row, mention_row, merged_mention

SUBSCRIPTIONS = """\
endpoints:
  - {id: mail, email: desk@example.org}
subscriptions:
  - {id: isis-arrests, title: Arrests, send_to: [mail], types: [arrest], actors: [isis]}
  - {id: raids, title: Raids, send_to: [mail], types: [raid]}
  - {id: spain, title: Spain, send_to: [mail], countries: [ES]}
"""


def test_the_whole_path_is_told_from_the_address_of_the_article(tocsin: Tocsin, store: RedisStore) -> None:
    answers = (
        Outcome(kind=OutcomeKind.GAVE_UP, code=410, detail="gone"),
        Outcome(kind=OutcomeKind.DELIVERED, code=204),
    )
    written = ring(store, answers=answers)

    answer = tocsin("why", "http://www.a1.example/story?utm_source=mail")

    assert answer.code == 0
    for part in (
        f"article {article().id}: ",
        "a1.example: Six held in Tangier",
        "published 2026-03-08 08:50:00, fetched 2026-03-08 09:00:00 from feed wire",
        f'arrest "detained": asserted: event {written.event_id}',
        f"event {written.event_id}: arrest, asserted, revision 1, 1 report, 1 publisher",
        "isis-arrests: first, told of revision 1 at 2026-03-08 09:00:00",
        "gave_up",
        "2026-03-08 09:00:00 gave_up 410 gone",
        "2026-03-08 09:00:00 delivered 204",
    ):
        assert part in answer.out


def test_every_id_on_the_path_leads_to_the_same_event(tocsin: Tocsin, store: RedisStore) -> None:
    written = ring(store)
    [alert_id] = store.find(Kind.ALERT, f"event:{written.event_id}")
    [mention_id] = store.find(Kind.MENTION, f"event:{written.event_id}")

    for asked in (article().id, mention_id, written.event_id, alert_id, *written.delivery_ids):
        found = tocsin("why", asked, "--json").json

        assert [article().id] == [each["id"] for each in found["articles"]]
        assert [written.event_id] == [each["id"] for each in found["events"]]
        [alert] = found["events"][0]["alerts"]
        assert {"delivered"} == {delivery["state"] for delivery in alert["deliveries"]}
        assert [1, 1] == [len(delivery["attempts"]) for delivery in alert["deliveries"]]


def test_subscriptions_that_an_event_does_not_concern_are_told_why(
    tocsin: Tocsin, desk: Path, store: RedisStore
) -> None:
    (desk / "subscriptions.yml").write_text(SUBSCRIPTIONS)
    written = ring(store)

    text = tocsin("why", written.event_id).out
    unwatched = tocsin("why", written.event_id, "--json").json["events"][0]["unwatched"]

    assert "raids: unwatched: type arrest is not asked for" in text
    assert "spain: unwatched: none of MA is asked for" in text
    assert ["raids", "spain"] == [each["subscription"] for each in unwatched]


def test_a_broken_rulebook_does_not_keep_the_rest_from_being_told(
    tocsin: Tocsin, broken: Path, store: RedisStore
) -> None:
    written = ring(store)

    answer = tocsin("why", written.event_id)

    assert answer.code == 0
    assert "isis-arrests: first" in answer.out


def test_an_alert_that_stayed_silent_gives_its_reason(tocsin: Tocsin, store: RedisStore) -> None:
    written = ring(store)
    late = Alert(
        id="alr_late",
        event_id=written.event_id,
        subscription_id="night",
        reason=DispatchReason.STALE,
        detail="9 days old, asked for at most 7 days",
    )
    store.commit(Commit(rows=(alert_row(late, now=NOW),)))

    assert "night: stale: 9 days old, asked for at most 7 days\n" in tocsin("why", "alr_late").out


def test_a_mention_that_opened_nothing_gives_its_status_and_words(tocsin: Tocsin, store: RedisStore) -> None:
    silent = mention(
        article(), status=Status.DENIED, reason="the ministry denies it", status_words=("denied",), trigger="detained"
    )
    merged = merged_mention(mention_row(silent, now=NOW), event_id=None, now=NOW)
    store.commit(Commit(rows=(article_row(article(), now=NOW, state="scanned"), merged)))

    text = tocsin("why", article().id).out

    assert 'arrest "detained": denied: silent\n    because the ministry denies it (denied)\n' in text
    assert "event evt_" not in text


@pytest.mark.parametrize(
    ("state", "body", "said"),
    [
        ("new", {"attempts": 1}, "waits for its scan, 1 begun so far"),
        ("held", {}, "held, for its feed seems to have published its archive again: see `tocsin articles release art_"),
        ("failed", {"reason": "ValueError: odd"}, "given up: ValueError: odd: see `tocsin articles release art_"),
        ("dropped", {}, "dropped by an operator"),
        ("scanned", {}, "scanned, nothing found: see `tocsin explain art_"),
    ],
)
def test_an_article_that_came_no_further_says_what_can_be_done(
    tocsin: Tocsin, store: RedisStore, state: str, body: dict[str, object], said: str
) -> None:
    row = article_row(article(), now=NOW, state=state)
    store.commit(Commit(rows=(replace(row, body={**row.body, **body}),)))

    assert f"article {article().id}: {said}" in tocsin("why", article().url).out


def test_an_event_that_merged_into_another_is_told_by_that_one(tocsin: Tocsin, store: RedisStore) -> None:
    written = ring(store)
    row = store.get(Kind.EVENT, written.event_id)
    assert row is not None
    gone = {**row.body["event"], "id": "evt_gone", "redirected_to": written.event_id}
    redirected = replace(row, id="evt_gone", state="redirected", body={"event": gone}, version=0, keys=())
    store.commit(Commit(rows=(redirected,)))

    assert [written.event_id] == [each["id"] for each in tocsin("why", "evt_gone", "--json").json["events"]]


def test_a_test_message_is_told_by_itself(tocsin: Tocsin, store: RedisStore) -> None:
    hook = Endpoint(id="hook", channel=Channel.WEBHOOK, address="https://desk.example/hook")
    delivery_id = send_test(hook, store=store, now=NOW)

    assert f"{delivery_id} to hook: endpoint.test, pending\n" == tocsin("why", delivery_id).out


def test_a_story_that_left_the_store_is_read_from_the_archive(tocsin: Tocsin, clean: Path, store: RedisStore) -> None:
    """An earlier version of a row may stand in an earlier file: the latest one counts."""
    written = ring(store)
    kinds = (Kind.ARTICLE, Kind.MENTION, Kind.EVENT, Kind.ALERT, Kind.DELIVERY)
    rows = [
        row
        for kind in kinds
        for state in store.count(kind)
        for row in store.get_many(kind, store.list_ids(kind, state))
    ]
    archive = FileArchive(clean / ".tocsin" / "archive")
    day = datetime(2026, 11, 23, tzinfo=UTC)
    archive.append([replace(row, version=0, state="old") for row in rows], on=day)
    archive.append(rows, on=day + timedelta(days=1))
    store.commit(Commit(drops=tuple(Drop(kind=row.kind, id=row.id) for row in rows)))

    found = tocsin("why", article().url, "--json").json

    assert [written.event_id] == [each["id"] for each in found["events"]]
    [alert] = found["events"][0]["alerts"]
    assert set(written.delivery_ids) == {delivery["id"] for delivery in alert["deliveries"]}
    assert {"delivered"} == {delivery["state"] for delivery in alert["deliveries"]}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("https://a1.example/never", "no article with the address 'https://a1.example/never' came in"),
        ("evt_none", "nothing is known of 'evt_none', neither in the store nor in the archive"),
        ("dlv_none", "nothing is known of 'dlv_none'"),
    ],
)
def test_what_is_not_known_is_told(tocsin: Tocsin, store: RedisStore, asked: str, said: str) -> None:
    answer = tocsin("why", asked)

    assert (answer.code, answer.out) == (1, "")
    assert said in answer.err


def test_what_is_neither_address_nor_id_is_wrong_usage(tocsin: Tocsin, store: RedisStore) -> None:
    answer = tocsin("why", "tangier")

    assert answer.code == 2
    assert "'tangier' is neither an address nor an id of ours" in answer.err


def test_markup_and_control_characters_in_news_are_text(tocsin: Tocsin, store: RedisStore) -> None:
    written = ring(store, sentence="Police [bold]in Tangier[/] detained six \x1b]0;owned\x07people on Sunday.")

    text = tocsin("why", written.event_id).out

    assert "Police [bold]in Tangier[/] detained six" in text
    assert "\x1b" not in text
