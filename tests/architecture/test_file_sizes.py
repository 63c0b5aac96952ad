"""One idea a file: no file above 400 lines, no function above 60."""

import ast

from architecture.source_tree import ROOT, modules, parse, relative

MAX_FILE = 400
MAX_FUNCTION = 60
FOLDERS = ("workers", "tests", "bench")


def test_no_file_outgrows_400_lines() -> None:
    sizes = {
        relative(path): len(path.read_text(encoding="utf-8").splitlines())
        for folder in FOLDERS
        for path in modules(ROOT / folder)
    }

    assert {} == {name: size for name, size in sizes.items() if size > MAX_FILE}


def test_no_function_outgrows_60_lines() -> None:
    sizes = {
        f"{relative(path)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for folder in FOLDERS
        for path in modules(ROOT / folder)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {} == {name: size for name, size in sizes.items() if size > MAX_FUNCTION}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        relative(path)
        for path in modules(ROOT / "workers" / "tocsin")
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(parse(path))
    ]

    assert [] == silent


def test_nothing_is_left_for_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "for " + "now", "NotImplemented" + "Error")
    found = [
        f"{relative(path)}:{number}: {line.strip()}"
        for path in modules(ROOT / "workers" / "tocsin")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if any(mark in line for mark in marks)
    ]

    assert [] == found


def test_no_test_imports_a_mock() -> None:
    mock = "unittest" + ".mock"
    found = [relative(path) for path in modules(ROOT / "tests") if mock in path.read_text(encoding="utf-8")]

    assert [] == found
