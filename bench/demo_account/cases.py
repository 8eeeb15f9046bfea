"""What befell the goods: Amazon's reason, how often in each marketplace, and what the other files show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

RELIST, REMOVE, CREATE, CHANGE, PRICE = "Relist", "Create removal order", "Create a new listing", "Change to Fulfilled by Amazon", "Update price"
#: Days before Amazon removes the units, as far as the made-up dates need it; None: no date at all.
CLOSED, DELETED, POLICY, SEVERE, UNLISTED, EXEMPT = 180, 30, 60, 30, 30, None


@dataclass(frozen=True)
class Case:
    """Strandings of one kind. ``shows`` overrides what the files show of each (see ``strandings.Stranding``)."""

    said: str
    us: int
    de: int
    action: str = ""
    clock: int | None = UNLISTED
    like: str = ""
    shows: dict[str, Any] = field(default_factory=dict)

    def count(self, place: str) -> int:
        return self.us if place == "US" else self.de


UPLOAD_DAY = date(2026, 11, 17)
_MERCHANT = {"channel": "DEFAULT", "listing_quantity": 25}
_GONE = {"listed": False}
_BLOCKED = {"status_secondary": "Blocked", "listing_status": "Inactive"}
_SHUT = {"status_secondary": "Listing closed", "listing_status": "Inactive"}
_AGE = {"issue": ("Missing attribute", "缺少属性", "The manufacturer's minimum age is missing", "缺少制造商建议的最小年龄")}
_IMAGE = {"issue": ("Missing main image", "缺少主图", "The main image is missing", "缺少主图片")}
_POLICY = {"issue": ("Restricted products policy", "受限商品", "The product is not permitted for sale", "该商品不允许销售")}

CASES: tuple[Case, ...] = (
    Case("B2B restricted", 2, 1, REMOVE, POLICY),
    Case("Blocked listing", 4, 2, REMOVE, SEVERE, shows=_BLOCKED),
    Case("Deleted listing", 2, 1, CREATE, DELETED, shows={**_GONE, "closed_days": 9}),
    Case("Deleted listing", 2, 1, CREATE, DELETED, shows=_GONE),
    Case("Deleted listing", 3, 2, CREATE, DELETED, shows={**_GONE, "closed_days": 40, "returned": "all"}),
    Case("Discontinued listing", 4, 2, CREATE, DELETED),
    Case("Expired product", 2, 1, REMOVE, UNLISTED, "Oat Bar Box"),
    Case("Expired product", 1, 1, REMOVE, UNLISTED, "Oat Bar Box", {"expires": date(2026, 9, 30)}),
    Case("Food safety investigation", 2, 1, "", SEVERE, "Oat Bar Box"),
    Case("Future listing sell date", 3, 2, "", EXEMPT, shows={"opens_on": date(2026, 12, 5)}),
    Case("Inventory error", 4, 2),
    Case("Inventory error", 1, 0, like="Oat Bar Box", shows={"expires": date(2026, 10, 31)}),
    Case("Inventory error", 1, 0, like="Toy Boat", shows=_AGE),
    Case("Inventory under review", 3, 1),
    Case("Item discontinued", 3, 2, REMOVE, POLICY),
    Case("Item merged", 2, 2),
    Case("Item restricted", 3, 1, REMOVE, POLICY),
    Case("Listing closed", 22, 14, RELIST, CLOSED, shows=_SHUT),
    Case("Listing closed", 2, 1, RELIST, CLOSED, shows=_BLOCKED),
    Case("Listing closed", 2, 1, RELIST, CLOSED, shows={**_SHUT, "hold": date(2027, 1, 4)}),
    Case("Listing closed", 1, 1, RELIST, CLOSED, shows={**_SHUT, "opens_on": date(2026, 12, 1)}),
    Case("Listing closed", 2, 1, RELIST, CLOSED, shows={**_GONE, "closed_days": 21}),
    Case("Listing closed", 1, 0, RELIST, CLOSED, shows={**_SHUT, "bounds": "below"}),
    Case("Listing closed", 1, 0, RELIST, CLOSED, "Oat Bar Box", {**_SHUT, "expires": date(2026, 11, 1)}),
    Case("Listing closed", 1, 1, RELIST, CLOSED, shows={**_SHUT, "opted_out": True}),
    Case("LISTING_CLOSED", 2, 0, RELIST, CLOSED, shows=_SHUT),
    Case("Listing closed and inventory error", 6, 3, RELIST, CLOSED, shows={"status_secondary": "Out of stock", "listing_status": "Inactive"}),
    Case("Listing error", 3, 1),
    Case("Listing error", 2, 1, like="Toy Boat", shows=_AGE),
    Case("Listing error", 1, 1, shows={"returned": "many"}),
    Case("Listing error", 1, 0, shows={**_GONE, "found": True}),
    Case("Merchant fulfilled", 40, 0, CHANGE, CLOSED, shows={**_MERCHANT, "stranded_on": UPLOAD_DAY}),
    Case("Merchant fulfilled", 4, 4, CHANGE, CLOSED, shows={"channel": "DEFAULT", "listing_quantity": 0}),
    Case("Merchant fulfilled", 0, 3, CHANGE, CLOSED, shows=_MERCHANT),
    Case("Seller-fulfilled", 3, 0, CHANGE, CLOSED, shows={"channel": "DEFAULT", "listing_quantity": 0}),
    Case("Merchant fulfilled (DG info required)", 4, 2, CHANGE, CLOSED, "Desk Lamp", {"channel": "DEFAULT", "listing_quantity": 0}),
    Case("Miscategorized ASIN", 2, 1, "", POLICY),
    Case("Missing price", 4, 2, PRICE, shows={"price": "none", "status_primary": "incomplete", "listing_status": "Incomplete"}),
    Case("Missing SKU", 4, 2, RELIST),
    Case("Missing SKU", 1, 1, RELIST, shows={"restriction": ("NOT_ELIGIBLE", None)}),
    Case("Missing SKU", 1, 1, RELIST, shows={**_GONE, "closed_days": 30}),
    Case("Missing SKU", 1, 0, RELIST, shows=_GONE),
    Case("Missing SKU", 1, 0, "", shows={**_GONE, "sku": "FBA15SHGDEMO.missing1"}),
    Case("Packaging issue", 2, 1, REMOVE, POLICY),
    Case("Please review for quality issues", 3, 1, shows={"error": "Customers said: not as described"}),
    Case("Please review for quality issues", 2, 1, shows={"returned": "many"}),
    Case("Review for quality issues", 1, 0, like="Picture Frame", shows=_IMAGE),
    Case("Review for quality issues", 1, 0, shows={"bounds": "above"}),
    Case("Potential logo misuse", 2, 1, "", POLICY),
    Case("Potential trademark misuse (self reinstate)", 2, 1, "", POLICY, shows={"error": "A word in the title may be another owner's trademark"}),
    Case("Product recall", 1, 1, REMOVE, SEVERE, "Toy Boat"),
    Case("Product safety investigation", 3, 1, "", SEVERE, "Desk Lamp"),
    Case("Product update required", 4, 2),
    Case("Qualification required (brand)", 3, 1, "", POLICY),
    Case("Qualification required (brand)", 2, 1, "", POLICY, shows={"document": "letter of authorisation"}),
    Case("Qualification required (category)", 3, 1, "", POLICY),
    Case("Qualification required (item)", 3, 1, "", POLICY),
    Case("Qualification required (item)", 1, 1, "", POLICY, shows={"restriction": ("APPROVAL_REQUIRED", "Musterhafen")}),
    Case("Restricted ASIN", 4, 2, REMOVE, POLICY, shows=_BLOCKED),
    Case("Restricted Product ASIN", 3, 1, "", POLICY),
    Case("Restricted program", 1, 1, REMOVE, POLICY),
    Case("Trademark misuse", 2, 1, REMOVE, SEVERE),
    Case("Under hazmat review", 3, 1, "", EXEMPT, "Desk Lamp"),
    Case("Dangerous goods (in review)", 1, 0, "", EXEMPT, "Desk Lamp"),
    Case("Dangerous goods (upload documents and wait for review)", 3, 1, like="Desk Lamp"),
    Case("Unexpected inventory received", 2, 1, CREATE),
    Case("Unexpected inventory received", 2, 1, CREATE, shows={**_GONE, "found": True}),
    Case("Unexpected inventory received", 1, 0, CREATE, shows={"found": True}),
    Case("Unexpected inventory received", 1, 0, "", shows={**_GONE, "sku": "amzn.gr.SHG-PF0031-8xKq2"}),
    Case("Unexpected inventory received", 0, 1, "", shows={**_GONE, "sku": "amzn.gr.SHG-BM0104-EU-3vTz"}),
    Case("Potential high pricing error", 8, 4, PRICE, shows={"error": "Price is higher than expected"}),
    Case("Potential high pricing error", 3, 1, PRICE, shows={"bounds": "above"}),
    Case("Potential low pricing error", 2, 1, PRICE, shows={"error": "Price is lower than expected"}),
    Case("Pricing error", 2, 1, PRICE),
    Case("Pricing error", 1, 1, PRICE, shows={"bounds": "below"}),
    Case("Listing removed", 2, 1),
    Case("Listing removed", 1, 0, shows=_POLICY),
    Case("No listing exists for inventory", 1, 0, CREATE),
    Case("No listing exists for inventory", 1, 1, CREATE, shows={**_GONE, "closed_days": 14}),
    # A reason that nobody has met yet: it must stay unexplained, and be said so.
    Case("Digital product passport pending", 2, 2),
)

#: Units in stock that nobody can buy, though Amazon's stranded report is silent.
SUSPECTED: tuple[Case, ...] = (
    Case("", 3, 1, shows={"listing_status": "Inactive"}),
    Case("", 1, 1, shows={**_MERCHANT, "listing_quantity": 4}),
    Case("", 1, 0, shows=_GONE),
    Case("", 1, 1, shows={**_IMAGE, "listing_status": "Inactive"}),
)

#: Amazon's own Chinese words, where they are known; the rest of a Chinese report stays English.
CHINESE = {
    "B2B restricted": "B2B 限制", "Discontinued listing": "停售的商品", "Item discontinued": "商品已停售", "Item merged": "商品已合并", "Listing closed": "商品已下架",
    "Listing closed and inventory error": "商品已下架且库存错误", "Merchant fulfilled": "卖家自配送", "Merchant fulfilled (DG info required)": "卖家自配送(需要危险品信息)",
    "Miscategorized ASIN": "错误分类的 ASIN", "Missing SKU": "缺少 SKU", "Potential logo misuse": "可能滥用徽标", "Potential trademark misuse (self reinstate)": "可能滥用商标(自行恢复)",
    "Product update required": "需要更新商品", "Restricted ASIN": "受限 ASIN", "Restricted Product ASIN": "受限商品 ASIN", "Trademark misuse": "商标滥用", "Under hazmat review": "正在接受危险品审核",
    RELIST: "重新发布", REMOVE: "创建移除订单", CHANGE: "转换为亚马逊物流",
}  # fmt: skip
