"""The patterns under which names are looked for, with what a language writes together with the word that follows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tocsin.core.actors import Actor, Alias
from tocsin.core.lexicon import mapping_of, words_of
from tocsin.core.matching.names import Name
from tocsin.core.numbers.word_tables import items
from tocsin.core.text import fold, plain


@dataclass(frozen=True, slots=True)
class CountryPattern:
    """A country's or people's name in one language; `exact` when it counts in capitals only."""

    country: str
    people: bool
    lang: str
    exact: bool


@dataclass(slots=True)
class NamePattern:
    """All that one pattern stands for. What is `led` counts after one of some prefixes only; "" is none."""

    names: list[Name] = field(default_factory=list)
    led: list[tuple[frozenset[str], Name]] = field(default_factory=list)
    barred: list[tuple[frozenset[str] | None, str]] = field(default_factory=list)
    countries: list[CountryPattern] = field(default_factory=list)


class PatternBuilder:
    """Gathers the patterns of an index in `entries`, by text.

    A text is words between blanks; one that begins without a blank may follow a prefix.
    """

    def __init__(
        self, spoken: Mapping[str, Mapping[str, object]], countries: Mapping[str, Mapping[str, object]]
    ) -> None:
        self.entries: dict[str, NamePattern] = {}
        self._spoken = spoken
        self._countries = countries
        self._leads = {lang: _leads(table) for lang, table in spoken.items() if table.get("prefixes")}
        self._keys: set[str] = set()

    def all_leads(self) -> frozenset[str]:
        """Every prefix of every language."""
        return frozenset(lead for leads in self._leads.values() for lead in (*leads.plain, *leads.definite))

    def add(self, actor: Actor) -> None:
        """The actor's aliases in every language, and its never-phrases."""
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
                        self._add_form(actor, f"{form.left}{head}{form.right}", lang, form)

    def add_countries(self, lang: str, table: Mapping[str, object]) -> None:
        """The countries and peoples of a language's table `places`."""
        exact = frozenset(str(word) for word in items(table.get("exact")))
        for country, entry in mapping_of(table.get("countries")).items():
            for people in (False, True):
                for name in items(mapping_of(entry).get("people" if people else "names")):
                    text = str(name)
                    self._entry(key_of(text)).countries.append(
                        CountryPattern(country, people, lang, text.upper() in exact)
                    )

    def _entry(self, text: str) -> NamePattern:
        entry = self.entries.get(text)
        if entry is None:
            entry = self.entries[text] = NamePattern()
        return entry

    def _add_form(self, actor: Actor, text: str, lang: str, form: "_Form") -> None:
        if words_in(fold(text)) not in self._keys:
            inset = (0, 0) if form.people else (len(form.left), len(form.right))
            self._add_name(actor, Alias(text=text), frozenset((lang,)), inset)

    def _add_name(self, actor: Actor, alias: Alias, langs: frozenset[str], inset: tuple[int, int] = (0, 0)) -> None:
        words = words_in(alias.text)
        key = words.lower() if words.isascii() else words_in(fold(alias.text))
        if not key:
            return
        self._keys.add(key)
        name = Name(actor=actor, alias=alias, langs=langs, words=words, inset=inset)
        led = [self._leads[lang] for lang in langs if lang in self._leads]
        if not led:
            self._entry(f" {key} ").names.append(name)
        for leads in led:
            for text, allowed in leads.variants(key):
                self._entry(f"{text} ").led.append((allowed, name))

    def _add_never(self, actor: Actor, phrase: str) -> None:
        key = words_in(fold(phrase))
        led = [leads for leads in self._leads.values() if leads.writes(key)]
        for leads in led:
            for text, allowed in leads.variants(key):
                self._entry(f"{text} ").barred.append((allowed, actor.id))
        if key and not led:
            self._entry(key_of(phrase)).barred.append((None, actor.id))


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


def words_in(text: str) -> str:
    """The words of a text in their own case, a blank for every other character between them."""
    return plain(text).strip()


def key_of(text: str) -> str:
    return f" {words_in(fold(text))} "


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
