"""The fixed table of reasons: what each is called, what cures it in which order, and what follows a success.

The table stands here as literal data, so that a page cannot drift without somebody noticing.
"""

from __future__ import annotations

import pytest

from refloat.knowledge.catalogue import catalogue

#: name → (first remedy, then …)
REMEDIES = {
    "b2b-restricted": ("create-removal", "delete-listing"),
    "blocked-listing": ("appeal", "create-removal", "delete-listing"),
    "deleted-listing": ("create-listing", "create-removal"),
    "discontinued-listing": ("create-listing", "contact-support"),
    "expired-product": ("create-removal",),
    "food-safety-investigation": ("submit-documents", "create-removal"),
    "future-listing-sell-date": ("hold", "change-sell-date"),
    "inventory-error": ("wait", "edit-listing", "contact-support"),
    "inventory-under-review": ("wait", "create-removal"),
    "item-discontinued": ("create-removal", "delete-listing"),
    "item-merged": ("contact-support", "create-removal"),
    "item-restricted": ("create-removal", "contact-support"),
    "listing-closed": ("relist-offer", "create-removal"),
    "listing-closed-and-inventory-error": ("relist-offer", "contact-support"),
    "listing-error": ("contact-support", "create-removal"),
    "merchant-fulfilled": ("change-to-fba", "contact-support"),
    "merchant-fulfilled-dg-info-required": ("submit-dangerous-goods", "change-to-fba"),
    "miscategorized-asin": ("change-category", "contact-support"),
    "missing-price": ("set-price", "edit-listing"),
    "missing-sku": ("relist-offer", "create-listing", "recreate-listing", "contact-support"),
    "packaging-issue": ("create-removal", "delete-listing"),
    "please-review-for-quality-issues": ("edit-listing", "contact-support"),
    "potential-logo-misuse": ("edit-listing", "contact-support"),
    "potential-trademark-misuse-self-reinstate": ("edit-listing", "contact-support"),
    "product-recall": ("create-removal", "submit-documents"),
    "product-safety-investigation": ("submit-documents", "create-removal"),
    "product-update-required": ("edit-listing", "recreate-listing"),
    "qualification-required-brand": ("request-approval", "create-removal", "delete-listing"),
    "qualification-required-category": ("request-approval", "create-removal", "delete-listing"),
    "qualification-required-item": ("request-approval", "create-removal", "delete-listing"),
    "restricted-asin": ("appeal", "create-removal", "delete-listing"),
    "restricted-product-asin": ("contact-support", "create-removal"),
    "restricted-program": ("create-removal",),
    "trademark-misuse": ("create-removal", "contact-support"),
    "under-hazmat-review": ("wait", "submit-dangerous-goods"),
    "unexpected-inventory-received": ("create-listing", "contact-support"),
    "dangerous-goods-documents": ("submit-dangerous-goods", "contact-support"),
    "potential-high-pricing-error": ("set-price", "contact-support"),
    "potential-low-pricing-error": ("set-price", "contact-support"),
    "pricing-error": ("set-price", "contact-support"),
    "unexplained": ("review", "contact-support"),
}
#: name → what follows a success; nothing for the others.
AFTER = {
    "blocked-listing": ("relist-offer", "delete-listing"),
    "restricted-asin": ("relist-offer", "delete-listing"),
    "restricted-product-asin": ("relist-offer",),
    "qualification-required-brand": ("edit-listing", "delete-listing"),
    "qualification-required-category": ("edit-listing", "delete-listing"),
    "qualification-required-item": ("edit-listing", "delete-listing"),
    "food-safety-investigation": ("relist-offer",),
    "product-safety-investigation": ("relist-offer",),
    "product-recall": ("relist-offer",),
    "trademark-misuse": ("relist-offer",),
    "b2b-restricted": ("delete-listing",),
    "item-discontinued": ("delete-listing",),
    "packaging-issue": ("delete-listing",),
}
SAFETY = {
    "safe": ("relist-offer", "change-to-fba"),
    "consent": ("set-price", "edit-listing", "create-listing", "recreate-listing", "change-sell-date", "pause-offer", "delete-listing", "create-removal"),
    "by-hand": ("appeal", "request-approval", "submit-documents", "submit-dangerous-goods", "change-category", "contact-support", "report-abuse", "review", "stop-other-writer"),
    "none": ("wait", "hold"),
}
#: Amazon's own spelling → our name for it, in every language and era known.
SPELLINGS = {
    "B2B restricted": "b2b-restricted", "B2B 限制": "b2b-restricted",
    "Blocked listing": "blocked-listing",
    "Deleted listing": "deleted-listing",
    "Discontinued listing": "discontinued-listing", "停售的商品": "discontinued-listing",
    "Expired product": "expired-product",
    "Food safety investigation": "food-safety-investigation",
    "Future listing sell date": "future-listing-sell-date",
    "Inventory error": "inventory-error",
    "Inventory under review": "inventory-under-review",
    "Item discontinued": "item-discontinued", "商品已停售": "item-discontinued",
    "Item merged": "item-merged", "商品已合并": "item-merged",
    "Item restricted": "item-restricted",
    "Listing closed": "listing-closed", "商品已下架": "listing-closed", "LISTING_CLOSED": "listing-closed",
    "Listing closed and inventory error": "listing-closed-and-inventory-error", "商品已下架且库存错误": "listing-closed-and-inventory-error",
    "Listing error": "listing-error",
    "Merchant fulfilled": "merchant-fulfilled", "Seller-fulfilled": "merchant-fulfilled", "卖家自配送": "merchant-fulfilled",
    "Merchant fulfilled (DG info required)": "merchant-fulfilled-dg-info-required", "Seller-fulfilled (DG info required)": "merchant-fulfilled-dg-info-required",
    "Merchant fulfilled (including dangerous goods information required)": "merchant-fulfilled-dg-info-required",
    "Seller-fulfilled (including dangerous goods information required)": "merchant-fulfilled-dg-info-required", "卖家自配送(需要危险品信息)": "merchant-fulfilled-dg-info-required",
    "Miscategorized ASIN": "miscategorized-asin", "错误分类的 ASIN": "miscategorized-asin",
    "Missing price": "missing-price",
    "Missing SKU": "missing-sku", "缺少 SKU": "missing-sku",
    "Packaging issue": "packaging-issue",
    "Please review for quality issues": "please-review-for-quality-issues", "Review for quality issues": "please-review-for-quality-issues",
    "Potential logo misuse": "potential-logo-misuse", "可能滥用徽标": "potential-logo-misuse",
    "Potential trademark misuse (self reinstate)": "potential-trademark-misuse-self-reinstate", "可能滥用商标(自行恢复)": "potential-trademark-misuse-self-reinstate",
    "Product recall": "product-recall",
    "Product safety investigation": "product-safety-investigation",
    "Product update required": "product-update-required", "需要更新商品": "product-update-required",
    "Qualification required (brand)": "qualification-required-brand",
    "Qualification required (category)": "qualification-required-category",
    "Qualification required (item)": "qualification-required-item",
    "Restricted ASIN": "restricted-asin", "受限 ASIN": "restricted-asin",
    "Restricted Product ASIN": "restricted-product-asin", "受限商品 ASIN": "restricted-product-asin",
    "Restricted program": "restricted-program",
    "Trademark misuse": "trademark-misuse", "商标滥用": "trademark-misuse",
    "Under hazmat review": "under-hazmat-review", "Dangerous goods (in review)": "under-hazmat-review", "正在接受危险品审核": "under-hazmat-review",
    "Unexpected inventory received": "unexpected-inventory-received",
    "Dangerous goods (upload documents and wait for review)": "dangerous-goods-documents",
    "Potential high pricing error": "potential-high-pricing-error",
    "Potential low pricing error": "potential-low-pricing-error",
    "Pricing error": "pricing-error",
    "Listing removed": "listing-removed",
    "No listing exists for inventory": "no-listing-exists-for-inventory",
}  # fmt: skip
NEIGHBOURS = [
    ("停售的商品", "商品已停售"),
    ("Restricted ASIN", "Restricted Product ASIN"),
    ("受限 ASIN", "受限商品 ASIN"),
    ("Item restricted", "Restricted program"),
    ("Discontinued listing", "Item discontinued"),
    ("Listing closed", "Listing closed and inventory error"),
    ("Merchant fulfilled", "Merchant fulfilled (DG info required)"),
    ("Trademark misuse", "Potential trademark misuse (self reinstate)"),
    ("Inventory error", "Inventory under review"),
    ("Dangerous goods (in review)", "Dangerous goods (upload documents and wait for review)"),
    ("Missing price", "Missing SKU"),
    ("Listing error", "Listing removed"),
]
#: Near to a reason, but not one: never bound by likeness.
STRANGERS = ["Listing closed.. by us", "Restricted", "ASIN restricted", "Closed", "Trademark", "停售", "受限", "商品已下架了", "Qualification required", "Potential pricing error", "", "--"]
RECOMMENDED = {
    "Relist": "relist-offer",
    "Create removal order": "create-removal",
    "Change to Fulfilled by Amazon": "change-to-fba",
    "Create a new listing": "create-listing",
    "Update price": "set-price",
}


@pytest.mark.parametrize("name", REMEDIES)
def test_each_reason_has_its_remedies_in_this_order(name: str) -> None:
    """The first remedy and its fallbacks are those of the table."""
    assert catalogue().causes[name].remedies == REMEDIES[name]


def test_every_reason_of_the_catalogue_stands_in_the_table() -> None:
    """A page that repeats a reason of Amazon's is in the table above; thirty-six of Amazon's and a few met since."""
    reasons = {name for name, cause in catalogue().causes.items() if cause.said_as}
    assert reasons == set(REMEDIES) - {"unexplained"}
    assert len(reasons) == 36 + 4


@pytest.mark.parametrize("name", REMEDIES)
def test_what_follows_a_success(name: str) -> None:
    """A reinstated ASIN stays stranded until it is relisted; a listing goes once its units are gone."""
    assert catalogue().causes[name].after == AFTER.get(name, ())


def test_every_remedy_is_as_safe_as_the_table_says() -> None:
    """Safe, with consent, by hand, or nothing to do."""
    known = {name: remedy.safety for name, remedy in catalogue().remedies.items()}
    assert known == {name: safety for safety, names in SAFETY.items() for name in names}


@pytest.mark.parametrize("said", SPELLINGS)
def test_every_spelling_leads_to_its_name(said: str) -> None:
    """Case, blanks, punctuation and full width do not matter; the whole string does."""
    full_width = said.translate({ord(char): ord(char) + 0xFEE0 for char in "()"})
    for spelling in (said, said.upper(), f"  {said.lower()} ", said.replace(" ", "  "), full_width):
        assert catalogue().symptom_of(spelling) == SPELLINGS[said]


@pytest.mark.parametrize(("one", "other"), NEIGHBOURS)
def test_neighbours_are_not_mixed_up(one: str, other: str) -> None:
    """Reasons that sound alike have different names, and none is bound by a part of the other."""
    assert catalogue().symptom_of(one)
    assert catalogue().symptom_of(other)
    assert catalogue().symptom_of(one) != catalogue().symptom_of(other)


@pytest.mark.parametrize("said", STRANGERS)
def test_what_is_only_like_a_reason_is_none(said: str) -> None:
    """No keyword, no substring, no likeness."""
    assert catalogue().symptom_of(said) is None


@pytest.mark.parametrize("said", RECOMMENDED)
def test_amazon_s_recommendation_is_understood(said: str) -> None:
    """Amazon's primary action names one of our remedies."""
    assert catalogue().recommended_of(said) == RECOMMENDED[said]


def test_a_recommendation_never_becomes_a_reason() -> None:
    """An action's text is no symptom, and a symptom's no action."""
    assert [said for said in RECOMMENDED if catalogue().symptom_of(said)] == []
    assert [said for said in SPELLINGS if catalogue().recommended_of(said)] == []


def test_the_hold_and_the_review_have_no_removal_clock() -> None:
    """Amazon names two reasons that it does not remove by itself."""
    assert {name for name, symptom in catalogue().symptoms.items() if symptom.clock == "exempt"} == {"future-listing-sell-date", "under-hazmat-review"}
