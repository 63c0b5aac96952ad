"""Build rules/lexicon/en/wordnet.tsv: nouns of WordNet under the roots that `nouns.yml` gives each word class.

A noun is taken when its first sense and most of what it means lie in one class, when it is hardly ever a verb or an
adjective, when it is written often enough, and when the rulebook says nothing about it by hand.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from forms import read_yaml
from lemminflect import getAllInflections
from names import FILES as NAME_FILES
from wordfreq import word_frequency, zipf_frequency
from wordnet import WordNet, wordnet_folder

from tocsin.core.inflection import Inflector, WordKind

CHOICE = Path(__file__).with_name("nouns.yml")
_HEADER = (
    "# Made by `make data` (bench/data/nouns.py) from WordNet 3.0, copyright 2006 by Princeton University: README.md.\n"
    "# Do not edit: words of the .yml files beside it, and exclusions in bench/data/nouns.yml, win over this file.\n"
)
_OWN_TABLES = ("grammar", "status", "numbers", "dates")
_SHORT = 3
_KINDS: Sequence[WordKind] = ("nouns", "verbs", "adjectives")
_Listing = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """`nouns.yml`."""

    limits: Mapping[str, float]
    roots: Mapping[str, tuple[str, ...]]
    barred: tuple[str, ...]
    usages: tuple[str, ...]
    exclude: frozenset[str]


def build_nouns(rules: Path, lang: str = "en") -> Path:
    """Write the nouns of one language's classes. The same rulebook and the same WordNet give the same bytes."""
    choice = _read_choice()
    folder = rules / "lexicon" / lang
    tables = {path.stem: read_yaml(path) for path in (folder / "tables").glob("*.yml")}
    inflector = Inflector(tables["forms"], tables["inflection"])
    own = {path.stem: read_yaml(path) for path in folder.glob("*.yml")}
    says = [_mapping(_mapping(read_yaml(path).get("says")).get(lang)) for path in (rules / "events").glob("*.yml")]
    listed = (word for name in _OWN_TABLES for word in _texts(tables[name]))
    known = frozenset(map(str.lower, (*listed, *_words((*own.values(), *says), inflector))))
    found = _Chooser(WordNet(wordnet_folder()), choice, own, known).choose()
    path = folder / "wordnet.tsv"
    rows = "".join(f"{name}\t{';'.join(sorted(found[name]))}\n" for name in sorted(found))
    path.write_text(_HEADER + rows, encoding="utf-8")
    return path


class _Chooser:
    """Decides for each noun in which class it stands, if in any."""

    def __init__(self, wordnet: WordNet, choice: _Choice, own: Mapping[str, _Listing], known: frozenset[str]) -> None:
        self._wordnet, self._choice, self._known = wordnet, choice, known
        self._wider = {name: _wider(name, own) for name in own}
        self._names = _name_shares()
        self._classes = self._spread()

    def choose(self) -> Mapping[str, set[str]]:
        """The chosen words by class. Of several words the last one mostly says it by itself, or they are an idiom."""
        found: dict[str, set[str]] = defaultdict(set)
        for lemma in filter(str.isalpha, self._wordnet.lemmas):
            if (name := self._class_of(lemma)) is not None:
                found[name].add(lemma)
        return found

    def _spread(self) -> Mapping[str, frozenset[str]]:
        """The classes of each synset: those of the nearest roots above it. Slurs and the like have none."""
        roots = {self._wordnet.synset(root): name for name, named in self._choice.roots.items() for root in named}
        barred = {*roots, *map(self._wordnet.synset, self._choice.barred)}
        found: dict[str, set[str]] = defaultdict(set)
        for root, name in roots.items():
            for synset in self._wordnet.below(root, barred):
                found[synset].add(name)
        marks = set(map(self._wordnet.synset, self._choice.usages))
        return {
            synset: frozenset(names)
            for synset, names in found.items()
            if marks.isdisjoint(self._wordnet.usages.get(synset, ()))
        }

    def _class_of(self, lemma: str) -> str | None:
        """The narrowest class that its first sense and most of its weight lie in."""
        weights = self._wordnet.weights(lemma)
        first = self._classes.get(next(iter(weights)))
        if not first or not self._is_fit(lemma, sum(weights.values())):
            return None
        for name in (wider for one in sorted(first) for wider in self._wider[one]):
            inside = sum(
                weight
                for synset, weight in weights.items()
                if any(name in self._wider[one] for one in self._classes.get(synset, ()))
            )
            if inside >= self._choice.limits["share"] * sum(weights.values()):
                return name
        return None

    def _is_fit(self, lemma: str, weight: float) -> bool:
        limits, wordnet = self._choice.limits, self._wordnet
        if lemma in self._choice.exclude or wordnet.spellings[lemma] != {lemma} or lemma in wordnet.named:
            return False
        if weight < limits["noun"] * wordnet.weight_otherwise(lemma) or wordnet.is_verb_form(lemma):
            return False
        forms = frozenset(_forms(lemma))
        least = limits["zipf"] if len(lemma) > _SHORT else limits["zipf_of_short"]
        often = max(zipf_frequency(form, "en") for form in forms) >= least
        return often and not self._is_surname(lemma) and self._known.isdisjoint(forms)

    def _is_surname(self, word: str) -> bool:
        """Whether many more people have the name than writers use the word."""
        return self._names.get(word, 0) > self._choice.limits["names"] * word_frequency(word, "en")


def _name_shares() -> Mapping[str, float]:
    """Which part of the people counted by the census of the United States of 1990 has the name."""
    found: dict[str, float] = defaultdict(float)
    for path in NAME_FILES.values():
        for line in Path(path).read_text(encoding="ascii").splitlines():
            name, percent, *_ = line.split()
            found[name.lower()] += float(percent) / 100
    return found


def _forms(noun: str) -> Iterator[str]:
    """The noun and its plurals."""
    yield noun
    yield from getAllInflections(noun, upos="NOUN").get("NNS", (f"{noun}s",))


def _words(listings: Iterable[_Listing], inflector: Inflector) -> Iterator[str]:
    """Every form of every word in word classes or in what rules say."""
    for listing in listings:
        yield from _texts(listing.get("names"))
        yield from _texts(listing.get("phrases"), ("text", "also", "forms"))
        for kind in _KINDS:
            for text in _texts(listing.get(kind), ("text", "also")):
                yield from inflector.inflect(text, kind)


def _texts(value: object, keys: Sequence[str] = ()) -> Iterator[str]:
    """Every text in a value; of mappings only what stands under the keys, if any are given."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, keys)
    elif isinstance(value, dict):
        for name, item in value.items():
            if not keys or name in keys:
                yield from _texts(item, keys)


def _wider(name: str, own: Mapping[str, Mapping[str, object]]) -> tuple[str, ...]:
    """A class and those that it is part of, itself first."""
    found = [name]
    for one in found:
        found += [parent for parent in _texts(own[one].get("parents")) if parent not in found]
    return tuple(found)


def _read_choice() -> _Choice:
    read = read_yaml(CHOICE)
    return _Choice(
        limits={name: float(limit) for name, limit in _mapping(read["limits"]).items()},
        roots={name: tuple(_texts(roots)) for name, roots in _mapping(read["roots"]).items()},
        barred=tuple(_texts(read["barred"])),
        usages=tuple(_texts(read["usages"])),
        exclude=frozenset(_texts(read["exclude"])),
    )


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
