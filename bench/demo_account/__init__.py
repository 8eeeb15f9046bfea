"""The made-up account of ``refloat demo``: its goods, what befell them, and Amazon's files about them."""
