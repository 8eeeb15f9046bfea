"""The made-up account behind ``refloat demo``: reports in ``US`` and ``DE``, and notes, as of ``AS_OF``.

All of it is written by ``bench/make_demo.py``; nothing in it belongs to a real seller.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

#: The day around which every date of the shipped files lies.
AS_OF = DEMO_AS_OF = date(2026, 11, 22)

#: Where the files lie.
FOLDER = Path(__file__).parent
