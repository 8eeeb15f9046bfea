"""The reference of the API in both languages, made from the description that the served API gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from refloat.api.reference import markdown

_SRC = Path(__file__).parents[1] / "src"
#: Whoever makes the docs may have Django set up for something else, so the API is asked in a process of its own.
_ASK = """
import json, sys
from refloat.config import configured
from refloat.web.settings import configured_for
configured_for(configured())
from refloat.api.service import description
json.dump(description(), sys.stdout)
"""


@cache
def described() -> dict[str, Any]:
    """The API's own description."""
    with tempfile.TemporaryDirectory() as home:
        said = subprocess.run([sys.executable, "-c", _ASK], env=os.environ | {"REFLOAT_HOME": home, "PYTHONPATH": str(_SRC)}, capture_output=True, text=True, check=True)  # noqa: S603 - our own lines
    made: dict[str, Any] = json.loads(said.stdout)
    return made


def api_page(language: str) -> str:
    """The page."""
    return markdown(described(), language) + "\n*Made by `script/docs` from the code and the catalogue; do not edit it here.*\n"
