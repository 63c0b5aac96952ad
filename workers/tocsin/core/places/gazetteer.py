"""The places of the world, from a compact table of letters-only keys.

A row of the table is a key, a tab, and one or more places divided by `;`. A place is `kind,country,province,rank,name`:
kind is T (town), D (district), P (province), R (region) or C (country), rank ten times the decimal logarithm of the
population, and an empty name stands for the key with a capital. Rows `@ES.60<tab>Valencia` name the provinces, rows
`@ES<tab>Madrid` the capitals.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType(
    {"T": "town", "D": "district", "P": "province", "R": "region", "C": "country"}
)
COMMON = "~"
MOST_READ = 4_000
"""How many rows are kept as places once they were asked for."""
ARTICLES = frozenset({"al", "el", "ar", "as", "ash", "at", "ad", "an", "az", "ez", "es", "er", "ed", "ech"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of the gazetteer. `province` is its name; `rank` grows with the population (60: a million)."""

    name: str
    kind: str
    country: str | None = None
    province: str | None = None
    rank: int = 0


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Lower case without accents; only letters and digits are kept."""
    if word.isascii() and word.isalnum():
        return word.lower()
    # Twice: what looks like a letter (𝕬) becomes one first, and may be a capital then.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold()).translate(_LETTERS)
    return "".join(letter for letter in plain if letter.isalnum())


_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})


def normal_key(name: str) -> str:
    """The key under which spellings of one name meet.

    Case, accents, spaces, hyphens and apostrophes do not count, nor an Arabic article at the beginning, nor the "h" of
    a final "-ah": "Deir Ezzor" is "Deir ez-Zor", "Al-Hasakah" is "Hasaka". Idempotent.
    """
    words = [fold(word) for word in name.replace("-", " ").replace("’", "'").replace("'", "").split()]
    words = [word for word in words if word]
    return key_of(words)


def key_of(words: list[str]) -> str:
    """`normal_key` of words that are folded already."""
    if len(words) > 1 and words[0] in ARTICLES and len("".join(words[1:])) > 2:
        words = words[1:]
    key = "".join(words)
    return key[:-1] if len(key) > 4 and key.endswith("ah") else key


class Gazetteer:
    """Names to places. Immutable once parsed, safe to share."""

    def __init__(self, rows: Mapping[str, str]) -> None:
        self._rows = rows
        self._read: dict[str, tuple[Place, ...]] = {}
        self._common = frozenset(rows.get(COMMON, "").replace(";", " ").split())

    @classmethod
    def parse(cls, text: str) -> "Gazetteer":
        """From the rows of one or several tables: a key that comes twice has the places of both.

        Lines with # are notes.
        """
        parted = [line.partition("\t") for line in text.split("\n")]
        found = [(key, places) for key, tab, places in parted if tab and not key.startswith("#")]
        rows = dict(found)
        if len(rows) < len(found):
            rows = {}
            for key, places in found:
                rows[key] = f"{rows[key]};{places}" if key in rows else places
        return cls(rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def find(self, key: str) -> tuple[Place, ...]:
        """Every place with this normal key, in the order of the table."""
        known = self._read.get(key)
        if known is None:
            row = self._rows.get(key)
            if len(self._read) >= MOST_READ:
                self._read.clear()
            known = self._read[key] = tuple(self._place(key, entry) for entry in row.split(";")) if row else ()
        return known

    def country_names(self) -> list[str]:
        """The names of all countries."""
        keys = [key for key, row in self._rows.items() if "C," in row and ";C," in f";{row}"]
        return [place.name for key in keys for place in self.find(key) if place.kind == "country"]

    def is_common(self, key: str) -> bool:
        """Whether the name is an ordinary word too: "nice", "reading"."""
        return key in self._common

    def capital_of(self, country: str) -> str | None:
        """The name of the capital."""
        return self._rows.get(f"@{country}")

    def _place(self, key: str, entry: str) -> Place:
        kind, country, province, rank, name = entry.split(",", 4)
        named = self._rows.get(f"@{country}.{province}") if province else None
        shown = name or key.capitalize()
        return Place(name=shown, kind=KINDS[kind], country=country or None, province=named, rank=int(rank or 0))
