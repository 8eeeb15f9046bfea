"""One idea, one word: the words that have no room in the house."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.tree import SRC, files, modules, shown

from refloat.loop.sightings import DTYPES
from refloat.model.sighting import COLUMNS

#: In no part of a name of a module, a folder, a function or a class.
BANNED = {"manager", "helper", "helpers", "util", "utils", "common", "misc", "info", "handle", "handler", "obj", "process", "processor", "sync", "fix", "base", "data"}
#: Not as a whole name: with another word beside them they say something.
ALONE = {"status", "reason", "do", "fixes"}
#: Name → why there is no better one. This list may only shrink.
EXCEPTIONS = {
    "merchant-fulfilled-dg-info-required": "Amazon's own words for the reason; a symptom's name is the kebab-case of it",
    "handle_error": "the name under which Python's own server looks for it",
    "what_to_do": "the heading “What to do” of every page; no function that does something unnamed",
}
#: Statements in which an amount is a float after all: (path, what) → why. This list may only shrink.
FLOATS = {
    ("src/refloat/wording/xlsx_cells.py", "rounded"): "a spreadsheet knows no other number; the amount is rounded to its currency's digits before",
    ("src/refloat/insight/charts.py", "names_above_bars"): "the length of a bar, not an amount; the amount beside it is written from the Decimal",
    ("src/refloat/insight/costs.py", "fee"): "fee table × weight or volume, which are measures: an estimate, a Decimal again before it leaves the module",
    ("src/refloat/insight/costs.py", "_rate_on"): "fee table × weight or volume, which are measures: an estimate, a Decimal again before it leaves the module",
    ("src/refloat/reports/typed.py", "as_amount"): "the branch for ratios; money takes the other one",
}
#: Words that say that a name holds an amount; ``rounded`` is what Money itself offers.
_MONEY = re.compile(r"(?:^|_)(?:amounts?|price|worth|costs?|fees?|money|charges?|surcharge|rate_on|rounded)(?:_|$)")


def test_no_name_is_a_banned_word() -> None:
    """Modules, folders, functions and classes say what they are, not that they help, manage or process."""
    assert {name: where for name, where in _names() if _bad(name) and name not in EXCEPTIONS} == {}


def test_an_exception_that_is_not_needed_goes() -> None:
    """The list of excepted names may only shrink."""
    assert set(EXCEPTIONS) - {name for name, _ in _names()} == set()


def test_no_argument_is_named_by_a_banned_word() -> None:
    """Arguments are named by what they hold; “data” for bytes just read is the one that stays."""
    named = {f"{path}: {node.arg}" for path, tree in modules("src") for node in ast.walk(tree) if isinstance(node, ast.arg) and _bad(node.arg)}
    assert {name for name in named if not name.endswith((": data", ": reason"))} == set()


def test_money_is_a_decimal_column() -> None:
    """Every amount of the sighting is a decimal column; only ratios are floats."""
    assert str(DTYPES["money"]).startswith("Decimal")
    assert {column.name for column in COLUMNS if "Float" in str(DTYPES[column.kind])} == {column.name for column in COLUMNS if column.kind == "ratio"}
    assert not [column.name for column in COLUMNS if column.kind == "ratio" and _MONEY.search(column.name)]


def test_no_amount_is_a_float() -> None:
    """No statement turns an amount into a float, but for the few in the list."""
    assert sorted(_floats() - set(FLOATS)) == []


def test_a_float_that_is_gone_leaves_the_list() -> None:
    """The list of floats may only shrink."""
    assert set(FLOATS) - _floats() == set()


def _bad(name: str) -> bool:
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}
    return bool(words & BANNED) or name.strip("_").lower() in ALONE


def _names() -> Iterator[tuple[str, str]]:
    own = [path for path in files() if path.is_relative_to(SRC)]
    yield from ((path.stem, shown(path)) for path in own if path.suffix == ".py")
    for folder in {parent for path in own for parent in path.parents if parent.is_relative_to(SRC)}:
        yield folder.name, shown(folder)
    for path, tree in modules("src"):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield node.name, path


def _floats() -> set[tuple[str, str]]:
    """(path, the first word about money) of every simple statement or signature that says both float and an amount."""
    found = set()
    for path, tree in modules("src"):
        for node in ast.walk(tree):
            parts = [node] if isinstance(node, ast.stmt) and not hasattr(node, "body") else [node.args, *([node.returns] if node.returns else [])] if isinstance(node, ast.FunctionDef) else []
            words = [name for part in parts for name in _identifiers(part)]
            own = [node.name] if isinstance(node, ast.FunctionDef) else []
            about = [name for name in (*own, *words) if _MONEY.search(name.lower())]
            if "float" in words and about:
                called = [name for name in words if name in {what for where, what in FLOATS if where == path}]
                found.add((path, (called or about)[0]))
    return found


def _identifiers(node: ast.AST) -> list[str]:
    return [part.id if isinstance(part, ast.Name) else part.attr if isinstance(part, ast.Attribute) else part.arg for part in ast.walk(node) if isinstance(part, ast.Name | ast.Attribute | ast.arg)]
