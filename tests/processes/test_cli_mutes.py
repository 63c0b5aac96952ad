"""`tocsin mute`: what is muted stays silent, with author, reason and end; and rings again afterwards."""

from datetime import timedelta
from pathlib import Path

import pytest
from event_builders import article, mention, rulebook, subscription
from processes.conftest import Tocsin
from processes.desk_rows import ring

from tocsin.adapters.archive import FileArchive
from tocsin.adapters.redis_store import RedisStore
from tocsin.core.events.values import Event
from tocsin.core.messages import Commit, Kind
from tocsin.core.watching import make_index
from tocsin.pipeline.delivery_rows import alert_from
from tocsin.pipeline.dispatch import dispatch_event
from tocsin.pipeline.event_rows import event_from, mute_from
from tocsin.pipeline.merge import make_merge_book, merge
from tocsin.pipeline.retention import retain
from tocsin.pipeline.rows import Retention, article_row, mention_row

WHY = ("--for", "4h", "--reason", "exercise")
BOOK = rulebook(subscriptions=(subscription(max_age_s=100 * 365 * 86400),))


def ids(answer_json: list[dict[str, str]]) -> list[str]:
    return [each["id"] for each in answer_json]


def report(store: RedisStore, key: str = "a1") -> tuple[Event, list[str]]:
    """An article is merged and dispatched now; the event, and the states of its alerts."""
    now = store.now()
    of = article(key, fetched_at=now, published_at=now)
    found = mention(of, sentence=f"Police in Tangier detained six people on Sunday, {key} reports.")
    store.commit(Commit(rows=(article_row(of, now=now), mention_row(found, now=now))))
    merge(store=store, book=make_merge_book(BOOK), holder="test", now=now)
    [event_id] = store.list_ids(Kind.EVENT, "changed")
    dispatch_event(event_id, store=store, index=make_index(BOOK), now=store.now())
    row = store.get(Kind.EVENT, event_id)
    assert row is not None
    return event_from(row), [
        alert.state for alert in store.get_many(Kind.ALERT, store.find(Kind.ALERT, f"event:{event_id}"))
    ]


def test_a_mute_keeps_alerts_silent_until_it_is_ended(tocsin: Tocsin, desk: Path, store: RedisStore) -> None:
    mute = tocsin("mute", "add", *WHY, "--author", "Ines", "--actor", "isis", "--type", "arrest", "--json").json
    event, while_muted = report(store)
    detail = alert_from(store.get_many(Kind.ALERT, store.find(Kind.ALERT, f"event:{event.id}"))[0]).detail
    answer = tocsin("mute", "end", mute["id"])
    _, afterwards = report(store, "a2")

    assert while_muted == ["muted"]
    assert detail.startswith("muted by Ines until ")
    assert detail.endswith(": exercise")
    assert (answer.code, answer.out) == (0, f"{mute['id']}: ended\n")
    assert afterwards == ["open"]


def test_a_mute_says_what_by_whom_why_and_until_when(tocsin: Tocsin, desk: Path, store: RedisStore) -> None:
    made = tocsin("mute", "add", *WHY, "--author", "Ines", "--country", "ma", "--actor", "isis", "--actor", "aqim")
    [line] = tocsin("mute", "list").out.splitlines()[1:]
    [found] = tocsin("mute", "list", "--json").json

    assert made.code == 0
    assert "actor isis or aqim, country MA muted until " in made.out
    for part in ("mut_", "actor isis or aqim, country MA", "Ines", "exercise"):
        assert part in line
    assert (found["state"], found["author"], found["countries"]) == ("active", "Ines", ["MA"])
    row = store.get(Kind.MUTE, found["id"])
    assert row is not None
    mute = mute_from(row)
    assert timedelta(hours=4) == mute.expires_at - mute.created_at
    assert row.due_at == mute.expires_at


def test_the_author_is_who_is_logged_in(
    tocsin: Tocsin, desk: Path, store: RedisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "khadija")

    assert tocsin("mute", "add", *WHY, "--type", "arrest", "--json").json["author"] == "khadija"


def test_a_mute_that_ended_is_shown_among_all(tocsin: Tocsin, desk: Path, store: RedisStore) -> None:
    ended = tocsin("mute", "add", *WHY, "--type", "arrest", "--json").json["id"]
    lasting = tocsin("mute", "add", *WHY, "--type", "seizure", "--json").json["id"]
    tocsin("mute", "end", ended)

    assert ids(tocsin("mute", "list", "--json").json) == [lasting]
    assert ids(tocsin("mute", "list", "--all", "--json").json) == [lasting, ended]
    assert {each["state"] for each in tocsin("mute", "list", "--all", "--json").json} == {"active", "expired"}


def test_a_mute_that_ran_out_is_over_before_the_tick_and_after_it(
    tocsin: Tocsin, desk: Path, store: RedisStore
) -> None:
    mute_id = tocsin("mute", "add", "--for", "1s", "--reason", "drill", "--type", "arrest", "--json").json["id"]
    lease = store.acquire_lease("tick", "test", 60)
    assert lease is not None
    report_ = retain(
        store=store,
        archive=FileArchive(desk),
        fence=lease.fence,
        now=store.now() + timedelta(seconds=2),
        retention=Retention(),
    )

    assert report_.expired == 1
    answer = tocsin("mute", "end", mute_id)
    assert answer.code == 1
    assert f"mute '{mute_id}' is over since" in answer.err


def test_without_mutes_it_says_so(tocsin: Tocsin, store: RedisStore) -> None:
    assert tocsin("mute", "list").out == "nothing is muted\n"
    assert tocsin("mute", "list", "--json").json == []


def test_a_mute_of_a_merged_event_is_of_the_one_it_merged_into(tocsin: Tocsin, desk: Path, store: RedisStore) -> None:
    written = ring(store)
    row = store.get(Kind.EVENT, written.event_id)
    assert row is not None
    gone = {**row.body["event"], "id": "evt_gone", "redirected_to": written.event_id}
    store.commit(Commit(rows=(type(row)(kind=Kind.EVENT, id="evt_gone", state="redirected", body={"event": gone}),)))

    mute = tocsin("mute", "add", *WHY, "--event", "evt_gone", "--json").json

    assert mute["events"] == [written.event_id]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ((*WHY,), 2, "say what to mute"),
        (("--for", "4", "--reason", "x", "--type", "arrest"), 2, "'4' is not a length of time"),
        (("--for", "0m", "--reason", "x", "--type", "arrest"), 2, "a mute must last for some time"),
        (("--for", "4h", "--type", "arrest"), 2, "--reason"),
        (("--for", "4h", "--reason", " ", "--type", "arrest"), 2, "say why"),
        ((*WHY, "--type", "arest"), 1, "no event type 'arest' in the rulebook: did you mean 'arrest'?"),
        ((*WHY, "--actor", "issis"), 1, "no actor 'issis' in the rulebook: did you mean 'isis'?"),
        ((*WHY, "--subscription", "nobody"), 1, "no subscription 'nobody' in the rulebook"),
        ((*WHY, "--country", "morocco"), 1, "'MOROCCO' is no country: write its two letters"),
        ((*WHY, "--event", "evt_none"), 1, "no event 'evt_none'"),
    ],
)
def test_a_mute_that_would_not_do_what_was_meant_is_refused(
    tocsin: Tocsin, desk: Path, store: RedisStore, options: tuple[str, ...], code: int, said: str
) -> None:
    answer = tocsin("mute", "add", *options)

    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    assert store.count(Kind.MUTE) == {}


def test_each_mute_that_cannot_be_ended_is_told(tocsin: Tocsin, desk: Path, store: RedisStore) -> None:
    mute_id = tocsin("mute", "add", *WHY, "--type", "arrest", "--json").json["id"]

    answer = tocsin("mute", "end", "mut_none", mute_id)

    assert (answer.code, answer.out) == (1, f"{mute_id}: ended\n")
    assert answer.err == "there is no mute 'mut_none'\n"
