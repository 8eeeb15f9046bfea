"""Transcripts in Markdown: what a page says that a command prints, against what it prints.

A block fenced as ``console`` is a transcript: lines that begin with ``$ `` are typed, the lines below
are what they print (stdout and stderr together). A line ``...`` stands for any number of lines, ``...``
inside a line for any text. A block fenced as ``sh runnable`` is only run, and must succeed. All other
blocks are pictures. ``python -m tests.house.transcripts README.md`` writes the transcripts of a page anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house.tree import files, shown

_BLOCK = re.compile(r"^```(console|sh runnable)[ \t]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
_SECONDS = 300


@dataclass(frozen=True)
class Typed:
    """One command of a page; ``printed`` is None where only its success counts."""

    command: str
    printed: str | None


def typed(page: str) -> Iterator[Typed]:
    """Every command of the page, in its order."""
    for kind, text in _BLOCK.findall(page):
        if kind == "sh runnable":
            yield Typed(text, None)
            continue
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, rest = part.partition("\n")
            while command.endswith("\\"):
                more, _, rest = rest.partition("\n")
                command += "\n" + more
            yield Typed(command, rest)


def copied(folder: Path) -> Path:
    """A copy of the repository in which commands may write; its .venv is the one that runs the tests, seen from there, already set up."""
    for path in files():
        target = folder / shown(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
        target.chmod(path.stat().st_mode)
    environment = folder / ".venv"
    environment.mkdir()
    for part in Path(sys.prefix).iterdir():
        if not part.name.startswith(".refloat-"):
            (environment / part.name).symlink_to(part)
    for name in ("run", "test"):
        parts = (f"requirements/{name}.txt", "pyproject.toml", "script/bootstrap")
        if all((folder / part).exists() for part in parts):
            text = b"".join((folder / part).read_bytes() for part in parts)
            (environment / f".refloat-{name}").write_bytes(subprocess.run(["cksum"], input=text, capture_output=True, check=True).stdout.rstrip(b"\n"))
    return folder


def problems(page: str, folder: Path) -> list[str]:
    """What the page promises and the commands, run one after the other in ``folder``, do not keep."""
    found = []
    for entry in typed(page):
        code, output = _run(entry.command, folder)
        if entry.printed is None and code != 0:
            found.append(f"$ {entry.command}\nended with {code}:\n{output}")
        if entry.printed is not None and not matches(entry.printed, output):
            found.append(f"$ {entry.command}\nshould print\n{entry.printed}\nbut prints\n{output}")
    return found


def matches(expected: str, output: str) -> bool:
    """True when ``output`` is what the transcript says; blanks at the ends of lines do not count."""
    lines = [line.rstrip() for line in expected.strip("\n").splitlines()]
    pattern = "".join(r"(?:[^\n]*\n)*?" if line == "..." else ".*?".join(re.escape(part) for part in line.split("...")) + r"\n" for line in lines)
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in output.strip("\n").splitlines())) is not None


def _run(command: str, folder: Path) -> tuple[int, str]:
    """The command's exit code and all that it prints, without colours."""
    run = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=_environment(folder), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=_SECONDS, check=False
    )  # fmt: skip
    return run.returncode, _COLOURS.sub("", run.stdout)


def _environment(folder: Path) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in ("TMPDIR", "SSL_CERT_FILE") if name in os.environ}
    return inherited | {
        "PATH": f"{folder / '.venv' / 'bin'}{os.pathsep}{os.environ.get('PATH', '/usr/bin:/bin')}", "PYTHONPATH": str(folder / "src"), "HOME": str(folder),
        "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "REFLOAT_LANG": "en", "TZ": "UTC", "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb",
    }  # fmt: skip


def rewritten(page: str, folder: Path) -> str:
    """The page with every transcript as the commands print it now; ``...`` is for a person to put in again."""

    def anew(match: re.Match[str]) -> str:
        if match[1] != "console":
            return match[0]
        lines = []
        for entry in typed(match[0]):
            _, output = _run(entry.command, folder)
            lines.append(f"$ {entry.command}\n" + "".join(f"{line.rstrip()}\n" for line in output.strip("\n").splitlines()))
        return "```console\n" + "".join(lines) + "```"

    return _BLOCK.sub(anew, page)


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        folder = copied(Path(place))
        for name in sys.argv[1:]:
            Path(name).write_text(rewritten(Path(name).read_text(encoding="utf-8"), folder), encoding="utf-8")
