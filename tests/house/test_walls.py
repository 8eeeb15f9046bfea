"""The walls of the house: who may import whom."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from typing import Any

import pytest
from tests.house.tree import ROOT, SRC, modules

CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]


def test_every_wall_stands() -> None:
    """No module imports what its room may not see. In a process of its own: Import Linter turns off every logger that it finds."""
    lint = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache", "--no-logo"]
    ended = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_every_room_stands_in_the_order() -> None:
    """The order from top to bottom is exhaustive, and names no room that does not exist."""
    layers = next(contract for contract in CONTRACTS if contract["type"] == "layers")
    assert layers["exhaustive"] is True
    named = {name.strip() for layer in layers["layers"] for name in layer.split("|")}
    rooms = {path.stem if path.is_file() else path.name for path in SRC.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()} - {"__init__"}
    assert named == rooms


def test_the_order_is_that_of_the_house() -> None:
    """cli above app above insight above loop above reports above knowledge above model above errors."""
    layers = next(contract for contract in CONTRACTS if contract["type"] == "layers")["layers"]
    floor = {name.strip(): number for number, layer in enumerate(layers) for name in layer.split("|")}
    down = ["cli", "app", "insight", "loop", "reports", "knowledge", "model", "errors"]
    assert [floor[name] for name in down] == sorted(floor[name] for name in down)
    assert len({floor[name] for name in down}) == len(down)


@pytest.mark.parametrize(
    ("sources", "forbidden"),
    [
        ({"refloat.loop", "refloat.insight"}, {"refloat.reports"}),
        ({"refloat.model"}, {"polars", "typer", "rich"}),
        ({"refloat"}, {"tests", "bench", "docs"}),
    ],
    ids=["the verbs do not read files", "the nouns need the standard library only", "nothing of ours needs its own tests"],
)
def test_the_other_contracts_are_written_down(sources: set[str], forbidden: set[str]) -> None:
    """Each wall that the order alone does not give has a contract of its own."""
    walls = [contract for contract in CONTRACTS if contract["type"] == "forbidden"]
    assert any(sources <= set(wall["source_modules"]) and forbidden <= set(wall["forbidden_modules"]) for wall in walls)


def test_the_nouns_import_nothing_that_must_be_installed() -> None:
    """model, errors and config import Python's own library and refloat, nothing else, type checking included."""
    allowed = {*sys.stdlib_module_names, "refloat"}
    strangers = [
        f"{path} imports {name}"
        for path, tree in modules("src")
        if path.startswith(("src/refloat/model/", "src/refloat/errors.py", "src/refloat/config.py"))
        for name in _imported(tree)
        if name.split(".")[0] not in allowed
    ]
    assert not strangers


def test_only_the_doors_know_the_screen() -> None:
    """typer and rich are known to the command line alone; the spreadsheet to the doors and what they share."""
    own = {"typer": ("src/refloat/cli/",), "rich": ("src/refloat/cli/",), "xlsxwriter": ("src/refloat/cli/", "src/refloat/console/", "src/refloat/wording/")}
    named = [(path, name.split(".")[0]) for path, tree in modules("src") for name in _imported(tree)]
    knowing = [f"{path} imports {name}" for path, name in named if name in own and not path.startswith(own[name])]
    assert not knowing


def _imported(tree: ast.Module) -> list[str]:
    plain = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    return plain + [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level]
