"""`tocsin explain` through the command line: files, standard input, pages over HTTP, and hostile text."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from tocsin.adapters.page_extractor import extract_page
from tocsin.adapters.settings import load_settings
from tocsin.core.article import Article
from tocsin.core.messages import Commit
from tocsin.errors import FetchError, FetchTimeout, PrivateAddress, SettingsError
from tocsin.pipeline.rows import article_row
from tocsin.processes import cli_explain
from tocsin.processes.explain_source import split_headline
from tocsin.processes.wiring import open_store

TEXT = "Ten held over a cell\n\nPolice in Tangier arrested six people on Friday. No arrests were made in Rabat.\n"
HOSTILE = "Police in Tangier arrested <script>alert(1)</script> \x1b[31msix \x9b31m people on Friday."
PAGE = (
    "<!doctype html><html><head><title>Six arrested in Tangier</title>"
    '<meta property="article:published_time" content="2026-03-09T10:00:00Z"></head><body><nav>Home Sport Weather</nav>'
    "<article><h1>Six arrested in Tangier</h1>"
    + "".join(
        f"<p>Police in Tangier arrested six people on Friday, the ministry said in note {n} about the raid.</p>"
        for n in range(6)
    )
    + "</article><footer>Print Friendly</footer></body></html>"
)


def run(*args: str | Path, stdin: str = "") -> Result:
    app = typer.Typer(pretty_exceptions_enable=False)
    cli_explain.register(app)
    app.command("other")(lambda: None)
    return CliRunner().invoke(app, ["explain", *map(str, args)], input=stdin)


@contextmanager
def serve(body: str, content_type: str = "text/html; charset=utf-8", status: int = 200) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/story"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_text_shows_its_triggers_roles_status_and_events() -> None:
    result = run("-", "--published", "2026-03-09", stdin=TEXT)

    shown = " ".join(result.stdout.split())
    assert result.exit_code == 0
    assert "arrested⟨trigger arrest⟩" in shown
    assert "“Police” agent accepted" in shown
    assert "arrest · asserted" in shown
    assert "arrest · negated" in shown
    assert "date 2026-03-06 (day)" in shown


def test_json_holds_every_decision_with_offsets_into_the_text(tmp_path: Path) -> None:
    file = tmp_path / "story.txt"
    file.write_text(TEXT, encoding="utf-8")

    shown = json.loads(run(file, "--json").stdout)

    text = shown["article"]["text"]
    assert shown["article"]["title"] == "Ten held over a cell"
    assert shown["primary"] == "arrest"
    marks = [mark for s in shown["sentences"] for mark in (*s["triggers"], *s["actors"])]
    assert marks
    assert all(text[mark["start"] : mark["end"]] == mark["text"] for mark in marks)
    assert all(text[s["start"] : s["end"]] == s["text"] for s in shown["sentences"])
    assert {event["id"] for event in shown["events"]} == {id_ for s in shown["sentences"] for id_ in s["events"]}


def test_the_page_is_self_contained_and_escapes_the_article(tmp_path: Path) -> None:
    target = tmp_path / "why.html"

    result = run("-", "--html", target, stdin=HOSTILE)

    page = target.read_text(encoding="utf-8")
    assert result.stdout.strip() == str(target)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page
    assert "src=" not in page
    assert "href=" not in page


def test_control_characters_never_reach_the_terminal() -> None:
    shown = run("-", stdin=HOSTILE).stdout

    assert "\x1b" not in shown
    assert "\x9b" not in shown


def test_a_page_is_fetched_and_its_article_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_ALLOW_PRIVATE", "true")
    with serve(PAGE) as url:
        shown = json.loads(run(url, "--json").stdout)

    article = shown["article"]
    assert (article["url"], article["title"]) == (url, "Six arrested in Tangier")
    assert article["published"].startswith("2026-03-09")
    assert "Print Friendly" not in article["text"]
    assert shown["primary"] == "arrest"


def test_a_plain_text_address_is_read_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_ALLOW_PRIVATE", "true")
    with serve(TEXT, "text/plain") as url:
        assert json.loads(run(url, "--json").stdout)["primary"] == "arrest"


@pytest.mark.parametrize(
    ("content_type", "status", "said"),
    [("application/pdf", 200, "leads to application/pdf"), ("text/html", 404, "the server answered 404")],
)
def test_an_address_without_a_page_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, content_type: str, status: int, said: str
) -> None:
    monkeypatch.setenv("TOCSIN_ALLOW_PRIVATE", "true")
    with serve(PAGE, content_type, status) as url:
        error = run(url).exception

    assert isinstance(error, FetchError)
    assert said in str(error)


def test_a_private_address_is_refused_unless_allowed() -> None:
    with serve(PAGE) as url:
        assert isinstance(run(url).exception, PrivateAddress)


def test_a_page_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(FetchTimeout):
        extract_page(b"<html><p>x</p></html>", url="http://slow.example", limit_s=0.0)


def test_a_page_beyond_a_megabyte_is_refused() -> None:
    with pytest.raises(FetchError, match="1 MB is the limit"):
        extract_page(b"x" * 1_000_001, url="http://big.example")


@pytest.mark.parametrize(
    ("source", "said"),
    [("no-such-file.txt", "cannot be read"), ("-", "there is no text in it")],
)
def test_a_source_without_text_says_what_to_do(source: str, said: str) -> None:
    error = run(source).exception

    assert isinstance(error, SettingsError)
    assert said in str(error)


def test_an_article_of_the_store_is_explained_by_its_id(
    monkeypatch: pytest.MonkeyPatch, redis_url: str, redis_prefix: str
) -> None:
    monkeypatch.setenv("TOCSIN_REDIS_URL", redis_url)
    monkeypatch.setenv("TOCSIN_REDIS_PREFIX", redis_prefix)
    at = datetime(2026, 3, 9, 10, tzinfo=UTC)
    article = Article(
        id="art_0123456789abcdef01234567",
        feed_id="feed",
        url="https://one.example/story",
        publisher="one.example",
        title="Six arrested",
        body="Police in Tangier arrested six people on Friday.",
        lang="en",
        fetched_at=at,
        published_at=at,
    )
    open_store(load_settings()).commit(Commit(rows=(article_row(article, now=at),)))

    shown = json.loads(run(article.id, "--json").stdout)

    assert (shown["article"]["id"], shown["article"]["url"], shown["primary"]) == (article.id, article.url, "arrest")
    assert "there is no article 'art_none'" in str(run("art_none").exception)


def test_an_unknown_language_is_told() -> None:
    assert "knows no language 'xx'" in run("-", "--lang", "xx", stdin=TEXT).stdout


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Six held\n\nPolice said so.", "Six held"),
        ("Police said so.\n\nThen they left.", ""),
        ("One line only", ""),
        ("Wrapped\nlines\n\nPolice said so.", ""),
    ],
)
def test_a_line_that_stands_alone_is_the_headline(text: str, title: str) -> None:
    assert split_headline(text).title == title
