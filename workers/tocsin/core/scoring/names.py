"""When two names are the same: actors through the watchlists, noun groups by their heads, places by their letters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tocsin.core.events.lineage import Lineage
from tocsin.core.rulebook import Rulebook
from tocsin.core.scoring.found import FoundPlace, Name
from tocsin.core.text import fold

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_CONJUNCTION = re.compile(r"\s*(?:,| and | or | y | e | et | ou )\s*")
# Where a noun group's head has been passed: prepositions and relatives of the corpora's languages.
_AFTER_HEAD = frozenset(
    "of in from at by with near on for to against who which that whose than under inside outside "
    "around across along among between behind beside beyond during into onto over through throughout towards toward "
    "within without after before aboard "
    "de del en con por para contra que des du dans à a par pour qui aux".split()
)
# Words that only portion out what follows "of".
_PORTIONS = frozenset(
    "group groups number dozens hundreds thousands scores members member pair couple handful team gang one some many "
    "most part column band convoy unit elements tonnes tons kilograms kilos kg kilogrammes grams litres".split()
)
_LONGEST_ALIAS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class NameBook:
    """The watchlists turned round: from words to actors."""

    ids: frozenset[str] = frozenset()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lineage: Lineage = field(default_factory=Lineage)

    def actors_of(self, words: str) -> frozenset[str]:
        """The actors that these words name anywhere in them, or whose id they are."""
        if words in self.ids:
            return frozenset((words,))
        tokens = _words(words.replace("_", " "))
        found: set[str] = set()
        start = 0
        while start < len(tokens):
            for end in range(min(len(tokens), start + _LONGEST_ALIAS), start, -1):
                named = self.aliases.get(" ".join(tokens[start:end]))
                if named:
                    found.update(named)
                    start = end - 1
                    break
            start += 1
        return frozenset(found)

    def same_party(self, gold: str, name: Name) -> bool:
        """Whether a filler is what the corpus names: the same actor or one below it, or the same head."""
        wanted = self.actors_of(gold)
        named = frozenset((name.actor,)) if name.actor else self.actors_of(name.text)
        if any(wanted & set(self.lineage.line(actor)) for actor in named):
            return True
        heads = heads_of(name.text) | (
            {_stem(fold(name.head).split()[-1])} if name.head and name.head.strip() else set()
        )
        words = gold.replace("_", " ")
        return bool(heads & heads_of(words)) or _begins(words, name.text) or _begins(name.text, words)


def make_name_book(rulebook: Rulebook) -> NameBook:
    """From every alias and name of every watchlist."""
    aliases: dict[str, list[str]] = {}
    for actor in rulebook.actors.values():
        texts = [actor.name, actor.id.replace("_", " ")]
        texts += [alias.text for listed in actor.aliases.values() for alias in listed]
        for text in texts:
            known = aliases.setdefault(" ".join(_words(text)), [])
            if actor.id not in known:
                known.append(actor.id)
    aliases.pop("", None)
    return NameBook(
        ids=frozenset(rulebook.actors),
        aliases={alias: tuple(ids) for alias, ids in aliases.items()},
        lineage=Lineage(parents={actor.id: actor.parent for actor in rulebook.actors.values() if actor.parent}),
    )


def heads_of(phrase: str) -> frozenset[str]:
    """The head of each coordinated noun group, without its plural: "a poet and three activists" has two."""
    found = set()
    for group in _CONJUNCTION.split(fold(phrase)):
        head = _head(_words(group))
        if head:
            found.add(_stem(head))
    return frozenset(found)


def same_place(gold: str, place: FoundPlace) -> bool:
    """Whether letters and digits of one name are the other's, as printed or as the gazetteer has it."""
    wanted = place_key(gold)
    return bool(wanted) and wanted in {place_key(place.text), place_key(place.name)}


def place_key(name: str) -> str:
    """Letters and digits only, without case, accents and a leading article or rank: "the town of X" is X."""
    tokens = _words(name)
    while len(tokens) > 1 and tokens[0] in {
        "the",
        "la",
        "el",
        "le",
        "al",
        "town",
        "city",
        "province",
        "district",
        "of",
    }:
        tokens = tokens[1:]
    while len(tokens) > 1 and tokens[-1] in {
        "province",
        "district",
        "city",
        "region",
        "governorate",
        "county",
        "state",
    }:
        tokens = tokens[:-1]
    return "".join(char for token in tokens for char in token if char.isalnum())


def _words(text: str) -> list[str]:
    return [word.removesuffix("'s") for word in _WORD.findall(fold(text))]


def _begins(longer: str, shorter: str) -> bool:
    """Whether the longer name is the shorter one and a participle clause: "dhow carrying drone parts"."""
    first, second = _words(longer), _words(shorter)
    following = first[len(second) : len(second) + 1]
    return bool(second) and first[: len(second)] == second and bool(following) and following[0].endswith(("ing", "ed"))


def _head(words: list[str]) -> str | None:
    cut = next((at for at, word in enumerate(words) if at and word in _AFTER_HEAD), len(words))
    if cut and cut < len(words) and words[cut] in {"of", "de", "des"} and words[cut - 1] in _PORTIONS:
        return _head(words[cut + 1 :]) or words[cut - 1]
    return words[cut - 1] if cut else None


def _stem(word: str) -> str:
    irregular = {"men": "man", "women": "woman", "people": "person", "children": "child"}
    if word in irregular:
        return irregular[word]
    for ending, single in (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("xes", "x")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + single
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
