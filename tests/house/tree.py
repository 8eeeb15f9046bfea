"""The tree that the house's tests walk: every file that belongs to the repository, and every Python module of it."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "refloat"
#: Made by machines, kept by nobody.
_MADE = {".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis", "build", "out", "dist"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is tracked or would be; without git, every file but what machines make."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
        found = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in ROOT.rglob("*") if not _MADE.intersection(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def shown(path: Path) -> str:
    """The path as a person writes it."""
    return path.relative_to(ROOT).as_posix()


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """(path, syntax tree) of every Python module below the folders."""
    for path in files():
        if path.suffix == ".py" and shown(path).startswith(tuple(f"{folder}/" for folder in folders)):
            yield shown(path), ast.parse(path.read_text(encoding="utf-8"))


def text_files() -> Iterator[tuple[str, str]]:
    """(path, text) of every file that is text."""
    for path in files():
        try:
            yield shown(path), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
