"""A catalogue entry: one ASIN in one marketplace, and what Amazon holds against it.

Nothing here is a stranded reason. These are facts; ``rules.reasons`` concludes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

#: What an enforcement is about; what lifts it differs by ground.
Ground = Literal["block", "restricted-products", "restricted-product", "trademark", "food-safety", "product-safety", "recall"]


@dataclass
class Enforcement:
    """Amazon stopped the sale of the ASIN (for one seller, or for all)."""

    ground: Ground
    since: datetime
    #: None concerns everyone.
    seller_id: str | None = None
    #: Documents that must be handed in before Amazon looks at it again.
    needs: frozenset[str] = frozenset()
    lifted_at: datetime | None = None


@dataclass
class DangerousGoods:
    """What Amazon knows of the ASIN's dangers."""

    #: Battery and regulation attributes must be given before FBA takes it.
    information_needed: bool = False
    #: A safety data sheet must be uploaded.
    documents_needed: bool = False
    documents_given_at: datetime | None = None
    review_until: datetime | None = None


@dataclass
class CatalogueEntry:
    """One ASIN in one marketplace."""

    marketplace_id: str
    asin: str
    title: str
    brand: str
    product_type: str
    category: str
    reference_price: Decimal
    #: Attributes without which an offer is incomplete.
    required: tuple[str, ...] = ()
    #: Amazon filed it in the wrong category.
    right_category: str | None = None
    #: Kinds of leave that a seller needs: brand, category, item.
    gated: frozenset[str] = frozenset()
    b2b_only: bool = False
    merged_into: str | None = None
    #: Ended for FBA by policy or chronic defects.
    ended_for_fba_at: datetime | None = None
    #: Only a removal helps: the item, or the programme that it is in, is barred.
    item_barred: bool = False
    programme_barred: bool = False
    #: Frustration-free packaging is asked for, and the item is not certified.
    packaging_uncertified: bool = False
    #: Words and images that belong to somebody else.
    protected_words: tuple[str, ...] = ()
    protected_images: tuple[str, ...] = ()
    #: Amazon wants the content of listings saved anew after this moment.
    update_wanted_at: datetime | None = None
    update_needs_recreate: bool = False
    enforcements: list[Enforcement] = field(default_factory=list)
    #: What the detail page shows where a listing gives no image of its own.
    image: str = ""
    dangerous_goods: DangerousGoods = field(default_factory=DangerousGoods)
    cubic_feet: Decimal = Decimal("0.05")
    pounds: Decimal = Decimal("0.7")

    def enforced(self, seller_id: str, *grounds: Ground) -> Enforcement | None:
        """The enforcement in force on one of these grounds against this seller; None when there is none."""
        return next((one for one in self.enforcements if one.ground in grounds and one.lifted_at is None and one.seller_id in {None, seller_id}), None)
