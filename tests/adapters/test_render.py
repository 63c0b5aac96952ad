"""What a subscriber reads: mails and webhook bodies, whatever the news puts into them."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from event_builders import Desk, argument, article, mention, rulebook, subscription
from hypothesis import given
from hypothesis import strategies as st

from tocsin.adapters.plain import one_line, web_url
from tocsin.adapters.render_mail import MailSettings, mail_message, make_mail_renderer
from tocsin.adapters.render_webhook import MAX_BYTES, webhook_body
from tocsin.adapters.webhook_models import SCHEMAS, EventMessage, json_schema
from tocsin.core.mentions import Role
from tocsin.core.messages import Kind
from tocsin.core.notices import MessageType, Notice
from tocsin.core.subscriptions import Channel, Endpoint
from tocsin.core.watching import make_index
from tocsin.pipeline.digest import make_digest

SETTINGS = MailSettings(
    sender="Tocsin <alerts@desk.example>",
    base_url="https://desk.example/t/",
    token_key=b"k" * 32,
    contact="ops@desk.example",
)
MAIL = Endpoint(id="mail", channel=Channel.EMAIL, address="analyst@desk.example")
SENTENCE = "Police in Tangier detained six people on Sunday."
DOCS = Path(__file__).parents[2] / "docs"


def desk() -> Desk:
    return Desk(rulebook(endpoints=(MAIL,), subscriptions=(subscription(endpoints=("mail",)),)))


def notice_of(sentence: str = SENTENCE, **of: Any) -> Notice:
    story = article(**of)
    found = mention(
        story,
        sentence=sentence,
        agents=(argument(Role.AGENT, "Police", start=0),),
        recipients=(argument(Role.RECIPIENT, "six people", start=max(0, sentence.find("six"))),),
    )
    return desk().ring(story, found)[0]


def two_notices() -> list[Notice]:
    here = desk()
    here.ring(article(), mention())
    here.later(minutes=30)
    later = article("b2", fetched_at=here.at, title="Eight held")
    here.ring(later, mention(later, sentence="Eight people were detained in Tangier.", count=8))
    return here.notices


def parsed(notice: Notice, settings: MailSettings = SETTINGS) -> EmailMessage:
    message = message_from_bytes(make_mail_renderer(settings)(notice).body, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def part(notice: Notice, kind: str) -> str:
    body = parsed(notice).get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_the_text_says_what_who_where_when_how_many_and_how_sure() -> None:
    text = part(notice_of(), "plain")

    assert text.startswith("ARREST OR DETENTION\n")
    for line in (
        "Who        by Police; whom six people; linked to ISIS (Islamic State)",
        "Where      Tangier, Tanger-Tétouan-Al Hoceïma (MA)",
        "When       Sunday 8 March 2026",
        "How many   6",
        "How sure   stated as fact; 1 publisher; confidence 90 %",
        '"*Police* in Tangier *detained* *six people* on Sunday."',
        "Why you get this: Arrests of Islamic State suspects (type arrest, isis as linked)",
    ):
        assert line in text.splitlines()


def test_the_html_highlights_the_words_and_loads_nothing() -> None:
    html = part(notice_of(), "html")

    assert ">detained</mark>" in html
    assert not re.search(r"<(img|script|link|iframe|form)|url\(|@import", html)
    assert 'name="viewport"' in html


def test_text_comes_first_and_html_second() -> None:
    assert [p.get_content_type() for p in parsed(notice_of()).iter_parts()] == ["text/plain", "text/html"]


def test_headers_let_a_reader_stop_and_a_program_tell_it_is_automatic() -> None:
    message = parsed(notice_of())

    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<isis-arrests.desk.example>"
    assert re.fullmatch(r"<https://desk\.example/t/unsubscribe/[\w-]{32}>", message["List-Unsubscribe"].strip())
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "analyst" not in message["List-Unsubscribe"]


def test_without_a_base_url_the_mail_names_whom_to_ask() -> None:
    settings = replace(SETTINGS, base_url="")
    message = parsed(notice_of(), settings)

    assert message["List-Unsubscribe"] is None
    assert "To stop it, ask ops@desk.example" in message.as_string()


def test_an_update_is_in_the_first_mails_thread_under_its_subject_and_says_what_changed() -> None:
    first, update = two_notices()
    one, two = parsed(first), parsed(update)

    assert one["Message-ID"] == f"<{first.id}@desk.example>"
    assert one["In-Reply-To"] is None
    assert two["In-Reply-To"] == two["References"] == one["Message-ID"]
    assert two["Subject"] == f"Re: {one['Subject']}"
    assert "* count: 6 → 8\n* independent publishers: 1 → 2\n" in part(update, "plain")
    assert "Also reported by\n- a1.example" in part(update, "plain")


def test_a_mail_is_the_same_bytes_on_every_attempt() -> None:
    notice = notice_of()

    assert make_mail_renderer(SETTINGS)(notice) == make_mail_renderer(SETTINGS)(notice)


HOSTILE = 'Six held\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script> "\u202e"\x00\x1b[31m{{ 7*7 }}\u2028x'


def test_a_hostile_headline_is_only_text() -> None:
    notice = notice_of(title=HOSTILE, url='https://x.example/"><script>')
    message = parsed(notice)
    html, text = part(notice, "html"), part(notice, "plain")

    assert message["Bcc"] is None
    assert [str(to) for to in message["To"].addresses] == ["analyst@desk.example"]
    assert "<script" not in html
    assert "{{ 7*7 }}" in text
    for body in (html, text, message["Subject"]):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u2028\x00\x1b]", body)
    assert "x.example/" not in html


@given(st.text(max_size=80), st.text(max_size=200))
def test_no_text_at_all_breaks_a_mail_or_adds_a_header(title: str, sentence: str) -> None:
    notice = _NOTICE
    event = notice.snapshot.event
    report = replace(event.reports[0], title=title, sentence=sentence, publisher=title or "x", reason=title)
    snapshot = replace(notice.snapshot, event=replace(event, reports=(report,)))
    names = {name.lower() for name in parsed(replace(notice, snapshots=(snapshot,)))}

    assert names == {name.lower() for name in parsed(notice)}
    assert len(webhook_body(replace(notice, snapshots=(snapshot,)))) < MAX_BYTES


_NOTICE = notice_of()


@given(st.text())
def test_one_line_is_one_line_and_stable(text: str) -> None:
    line = one_line(text)

    assert len(line.splitlines()) <= 1
    assert one_line(line) == line
    assert len(line) <= 300


URLS = {
    "https://a.example/x?y=1&z=2": True,
    "HTTP://a.example/": True,
    "javascript:alert(1)": False,
    "data:text/html,x": False,
    "https://a.example/\r\nX: y": False,
    'https://a.example/"x': False,
    "https://a.example/\u202ecod": False,
    "": False,
}


@pytest.mark.parametrize(("url", "kept"), URLS.items())
def test_only_plain_web_addresses_become_links(url: str, kept: bool) -> None:
    assert web_url(url) == (url if kept else "")


def test_a_webhook_body_holds_the_evidence_the_reasons_and_four_times() -> None:
    body = json.loads(webhook_body(two_notices()[1]))
    data = body["data"]
    evidence = data["evidence"]
    words = [evidence["sentence"][h["start"] : h["end"]] for h in evidence["highlights"] if h["label"] == "trigger"]

    assert (body["type"], data["reason"], data["why"]) == (
        "event.updated",
        "corroborated",
        ["type arrest", "isis as linked"],
    )
    assert words == ["detained"]
    assert list(data["times"]) == ["published_at", "fetched_at", "detected_at", "sent_at"]
    assert [(c["aspect"], c["before"], c["after"]) for c in data["changes"]] == [
        ("count", "6", "8"),
        ("publishers", "1", "2"),
    ]
    assert (evidence["rule"], evidence["rulebook_digest"], len(evidence["content_hash"])) == ("arrest", "7c1e", 64)
    assert EventMessage.model_validate(body)


def test_a_body_is_the_same_whoever_was_told_of_the_event_before() -> None:
    told = notice_of()
    other = replace(told, id="dlv_other", alert_id="alr_other", subscription_id="other", why=("everything",))
    alone = replace(other, snapshots=tuple(replace(snapshot) for snapshot in other.snapshots))
    webhook_body(told)

    assert webhook_body(alone) == webhook_body(other) != webhook_body(told)


def test_a_body_stays_under_20_kb_and_keeps_its_evidence() -> None:
    notice = _NOTICE
    event = notice.snapshot.event
    long = "é" * 900
    reports = tuple(
        replace(
            event.reports[0], article_id=f"art_{n}", title=long, url=f"https://a.example/{'u' * 1900}", sentence=long
        )
        for n in range(8)
    )
    snapshot = replace(notice.snapshot, event=replace(event, reports=reports))
    body = webhook_body(replace(notice, snapshots=(snapshot,)))

    assert len(body) < MAX_BYTES
    assert json.loads(body)["data"]["evidence"]["sentence"] == long


def test_a_digest_lists_its_events_and_stays_small() -> None:
    here = desk()
    for number in range(60):
        story = article(f"a{number}", catch_up=True, published_at=here.at - timedelta(minutes=number))
        place = {"name": f"Town{chr(97 + number % 26)}{chr(97 + number // 26)}", "country": "MA", "kind": "town"}
        here.read(story, mention(story, sentence=f"Report number {number}. " + "x" * 400, places=(place,), count=None))
    for event in here.events():
        here.dispatch(event.id)
    make_digest(here.rows(Kind.ALERT)[0].id, store=here.store, index=make_index(here.book), now=here.at)
    here.deliver()
    (notice,) = here.notices
    body = webhook_body(notice)

    assert notice.type is MessageType.DIGEST
    assert len(body) < MAX_BYTES
    assert json.loads(body)["data"]["count"] == notice.total >= len(notice.snapshots) > 40
    assert mail_message(notice, SETTINGS)["Subject"].startswith(f"{notice.total} events: ")


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_schema_is_the_models(name: str) -> None:
    published = json.loads((DOCS / "schema" / f"{name}.json").read_text(encoding="utf-8"))

    assert published == json_schema(name)


def test_the_vectors_in_the_docs_verify_with_the_snippet_in_the_docs() -> None:
    text = (DOCS / "webhooks.md").read_text(encoding="utf-8")
    snippet, vectors = (
        re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0],
        re.findall(r"```json\n(.*?)```", text, re.DOTALL)[-1],
    )
    scope: dict[str, Any] = {}
    exec(compile(snippet, "docs/webhooks.md", "exec"), scope)
    cases = json.loads(vectors)

    assert len(cases) >= 4
    for case in cases:
        found = scope["verify"](case["secret"], case["headers"], case["body"].encode(), now=case["now"])
        assert found is case["valid"], case["name"]
