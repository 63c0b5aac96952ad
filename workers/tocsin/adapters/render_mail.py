"""Mails: a notice as an RFC 5322 message with text and HTML, threaded by event, the same bytes for the same notice."""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache

import jinja2

from tocsin.adapters.mail_view import MailView, change_lines, clock, event_view, evidence_of
from tocsin.adapters.plain import one_line
from tocsin.core.alerts import DispatchReason
from tocsin.core.notices import MessageType, Notice
from tocsin.core.signing import unsubscribe_token
from tocsin.ports import OutgoingMessage

MAX_DIGEST = 40
MAX_SUBJECT = 140

_LEADS = {
    DispatchReason.UPDATE: "There is more about an event you were told of.",
    DispatchReason.CORROBORATED: "An event you were told of is confirmed.",
    DispatchReason.CORRECTED: "What you were told of an event was corrected.",
    DispatchReason.RETRACTED: "An event you were told of was withdrawn.",
    DispatchReason.MERGED: "Two events you were told of turned out to be one.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """Who writes. `base_url` and `token_key` give every mail its unsubscribe link; `contact` is named without them."""

    sender: str
    base_url: str = ""
    token_key: bytes = b""
    contact: str = ""

    @property
    def domain(self) -> str:
        """The sender's domain: the right side of ids."""
        return parseaddr(self.sender)[1].rpartition("@")[2] or "localhost"


def make_mail_renderer(settings: MailSettings) -> Callable[[Notice], OutgoingMessage]:
    """A renderer of mails from this sender."""

    def render(notice: Notice) -> OutgoingMessage:
        return OutgoingMessage(
            id=notice.id, address=notice.endpoint.address, body=mail_message(notice, settings).as_bytes()
        )

    return render


def mail_message(notice: Notice, settings: MailSettings) -> EmailMessage:
    """The whole message. No header holds anything that was not made one line first."""
    stop_url = unsubscribe_url(notice, settings)
    view = _view(notice, settings, stop_url)
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.sender
    message["To"] = notice.endpoint.address
    message["Subject"] = subject_of(notice)
    message["Date"] = format_datetime(notice.sent_at)
    message["Message-ID"] = f"<{notice.id}@{settings.domain}>"
    if notice.thread and notice.thread != notice.id:
        message["In-Reply-To"] = f"<{notice.thread}@{settings.domain}>"
        message["References"] = f"<{notice.thread}@{settings.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if notice.subscription_id:
        message["List-Id"] = f"<{notice.subscription_id}.{settings.domain}>"
    if stop_url:
        message["List-Unsubscribe"] = f"<{stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for name, value in view.times:
        message[f"X-Tocsin-{name}"] = value
    if view.event_id:
        message["X-Tocsin-Event"] = view.event_id
    templates = _templates()
    message.set_content(templates.get_template("mail.txt.j2").render(mail=view), cte="quoted-printable")
    html = templates.get_template("mail.html.j2").render(mail=view)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{notice.id}")
    return message


def unsubscribe_url(notice: Notice, settings: MailSettings) -> str:
    """The one-click address of this subscription at this endpoint (RFC 8058); empty when there is none."""
    if not (settings.base_url and settings.token_key and notice.subscription_id):
        return ""
    token = unsubscribe_token(
        settings.token_key, subscription_id=notice.subscription_id, endpoint_id=notice.endpoint.id
    )
    return f"{settings.base_url.rstrip('/')}/unsubscribe/{token}"


def subject_of(notice: Notice) -> str:
    """The event's type and its first headline: never changed, or mail programs would break the thread."""
    if notice.type is MessageType.DIGEST:
        return one_line(f"{notice.total} events: {notice.subscription_title}", limit=MAX_SUBJECT)
    if notice.type is MessageType.HEARTBEAT:
        return one_line(f"All quiet: {notice.subscription_title or 'coverage'}", limit=MAX_SUBJECT)
    if notice.type is MessageType.TEST:
        return "Tocsin: a test message"
    if notice.type is MessageType.DISABLED:
        return one_line(f"Tocsin: nothing is sent to {notice.facts.get('Endpoint', 'an endpoint')} any more")
    opener = notice.snapshot.event.reports[0]
    headline = opener.title or opener.sentence
    subject = one_line(f"{notice.snapshot.title}: {headline}", limit=MAX_SUBJECT)
    return subject if notice.type is MessageType.DETECTED else f"Re: {subject}"


def _view(notice: Notice, settings: MailSettings, stop_url: str) -> MailView:
    shown = notice.snapshots[:MAX_DIGEST]
    return MailView(
        lead=_lead(notice),
        changes=change_lines(notice),
        events=tuple(event_view(snapshot, evidence_of(notice, snapshot)) for snapshot in shown),
        more_events=notice.total - len(shown) if shown else 0,
        notes=tuple((one_line(key), one_line(value)) for key, value in notice.facts.items()),
        subscription=one_line(notice.subscription_title),
        why=tuple(one_line(why) for why in notice.why),
        stop_url=stop_url,
        contact=one_line(settings.contact),
        times=_times(notice),
        event_id=notice.snapshot.event.id if len(notice.snapshots) == 1 else "",
    )


def _lead(notice: Notice) -> str:
    if notice.type is MessageType.DETECTED:
        return ""
    if notice.type is MessageType.DIGEST:
        return "These were in the feeds when they were read for the first time. They did not ring one by one."
    if notice.type is MessageType.HEARTBEAT:
        return "Nothing to report. This mail shows that the watch goes on."
    if notice.type is MessageType.DISABLED:
        return "An endpoint of this subscription does not take messages. What it misses is kept and can be sent again."
    if notice.type is MessageType.TEST:
        return "This message only shows that mail reaches you. Nothing happened."
    return _LEADS.get(notice.reason, _LEADS[DispatchReason.UPDATE])


def _times(notice: Notice) -> tuple[tuple[str, str], ...]:
    if len(notice.snapshots) != 1:
        return (("Sent", clock(notice.sent_at)),)
    report = evidence_of(notice, notice.snapshot)
    times = (
        ("Published", report.published_at),
        ("Fetched", report.fetched_at),
        ("Detected", notice.snapshot.event.updated_at),
        ("Sent", notice.sent_at),
    )
    return tuple((name, clock(at)) for name, at in times if at)


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("tocsin.adapters", "templates"),
        autoescape=jinja2.select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
