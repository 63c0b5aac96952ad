"""`tocsin doctor`: each fault is found, and told with what to do."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from processes.conftest import Answer, Tocsin
from redis_server import PrivateServer, private_server

from tocsin.adapters.redis_store import RedisStore
from tocsin.processes.demo.inbox import free_port

MAIL = (
    "endpoints:\n  - {id: desk, email: desk@example.org}\nsubscriptions:\n  - {id: all, title: All, send_to: [desk]}\n"
)


def findings(answer: Answer) -> dict[str, tuple[str, str, str]]:
    """Verdict, finding and remedy by check; of several, the last."""
    return {row["check"]: (row["verdict"], row["found"], row["remedy"]) for row in answer.json}


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Controller]:
    """A real server that takes mail, and the settings for it."""
    controller = Controller(object(), hostname="127.0.0.1", port=free_port())
    controller.start()
    monkeypatch.setenv("TOCSIN_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("TOCSIN_SMTP_PORT", str(controller.port))
    monkeypatch.setenv("TOCSIN_SMTP_SECURITY", "none")
    monkeypatch.setenv("TOCSIN_MAIL_FROM", "Tocsin <tocsin@example.org>")
    yield controller
    controller.stop()


def test_all_is_well(
    tocsin: Tocsin, desk: Path, store: RedisStore, mail_server: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "feeds.yml").write_text("feeds:\n  - {id: wire, url: 'https://wire.example/rss'}\n")
    (desk / "subscriptions.yml").write_text(MAIL)
    monkeypatch.setenv("TOCSIN_BASE_URL", "https://alerts.example.org")

    answer = tocsin("doctor", "--json")

    assert answer.code == 0
    assert {"redis": "ok", "rulebook": "ok", "smtp": "ok", "disk": "ok"} == {
        check: verdict for check, (verdict, _, _) in findings(answer).items()
    }
    assert {"error", "warning"} & {row["verdict"] for row in answer.json} == set()


def test_a_finding_is_a_line_with_what_to_do(tocsin: Tocsin, clean: Path) -> None:
    answer = tocsin("doctor", "--only", "redis")

    assert answer.code == 1
    wanted = (
        f"redis: error: no server runs in '{clean / '.tocsin'}': start `tocsin run` here, or set TOCSIN_REDIS_URL\n"
    )
    assert answer.out == wanted


def test_a_store_that_does_not_answer(tocsin: Tocsin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOCSIN_REDIS_URL", f"unix://{tmp_path}/nothing")

    answer = tocsin("doctor", "--only", "redis", "--json")

    assert answer.code == 1
    assert "does not answer" in findings(answer)["redis"][1]


def test_a_url_that_cannot_be_used(tocsin: Tocsin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_REDIS_URL", "https://example.org")

    answer = tocsin("doctor", "--only", "redis", "--json")

    assert answer.code == 1
    assert "'https' is not one of" in findings(answer)["redis"][1]


@pytest.fixture(scope="module")
def careless_server() -> Iterator[PrivateServer]:
    """No append-only file, and rows are evicted under pressure."""
    with private_server("--appendonly", "no", "--maxmemory-policy", "allkeys-lru") as server:
        yield server


def test_a_server_that_forgets_is_told_fault_by_fault(
    tocsin: Tocsin, careless_server: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_REDIS_URL", careless_server.url)

    answer = tocsin("doctor", "--only", "redis", "--json")

    assert answer.code == 1
    assert {"set 'appendonly yes'", "set 'maxmemory-policy noeviction'"} == {row["remedy"] for row in answer.json}
    assert {"error"} == {row["verdict"] for row in answer.json}


def test_a_password_that_is_wrong(tocsin: Tocsin, monkeypatch: pytest.MonkeyPatch) -> None:
    with private_server("--requirepass", "right") as server:
        monkeypatch.setenv("TOCSIN_REDIS_URL", server.url.replace("unix://", "unix://:wrong@"))
        answer = tocsin("doctor", "--only", "redis", "--json")

    assert answer.code == 1
    assert "correct TOCSIN_REDIS_URL" in findings(answer)["redis"][1]
    assert "wrong@" not in answer.out


def test_a_rulebook_with_errors(tocsin: Tocsin, broken: Path) -> None:
    answer = tocsin("doctor", "--only", "rulebook", "--json")

    assert answer.code == 1
    verdict, found, remedy = findings(answer)["rulebook"]
    assert (verdict, remedy) == ("error", f"see them all with `tocsin rules check {broken}`")
    assert "errors in " in found


def test_a_rules_folder_that_is_not_there(tocsin: Tocsin, monkeypatch: pytest.MonkeyPatch, clean: Path) -> None:
    monkeypatch.setenv("TOCSIN_RULES", str(clean / "nowhere"))

    answer = tocsin("doctor", "--only", "rulebook", "--only", "smtp", "--json")

    assert answer.code == 1
    assert "nowhere" in findings(answer)["rulebook"][1] + findings(answer)["rulebook"][2]


def test_outside_a_workspace_it_warns(tocsin: Tocsin, clean: Path) -> None:
    answer = tocsin("doctor", "--only", "rulebook", "--json")

    assert answer.code == 0
    assert findings(answer)["rulebook"][0] == "warning"


def test_a_workspace_without_feeds_or_subscribers_is_warned_of(tocsin: Tocsin, desk: Path) -> None:
    answer = tocsin("doctor", "--only", "rulebook", "--json")

    assert answer.code == 0
    assert ["no feeds", "nobody is told of anything"] == [
        row["found"] for row in answer.json if row["verdict"] == "warning"
    ]


HOOK = "endpoints:\n  - {id: hook, webhook: 'https://hook.example/in', secret: env:HOOK_SECRET}\nsubscriptions: []\n"


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (None, "secret 'env:HOOK_SECRET': the variable is not set: set it, or use file:PATH"),
        ("c2VjcmV0", "secret 'env:HOOK_SECRET': a signing secret starts with 'whsec_'"),
        ("whsec_c2VjcmV0", "secret 'env:HOOK_SECRET': a signing secret holds 24 to 64 bytes, this one 6"),
    ],
)
def test_a_secret_that_cannot_sign_is_told_before_an_alert_needs_it(
    tocsin: Tocsin, desk: Path, monkeypatch: pytest.MonkeyPatch, held: str | None, told: str
) -> None:
    (desk / "subscriptions.yml").write_text(HOOK)
    monkeypatch.delenv("HOOK_SECRET", raising=False)
    if held is not None:
        monkeypatch.setenv("HOOK_SECRET", held)

    answer = tocsin("doctor", "--only", "rulebook")

    assert answer.code == 1
    assert f"rulebook: error: endpoint 'hook': {told}" in answer.out
    assert "c2VjcmV0" not in answer.out


def test_a_secret_that_can_sign_is_no_finding(tocsin: Tocsin, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk / "subscriptions.yml").write_text(HOOK)
    monkeypatch.setenv("HOOK_SECRET", "whsec_" + "QUJD" * 8)

    answer = tocsin("doctor", "--only", "rulebook")

    assert "HOOK_SECRET" not in answer.out


def test_mail_endpoints_without_a_mail_server(tocsin: Tocsin, desk: Path) -> None:
    (desk / "subscriptions.yml").write_text(MAIL)

    answer = tocsin("doctor", "--only", "smtp", "--json")

    assert answer.code == 1
    assert findings(answer)["smtp"] == (
        "error", "there are mail endpoints and no mail server", "set TOCSIN_SMTP_HOST and TOCSIN_MAIL_FROM"
    )  # fmt: skip


def test_a_mail_server_without_a_sender(tocsin: Tocsin, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_SMTP_HOST", "127.0.0.1")

    answer = tocsin("doctor", "--only", "smtp", "--json")

    assert answer.code == 1
    assert findings(answer)["smtp"][0] == "error"
    assert "TOCSIN_MAIL_FROM" in findings(answer)["smtp"][1] + findings(answer)["smtp"][2]


def test_a_mail_server_that_is_not_there(tocsin: Tocsin, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("TOCSIN_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("TOCSIN_SMTP_PORT", str(port))
    monkeypatch.setenv("TOCSIN_MAIL_FROM", "tocsin@example.org")

    answer = tocsin("doctor", "--only", "smtp", "--json")

    assert answer.code == 1
    assert findings(answer)["smtp"][1].startswith(f"127.0.0.1:{port}: ")


def test_a_mail_server_that_cannot_encrypt(
    tocsin: Tocsin, mail_server: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_SMTP_SECURITY", "starttls")

    answer = tocsin("doctor", "--only", "smtp", "--json")

    assert answer.code == 1
    assert "TOCSIN_SMTP_HOST, _PORT, _SECURITY" in findings(answer)["smtp"][2]


class Refuses(SMTP):
    """A server that wants no mail from us."""

    async def smtp_MAIL(self, _: str) -> None:  # noqa: N802 (aiosmtpd's)
        await self.push("550 5.7.1 not from you")


class RefusingController(Controller):
    def factory(self) -> SMTP:
        return Refuses(self.handler)


def test_a_mail_server_that_refuses_the_sender(tocsin: Tocsin, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    controller = RefusingController(object(), hostname="127.0.0.1", port=free_port())
    controller.start()
    monkeypatch.setenv("TOCSIN_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("TOCSIN_SMTP_PORT", str(controller.port))
    monkeypatch.setenv("TOCSIN_SMTP_SECURITY", "none")
    monkeypatch.setenv("TOCSIN_MAIL_FROM", "tocsin@example.org")

    answer = tocsin("doctor", "--only", "smtp", "--json")
    controller.stop()

    assert answer.code == 1
    assert "not from you" in findings(answer)["smtp"][1]


def test_mails_without_a_way_out_are_warned_of(tocsin: Tocsin, desk: Path, mail_server: Controller) -> None:
    (desk / "subscriptions.yml").write_text(MAIL)

    answer = tocsin("doctor", "--only", "smtp", "--json")

    assert answer.code == 0
    assert [("ok", ""), ("warning", "set TOCSIN_BASE_URL to where `tocsin web` is reached over https")] == [
        (row["verdict"], row["remedy"]) for row in answer.json
    ]


def test_a_data_folder_that_cannot_be_written(tocsin: Tocsin, clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (clean / "file").write_text("")
    monkeypatch.setenv("TOCSIN_DATA_DIR", str(clean / "file"))

    answer = tocsin("doctor", "--only", "disk", "--json")

    assert answer.code == 1
    assert findings(answer)["disk"][0] == "error"
    assert "TOCSIN_DATA_DIR" in findings(answer)["disk"][2]


def test_the_probe_leaves_nothing_behind(tocsin: Tocsin, clean: Path) -> None:
    assert tocsin("doctor", "--only", "disk").code == 0
    assert [] == list(clean.iterdir())


def test_all_checks_run_whatever_is_wrong(tocsin: Tocsin, broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("TOCSIN_REDIS_URL", f"redis://127.0.0.1:{silent.getsockname()[1] + 1}/0")
        answer = tocsin("doctor", "--json")

    assert answer.code == 1
    assert {"redis", "rulebook", "disk"} <= set(findings(answer))


def test_status_tells_what_waits(tocsin: Tocsin, store: RedisStore) -> None:
    answer = tocsin("status", "--json")

    assert answer.code == 0
    assert answer.json["queued"] == {"scan": 0, "merge": 0, "dispatch": 0, "deliver": 0}
    assert set(answer.json["oldest_due_s"]) == {"feed", "article", "event", "delivery"}
    assert set(answer.json["rows"]) <= {"mark"}
    assert answer.json["store"]["used_memory"] > 0
