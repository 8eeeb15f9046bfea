"""Report files of any size, for measuring: stranded inventory, all listings, FBA inventory.

    python bench/generate.py FOLDER [--stranded 1000000] [--seed 1]

Writes ``stranded.txt``, ``listings.txt`` (three times as many rows) and ``stock.txt`` (half as many
again), tab-separated UTF-8 with Amazon's own headers. The same size and seed give the same bytes.
About half as many SKUs as are stranded lie in stock and are well; a few of those nobody can buy.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from demo_account import AS_OF, headers
from demo_account.cases import CHINESE
from demo_account.goods import COLOURS, LOOKS, NOUNS

_CHUNK = 500_000
_POOL = 20_000

#: Forty of Amazon's reasons; those with Chinese words of Amazon's own are written so in one row of three.
REASONS = (
    "B2B restricted", "Blocked listing", "Deleted listing", "Discontinued listing", "Expired product", "Food safety investigation", "Future listing sell date", "Inventory error",
    "Inventory under review", "Item discontinued", "Item merged", "Item restricted", "Listing closed", "Listing closed and inventory error", "Listing error", "Merchant fulfilled",
    "Merchant fulfilled (DG info required)", "Miscategorized ASIN", "Missing price", "Missing SKU", "Packaging issue", "Please review for quality issues", "Potential logo misuse",
    "Potential trademark misuse (self reinstate)", "Product recall", "Product safety investigation", "Product update required", "Qualification required (brand)",
    "Qualification required (category)", "Qualification required (item)", "Restricted ASIN", "Restricted Product ASIN", "Restricted program", "Trademark misuse", "Under hazmat review",
    "Unexpected inventory received", "Potential high pricing error", "Potential low pricing error", "Listing removed", "A reason that nobody has met",
)  # fmt: skip
#: How much more often than the others the common ones occur.
_COMMON = {"Listing closed": 12, "Merchant fulfilled": 8, "Potential high pricing error": 6, "Listing closed and inventory error": 4, "Missing SKU": 3, "Future listing sell date": 3}
_ACTIONS = ("Relist", "Create removal order", "Create a new listing", "Change to Fulfilled by Amazon", "")


class World:
    """Who is who: SKU number *i* is stranded below ``n``, lies in stock below ``1.5 n``, else is only listed."""

    def __init__(self, stranded: int, seed: int) -> None:
        self.stranded, self.seed = stranded, seed
        draw = np.random.default_rng(seed)
        self.titles, self.descriptions = _texts(draw)
        others = stranded // 2
        absent = np.concatenate([draw.random(stranded) < np.where(_found(np.arange(stranded)), 0.7, 0.065), draw.random(others) < 0.002])
        here = np.flatnonzero(~absent)
        only_listed = np.arange(stranded + others, stranded + others + 3 * stranded - len(here))
        self.listed = draw.permutation(np.concatenate([here, only_listed]))
        self.stocked = draw.permutation(stranded + others)

    def draw(self, table: str, chunk: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, len(table), chunk])

    def identity(self, numbers: np.ndarray) -> dict[str, pl.Series]:
        """SKU, ASIN, FNSKU and title of the SKUs with these numbers; a few share a label with the one before."""
        frame = pl.DataFrame({"n": numbers}).with_columns(code=(pl.col("n") * 7919 + 104729) % 100_000_000)
        sku = pl.when(pl.lit(pl.Series(_found(numbers)))).then(pl.format("Amazon.Found.B0{}", "code")).when(pl.col("n") % 499 == 7).then(pl.format("amzn.gr.SKU-{}", "code"))
        named = frame.select(
            sku=sku.otherwise(pl.format("{}-{}-US", pl.lit("SHG"), "code")),
            asin=pl.format("B0{}", pl.col("code").cast(pl.String).str.zfill(8)),
            fnsku=pl.format("X0{}", pl.Series(numbers - _shares(numbers)).cast(pl.String).str.zfill(8)),
            title=pl.lit(self.titles).gather(pl.col("n") * 31 % _POOL),
        )
        return dict(zip(named.columns, named.get_columns(), strict=True))


def _found(numbers: np.ndarray) -> np.ndarray:
    """Which SKUs are Amazon's own for units that it found; most of those have no listing."""
    return numbers % 97 == 13


def _shares(numbers: np.ndarray) -> np.ndarray:
    """Which SKUs are a second offer for the units of the SKU before."""
    return (numbers % 49 == 1).astype(np.int64)


def _texts(draw: np.random.Generator) -> tuple[pl.Series, pl.Series]:
    """Made-up titles (one in ten Chinese, one in fifty with an inch mark) and descriptions."""
    titles = []
    for number in range(_POOL):
        noun, look, colour = NOUNS[draw.integers(len(NOUNS))], LOOKS[draw.integers(len(LOOKS))], COLOURS[draw.integers(len(COLOURS))]
        if number % 10 == 3:
            titles.append(f"样品港 {look[2]}{noun[2]} {colour[2]} 型号{number:05d} 家用 耐用 多功能")
        else:
            size = f'{draw.integers(4, 48)}" wide' if number % 50 == 1 else f"{draw.integers(4, 48)} inch"
            titles.append(f"Sample Harbour {look[0]} {noun[0]}, {colour[0]}, {size}, model {number:05d}, for home, office and garden")
    descriptions = [f"Made up for measuring: sturdy, simple, easy to clean. Nobody sells number {number}." for number in range(2000)]
    return pl.Series(titles), pl.Series(descriptions)


def _chunks(numbers: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    for chunk, start in enumerate(range(0, len(numbers), _CHUNK)):
        yield chunk, numbers[start : start + _CHUNK]


def _days(draw: np.random.Generator, count: int, first: int, last: int) -> pl.Series:
    return pl.Series(np.datetime64(AS_OF) + draw.integers(first, last, count).astype("timedelta64[D]"))


def _prices(draw: np.random.Generator, count: int, blank: float) -> pl.Series:
    cents = pl.Series(np.maximum(199, np.round(np.exp(draw.normal(3.0, 0.8, count)) * 100)).astype(np.int64))
    text = pl.select(pl.format("{}.{}", cents // 100, (cents % 100).cast(pl.String).str.zfill(2))).to_series()
    return text.set(pl.Series(draw.random(count) < blank), "") if blank else text


def _chosen(draw: np.random.Generator, words: list[str], count: int, weights: list[float] | None = None) -> pl.Series:
    odds = np.array(weights) / sum(weights) if weights else None
    return pl.Series(words).gather(pl.Series(draw.choice(len(words), count, p=odds)))


def stranded(world: World) -> Iterator[pl.DataFrame]:
    """Nineteen columns; 15 % without a removal date, 8 % without a price."""
    reasons = [(said, 2.0 * _COMMON.get(said, 1)) for said in REASONS] + [(CHINESE[said], 1.0 * _COMMON.get(said, 1)) for said in REASONS if said in CHINESE]
    for chunk, numbers in _chunks(np.arange(world.stranded)):
        draw, count = world.draw("stranded", chunk), len(numbers)
        who = world.identity(numbers)
        units = np.minimum(5000, draw.pareto(0.9, count) * 4).astype(np.int64)
        removal = pl.select(pl.format("{}T00:00:00Z", _days(draw, count, -3, 120))).to_series()
        cells = {
            "primary-action": _chosen(draw, list(_ACTIONS), count),
            "date-stranded": _days(draw, count, -200, -1),
            "Date-to-take-auto-removal": removal.set(pl.Series(draw.random(count) < 0.15), ""),
            "status-primary": _chosen(draw, ["inactive", "active", "incomplete"], count, [60, 35, 5]),
            "status-secondary": _chosen(draw, ["", "Out of stock", "Listing closed", "Blocked"], count, [60, 20, 18, 2]),
            "stranded-reason": _chosen(draw, [said for said, _ in reasons], count, [weight for _, weight in reasons]),
            "your-price": _prices(draw, count, 0.08),
            "fulfillable-qty": pl.Series(np.where(_shares(numbers) == 1, np.roll(units, 1), units)),
            "unfulfillable-qty": pl.Series(draw.integers(0, 4, count)),
            "reserved-quantity": pl.Series(np.where(draw.random(count) < 0.1, draw.integers(1, 5, count), 0)),
            "inbound-shipped-qty": pl.Series(np.where(draw.random(count) < 0.05, draw.integers(5, 60, count), 0)),
            "asin": who["asin"], "sku": who["sku"], "fnsku": who["fnsku"], "product-name": who["title"],
        }  # fmt: skip
        yield _filled(headers.STRANDED, cells, {"condition": "New", "fulfilled-by": "AMAZON_NA", "program": "FBA"})


def listings(world: World) -> Iterator[pl.DataFrame]:
    """Twenty-nine columns; most are Active and fulfilled by Amazon."""
    for chunk, numbers in _chunks(world.listed):
        draw, count = world.draw("listings", chunk), len(numbers)
        who = world.identity(numbers)
        well = (numbers >= world.stranded) & (numbers < world.stranded * 3 // 2)
        merchant = draw.random(count) < np.where(well, 0.0005, 0.06)
        quantity = pl.Series(np.where(merchant, draw.integers(0, 90, count), -1)).cast(pl.String)
        status = pl.Series(np.where(draw.random(count) < np.where(well, 0.997, 0.85), 0, draw.integers(1, 3, count)))
        opens = pl.select(pl.format("{} 07:30:00 PST", _days(draw, count, -1500, -2).zip_with(pl.Series(draw.random(count) > 0.004), _days(draw, count, 3, 40)))).to_series()
        cells = {
            "item-name": who["title"], "item-description": world.descriptions.gather(pl.Series(numbers % 2000)), "listing-id": pl.select(pl.format("0101DEMO{}", pl.Series(numbers))).to_series(),
            "seller-sku": who["sku"], "price": _prices(draw, count, 0), "quantity": quantity.set(quantity == "-1", ""), "open-date": opens,
            "asin1": who["asin"], "product-id": who["asin"], "fulfillment-channel": pl.Series(np.where(merchant, "DEFAULT", "AMAZON_NA")),
            "status": pl.Series(["Active", "Inactive", "Incomplete"]).gather(status),
        }  # fmt: skip
        yield _filled(headers.LISTINGS, cells, {"item-is-marketplace": "y", "product-id-type": "1", "item-condition": "11"})


def stock(world: World) -> Iterator[pl.DataFrame]:
    """Twenty-one columns: everything stranded, and half as much that is well."""
    for chunk, numbers in _chunks(world.stocked):
        draw, count = world.draw("stock", chunk), len(numbers)
        who = world.identity(numbers)
        units, unsellable, held = draw.integers(0, 200, count), draw.integers(0, 4, count), draw.integers(0, 3, count)
        cells = {
            "sku": who["sku"], "fnsku": who["fnsku"], "asin": who["asin"], "product-name": who["title"], "your-price": _prices(draw, count, 0.05),
            "afn-listing-exists": pl.Series(np.where(draw.random(count) < np.where(numbers < world.stranded, 0.2, 0.0005), "No", "Yes")),
            "afn-warehouse-quantity": pl.Series(units + unsellable + held), "afn-fulfillable-quantity": pl.Series(units), "afn-unsellable-quantity": pl.Series(unsellable),
            "afn-reserved-quantity": pl.Series(held), "afn-total-quantity": pl.Series(units + unsellable + held),
        }  # fmt: skip
        zeros = dict.fromkeys((name for name in headers.STOCK if name.startswith("afn-") and name not in cells), "0")
        yield _filled(headers.STOCK, cells, {"condition": "New", "mfn-listing-exists": "No", "per-unit-volume": "0.21", **zeros})


def _filled(header: list[str], cells: dict[str, pl.Series], always: dict[str, str]) -> pl.DataFrame:
    """The cells in the header's order; the columns that are always the same, and the rest empty."""
    frame = pl.DataFrame(cells)
    return frame.select(pl.col(name) if name in cells else pl.lit(always.get(name, "")).alias(name) for name in header)


def write(folder: Path, count: int, seed: int = 1) -> list[Path]:
    """The three files in ``folder``; nothing is done when they are already there."""
    tables = {"stranded": stranded, "listings": listings, "stock": stock}
    paths = [folder / f"{name}.txt" for name in tables]
    if (folder / "complete").exists():
        return paths
    folder.mkdir(parents=True, exist_ok=True)
    world = World(count, seed)
    for path, rows in zip(paths, tables.values(), strict=True):
        with path.open("wb") as file:
            for number, frame in enumerate(rows(world)):
                frame.write_csv(file, separator="\t", quote_style="never", include_header=number == 0)
    (folder / "complete").touch()
    return paths


def main() -> None:
    parser = argparse.ArgumentParser(description="Write report files for measuring.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--stranded", type=int, default=1_000_000, help="rows of the stranded report; the others follow")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for path in write(asked.folder, asked.stranded, asked.seed):
        print(f"{path.stat().st_size:13,}  {path}")


if __name__ == "__main__":
    main()
