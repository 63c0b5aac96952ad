"""Which signs of the status lists stand in a sentence: found once, asked for by every test of every frame."""

from collections.abc import Iterable, Mapping, Sequence


class SignFinder:
    """Compiled from one language's status lists; immutable and safe to share."""

    __slots__ = ("_by_word",)

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._by_word: dict[str, list[tuple[int, str, str]]] = {}
        for name, listed in lists.items():
            for rank, sign in enumerate(dict.fromkeys(listed)):
                self._by_word.setdefault(sign.partition(" ")[0], []).append((rank, name, sign))

    def within(self, words: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """The part of each list that stands among a sentence's tokens, in the order of the list."""
        known = self._by_word
        met = [row for word in known.keys() & set(words) for row in known[word]]
        if not met:
            return {}
        line = f" {' '.join(words)} "
        found: dict[str, tuple[str, ...]] = {}
        for _, name, sign in sorted(met):
            if " " not in sign or f" {sign} " in line:
                found[name] = (*found.get(name, ()), sign)
        return found
