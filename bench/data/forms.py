"""Inflected forms of every word the English rules and word classes inflect, from lemminflect's dictionary.

A word whose forms the suffix rules of `inflection.yml` already give is left out, so the table holds the irregular ones.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from lemminflect import getAllInflections

from tocsin.core.inflection import Inflector, WordKind

_TAGS = {"verbs": ("VERB", ("VBZ", "VBD", "VBN", "VBG")), "nouns": ("NOUN", ("NNS",))}
_HEADER = (
    "# Made by `make data` (bench/data/forms.py) with lemminflect (MIT); do not edit. Regular words are left out.\n"
)
_WIDTH = 118


def build_forms(rules: Path, lang: str = "en") -> Path:
    """Write the table of forms for one language of a rulebook. The same rulebook gives the same bytes."""
    tables = rules / "lexicon" / lang / "tables"
    regular = Inflector({}, read_yaml(tables / "inflection.yml"))
    table = {
        kind: _irregular(words, kind, regular)
        for kind, words in sorted(collect_words(rules, lang).items(), reverse=True)
    }
    path = tables / "forms.yml"
    path.write_text(_HEADER + "".join(_section(kind, forms) for kind, forms in table.items()), encoding="utf-8")
    return path


def collect_words(rules: Path, lang: str) -> Mapping[WordKind, frozenset[str]]:
    """The head words that are inflected: a verb's first, a noun's last."""
    verbs: set[str] = set()
    nouns: set[str] = set()
    for path in sorted((rules / "lexicon" / lang).glob("*.yml")):
        described = read_yaml(path)
        verbs.update(_heads(described.get("verbs"), _first))
        nouns.update(_heads(described.get("nouns"), _last))
    for path in sorted((rules / "lexicon" / lang).glob("*.tsv")):
        rows = [line.partition("\t")[2] for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
        nouns.update(_heads((noun for row in rows for noun in row.split(";")), _last))
    for path in sorted((rules / "events").glob("*.yml")):
        says = read_yaml(path).get("says", {}).get(lang, {})
        verbs.update(_heads([*says.get("verbs", ()), *says.get("phrases", ())], _first))
        nouns.update(_heads(says.get("nouns"), _last))
    verbs.update(read_yaml(rules / "lexicon" / lang / "tables" / "grammar.yml").get("verbs", ()))
    return {"verbs": frozenset(filter(_is_plain, verbs)), "nouns": frozenset(filter(_is_plain, nouns))}


def _irregular(words: Iterable[str], kind: WordKind, regular: Inflector) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word in sorted(words):
        forms = _forms(word, kind)
        if forms and {word, *forms} != set(regular.inflect(word, kind)):
            found[word] = forms
    return found


def _forms(word: str, kind: WordKind) -> tuple[str, ...]:
    speech, tags = _TAGS[kind]
    known = getAllInflections(word, upos=speech)
    return tuple(dict.fromkeys(form for tag in tags for form in known.get(tag, ())))


def _heads(entries: Iterable[str | Mapping[str, Any]] | None, head: Callable[[str], str]) -> Iterable[str]:
    for entry in entries or ():
        if isinstance(entry, str):
            yield head(entry)
        else:
            texts = [*([] if "forms" in entry else [entry["text"]]), *entry.get("also", ())]
            yield from map(head, texts)


def _first(text: str) -> str:
    return text.partition(" ")[0]


def _last(text: str) -> str:
    return text.rpartition(" ")[2]


def _is_plain(word: str) -> bool:
    return word.replace("-", "").isalpha() and word == word.lower()


def _section(kind: str, forms: Mapping[str, tuple[str, ...]]) -> str:
    lines = [f"{kind}:"]
    line = " "
    for word, listed in forms.items():
        entry = f" {_quoted(word)}: [{', '.join(map(_quoted, listed))}],"
        if len(line) + len(entry) > _WIDTH:
            lines.append(line)
            line = "  "
        line += entry
    lines.append(line)
    lines[1] = "  {" + lines[1].strip()
    lines[-1] = lines[-1].rstrip(",") + "}"
    return "\n".join(lines) + "\n"


def _quoted(word: str) -> str:
    return f'"{word}"' if word in {"no", "on", "off", "yes", "true", "false", "null"} else word


def read_yaml(path: Path) -> dict[str, object]:
    """A YAML mapping; scalars stay text."""
    loaded = yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader)
    assert isinstance(loaded, dict), f"{path} is no mapping"
    return loaded
