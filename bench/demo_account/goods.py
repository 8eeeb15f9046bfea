"""Made-up goods: names, SKUs, identifiers, prices. Nothing here exists outside this file."""

from __future__ import annotations

import string
from dataclasses import dataclass
from decimal import Decimal
from random import Random

#: English, German, Chinese noun; usual price; cubic feet and pounds of one unit.
NOUNS = (
    ("Tea Strainer", "Teesieb", "茶滤", 9, 0.02, 0.2), ("Bread Basket", "Brotkorb", "面包篮", 19, 0.31, 0.9), ("Bath Mat", "Badematte", "浴室垫", 24, 0.22, 1.6),
    ("Desk Lamp", "Schreibtischlampe", "台灯", 39, 0.38, 2.4), ("Door Wedge", "Türkeil", "门挡", 8, 0.03, 0.3), ("Lunch Box", "Brotdose", "饭盒", 17, 0.11, 0.7),
    ("Plant Pot", "Blumentopf", "花盆", 14, 0.27, 1.9), ("Picture Frame", "Bilderrahmen", "相框", 21, 0.16, 1.2), ("Water Bottle", "Trinkflasche", "水杯", 23, 0.09, 0.8),
    ("Wall Shelf", "Wandregal", "置物架", 49, 0.95, 6.1), ("Yoga Block", "Yogablock", "瑜伽砖", 15, 0.15, 0.6), ("Storage Crate", "Stapelkiste", "收纳箱", 29, 1.10, 3.2),
    ("Coffee Dripper", "Kaffeefilterhalter", "咖啡滤杯", 27, 0.12, 0.9), ("Pet Blanket", "Haustierdecke", "宠物毯", 22, 0.20, 1.0), ("Umbrella", "Regenschirm", "雨伞", 26, 0.10, 1.1),
    ("Toy Boat", "Spielboot", "玩具船", 18, 0.13, 0.5), ("Oat Bar Box", "Haferriegel-Box", "燕麦棒", 16, 0.08, 1.3), ("Camping Stool", "Campinghocker", "露营凳", 34, 0.52, 3.9),
    ("Bicycle Bell", "Fahrradklingel", "自行车铃", 12, 0.02, 0.3), ("Sewing Kit", "Nähset", "缝纫套装", 13, 0.04, 0.4), ("Wine Rack", "Weinregal", "酒架", 59, 1.40, 7.5),
    ("Ruler Set", "Linealset", "尺子套装", 7, 0.01, 0.1), ("Garden Gloves", "Gartenhandschuhe", "园艺手套", 11, 0.03, 0.3), ("Standing Desk", "Stehpult", "升降桌", 389, 6.20, 61.0),
)  # fmt: skip
LOOKS = (
    ("Folding", "faltbar", "折叠"), ("Enamel", "emailliert", "珐琅"), ("Oak", "aus Eiche", "橡木"),
    ("Linen", "aus Leinen", "亚麻"), ("Stackable", "stapelbar", "可叠放"), ("Café-Style", "im Café-Stil", "咖啡馆风格"),
    ("Recycled", "aus Altmaterial", "再生材料"), ("Travel", "für die Reise", "旅行"),
    ("Large", "groß", "大号"), ("Small", "klein", "小号"), ("Striped", "gestreift", "条纹"), ("Matte", "matt", "哑光"),
)  # fmt: skip
COLOURS = (("Sea Blue", "seeblau", "海蓝色"), ("Sand", "sandfarben", "沙色"), ("Moss", "moosgrün", "苔绿色"), ("Rust", "rostrot", "锈红色"), ("Fog", "nebelgrau", "雾灰色"))
_LETTERS = string.digits + string.ascii_uppercase
#: SKUs as sellers really write them: each breaks a careless reader of the files.
ODD_SKUS = {
    "US": (
        ("004711-BLU", "Water Bottle"), ('"47-SHELF', "Wall Shelf"), ("TEA&amp;MUG-2", "Tea Strainer"),
        ("SET/3-OAK", "Storage Crate"), ('FRAME-12"', "Picture Frame"), ("#19 RULER SET", "Ruler Set"), ("0000083", "Door Wedge"),
    ),
    "DE": (("008815", "Plant Pot"), ("BROT&amp;KORB/2", "Bread Basket"), ('"19-REGAL', "Wall Shelf"), ("TÜRKEIL-03", "Door Wedge")),
}  # fmt: skip


@dataclass
class Good:
    """One SKU in one marketplace; volume in cubic feet, weight in pounds, price in the place's currency."""

    place: str
    sku: str
    asin: str
    fnsku: str
    title: str
    price: Decimal
    volume: float
    weight: float


class Shelf:
    """Hands out goods, one by one, always the same ones for the same seed."""

    def __init__(self, draw: Random) -> None:
        self.draw = draw
        self.number = 0
        self.odd = {place: list(skus) for place, skus in ODD_SKUS.items()}

    def good(self, place: str, like: str = "", *, plain: bool = False) -> Good:
        """The next good of ``place``, of the noun ``like`` if given; a plain one has an ordinary SKU."""
        self.number += 1
        sku, like = self._odd_sku(place, like, plain)
        noun, look, colour = self.draw.choice([noun for noun in NOUNS if like in ("", noun[0])]), self.draw.choice(LOOKS), self.draw.choice(COLOURS)
        asin = f"B0DEMO{self._code(4)}"
        return Good(place, sku or self._sku(place, noun[0]), asin, f"X0DEMO{self._code(4)}", self._title(place, noun, look, colour), self._price(noun[3]), noun[4], noun[5])

    def _odd_sku(self, place: str, like: str, plain: bool) -> tuple[str, str]:
        """Now and then an odd SKU, with the noun that it names."""
        if plain or like or not self.odd[place] or self.draw.random() > 0.1:
            return "", like
        return self.odd[place].pop(0)

    def _sku(self, place: str, noun: str) -> str:
        return f"SHG-{''.join(word[0] for word in noun.split())}{self.number:04d}{'' if place == 'US' else '-EU'}"

    def _title(self, place: str, noun: tuple[object, ...], look: tuple[str, ...], colour: tuple[str, ...]) -> str:
        if place == "US":
            return f"Sample Harbour {look[0]} {noun[0]}, {colour[0]}"
        if self.draw.random() < 0.2:
            return f"样品港 {look[2]}{noun[2]} {colour[2]}"
        return f"Musterhafen {noun[1]} {look[1]}, {colour[1]}"

    def _price(self, usual: int) -> Decimal:
        return Decimal(max(3, round(usual * self.draw.lognormvariate(0, 0.35)))) + self.draw.choice((Decimal("0.99"), Decimal("0.49"), Decimal("0.90")))

    def _code(self, length: int) -> str:
        number = self.number * 7919 % 36**length
        return "".join(_LETTERS[number // 36**place % 36] for place in reversed(range(length)))
