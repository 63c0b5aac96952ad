"""The key of the unsubscribe tokens: one for all processes, kept, and nobody else's to read."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tocsin.adapters.token_key import load_or_make_key
from tocsin.errors import SettingsError


def test_it_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "data" / "token.key"

    first, second = load_or_make_key(path), load_or_make_key(path)

    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [path] == list(path.parent.iterdir())


def test_all_who_ask_at_once_get_the_same(tmp_path: Path) -> None:
    path = tmp_path / "token.key"

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: load_or_make_key(path), range(64)))

    assert len(keys) == 1
    assert [path] == list(tmp_path.iterdir())


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    assert load_or_make_key(tmp_path / "a") != load_or_make_key(tmp_path / "b")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(SettingsError, match="set TOCSIN_TOKEN_KEY, or make the folder writable"):
        load_or_make_key(tmp_path / "file" / "token.key")
