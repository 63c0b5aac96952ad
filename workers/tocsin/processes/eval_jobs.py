"""Which corpora an evaluation scores, and how each is to be read."""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import typer

import tocsin
from tocsin.core.scoring.conventions import KNOWN, PLAIN, Convention
from tocsin.core.scoring.found import Level

CORPORA = "TOCSIN_CORPORA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A corpus to score: its file, its map, its customs. Our own challenge sets are never split."""

    path: Path
    label_map: Path | None
    convention: Convention
    may_split: bool = True

    @property
    def name(self) -> str:
        """What the corpus is called in a report."""
        return self.path.stem


def find_jobs(
    corpora: list[Path],
    *,
    label_map: Path | None = None,
    every: bool = False,
    level: Level | None = None,
    types: tuple[str, ...] = (),
) -> list[Job]:
    """The corpora named, and with `every` those of TOCSIN_CORPORA and of this checkout, each once.

    A map beside a corpus goes with it. `level` and `types`, where given, win over the corpus' known customs.
    """
    if label_map is not None and len(corpora) != 1:
        raise typer.BadParameter("a map goes with one corpus", param_hint="--map")
    paths = [(path, True) for path in corpora]
    if every:
        paths += [*((path, True) for path in _external()), *((path, False) for path in _own())]
    jobs = []
    for path, may_split in dict(paths).items():
        convention = KNOWN.get(path.stem, PLAIN)
        beside = path.with_suffix(".map.yml")
        jobs.append(
            Job(
                path=path,
                label_map=label_map or (beside if beside.is_file() else None),
                convention=replace(convention, level=level or convention.level, types=types or convention.types),
                may_split=may_split,
            )
        )
    return jobs


def _external() -> list[Path]:
    folder = os.environ.get(CORPORA)
    if not folder:
        sys.stderr.write(f"{CORPORA} is not set: scoring only the challenge sets of this checkout\n")
        return []
    if not Path(folder).is_dir():
        raise typer.BadParameter(f"'{folder}' is no folder: set it to the folder of your corpora", param_hint=CORPORA)
    return sorted(Path(folder).glob("*.jsonl"))


def _own() -> list[Path]:
    # In a checkout the package is workers/tocsin; an installed one has no tests beside it.
    checkout = Path(tocsin.__file__).resolve().parent.parent.parent
    return sorted((checkout / "tests" / "corpus").glob("*.jsonl"))
