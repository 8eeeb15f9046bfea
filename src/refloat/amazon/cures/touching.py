"""A change of content that changes nothing for anybody: the keywords in another order, or a word of the product's own name.

Amazon wants any field but price and quantity really changed, and names a keyword as its example. A keyword is not shown
to customers, its order means nothing, and a word of the name claims nothing new.
"""

from __future__ import annotations

from copy import deepcopy

from refloat.amazon.cures.attributes import elements, is_here, place, summary
from refloat.amazon.cures.attributes import patch as patch_of
from refloat.knowledge.tables import table
from refloat.model.cure import Case, Patch


def keyword(case: Case) -> Patch | None:
    """The keyword attribute, touched; None where there is neither a keyword nor a name to take a word from."""
    edit = table("curing")["edit"]
    name, most = edit["touched"], edit["touched_bytes"]
    rows = elements(case, name)
    at = next((number for number, row in enumerate(rows) if is_here(case, row) and isinstance(row.get("value"), str) and row["value"].strip()), None)
    text = _touched(rows[at]["value"] if at is not None else "", _words_of_name(case), most)
    if text is None:
        return None
    after = deepcopy(rows)
    if at is None:
        after.append({"value": text, "marketplace_id": place(case).id} | _language(case))
    else:
        after[at]["value"] = text
    return patch_of(case, name, after)


def _touched(text: str, names: list[str], most: int) -> str | None:
    words = text.split()
    turned = [*words[1:], *words[:1]]
    if turned != words:
        # The blanks of the original go with it; the undo brings them back.
        return " ".join(turned)
    fresh = next((word for word in names if word.casefold() not in {one.casefold() for one in words}), None)
    longer = " ".join([*words, *([fresh] if fresh else words)])
    return longer if longer and longer != text and len(longer.encode()) <= most else None


def _words_of_name(case: Case) -> list[str]:
    """Words of the listing's own name, letters only."""
    named = next((row["value"] for row in elements(case, "item_name") if is_here(case, row) and isinstance(row.get("value"), str)), "")
    return [word for word in (named or str(summary(case).get("itemName") or "")).split() if word.isalpha()]


def _language(case: Case) -> dict[str, str]:
    """The language that the name is written in, for a keyword that is new."""
    found = next((row.get("language_tag") for row in elements(case, "item_name") if is_here(case, row)), None)
    return {"language_tag": found} if isinstance(found, str) else {}
