"""Settings: nothing falls back quietly, every fault names its variable, secrets come by file."""

from pathlib import Path

import pytest

from tocsin.adapters.settings import Settings, load_settings
from tocsin.errors import SettingsError


def test_without_anything_the_defaults_are_safe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    settings = load_settings({})

    assert settings.redis_url is None
    assert settings.allow_private is False
    assert settings.web_host == "127.0.0.1"
    assert settings.smtp_security == "starttls"
    assert settings.data_dir == tmp_path / ".tocsin"


def test_variables_win_over_defaults_and_options_over_variables(tmp_path: Path) -> None:
    environ = {
        "TOCSIN_SCAN_WORKERS": "3",
        "TOCSIN_WEB_PORT": "9000",
        "TOCSIN_CONTACT": "desk@example.org",
        "PATH": "/bin",
    }

    settings = load_settings(environ, web_port=9001, scan_workers=None, rules=tmp_path)

    assert (settings.scan_workers, settings.web_port, settings.rules) == (3, 9001, tmp_path)
    assert settings.user_agent == "Tocsin/0.1 (+desk@example.org)"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_PORT", "smtp"),
        ("SMTP_PORT", "0"),
        ("SMTP_PORT", ""),
        ("SMTP_SECURITY", "ssl"),
        ("SCAN_WORKERS", "0"),
        ("SCAN_WORKERS", "65"),
        ("WEB_PORT", "65536"),
        ("LOG_LEVEL", "trace"),
        ("LOG_FORMAT", "xml"),
        ("ALLOW_PRIVATE", "maybe"),
        ("POLL_CONCURRENCY", "0"),
        ("POLL_HOST_GAP_S", "-1"),
        ("REDIS_PREFIX", "Tocsin:"),
        ("MAX_BACKLOG", "10"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"TOCSIN_{name}: ") as refused:
        load_settings({f"TOCSIN_{name}": value})

    assert "errors.pydantic.dev" not in str(refused.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({"TOCSIN_SMTP_PORT": "x", "TOCSIN_WEB_PORT": "y", "TOCSIN_LOG_LEVEL": "z"})

    assert str(refused.value).count("TOCSIN_") == 3


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("TOCSIN_SMPT_HOST", "TOCSIN_SMTP_HOST"),
        ("TOCSIN_REDISURL", "TOCSIN_REDIS_URL"),
        ("TOCSIN_SMTP_PASWORD_FILE", "TOCSIN_SMTP_PASSWORD_FILE"),
    ],
)
def test_a_misspelt_variable_is_refused_with_a_suggestion(written: str, meant: str) -> None:
    with pytest.raises(SettingsError, match=f"unknown setting '{written}': did you mean '{meant}'"):
        load_settings({written: "x"})


def test_an_operators_own_variables_may_begin_with_our_name() -> None:
    load_settings({"TOCSIN_DESK_HOOK_SECRET": "whsec_x"})


@pytest.mark.parametrize("name", ["SMTP_PASSWORD", "REDIS_URL", "TOKEN_KEY"])
def test_a_secret_may_come_by_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / "secret"
    file.write_text("redis://of/the/file\n")

    settings = load_settings({f"TOCSIN_{name}_FILE": str(file)})

    assert getattr(settings, name.lower()).get_secret_value() == "redis://of/the/file"


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    """One of the two would win unseen."""
    file = tmp_path / "secret"
    file.write_text("one")

    with pytest.raises(SettingsError, match="TOCSIN_SMTP_PASSWORD and TOCSIN_SMTP_PASSWORD_FILE are both set"):
        load_settings({"TOCSIN_SMTP_PASSWORD": "two", "TOCSIN_SMTP_PASSWORD_FILE": str(file)})


def test_a_secret_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"secret file '.*/nowhere' cannot be read: No such file"):
        load_settings({"TOCSIN_TOKEN_KEY_FILE": str(tmp_path / "nowhere")})


def test_a_secret_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SettingsError, match=r"secret file '.*/secret' cannot be read"):
        load_settings({"TOCSIN_TOKEN_KEY_FILE": str(file)})


def test_secrets_are_not_printed() -> None:
    settings = load_settings({"TOCSIN_REDIS_URL": "redis://:hush@h/0", "TOCSIN_SMTP_PASSWORD": "hush"})

    assert "hush" not in repr(settings) + str(settings)


def test_a_wrong_secret_is_not_told_either() -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({"TOCSIN_REDIS_URL": "redis://:hush@h/0", "TOCSIN_WEB_PORT": "x"})

    assert "hush" not in str(refused.value)


def test_paths_do_not_depend_on_a_later_change_of_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    settings = load_settings({"TOCSIN_DATA_DIR": "data", "TOCSIN_RULES": "~/desk", "HOME": "/nobody"})

    assert settings.data_dir == tmp_path / "data"
    assert settings.rules == Path("~/desk").expanduser()


def test_every_setting_is_described() -> None:
    plain = {
        "smtp_port",
        "smtp_security",
        "smtp_user",
        "smtp_password",
        "web_host",
        "web_port",
        "log_level",
        "log_format",
    }

    assert {name for name, field in Settings.model_fields.items() if not field.description} <= plain
