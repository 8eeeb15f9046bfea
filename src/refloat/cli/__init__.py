"""The command line: parse, call, show. Starts fast: whatever is heavy is imported when it is needed."""

from __future__ import annotations

import sys


def main() -> None:
    """The ``refloat`` command."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from refloat import __version__

        sys.stdout.write(f"refloat {__version__}\n")
        return
    from refloat.cli.commands import run

    run()
