"""The key of the unsubscribe tokens, kept in the data directory unless the operator sets one."""

import secrets
from contextlib import suppress
from pathlib import Path

from tocsin.errors import SettingsError


def load_or_make_key(path: Path) -> bytes:
    """The key in the file, made at the first call. Several processes that call at once get the same key.

    Raises `SettingsError` when the file can be neither read nor written.
    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_hex(32), encoding="ascii")
            with suppress(FileExistsError):
                # A link, unlike a rename, never replaces the key that another process made meanwhile.
                path.hardlink_to(fresh)
            fresh.unlink()
        return path.read_bytes()
    except OSError as exc:
        raise SettingsError(f"'{path}': {exc.strerror}: set TOCSIN_TOKEN_KEY, or make the folder writable") from exc
