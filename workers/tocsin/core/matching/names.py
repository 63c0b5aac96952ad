"""Actors' names, the phrases that cancel them, and countries: where they stand in a text, not yet whom they mean."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from unicodedata import combining

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from tocsin.core.actors import Actor, Alias
from tocsin.core.lexicon import mapping_of, words_of
from tocsin.core.text import fold, plain
from tocsin.core.word_tables import items

MAX_NAMES = 4_000
ACRONYM = 6
"""Letters of the longest single word in capitals that counts as an acronym."""
LONGEST_LEAD = 6
LONGEST_WORD = 16
_MARKS = "\u0300"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One alias of one actor. `langs` are the languages that list it, `words` its words in their own case.

    `inset` is how many characters at its beginning and end name the country and no more: it stays a place.
    """

    actor: Actor
    alias: Alias
    langs: frozenset[str]
    words: str
    inset: tuple[int, int] = (0, 0)

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries whose stories mean this actor by the name."""
        return self.alias.country or self.actor.country

    @property
    def is_acronym(self) -> bool:
        """Whether it is one short word in capitals."""
        text = self.words
        return len(text) <= ACRONYM and " " not in text and (self.alias.exact or text.isupper())


@dataclass(frozen=True, slots=True)
class NameHit:
    """Words that may name actors: one `Name` for each alias of each."""

    start: int
    end: int
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class CountryHit:
    """A country named by itself, or by its people; `rules` when one of its authorities follows ("Spanish police")."""

    start: int
    end: int
    country: str
    people: bool
    rules: bool = False


@dataclass(slots=True)
class Found:
    """What stands in a text. `barred` are the places of never-phrases, each with the id of the actor it cancels.

    `words` is the folded text with a blank for all that is no word, one more before and one after it.
    """

    words: str = ""
    names: list[NameHit] = field(default_factory=list)
    barred: list[tuple[int, int, str]] = field(default_factory=list)
    countries: list[CountryHit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Country:
    country: str
    people: bool
    lang: str
    exact: bool


@dataclass(slots=True)
class _Entry:
    names: list[Name] = field(default_factory=list)
    led: list[tuple[frozenset[str], Name]] = field(default_factory=list)
    barred: list[tuple[frozenset[str] | None, str]] = field(default_factory=list)
    countries: list[_Country] = field(default_factory=list)


class NameIndex:
    """Every language's names together, compiled once for a rulebook. Immutable once built, safe to share."""

    __slots__ = ("_all_leads", "_authorities", "_automaton", "_entries", "_places", "against", "ordinary", "ties")

    def __init__(self, actors: Iterable[Actor], tables: Mapping[str, Mapping[str, object]]) -> None:
        spoken = {lang: mapping_of(table.get("naming")) for lang, table in tables.items()}
        self.ordinary = {lang: frozenset(words_of(table.get("ordinary"))) for lang, table in spoken.items()}
        self.ties = {
            side: frozenset(word for table in spoken.values() for word in words_of(table.get(side)))
            for side in ("before", "after")
        }
        self._authorities = frozenset(word for table in spoken.values() for word in words_of(table.get("authorities")))
        self.against = tuple(word for table in spoken.values() for word in words_of(table.get("against")))
        countries = {
            lang: mapping_of(mapping_of(table.get("places")).get("countries")) for lang, table in tables.items()
        }
        self._places = frozenset(lang for lang, entry in countries.items() if entry)
        builder = _Builder(spoken, countries)
        known = tuple(actors)
        for actor in known:
            builder.add(actor)
        for actor in known:
            builder.add_forms(actor)
        for lang, table in tables.items():
            builder.add_countries(lang, mapping_of(table.get("places")))
        self._all_leads = builder.all_leads()
        self._entries = list(builder.entries.values())
        self._automaton = (
            AhoCorasick(
                list(builder.entries),
                matchkind=MatchKind.Standard,
                store_patterns=False,
                implementation=Implementation.ContiguousNFA,
            )
            if builder.entries
            else None
        )

    def find(self, text: str, folded: str, lang: str | None = None) -> Found:
        """Every whole-word hit in text order, those that overlap too; offsets index `text`."""
        found = Found(words=f" {plain(folded)} ")
        if self._automaton is None:
            return found
        words = found.words
        marked = not text.isascii()
        local = lang if lang in self._places else None
        lower = text.islower()
        raw = self._automaton.find_matches_as_indexes(words, overlapping=True)
        spans: dict[tuple[int, int], list[Name]] = {}
        for index, start, stop in raw[:MAX_NAMES]:
            entry, end = self._entries[index], stop - 2
            begin, lead = (start, "") if words[start] == " " else (start - 1, _lead(words, start))
            if lead is None or (marked and not _is_whole(text, begin, end)):
                continue
            names = [*entry.names, *(name for leads, name in entry.led if lead in leads)]
            if names:
                spans.setdefault((begin, end), []).extend(names)
            found.barred.extend((begin, end, actor) for leads, actor in entry.barred if leads is None or lead in leads)
            if entry.countries:
                following = words[end + 2 : end + 2 + LONGEST_WORD].partition(" ")[0]
                rules = text[end : end + 1] == " " and following in self._authorities
                found.countries.extend(
                    replace(hit, rules=rules)
                    for hit in _countries(entry.countries, text[begin:end], begin, local, lower=lower)
                )
        found.names = [NameHit(begin, end, tuple(names)) for (begin, end), names in spans.items()]
        return found

    def stands(self, word: str, words: str) -> bool:
        """Whether the word stands in `Found.words`, alone or after what its language writes together with it."""
        wanted = _words(fold(word))
        at = words.find(f"{wanted} ")
        while at >= 0:
            lead = _lead(words, at)
            if lead is not None and (not lead or lead in self._all_leads):
                return True
            at = words.find(f"{wanted} ", at + 1)
        return False


def _lead(words: str, start: int) -> str | None:
    """What is written together with the word before it; none when that is too long to be a prefix."""
    at = words.rfind(" ", max(0, start - LONGEST_LEAD), start)
    return words[at + 1 : start] if at >= 0 else None


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether marks above or below letters do not tie the words to others."""
    if start and text[start - 1] >= _MARKS and combining(text[start - 1]):
        return False
    while end < len(text) and text[end] >= _MARKS and combining(text[end]):
        end += 1
    return end >= len(text) or not text[end].isalnum()


def _countries(
    known: Iterable[_Country], shown: str, start: int, lang: str | None, *, lower: bool
) -> Iterator[CountryHit]:
    for one in known:
        if lang not in (None, one.lang) or (shown[0].islower() and not lower):
            continue
        if not one.exact or shown.isupper():
            yield CountryHit(start, start + len(shown), one.country, one.people)


class _Builder:
    """Gathers the patterns of an index."""

    def __init__(
        self, spoken: Mapping[str, Mapping[str, object]], countries: Mapping[str, Mapping[str, object]]
    ) -> None:
        self.entries: dict[str, _Entry] = {}
        self._spoken = spoken
        self._countries = countries
        self._leads = {lang: _leads(table) for lang, table in spoken.items() if table.get("prefixes")}
        self._keys: set[str] = set()

    def all_leads(self) -> frozenset[str]:
        return frozenset(lead for leads in self._leads.values() for lead in (*leads.plain, *leads.definite))

    def add(self, actor: Actor) -> None:
        langs: dict[Alias, list[str]] = {}
        for lang, aliases in actor.aliases.items():
            for alias in aliases:
                langs.setdefault(alias, []).append(lang)
        for alias, listed in langs.items():
            self._add_name(actor, alias, frozenset(listed))
        for phrase in actor.never:
            self._add_never(actor, phrase)

    def add_forms(self, actor: Actor) -> None:
        """ "Spain's police" for "Spanish police": the other ways in which a language joins a country to a name."""
        if len(actor.country) != 1:
            return
        for lang, aliases in actor.aliases.items():
            forms = [str(form) for form in items(self._spoken.get(lang, {}).get("country_forms"))]
            country = mapping_of(self._countries.get(lang, {}).get(actor.country[0]))
            if not forms or not country:
                continue
            filled = list(_fill(forms, country))
            for alias in aliases:
                if alias.exact or alias.near:
                    continue
                heads = {_head(alias.text, form.left, form.right) for form in filled}
                for head in filter(None, heads):
                    for form in filled:
                        self._add_form(
                            actor, replace(alias, text=f"{form.left}{head}{form.right}", country=()), lang, form
                        )

    def add_countries(self, lang: str, table: Mapping[str, object]) -> None:
        exact = frozenset(str(word) for word in items(table.get("exact")))
        for country, entry in mapping_of(table.get("countries")).items():
            for people in (False, True):
                for name in items(mapping_of(entry).get("people" if people else "names")):
                    text = str(name)
                    entry_ = self.entries.setdefault(_key(text), _Entry())
                    entry_.countries.append(_Country(country, people, lang, text.upper() in exact))

    def _add_form(self, actor: Actor, alias: Alias, lang: str, form: "_Form") -> None:
        if _words(fold(alias.text)) not in self._keys:
            inset = (0, 0) if form.people else (len(form.left), len(form.right))
            self._add_name(actor, alias, frozenset((lang,)), inset)

    def _add_name(self, actor: Actor, alias: Alias, langs: frozenset[str], inset: tuple[int, int] = (0, 0)) -> None:
        words = _words(alias.text)
        key = _words(fold(alias.text))
        if not key:
            return
        self._keys.add(key)
        name = Name(actor=actor, alias=alias, langs=langs, words=words, inset=inset)
        led = [self._leads[lang] for lang in langs if lang in self._leads]
        if not led:
            self.entries.setdefault(f" {key} ", _Entry()).names.append(name)
        for leads in led:
            for text, allowed in leads.variants(key):
                self.entries.setdefault(f"{text} ", _Entry()).led.append((allowed, name))

    def _add_never(self, actor: Actor, phrase: str) -> None:
        key = _words(fold(phrase))
        led = [leads for leads in self._leads.values() if leads.writes(key)]
        for leads in led:
            for text, allowed in leads.variants(key):
                self.entries.setdefault(f"{text} ", _Entry()).barred.append((allowed, actor.id))
        if key and not led:
            self.entries.setdefault(_key(phrase), _Entry()).barred.append((None, actor.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leads:
    """What a language writes together with the word that follows: "and", "by", the article."""

    article: str
    plain: frozenset[str]
    definite: frozenset[str]
    contracted: frozenset[str]
    shortest: int

    def variants(self, key: str) -> Iterator[tuple[str, frozenset[str]]]:
        """The texts under which a name is looked for, each with what may stand before it."""
        if len(key) < self.shortest:
            yield key, frozenset(("",))
        elif self.article and key.startswith(self.article):
            yield key, self.plain
            yield key[len(self.article) :], self.contracted
        else:
            yield key, self.plain | self.definite

    def writes(self, key: str) -> bool:
        """Whether the words are in this language's letters."""
        letters = "".join(self.plain | self.definite)
        return bool(key) and not key.isascii() and bool(letters) and _block(key[0]) == _block(letters[0])


def _leads(table: Mapping[str, object]) -> _Leads:
    article = next(iter(words_of(table.get("article"))), "")
    definite = frozenset(words_of(table.get("article_prefixes")))
    return _Leads(
        article=article,
        plain=frozenset(("", *words_of(table.get("prefixes")))),
        definite=definite,
        contracted=frozenset(lead for lead in definite if not lead.endswith(article)),
        shortest=int(str(table.get("shortest", 1))),
    )


def _block(char: str) -> int:
    return ord(char) >> 8


def _words(text: str) -> str:
    return plain(text).strip()


def _key(text: str) -> str:
    return f" {_words(fold(text))} "


@dataclass(frozen=True, slots=True)
class _Form:
    left: str
    right: str
    people: bool


def _fill(forms: Iterable[str], country: Mapping[str, object]) -> Iterator[_Form]:
    """What stands before and after the head in each form, with the country's names and its people's first name."""
    names = [str(name) for name in items(country.get("names"))]
    people = [str(name) for name in items(country.get("people"))[:1]]
    for form in forms:
        left, _, right = form.partition("{head}")
        by_people = "{people}" in form
        for name in people if by_people else names:
            yield _Form(left.format(name=name, people=name), right.format(name=name, people=name), by_people)


def _head(text: str, left: str, right: str) -> str | None:
    inner = text[len(left) : len(text) - len(right)]
    return inner if inner and text.startswith(left) and text.endswith(right) else None
