"""Report files as Amazon writes them, for tests: headers of every era, rows by name, any line end and encoding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from refloat.reports import Reading, read_files

STRANDED_18 = tuple(
    "primary-action date-stranded Date-to-take-auto-removal status-primary status-secondary error-message stranded-reason asin sku fnsku product-name condition fulfilled-by fulfillable-qty your-price unfulfillable-qty reserved-quantity inbound-shipped-qty".split()  # noqa: SIM905, E501
)
STRANDED_19 = (*STRANDED_18, "program")
STRANDED_17 = tuple("date-classified-as-unsellable" if name == "Date-to-take-auto-removal" else name for name in STRANDED_18 if name != "stranded-reason")

USUAL = {
    "primary-action": "Relist",
    "date-stranded": "2026-01-15",
    "status-primary": "inactive",
    "stranded-reason": "Listing closed",
    "asin": "B000TEST01",
    "sku": "A-1",
    "fnsku": "X000000001",
    "product-name": "Blue cup",
    "condition": "New",
    "fulfilled-by": "Amazon",
    "fulfillable-qty": "12",
    "your-price": "24.90",
    "unfulfillable-qty": "0",
    "reserved-quantity": "1",
    "inbound-shipped-qty": "0",
    "program": "FBA",
}


def line(header: Iterable[str] = STRANDED_18, **cells: str) -> str:
    """One stranded row; ``stranded_on`` style names stand for ``stranded-on``."""
    row = USUAL | {name.replace("_", "-"): cell for name, cell in cells.items()}
    return "\t".join(row.get(name, "") for name in header)


def text(*lines: str, header: Iterable[str] = STRANDED_18, end: str = "\n") -> str:
    return end.join(("\t".join(header), *lines, ""))


def table(header: Iterable[str], *rows: Mapping[str, str], end: str = "\n") -> str:
    """Any report: rows by name."""
    names = tuple(header)
    return text(*("\t".join(row.get(name, "") for name in names) for row in rows), header=names, end=end)


def write(folder: Path, content: str | bytes, name: str = "report.txt", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(folder: Path, content: str | bytes, name: str = "report.txt", encoding: str = "utf-8", **options: str | None) -> Reading:
    """The one reading of a file with this content."""
    (reading,) = read_files([str(write(folder, content, name, encoding))], **options)  # type: ignore[arg-type]
    return reading


def column(reading: Reading, name: str) -> list[object]:
    assert reading.frame is not None, reading.warnings
    return reading.frame[name].to_list()


def codes(reading: Reading) -> list[str]:
    return [warning.code for warning in reading.warnings]
