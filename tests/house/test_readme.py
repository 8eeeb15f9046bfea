"""What the README says that a command prints is what it prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.house.transcripts import Typed, copied, matches, problems, typed
from tests.house.tree import ROOT

README = ROOT / "README.md"


def test_every_transcript_of_the_readme_is_true(tmp_path: Path) -> None:
    """Every console block is typed in a copy of the repository, in the order of the page."""
    page = README.read_text(encoding="utf-8") if README.exists() else ""
    if not list(typed(page)):
        return
    assert problems(page, copied(tmp_path)) == []


def test_a_true_transcript_passes(tmp_path: Path) -> None:
    """The harness believes what is so: lines left out, words left out, several commands in one block."""
    page = "```console\n$ printf 'one\\ntwo\\nthree\\n'\none\n...\nthree\n$ echo here: $PWD\nhere: ...\n```\n\n```sh runnable\ntest -d .\n```\n"
    assert problems(page, tmp_path) == []


@pytest.mark.parametrize(
    "page",
    [
        "```console\n$ echo one\ntwo\n```\n",
        "```console\n$ printf 'one\\ntwo\\n'\none\n```\n",
        "```console\n$ echo one\none\n$ echo two\n```\n",
        "```console\n$ echo trouble >&2\n```\n",
        "```sh runnable\nfalse\n```\n",
    ],
    ids=["another word", "a line too few", "nothing said of a line", "trouble on stderr", "a command that fails"],
)
def test_a_wrong_transcript_is_found(page: str, tmp_path: Path) -> None:
    """The harness fails when a page promises what the command does not do."""
    assert len(problems(page, tmp_path)) == 1


def test_the_command_of_a_copy_is_the_copy_s(tmp_path: Path) -> None:
    """Transcripts run the code of the copy, set up already; nothing is fetched and nothing outside is written."""
    page = "```console\n$ refloat --version\nrefloat ...\n$ python -c 'import refloat; print(refloat.__file__)'\n" + str(tmp_path) + "/src/refloat/__init__.py\n$ script/bootstrap test\n```\n"
    assert problems(page, copied(tmp_path)) == []


def test_blocks_of_other_kinds_are_pictures() -> None:
    """Only transcripts and what is marked as runnable are run."""
    assert list(typed("```sh\nrm -r everything\n```\n\n```\n$ echo no\n```\n")) == []


def test_a_long_command_goes_on_in_the_next_line() -> None:
    """A backslash at the end of a line goes on."""
    assert list(typed("```console\n$ echo one \\\n  two\none two\n```\n")) == [Typed("echo one \\\n  two", "one two\n")]


def test_blanks_at_the_end_of_a_line_do_not_count() -> None:
    """Editors take them away; nobody sees them."""
    assert matches("one\n...\n", "one  \ntwo\n\nthree\n")
    assert not matches("one\n", "one two\n")
