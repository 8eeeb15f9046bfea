"""The same work in pandas, vectorised, with the faster of its readers.

python bench/peers/with_pandas.py STRANDED LISTINGS STOCK AS_OF
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import rules

_STRANDED = ["date-stranded", "Date-to-take-auto-removal", "status-secondary", "stranded-reason", "sku", "fnsku", "asin", "product-name", "fulfillable-qty", "your-price", "reserved-quantity"]
_LISTINGS = ["seller-sku", "price", "quantity", "open-date", "fulfillment-channel", "status"]
_STOCK = ["sku", "fnsku", "afn-listing-exists", "afn-fulfillable-quantity", "afn-reserved-quantity"]


def read(path: str, columns: list[str]) -> pd.DataFrame:
    """The wanted columns by Arrow's reader: what ``engine="pyarrow"`` uses, and the one that can leave quotes alone."""
    counts = {name: pa.int64() for name in columns if "qty" in name or "quantity" in name}
    prices = {name: pa.float64() for name in columns if "price" in name}
    texts = {name: pa.string() for name in columns if name not in counts and name not in prices}
    table = pyarrow.csv.read_csv(
        path,
        parse_options=pyarrow.csv.ParseOptions(delimiter="\t", quote_char=False),
        convert_options=pyarrow.csv.ConvertOptions(include_columns=columns, column_types=counts | prices | texts, null_values=[""], strings_can_be_null=True),
    )
    return table.to_pandas(types_mapper={pa.string(): pd.StringDtype("pyarrow")}.get)


def days(column: pd.Series) -> np.ndarray:
    return pd.to_datetime(column.str.slice(0, 10), format="%Y-%m-%d").to_numpy().astype("datetime64[D]")


def joined(stranded_file: str, listings_file: str, stock_file: str) -> pd.DataFrame:
    """Stranded rows, and stock besides, each with its listing."""
    stranded = read(stranded_file, _STRANDED).rename(columns={"fulfillable-qty": "units", "reserved-quantity": "held", "your-price": "price", "stranded-reason": "said"})
    stranded["listed"] = True
    stock = read(stock_file, _STOCK).rename(columns={"afn-fulfillable-quantity": "units", "afn-reserved-quantity": "held"})
    silent = stock[~stock["sku"].isin(stranded["sku"]) & (stock["units"] > 0)]
    frame = pd.concat([stranded, silent], ignore_index=True)
    listings = read(listings_file, _LISTINGS).rename(columns={"seller-sku": "sku", "price": "listing_price"})
    frame = frame.merge(listings, on="sku", how="left", indicator="there")
    frame["exists"] = frame["there"] == "both"
    silent_rows = frame["listed"].isna()
    artefact = frame["sku"].str.match(rules.ARTEFACT.pattern).fillna(False).astype(bool)
    unsold = ~frame["exists"] | frame["status"].isin(["Inactive", "Incomplete"]) | (frame["fulfillment-channel"] == "DEFAULT").fillna(False) | (frame["afn-listing-exists"] == "No").fillna(False)
    frame["artefact"], frame["price"] = artefact, frame["price"].where(~silent_rows, frame["listing_price"])
    return frame[~silent_rows | (unsold & ~artefact)].reset_index(drop=True)


def causes(frame: pd.DataFrame, today: date) -> tuple[np.ndarray, pd.Series, pd.Series]:
    """The cause of each row by precedence, its symptom and the symptom's kind."""
    texts = frame["said"].dropna().unique()
    names = {text: rules.symptom_of(text) for text in texts}
    symptom = frame["said"].map(names)
    kind = symptom.map({name: rules.kind_of(name) for name in set(names.values()) if name})
    blank = frame["said"].isna().to_numpy()
    may = {kinds: blank | kind.isin(kinds).to_numpy() for kinds in (rules.OPEN_KINDS, rules.FUTURE_KINDS, rules.UPLOAD_KINDS)}
    exists, found = frame["exists"].to_numpy(), frame["sku"].str.match(rules.FOUND.pattern).to_numpy().astype(bool)
    opens = days(frame["open-date"]) > np.datetime64(today)
    statuses = frame["status-secondary"].map({text: rules.blocked(text) for text in frame["status-secondary"].dropna().unique()}).fillna(False).to_numpy().astype(bool)
    uploaded = (frame["fulfillment-channel"] == "DEFAULT").fillna(False).to_numpy().astype(bool) & (frame["quantity"] > 0).to_numpy() & (frame["units"] > 0).to_numpy()
    steps = {
        "artefact-sku": frame["artefact"].to_numpy(),
        "asin-restricted": statuses & may[rules.OPEN_KINDS],
        "future-listing-sell-date": (symptom == "future-listing-sell-date").fillna(False).to_numpy().astype(bool) | (opens & may[rules.FUTURE_KINDS]),
        "found-without-listing": found & ~exists & may[rules.OPEN_KINDS],
        "listing-gone": ~exists & (blank | symptom.isin(rules.GONE).to_numpy()),
        "converted-by-upload": uploaded & (may[rules.UPLOAD_KINDS] | (symptom == "merchant-fulfilled").fillna(False).to_numpy().astype(bool)),
    }
    by_reason = symptom.map({name: rules.cause_by_reason(name) for name in set(names.values()) if name}).fillna(rules.UNEXPLAINED).to_numpy().astype(object)
    return np.select(list(steps.values()), list(steps), default=by_reason), symptom, kind


def deadlines(frame: pd.DataFrame, symptom: pd.Series, noticed: date) -> np.ndarray:
    """Amazon's removal date, else the clock's estimate; NaT where there is none."""
    pairs = pd.DataFrame({"symptom": symptom.astype(object), "cause": frame["cause"].astype(object)})
    known = pairs.drop_duplicates()
    clocks = {(row.symptom, row.cause): rules.clock_of(row.symptom if isinstance(row.symptom, str) else None, row.cause) for row in known.itertuples()}
    known = known.assign(clock=[clocks[row.symptom, row.cause] for row in known.itertuples()])
    clock = pairs.merge(known, on=["symptom", "cause"], how="left")["clock"].to_numpy()
    estimate = np.maximum(days(frame["date-stranded"]) + clock.astype("timedelta64[D]"), np.datetime64(noticed))
    estimate = np.where(clock == rules.EXEMPT, np.datetime64("NaT"), estimate)
    given = days(frame["Date-to-take-auto-removal"])
    return np.where(np.isnat(given), estimate, given)


def main() -> None:
    files, today, noticed = rules.asked()
    frame = joined(*files)
    frame["cause"], symptom, kind = causes(frame, today)
    frame["remedy"] = frame["cause"].map(rules.REMEDY_OF)
    due = deadlines(frame, symptom, noticed)
    left = (due - np.datetime64(today)).astype("int64")
    limits = [left < rules.BUCKETS[0], *(left <= limit for limit in rules.BUCKETS[1:])]
    frame["bucket"] = np.where(np.isnat(due), len(rules.BUCKETS) + 1, np.select(limits, range(len(limits)), default=len(limits)))
    frame["due"], frame["all_units"] = due, frame["units"] + frame["held"].fillna(0).astype("int64")
    cents = (frame["price"] * 100).round()
    frame["worth"] = (cents * frame["all_units"]).where((kind != "price").fillna(True))
    frame = frame.sort_values(["bucket", "due", "worth", "all_units", "sku"], ascending=[True, True, False, False, True], na_position="last")
    counted = frame
    if frame["fnsku"].duplicated().any():
        counted = frame.assign(unknown=frame["worth"].isna()).sort_values(["all_units", "unknown", "sku"], ascending=[False, True, True]).drop_duplicates("fnsku")
    rules.tell(len(frame), frame["cause"].value_counts().to_dict(), int(counted["worth"].sum()), int((frame["bucket"] <= 1).sum()), frame["sku"].head(50).tolist())


if __name__ == "__main__":
    main()
