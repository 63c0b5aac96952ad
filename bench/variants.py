"""A fully annotated article with its names, towns, dates and counts replaced on the fly, and scored again.

    TOCSIN_CORPORA=DIR python -m bench.variants [--number N] [CORPUS.jsonl]

What holds for the article and not for its copies was fitted, not understood. Nothing of the corpus is written anywhere
but to a temporary file. Exits 1 when a copy has a miss.
"""

import argparse
import json
import os
import random
import re
import sys
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.rulebooks import load_shipped
from tocsin.core.places.gazetteer import Gazetteer, Place, normal_key
from tocsin.core.scoring.conventions import KNOWN, PLAIN
from tocsin.core.scoring.score import make_vocabulary
from tocsin.pipeline.evaluate import article_of
from tocsin.processes.eval_errors import Wanted, list_misses, print_miss
from tocsin.processes.eval_jobs import Job
from tocsin.processes.eval_run import make_bench, read_corpus

_WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
_FIRST = "Luis Pablo Omar Karim Youssef Marco Pierre Ahmed Hugo Said".split()
_LAST = "Romero Alaoui Bennani Duarte Lemaire Haddad Castillo Moreau Tazi Vidal".split()
_PERSON = re.compile(r"\b(?:Jorge )?Fernandez Diaz\b|\bAbdelhak Khiame\b|\bKhiame\b")
# Private use: one character a swap, which no text holds.
_MARKS = 0xE000
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


@dataclass(frozen=True, slots=True)
class Swap:
    """A word and what stands for it."""

    old: str
    new: str

    def apply(self, text: str) -> str:
        return re.sub(rf"(?<!\w){re.escape(self.old)}(?!\w)", self.new, text)


def make_variant(row: dict[str, Any], number: int, gazetteer: Gazetteer) -> dict[str, Any]:
    """The row with its towns, persons, counts and days replaced, text and annotation alike."""
    source = random.Random(number)
    swaps = [*_town_swaps(row, gazetteer, source), *_count_swaps(row, source), *_person_swaps(row["text"], source)]
    days, dates = _day_swaps(row, source)
    swaps += days

    def change(text: str) -> str:
        # In two passes over marks, so that no replacement is replaced again.
        for index, swap in enumerate(swaps):
            text = Swap(swap.old, chr(_MARKS + index)).apply(text)
        for index, swap in enumerate(swaps):
            text = text.replace(chr(_MARKS + index), swap.new)
        return text

    changed: dict[str, Any] = json.loads(change(json.dumps(row, ensure_ascii=False)))
    for old, event in zip(row["events"], changed["events"], strict=True):
        event["date"] = dates.get(old["date"], old["date"])
        if old.get("count") is not None:
            event["count"] = int(change(str(old["count"]))) if str(old["count"]).isdigit() else old["count"]
    changed["id"] = f"{row['id']}-variant-{number}"
    changed["published"] = row["published"]
    return changed


def _town_swaps(row: dict[str, Any], gazetteer: Gazetteer, source: random.Random) -> list[Swap]:
    wanted = {place for event in row["events"] for place in event.get("place") or () if place in row["text"]}
    swaps = []
    for name in sorted(wanted):
        found = gazetteer.find(normal_key(name))
        if found and found[0].kind == "country":
            continue
        country = found[0].country if found else None
        swaps.append(Swap(name, _other_town(name, country, gazetteer, source)))
    return swaps


def _other_town(name: str, country: str | None, gazetteer: Gazetteer, source: random.Random) -> str:
    kind = {"town", "district"}
    keys = [line.partition("\t")[0] for line in load_shipped().gazetteer.splitlines() if line[:1].isalpha()]
    source.shuffle(keys)

    def fits(place: Place) -> bool:
        plain = place.name.isascii() and len(place.name) > 4 and not gazetteer.is_common(normal_key(place.name))
        return place.kind in kind and plain and place.name != name and (country is None or place.country == country)

    return next(places[0].name for key in keys if len(places := gazetteer.find(key)) == 1 and fits(places[0]))


def _count_swaps(row: dict[str, Any], source: random.Random) -> list[Swap]:
    """Every count of an event times one factor, in words and digits, so that splits still add up."""
    factor = source.choice((2, 3))
    numbers = {event["count"] for event in row["events"] if isinstance(event.get("count"), int)}
    numbers |= {part for event in row["events"] for part in (event.get("split") or {}).values()}
    # The halves of a split into men and women.
    numbers |= {2}
    swaps = []
    for number in sorted(numbers):
        larger = number * factor
        swaps.append(Swap(str(number), str(larger)))
        if number <= len(_WORDS):
            old = _WORDS[number - 1]
            new = _WORDS[larger - 1] if larger <= len(_WORDS) else str(larger)
            swaps += [Swap(f"{old} {noun}", f"{new} {noun}") for noun in ("men", "women", "detentions")]
            swaps += [Swap(f"{old.capitalize()} of the arrests", f"{new.capitalize()} of the arrests")]
            swaps += [Swap(f"{old}-member", f"{new}-member")]
    return swaps


def _person_swaps(text: str, source: random.Random) -> list[Swap]:
    found = sorted(set(_PERSON.findall(text)), key=len, reverse=True)
    names = {name.split()[-1]: f"{source.choice(_FIRST)} {source.choice(_LAST)}" for name in found}
    return [Swap(name, names[name.split()[-1]] if " " in name else names[name].split()[-1]) for name in found]


def _day_swaps(row: dict[str, Any], source: random.Random) -> tuple[list[Swap], dict[str, str]]:
    """Another weekday for the one in the text and another day for the explicit date, with the dates they give."""
    published = date.fromisoformat(row["published"][:10])
    swaps, dates = [], {}
    for old in sorted({event["date"] for event in row["events"] if event["date"] and len(event["date"]) == 10}):
        day = date.fromisoformat(old)
        explicit = f"{day:%B} {day.day}th"
        if explicit in row["text"]:
            new = day - timedelta(days=source.randrange(3, 9))
            ending = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}.get(new.day, "th")
            swaps.append(Swap(explicit, f"{new:%B} {new.day}{ending}"))
        else:
            new = published - timedelta(days=source.randrange(1, 7))
            swaps.append(Swap(_DAYS[day.weekday()], _DAYS[new.weekday()]))
        dates[old] = new.isoformat()
    return swaps, dates


def main() -> None:
    """Score the article and its copies, one line a copy, then its misses."""
    parser = argparse.ArgumentParser(prog="python -m bench.variants", description=__doc__)
    parser.add_argument("corpus", nargs="?", type=Path, help="default: seed.jsonl of TOCSIN_CORPORA")
    parser.add_argument("--number", type=int, default=20, help="how many copies")
    options = parser.parse_args()
    path = options.corpus or Path(os.environ.get("TOCSIN_CORPORA", ".")) / "seed.jsonl"
    if not path.is_file():
        sys.exit(f"{path}: no such corpus: set TOCSIN_CORPORA, or name a fully annotated one")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rulebook = load_shipped()
    gazetteer = Gazetteer.parse(rulebook.gazetteer)
    bench, console = make_bench(rulebook), Console(width=150)
    whole = 0
    for number in range(options.number):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / path.name
            copy.write_text(
                "".join(json.dumps(make_variant(row, number, gazetteer), ensure_ascii=False) + "\n" for row in rows)
            )
            job = Job(path=copy, label_map=None, convention=KNOWN.get(path.stem, PLAIN))
            corpus = read_corpus(job)
            result = bench.run(corpus, intervals=False)
            vocabulary = make_vocabulary(corpus.documents, bench.types, job.convention)
            misses = list(list_misses(corpus.documents, result.found, vocabulary, bench.names, None, Wanted()))
            whole += not misses
            console.print(f"copy {number}: {len(misses)} misses")
            for document, miss in misses:
                print_miss(console, document, miss, article_of(document, now=bench.now), ())
    console.print(f"{whole} of {options.number} copies wholly right")
    sys.exit(0 if whole == options.number else 1)


if __name__ == "__main__":
    main()
