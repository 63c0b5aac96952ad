"""`core` takes values and gives values: no I/O, clock, environment, randomness or logging."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from architecture.source_tree import PACKAGE, imported_names, modules, parse, relative

CORE = PACKAGE / "core"
PURE = {
    "ahocorasick_rs",
    "array",
    "base64",
    "binascii",
    "bisect",
    "calendar",  # lengths of months
    "collections",
    "contextlib",
    "dataclasses",
    "datetime",
    "email.utils",  # dates as HTTP headers write them
    "enum",
    "functools",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "string",
    "struct",
    "types",
    "typing",
    "unicodedata",
    "urllib.parse",
    "zoneinfo",
}
HEAVY = (
    "yaml",
    "redis",
    "rq",
    "aiohttp",
    "pydantic",
    "structlog",
    "lxml",
    "feedparser",
    "jinja2",
    "smtplib",
    "asyncio",
)
FROZEN = ("frozen=True", "slots=True", "kw_only=True")
VALUES = tuple(
    f"{name}.py"
    for name in "article feeds actors rules rulebook subscriptions mentions messages events/values alerts deliveries "
    "endpoints notices mutes polling".split()
)
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "breakpoint", "__import__"}
CLOCKS = {"now", "utcnow", "today"}


def test_core_imports_only_what_is_pure() -> None:
    found = {
        f"{relative(path)}:{line}: {name}"
        for path in modules(CORE)
        for line, name in imported_names(parse(path))
        if name not in PURE and name not in ("tocsin.core", "tocsin.errors") and not name.startswith("tocsin.core.")
        if name != "collections.abc"
    }

    assert set() == found


def test_core_reads_no_clock_and_does_no_io() -> None:
    found = [
        f"{relative(path)}:{node.lineno}: {ast.unparse(node.func)}"
        for path in modules(CORE)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call) and _is_impure(node)
    ]

    assert [] == found


def _is_impure(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id in IMPURE_CALLS
    if isinstance(call.func, ast.Attribute) and call.func.attr in CLOCKS:
        return ast.unparse(call.func.value) in ("datetime", "date", "datetime.datetime", "datetime.date")
    return False


@pytest.mark.parametrize("code", ["open('x')", "datetime.now(UTC)", "date.today()", "print(1)"])
def test_an_impure_call_would_be_found(code: str) -> None:
    [call] = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]

    assert _is_impure(call)


def test_the_values_that_steps_exchange_are_frozen() -> None:
    """Frozen, with slots, made by keywords. The detector's working drafts never leave a call, so they may change."""
    loose = [
        f"{relative(CORE / name)}:{node.lineno}: {node.name}"
        for name in VALUES
        for node in ast.walk(parse(CORE / name))
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        if ast.unparse(decorator).startswith("dataclass")
        and not set(FROZEN) <= set(ast.unparse(decorator)[10:-1].split(", "))
    ]

    assert [] == loose


def test_the_detector_loads_nothing_heavy(tmp_path: Path) -> None:
    """In a process of its own: whatever imports the detector gets no client, no parser, no event loop with it."""
    code = "import sys, tocsin.core.detection; print('\\n'.join(sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = set(answer.stdout.split())

    assert "tocsin.core.detection" in loaded
    assert set() == loaded & {*HEAVY, "logging", "socket", "random"}
