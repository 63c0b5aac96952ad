"""Settings from the environment: every name starts with TOCSIN_, every secret may come from a file.

Nothing falls back quietly: a value that cannot be used is a `SettingsError` that names the variable.
"""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from tocsin.errors import SettingsError

_PREFIX = "TOCSIN_"
_SECRETS = ("SMTP_PASSWORD", "REDIS_URL", "TOKEN_KEY")


class Settings(BaseModel):
    """What an installation may set. Seconds end in `_s`, bytes are plain integers."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    redis_url: SecretStr | None = Field(None, description="Redis or Valkey to use; without it a private one is run")
    redis_prefix: str = Field("tocsin", pattern=r"^[a-z0-9_-]{1,40}$", description="first part of every key we write")
    data_dir: Path = Field(Path(".tocsin"), description="where the embedded server and the archive live")
    rules: Path | None = Field(None, description="the operator's rulebook folder; without it the current folder's")

    contact: str = Field("", description="address or URL that publishers may complain to; goes into the User-Agent")
    allow_private: bool = Field(False, description="let feeds and webhooks reach addresses that are not public")
    poll_concurrency: int = Field(100, ge=1, le=1000, description="feeds fetched at a time")
    poll_host_gap_s: float = Field(1.0, ge=0, le=60, description="least pause between two requests to a host")
    max_backlog: int = Field(20_000, ge=100, description="articles waiting for a scan at which polling pauses")

    scan_workers: int = Field(1, ge=1, le=64, description="scan processes that `tocsin run` starts")

    smtp_host: str = Field("", description="mail server; without it no mail is sent")
    smtp_port: int = Field(587, ge=1, le=65535, description="its port")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="how the connection is encrypted; `none` only on your own network"
    )
    smtp_user: str = Field("", description="name to log in by; without it there is no login")
    smtp_password: SecretStr | None = Field(None, description="password to log in with")
    mail_from: str = Field("", description="sender of every mail, such as alerts@example.org")
    base_url: str = Field("", description="https address of `tocsin web` as subscribers reach it")
    token_key: SecretStr | None = Field(
        None, description="key of the unsubscribe links; without it one is kept in the data directory"
    )

    web_host: str = Field("127.0.0.1", description="address that `tocsin web` listens on")
    web_port: int = Field(8484, ge=0, le=65535, description="its port; 0 takes a free one")

    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least level that is logged")
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="for people or for machines; `auto`: for people on a terminal"
    )

    @field_validator("data_dir", "rules")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().resolve() if value else None

    @property
    def user_agent(self) -> str:
        """What we call ourselves, with a way to reach the operator (B19)."""
        return f"Tocsin/0.1 (+{self.contact or 'https://pypi.org/project/tocsin/'})"


def load_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings of this environment; `overrides` (command-line options) win where they are not None.

    `TOCSIN_<NAME>_FILE` gives a secret by file. Raises `SettingsError` naming every unusable variable.
    """
    source = os.environ if environ is None else environ
    known = set(Settings.model_fields)
    _refuse_misspelt(source, known)
    values: dict[str, Any] = {
        name.removeprefix(_PREFIX).lower(): value
        for name, value in source.items()
        if name.startswith(_PREFIX) and name.removeprefix(_PREFIX).lower() in known
    }
    values |= {name.lower(): _read_secret(name, source) for name in _SECRETS if f"{_PREFIX}{name}_FILE" in source}
    values |= {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings.model_validate(values)
    except ValidationError as exc:
        lines = [f"{_PREFIX}{'.'.join(map(str, e['loc'])).upper()}: {e['msg'].lower()}" for e in exc.errors()]
        raise SettingsError("unusable settings:\n  " + "\n  ".join(lines)) from exc


def _refuse_misspelt(source: Mapping[str, str], known: set[str]) -> None:
    allowed = {f"{_PREFIX}{name.upper()}" for name in known} | {f"{_PREFIX}{name}_FILE" for name in _SECRETS}
    for name in source:
        if not name.startswith(_PREFIX) or name in allowed:
            continue
        # An operator may name a secret of their own TOCSIN_…, so only a near miss is taken for a mistake.
        near = difflib.get_close_matches(name, allowed, n=1, cutoff=0.9)
        if near:
            raise SettingsError(f"unknown setting '{name}': did you mean '{near[0]}'?")


def _read_secret(name: str, source: Mapping[str, str]) -> str:
    by_value, by_file = f"{_PREFIX}{name}", f"{_PREFIX}{name}_FILE"
    if by_value in source:
        raise SettingsError(f"{by_value} and {by_file} are both set: unset one of them")
    path = source[by_file]
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as exc:
        raise SettingsError(f"secret file '{path}' cannot be read: {exc.strerror}; check its path and rights") from exc
    except UnicodeDecodeError as exc:
        raise SettingsError(f"secret file '{path}' cannot be read: it is no UTF-8 text") from exc
