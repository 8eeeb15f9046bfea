"""The made-up account of ``refloat demo``: its goods, what befell them, and Amazon's files about them."""

from datetime import date

#: The day around which all made-up dates lie; the same as ``refloat.demo.AS_OF``.
AS_OF = date(2026, 11, 22)
