"""A text's fingerprint: copies of one story differ in a few bits, other stories in about half of them.

SimHash (Charikar 2002, "Similarity estimation techniques from rounding algorithms") over word triples, 64 bits.
"""

import re
from hashlib import blake2b

_WORD = re.compile(r"\w+")
_LANE_BITS = 24
_LANE_MASK = (1 << _LANE_BITS) - 1
_MAX_WORDS = 4000


def _lanes(byte: int, position: int) -> int:
    return sum(((byte >> bit) & 1) << (_LANE_BITS * (position * 8 + bit)) for bit in range(8))


# One addition of wide integers counts a byte's eight bits at once; a loop over 64 bits would cost ten times as much.
_TABLES = tuple(tuple(_lanes(byte, position) for byte in range(256)) for position in range(8))


def simhash(text: str) -> int:
    """64-bit fingerprint of the first 4,000 words, blind to case and punctuation; 0 for a text without words."""
    words = _WORD.findall(text.lower())[:_MAX_WORDS]
    shingles = [" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))] if words else []
    total = 0
    for shingle in shingles:
        digest = blake2b(shingle.encode("utf-8", "replace"), digest_size=8).digest()
        for table, byte in zip(_TABLES, digest, strict=True):
            total += table[byte]
    half = len(shingles) / 2
    return sum(1 << bit for bit in range(64) if (total >> (_LANE_BITS * bit)) & _LANE_MASK > half)


def distance(one: int, other: int) -> int:
    """How many of the 64 bits differ. Copies of one wire story are at most 3 apart (Manku et al. 2007)."""
    return (one ^ other).bit_count()


def numbers_in(text: str) -> tuple[str, ...]:
    """The digit runs of a text, in order: two reports that differ here are not copies, however alike."""
    return tuple(re.findall(r"\d+", text))
