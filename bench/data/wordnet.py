"""Princeton WordNet's nouns, read from its database files (`data.noun`, `index.noun`, …, `cntlist.rev`).

A sense weighs how often WordNet's authors met it in tagged text, and a little more the earlier it is listed.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

_PARTS = {"noun": "1", "verb": "2", "adj": "35", "adv": "4"}
_LISTED = "  "  # how the lines of the licence begin


def wordnet_folder() -> Path:
    """Where WordNet's files are: `$WNSEARCHDIR`, as WordNet's own tools have it, else where Debian puts them."""
    folder = Path(os.environ.get("WNSEARCHDIR", "/usr/share/wordnet"))
    if not (folder / "data.noun").is_file():
        raise SystemExit(f"no WordNet in {folder}: install it (Debian: wordnet-base) or set WNSEARCHDIR")
    return folder


class WordNet:
    """Noun lemmas with their senses in order, and how often a lemma is a noun or something else."""

    def __init__(self, folder: Path) -> None:
        self._senses = {part: _senses(folder / f"index.{part}") for part in _PARTS}
        self._counts = _counts(folder / "cntlist.rev")
        self._under: dict[str, list[str]] = defaultdict(list)
        self.usages: dict[str, set[str]] = defaultdict(set)
        self.spellings: dict[str, set[str]] = defaultdict(set)
        self.named: set[str] = set()
        self._read_nouns(folder / "data.noun")
        self._verb_exceptions = {line.split()[0] for line in (folder / "verb.exc").read_text().splitlines()}

    @property
    def lemmas(self) -> Iterable[str]:
        """Every noun, in lower case, its words joined by `_`."""
        return self._senses["noun"]

    def synset(self, sense: str) -> str:
        """The synset of a sense such as `ship.1`."""
        lemma, _, number = sense.rpartition(".")
        return self._senses["noun"][lemma][int(number) - 1]

    def weights(self, lemma: str) -> Mapping[str, float]:
        """What a noun's synsets weigh."""
        return dict(zip(self._senses["noun"][lemma], self._weigh(lemma, "noun"), strict=True))

    def weight_otherwise(self, lemma: str) -> float:
        """What the lemma weighs as a verb, an adjective or an adverb."""
        return sum(sum(self._weigh(lemma, part)) for part in _PARTS if part != "noun")

    def is_verb_form(self, lemma: str) -> bool:
        """Whether it is an inflected form of a verb: "found", "wed", "living"."""
        verbs = self._senses["verb"]
        stems = [lemma[: -len(ending)] for ending in ("ed", "ing") if lemma.endswith(ending)]
        doubled = [stem[:-1] for stem in stems if stem[-2:-1] == stem[-1:]]
        return lemma in self._verb_exceptions or any(
            form in verbs for stem in (*stems, *doubled) for form in (stem, stem + "e")
        )

    def below(self, root: str, barred: Iterable[str]) -> set[str]:
        """The synset and all under it, but for the barred ones and what lies under these."""
        found: set[str] = set()
        ahead = [root]
        stop = set(barred) - {root}
        while ahead:
            synset = ahead.pop()
            if synset not in found and synset not in stop:
                found.add(synset)
                ahead += self._under[synset]
        return found

    def _weigh(self, lemma: str, part: str) -> Sequence[float]:
        senses = self._senses[part].get(lemma, ())
        counts = self._counts.get((lemma, part), {})
        return [counts.get(rank, 0) + 1 / rank for rank in range(1, len(senses) + 1)]

    def _read_nouns(self, path: Path) -> None:
        for line in _lines(path):
            fields = line.partition(" | ")[0].split()
            synset, size = fields[0], int(fields[3], 16)
            words = fields[4 : 4 + 2 * size : 2]
            pointers = fields[5 + 2 * size :]
            for kind, target in zip(pointers[::4], pointers[1::4], strict=False):
                if kind == "@":
                    self._under[target].append(synset)
                elif kind == "@i":
                    self.named.update(word.lower() for word in words)
                elif kind == ";u":
                    self.usages[synset].add(target)
            for word in words:
                self.spellings[word.lower()].add(word)


def _senses(path: Path) -> Mapping[str, Sequence[str]]:
    rows = [line.split() for line in _lines(path)]
    return {row[0]: row[6 + int(row[3]) :] for row in rows}


def _counts(path: Path) -> Mapping[tuple[str, str], Mapping[int, int]]:
    found: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for line in path.read_text(encoding="latin-1").splitlines():
        key, rank, count = line.split()
        lemma, _, sense = key.partition("%")
        part = next(part for part, digits in _PARTS.items() if sense[0] in digits)
        found[lemma, part][int(rank)] = int(count)
    return found


def _lines(path: Path) -> Iterable[str]:
    text = path.read_text(encoding="latin-1")
    return (line for line in text.splitlines() if not line.startswith(_LISTED))
