"""The words of the doors: gettext, English as written in the code, Chinese from ``zh_Hans``."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path

_FOLDERS = {"zh-Hans": "zh_Hans"}


@cache
def translator(language: str) -> Callable[[str], str]:
    """The function that turns an English text of a door into ``language``."""
    folder = _FOLDERS.get(language)
    if folder is None:
        return lambda text: text
    return gettext.translation("refloat", Path(__file__).parent, languages=[folder], fallback=True).gettext
