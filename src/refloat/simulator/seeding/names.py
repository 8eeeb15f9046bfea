"""The names of samples: nobody can take them for real ones."""

from __future__ import annotations

BRANDS = ("Samplebrand", "Exempla", "Musterwerk", "Echantillon", "Tamesi")
#: Product type → what it may be; some names have inch marks, accents and commas, as real ones do.
NOUNS = {
    "PET_SUPPLIES": ("Pet Brush, soft", 'Cat Tree 47" high', "Dog Café Bowl", "Leash 2 m"),
    "LUGGAGE": ('Cabin Trolley 20"', "Rucksack “Weekend”", "Packing Cubes, 6 pcs", "Kofferanhänger"),
    "TOYS_AND_GAMES": ("Wooden Train", "Puzzle 500 – Forêt", "Stacking Cups", "Kite & Line"),
}
_JAPANESE = {"PET_SUPPLIES": "ペット用ブラシ", "LUGGAGE": "キャリーケース", "TOYS_AND_GAMES": "木製パズル"}
CATEGORIES = {"PET_SUPPLIES": "pet-supplies", "LUGGAGE": "luggage", "TOYS_AND_GAMES": "toys"}


def sku_of(number: int) -> str:
    """The SKU of the n-th sample; every fiftieth has characters that must be quoted in a URL."""
    return f"SAMPLE-{number:04d}/A #2" if number % 50 == 0 else f"SAMPLE-{number:04d}"


def asin_of(number: int) -> str:
    """Ten characters, shaped as an ASIN."""
    return f"B0SAMPLE{number:02d}" if number < 100 else f"B0SAM{number:05d}" if number < 100_000 else f"B0S{number:07d}"


def fnsku_of(number: int) -> str:
    """Ten characters, shaped as an FNSKU."""
    return f"X0SAMPLE{number:02d}" if number < 100 else f"X0SAM{number:05d}" if number < 100_000 else f"X0S{number:07d}"


def title(noun: int, mark: int, product_type: str, brand: str, language: str) -> str:
    """What it is called in the marketplace."""
    return in_language(f"{brand} {NOUNS[product_type][noun]} {mark}", product_type, language)


def in_language(text: str, product_type: str, language: str) -> str:
    """The title in the marketplace's language: Japan has its own, the others take it as it is."""
    brand, *_, mark = text.split()
    return f"{brand} {_JAPANESE[product_type]} {mark}" if language == "ja_JP" else text
