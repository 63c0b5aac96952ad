"""`tocsin feeds`: a feed is fetched before it is written; the operator's comments stay."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from event_builders import NOW
from processes.conftest import Tocsin

from tocsin.adapters.redis_store import RedisStore
from tocsin.core.feeds import Feed
from tocsin.core.messages import Commit, Kind
from tocsin.core.polling import FeedMemory
from tocsin.errors import SettingsError
from tocsin.pipeline.feed_rows import feed_row, sync_feeds
from tocsin.processes.feeds_file import with_entry

RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour &quot;Wire&quot;: news</title>'
    "<link>https://wire.example/</link><description/><item><title>Calm</title></item></channel></rss>"
)


class Newspaper(BaseHTTPRequestHandler):
    """A feed, a page that is none, and nothing else."""

    def do_GET(self) -> None:
        pages = {"/rss": (200, "application/rss+xml", RSS), "/page": (200, "text/html", "<p>Hello</p>")}
        status, kind, body = pages.get(self.path, (404, "text/plain", "no"))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def newspaper() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Newspaper)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def feeds_of(tocsin: Tocsin, desk: Path) -> str:
    checked = tocsin("rules", "check")
    assert checked.code == 0, checked.out
    return (desk / "feeds.yml").read_text()


def test_a_feed_is_fetched_and_written_with_its_title(tocsin: Tocsin, desk: Path, newspaper: str) -> None:
    before = (desk / "feeds.yml").read_text()

    answer = tocsin(
        "feeds", "add", f"{newspaper}/rss", "--id", "harbour", "--country", "NL", "--timezone", "Europe/Amsterdam",
        "--allow-private",
    )  # fmt: skip

    assert answer.code == 0, answer.err
    assert answer.out == "added feed 'harbour': Harbour \"Wire\": news; a running tocsin polls it at once\n"
    text = feeds_of(tocsin, desk)
    assert [line for line in before.splitlines() if line.startswith("#")] == [
        line for line in text.splitlines() if line.startswith("#")
    ]
    for part in ("id: ", f"{newspaper}/rss", 'title: "Harbour \\"Wire\\": news"', "Europe/Amsterdam"):
        assert part in text


def test_a_second_feed_goes_beside_the_first(tocsin: Tocsin, desk: Path, newspaper: str) -> None:
    for name in ("one", "two"):
        answer = tocsin("feeds", "add", f"{newspaper}/rss?{name}", "--id", name, "--no-check", "--allow-private")
        assert answer.code == 0, answer.err

    text = feeds_of(tocsin, desk)
    assert 'id: "one"' in text
    assert 'id: "two"' in text


def test_a_feed_goes_into_a_list_that_the_operator_wrote_their_way(tocsin: Tocsin, desk: Path, newspaper: str) -> None:
    (desk / "feeds.yml").write_text("# mine\nfeeds:   # all of them\n- id: first\n  url: https://first.example/rss\n")

    answer = tocsin("feeds", "add", f"{newspaper}/rss", "--id", "second", "--allow-private")

    assert answer.code == 0, answer.err
    text = feeds_of(tocsin, desk)
    assert "# all of them" in text
    assert "second" in text
    assert "first" in text


def test_a_list_on_one_line_is_left_as_it_is(tocsin: Tocsin, desk: Path) -> None:
    before = "feeds: [{id: first, url: 'https://first.example/rss'}]\n"
    (desk / "feeds.yml").write_text(before)

    answer = tocsin("feeds", "add", "https://second.example/rss", "--no-check")

    assert answer.code == 1
    assert "write each on a line of its own" in answer.err
    assert before == (desk / "feeds.yml").read_text()


ONE = {"id": "b", "url": "https://b.example/rss"}
TWO = '- id: "b"\n{}url: "https://b.example/rss"\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "feeds:\n  " + TWO.format("    ")),
        ("# nothing yet", "# nothing yet\nfeeds:\n  " + TWO.format("    ")),
        ("feeds: []  # none\n# end\n", "feeds:  # none\n  " + TWO.format("    ") + "# end\n"),
        ("feeds:\n", "feeds:\n  " + TWO.format("    ")),
        ("feeds:", "feeds:\n  " + TWO.format("    ")),
        ("feeds:\n# - old\n", "feeds:\n  " + TWO.format("    ") + "# - old\n"),
        ("feeds:\n- {id: a}\n", "feeds:\n" + TWO.format("  ") + "- {id: a}\n"),
        ("feeds:\n    # first\n    - id: a\n", "feeds:\n    # first\n    " + TWO.format("      ") + "    - id: a\n"),
        ('"feeds": \n  -\n    id: a\n', '"feeds": \n  ' + TWO.format("    ") + "  -\n    id: a\n"),
    ],
)
def test_an_entry_finds_its_place(before: str, after: str) -> None:
    assert after == with_entry(before, ONE)


def test_an_entry_survives_any_text_in_its_title() -> None:
    hostile = "a: b # \"c\" 'd' [e] {f} \\ é \u2028 - ? \x85"

    made = yaml.safe_load(with_entry("feeds: []\n", {"id": "b", "title": hostile}))

    plain = hostile.replace("\u2028", " ").replace("\x85", " ")
    assert {"feeds": [{"id": "b", "title": plain}]} == made


def test_a_file_that_is_no_yaml_is_told(tocsin: Tocsin, desk: Path) -> None:
    with pytest.raises(SettingsError, match="rules check"):
        with_entry("feeds: [", ONE)


@pytest.mark.parametrize(
    ("path", "says"),
    [("/nowhere", "HTTP status 404"), ("/page", "no RSS or Atom in it")],
)
def test_what_is_no_feed_is_refused_and_not_written(
    tocsin: Tocsin, desk: Path, newspaper: str, path: str, says: str
) -> None:
    before = (desk / "feeds.yml").read_text()

    answer = tocsin("feeds", "add", newspaper + path, "--allow-private")

    assert answer.code == 1
    assert says in answer.err
    assert newspaper + path in answer.err
    assert answer.err.count("\n") == 1
    assert before == (desk / "feeds.yml").read_text()


def test_a_private_address_is_refused_unless_it_is_allowed(tocsin: Tocsin, desk: Path, newspaper: str) -> None:
    before = (desk / "feeds.yml").read_text()

    answer = tocsin("feeds", "add", f"{newspaper}/rss")

    assert answer.code == 1
    assert "not public" in answer.err
    assert "--allow-private" in answer.err
    assert before == (desk / "feeds.yml").read_text()


def test_a_feed_that_could_not_be_loaded_is_not_written(tocsin: Tocsin, desk: Path) -> None:
    """A bad id, country or zone must not leave a workspace that the service refuses."""
    before = (desk / "feeds.yml").read_text()

    for options in (("--id", "Not An Id"), ("--country", "Holland"), ("--timezone", "Mars/Base")):
        answer = tocsin("feeds", "add", "https://wire.example/rss", "--no-check", *options)

        assert answer.code == 1, options
        assert answer.err
        assert before == (desk / "feeds.yml").read_text()


def test_a_name_that_is_taken_is_refused(tocsin: Tocsin, desk: Path) -> None:
    assert tocsin("feeds", "add", "https://www.wire.example/rss", "--no-check").code == 0

    answer = tocsin("feeds", "add", "https://wire.example/other", "--no-check")

    assert answer.code == 1
    assert answer.err == "tocsin: error: feed 'wire-example' exists already: choose another name with --id\n"


def test_outside_a_workspace_nothing_is_added(tocsin: Tocsin, clean: Path) -> None:
    answer = tocsin("feeds", "add", "https://wire.example/rss", "--no-check")

    assert answer.code == 1
    assert "no workspace" in answer.err
    assert [] == list(clean.iterdir())


def test_feeds_are_listed_with_how_they_fare(tocsin: Tocsin, desk: Path, store: RedisStore) -> None:
    assert tocsin("feeds", "add", "https://fine.example/rss", "--id", "fine", "--no-check").code == 0
    assert tocsin("feeds", "add", "https://ill.example/rss", "--id", "ill", "--no-check").code == 0
    feeds = [Feed(id=name, url=f"https://{name}.example/rss") for name in ("fine", "ill")]
    sync_feeds(feeds, store=store, now=NOW)
    row = store.get(Kind.FEED, "ill")
    assert row is not None
    memory = FeedMemory(url="https://ill.example/rss", failures=3, error="answers with 503")
    store.commit(Commit(rows=(feed_row(row, memory, due_at=NOW),)))

    rows = {row["id"]: row for row in tocsin("feeds", "list", "--json").json}

    assert (rows["fine"]["state"], rows["fine"]["failures"], rows["fine"]["error"]) == ("active", 0, "")
    assert (rows["ill"]["failures"], rows["ill"]["error"]) == (3, "answers with 503")
    assert "answers with 503" in tocsin("feeds", "list").out


def test_a_feed_that_was_never_polled_is_listed_too(tocsin: Tocsin, desk: Path, store: RedisStore) -> None:
    tocsin("feeds", "add", "https://fine.example/rss", "--id", "fine", "--no-check")

    [row] = tocsin("feeds", "list", "--json").json

    assert (row["id"], row["url"]) == ("fine", "https://fine.example/rss")


def test_an_empty_list_says_how_to_add_one(tocsin: Tocsin, desk: Path, store: RedisStore) -> None:
    assert tocsin("feeds", "list").out.endswith("no feeds yet: add one with `tocsin feeds add URL`\n")
