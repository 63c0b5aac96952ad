"""Secrets by reference: `env:NAME` or `file:PATH`, read when they are needed and never kept or logged."""

import os
from collections.abc import Mapping
from pathlib import Path

from tocsin.errors import SettingsError


def resolve_secrets(reference: str, environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The secrets a reference names, the current one first: several, by blanks or lines, during a rotation.

    Raises `SettingsError`, which names the reference and never what it holds.
    """
    scheme, _, name = reference.partition(":")
    if scheme == "env":
        text = (os.environ if environ is None else environ).get(name)
        if text is None:
            raise SettingsError(f"secret '{reference}': the variable is not set: set it, or use file:PATH")
    elif scheme == "file":
        try:
            text = Path(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as exc:
            raise SettingsError(f"secret '{reference}' cannot be read: check its path and rights") from exc
    else:
        raise SettingsError("a secret is given as env:NAME or file:PATH, never as itself")
    found = tuple(text.split())
    if not found:
        raise SettingsError(f"secret '{reference}' is empty")
    return found
