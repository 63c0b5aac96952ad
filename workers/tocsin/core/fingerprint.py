"""A text's fingerprint: copies of one story differ in a few bits, other stories in about half of them.

SimHash (Charikar 2002, "Similarity estimation techniques from rounding algorithms") over word triples, 64 bits.
"""

import re
from hashlib import blake2b

_WORD = re.compile(r"\w+")
_MAX_WORDS = 4000
_BITS = 64


def simhash(text: str) -> int:
    """64-bit fingerprint of the first 4,000 words, blind to case and punctuation; 0 for a text without words."""
    words = _WORD.findall(text.lower())[:_MAX_WORDS]
    if not words:
        return 0
    encoded = [word.encode("utf-8", "replace") for word in words]
    triples = [b" ".join(encoded[i : i + 3]) for i in range(max(1, len(encoded) - 2))]
    digests = b"".join([blake2b(triple, digest_size=8).digest() for triple in triples])
    return _majority(digests, len(triples))


def _majority(digests: bytes, number: int) -> int:
    """The bits that more than half of the 64-bit words hold.

    Counts are kept bit-sliced: plane `i` holds the `i`-th binary digit of all counts. Halves are added to each other
    until one word's width is left, so all columns and words are counted by some hundred operations on wide integers.
    """
    width = _BITS << (number - 1).bit_length()
    planes = [int.from_bytes(digests, "little")]
    while width > _BITS:
        width //= 2
        low, carry, sums = (1 << width) - 1, 0, []
        for plane in planes:
            one, other = plane & low, plane >> width
            differ = one ^ other
            sums.append(differ ^ carry)
            carry = one & other | differ & carry
        planes = [*sums, carry]
    least = number // 2 + 1
    more, equal = 0, (1 << _BITS) - 1
    for digit in reversed(range(len(planes))):
        if least >> digit & 1:
            equal &= planes[digit]
        else:
            more |= equal & planes[digit]
            equal &= ~planes[digit]
    return more | equal


def distance(one: int, other: int) -> int:
    """How many of the 64 bits differ. Copies of one wire story are at most 3 apart (Manku et al. 2007)."""
    return (one ^ other).bit_count()


def numbers_in(text: str) -> tuple[str, ...]:
    """The digit runs of a text, in order: two reports that differ here are not copies, however alike."""
    return tuple(re.findall(r"\d+", text))
