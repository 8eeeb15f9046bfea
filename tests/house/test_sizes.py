"""The sizes of the house: no module above 400 lines, no function above 60, and half of them far below."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from statistics import median

from tests.house.tree import ROOT, modules

MODULE_LINES = 400
FUNCTION_LINES = 60
FOLDERS = ("src", "tests", "bench", "docs")
#: "path" or "path:function" → why it may be larger. This list may only shrink.
EXCEPTIONS: dict[str, str] = {}


def test_nothing_is_larger_than_a_person_reads_at_once() -> None:
    """Modules have at most 400 lines and functions at most 60, but for the exceptions."""
    assert {name: lines for name, lines in _too_large() if name not in EXCEPTIONS} == {}


def test_an_exception_that_is_not_needed_goes() -> None:
    """The list of exceptions may only shrink: an entry that is small enough now is taken out."""
    assert set(EXCEPTIONS) - {name for name, _ in _too_large()} == set()


def test_the_median_is_small() -> None:
    """Half of our own modules have at most 120 lines, half of our functions at most 12."""
    assert median(lines for _, lines in _module_lines("src")) <= 120
    assert median(lines for _, lines in _function_lines("src")) <= 12


def _too_large() -> Iterator[tuple[str, int]]:
    yield from ((name, lines) for name, lines in _module_lines(*FOLDERS) if lines > MODULE_LINES)
    yield from ((name, lines) for name, lines in _function_lines(*FOLDERS) if lines > FUNCTION_LINES)


def _module_lines(*folders: str) -> Iterator[tuple[str, int]]:
    for path, _ in modules(*folders):
        yield path, len((ROOT / path).read_text(encoding="utf-8").splitlines())


def _function_lines(*folders: str) -> Iterator[tuple[str, int]]:
    for path, tree in modules(*folders):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1
