"""Write the made-up account that ``refloat demo`` shows.

    python bench/make_demo.py [FOLDER]

FOLDER is ``src/refloat/demo`` by default. Everything is drawn from one seed and lies around one day
(``DEMO_AS_OF``), so each run writes the same bytes. Needs nothing but Python.
"""

from __future__ import annotations

import sys
from pathlib import Path

from demo_account import AS_OF, files
from demo_account.strandings import Account

SEED = 20261122
DEMO_AS_OF = AS_OF
HERE = Path(__file__).resolve().parent.parent / "src" / "refloat" / "demo"


def account_files(account: Account) -> dict[str, bytes]:
    """Name → bytes of every shipped file. Removal orders are packed under a plain name, as downloads often are."""
    made = {}
    for place in ("US", "DE"):
        kinds = {
            "stranded": files.stranded, "all-listings": files.listings, "fba-inventory": files.stock, "planning": files.planning,
            "customer-returns": files.returns, "suppressed-listings": files.suppressed, "bulk-fix": files.loader, "storage-fees": files.storage_fees,
        }  # fmt: skip
        if place == "US":
            kinds |= {"aged-fees": files.aged_fees, "reserved": files.reserved, "removal-orders": lambda account, place: files.packed(files.removals(account, place))}
        made |= {f"{place}/{name}.txt": write(account, place) for name, write in kinds.items()}
    return made | {"notes.toml": files.notes(account)}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    total = 0
    for name, content in account_files(Account(SEED, DEMO_AS_OF)).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        total += len(content)
        print(f"{len(content):8,}  {path}")
    print(f"{total:8,}  bytes in all")


if __name__ == "__main__":
    main()
