"""The made-up account that ships with Refloat: its reports, its notes, and the day they show."""

from pathlib import Path

FOLDER = Path(__file__).parent
AS_OF = "2026-11-22"
