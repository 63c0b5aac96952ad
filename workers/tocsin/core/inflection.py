"""Inflected forms of dictionary words, from a language's own tables: nothing here knows a language's name.

`forms` is the lexicon's `forms` table, `{verbs: {lemma: [forms]}, nouns: {lemma: [forms]}, adjectives: {…}}`; a word
found there has exactly those forms beside its own. `rules` is the `inflection` table, the fall-back for the rest:
`{verbs: {suffix: [replacements]}, …}`, where the longest suffix that ends the word is replaced by each of its
replacements, and `""` is for words that no other suffix fits. `heads: {nouns: first}` in the same table says which
word of several is inflected; without it a noun's last and a verb's first.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

WordKind = Literal["verbs", "nouns", "adjectives"]

_USUAL_HEAD = {"verbs": "first", "nouns": "last", "adjectives": "last"}


class Inflector:
    """The forms of one language's words. Every answer holds the dictionary form first, and each form once."""

    def __init__(self, forms: Mapping[str, object], rules: Mapping[str, object]) -> None:
        self._forms = {kind: _lists(forms.get(kind)) for kind in _USUAL_HEAD}
        self._rules = {kind: _lists(rules.get(kind)) for kind in _USUAL_HEAD}
        self._longest = {kind: max(map(len, table), default=0) for kind, table in self._rules.items()}
        heads = rules.get("heads")
        self._heads = _USUAL_HEAD | (
            {kind: str(head) for kind, head in heads.items()} if isinstance(heads, Mapping) else {}
        )

    def inflect(self, text: str, kind: WordKind) -> tuple[str, ...]:
        """Every form of a word or phrase, of which only the head is inflected ("round up": "rounded up")."""
        if (listed := self._forms[kind].get(text)) is not None:
            return tuple(dict.fromkeys((text, *listed)))
        if " " not in text:
            return tuple(dict.fromkeys(self._inflect_word(text, kind)))
        words = text.split(" ")
        at = 0 if self._heads[kind] == "first" else len(words) - 1
        heads = self._inflect_word(words[at], kind)
        return tuple(dict.fromkeys(" ".join((*words[:at], head, *words[at + 1 :])) for head in heads))

    def _inflect_word(self, word: str, kind: WordKind) -> tuple[str, ...]:
        forms = self._forms[kind]
        if (listed := forms.get(word)) is not None or (listed := forms.get(word.lower())) is not None:
            return (word, *listed)
        rules = self._rules[kind]
        for start in range(max(0, len(word) - self._longest[kind]), len(word) + 1):
            if (endings := rules.get(word[start:])) is not None:
                stem = word[:start]
                return (word, *[stem + ending for ending in endings])
        return (word,)


def _lists(table: object) -> Mapping[str, Sequence[str]]:
    if not isinstance(table, Mapping):
        return {}
    return {str(key): _strings(value) for key, value in table.items()}


def _strings(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Sequence):
        return tuple(item if item is not None else "" for item in value if item is None or isinstance(item, str))
    return ()
