"""The sighting: everything that the given sources show about one SKU.

One row per (account, marketplace, SKU); one column per fact, joined from all sources. Every column
below is always present and typed, so that a cause page's ``when`` can name it without asking which
files were given. A column is null when no source told it: *unknown is never zero*.

``Column.report`` and ``Column.field`` say where the fact stands in Amazon's own file, so that a
finding can point at its evidence. A column with neither is worked out by us from others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "count", "money", "date", "flag", "ratio"]


@dataclass(frozen=True, slots=True)
class Column:
    """One fact of a sighting: its name, its type, where it comes from and what it means."""

    name: str
    kind: Kind
    report: str
    field: str
    meaning: str


def _columns(report: str, *rows: tuple[str, Kind, str, str]) -> tuple[Column, ...]:
    return tuple(Column(name, kind, report, field, meaning) for name, kind, field, meaning in rows)


COLUMNS: tuple[Column, ...] = (
    *_columns(
        "",
        ("account", "text", "", "the seller's account, as given with --account"),
        ("marketplace", "text", "", "two-letter code of the marketplace"),
        ("sku", "text", "", "the seller's SKU, verbatim"),
        ("today", "date", "", "the day for which ages and deadlines are worked out"),
        ("sku_found", "flag", "", "the SKU is one that Amazon made for found units (Amazon.Found.*)"),
        ("sku_artefact", "flag", "", "the SKU is Amazon's own bookkeeping (FBA…missing1, amzn.gr.*)"),
    ),
    *_columns(
        "stranded",
        ("stranded_listed", "flag", "sku", "Amazon's stranded report lists the SKU"),
        ("stranded_read", "flag", "", "a whole stranded report was read for this marketplace"),
        ("asin", "text", "asin", "the product's ASIN"),
        ("fnsku", "text", "fnsku", "the label of the units"),
        ("title", "text", "product-name", "the product's name, for reading only"),
        ("condition", "text", "condition", "condition of the units"),
        ("said", "text", "stranded-reason", "Amazon's reason, verbatim"),
        ("symptom", "text", "stranded-reason", "our name for Amazon's reason; null when blank or never seen"),
        ("symptom_kind", "text", "stranded-reason", "the kind of the symptom's page: listing, stock, channel, price, quality, approval, enforcement, dangerous-goods, hold, expired, review, merged"),
        ("recommended_said", "text", "primary-action", "what Amazon recommends, verbatim"),
        ("recommended", "text", "primary-action", "the remedy that Amazon recommends"),
        ("status_primary", "text", "status-primary", "Amazon's first status, verbatim"),
        ("status_secondary", "text", "status-secondary", "Amazon's second status, verbatim"),
        ("status_secondary_code", "text", "status-secondary", "the second status in lower-case ASCII: blocked, out-of-stock, …"),
        ("error_message", "text", "error-message", "Amazon's extra text"),
        ("program", "text", "program", "the fulfilment programme"),
        ("stranded_on", "date", "date-stranded", "since when the units are stranded"),
        ("stranded_days", "count", "date-stranded", "days from stranded_on to today"),
        ("removal_date_given", "date", "Date-to-take-auto-removal", "Amazon's own removal date"),
        ("units_fulfillable", "count", "fulfillable-qty", "sellable units"),
        ("units_unfulfillable", "count", "unfulfillable-qty", "unsellable units"),
        ("units_reserved", "count", "reserved-quantity", "reserved units"),
        ("units_inbound", "count", "inbound-shipped-qty", "units on their way"),
        ("price_shown", "money", "your-price", "the price shown; null when 0, blank or --"),
    ),
    *_columns(
        "listings-all",
        ("listings_read", "flag", "", "a whole all-listings report was read for this marketplace, so absence means something"),
        ("listing_exists", "flag", "seller-sku", "the SKU stands in the all-listings report; null when that report was not read"),
        ("listing_status", "text", "status", "active, inactive or incomplete"),
        ("listing_channel", "text", "fulfillment-channel", "fba or merchant"),
        ("listing_quantity", "count", "quantity", "the quantity offered; Amazon leaves it empty for FBA"),
        ("listing_price", "money", "price", "the listing's price"),
        ("offer_starts_on", "date", "open-date", "the day on which the offer opens"),
        ("opens_in_days", "count", "open-date", "days from today until the offer opens, never below 0; null once it is open"),
    ),
    *_columns(
        "stranded-loader",
        ("bound_min", "money", "minimum-seller-allowed-price", "the seller's own lowest price"),
        ("bound_max", "money", "maximum-seller-allowed-price", "the seller's own highest price"),
    ),
    *_columns(
        "listings-suppressed",
        ("issue_said", "text", "Reason", "why the listing is suppressed, verbatim"),
        (
            "issue_category",
            "text",
            "Reason",
            "the issue's category, as in vocabulary.toml: MISSING_ATTRIBUTE, MISSING_IMAGE, INVALID_PRICE, RESTRICTED, …",
        ),
        ("issue_text", "text", "Issue Description", "Amazon's description of the issue"),
        ("issue_on", "date", "Status Change Date", "when the listing was suppressed"),
    ),
    *_columns(
        "fba-inventory",
        ("stock_fba_listing", "flag", "afn-listing-exists", "Amazon says that an FBA listing exists"),
        ("stock_merchant_listing", "flag", "mfn-listing-exists", "Amazon says that a merchant-fulfilled listing exists"),
        ("stock_units_fulfillable", "count", "afn-fulfillable-quantity", "sellable units in stock"),
        ("stock_units_unsellable", "count", "afn-unsellable-quantity", "unsellable units in stock"),
        ("stock_units_reserved", "count", "afn-reserved-quantity", "reserved units in stock"),
        ("stock_units_total", "count", "afn-total-quantity", "all units in stock"),
    ),
    *_columns(
        "reserved",
        ("units_for_orders", "count", "reserved_customerorders", "reserved units that wait for a customer's order"),
    ),
    *_columns(
        "planning",
        ("units_shipped_90_days", "count", "units-shipped-t90", "units sold and shipped in 90 days"),
        ("volume_cubic_feet", "ratio", "item-volume", "volume of one unit, only where the file names the measure"),
    ),
    *_columns(
        "returns",
        ("units_returned", "count", "quantity", "units that customers sent back, whole file"),
        ("units_returned_90_days", "count", "quantity", "units sent back in the 90 days before today"),
        ("returned_last_on", "date", "return-date", "the last return"),
        ("return_rate", "ratio", "quantity", "units returned in 90 days ÷ units shipped in 90 days"),
        ("return_rate_limit", "ratio", "", "the rate above which we call it high (limits.toml)"),
    ),
    *_columns(
        "removal-orders",
        ("units_in_removal", "count", "in-process-quantity", "units already in a removal order"),
    ),
    *_columns(
        "listing-answers",
        ("live_exists", "flag", "sku", "Amazon, asked for this SKU's listing, shows one; null when it was not asked or did not answer"),
        ("live_buyable", "flag", "summaries.status", "the listing's status holds BUYABLE"),
        ("live_channel", "text", "fulfillmentAvailability", "fba or merchant, as the listing is now"),
        ("live_merchant_units", "count", "fulfillmentAvailability.quantity", "the quantity offered by the merchant (DEFAULT)"),
        ("live_fnsku", "text", "summaries.fnSku", "the FNSKU that the listing sells"),
        ("live_price", "money", "purchasable_offer.our_price", "the listing's price now"),
        ("live_bound_min", "money", "purchasable_offer.minimum_seller_allowed_price", "the seller's own lowest price now"),
        ("live_bound_max", "money", "purchasable_offer.maximum_seller_allowed_price", "the seller's own highest price now"),
        ("live_starts_on", "date", "purchasable_offer.start_at", "the day on which the offer opens"),
        ("live_ends_on", "date", "purchasable_offer.end_at", "the day on which the offer ends or ended"),
        ("offer_ended_days", "count", "purchasable_offer.end_at", "days since the offer ended; null when it did not, or nobody asked Amazon"),
        ("live_issue_category", "text", "issues.categories", "the category of the listing's gravest issue; CATALOG_ITEM_REMOVED where that is enforced"),
        ("live_issue_text", "text", "issues.message", "Amazon's words for the gravest issue"),
    ),
    *_columns(
        "inventory-answers",
        ("inventory_units_total", "count", "totalQuantity", "all units, as Amazon answered"),
        ("inventory_units_fulfillable", "count", "inventoryDetails.fulfillableQuantity", "sellable units, as Amazon answered"),
    ),
    *_columns(
        "restriction-answers",
        ("live_restricted", "flag", "restrictions", "Amazon restricts it for this seller and condition; No: asked, and nothing does"),
        ("live_restriction_code", "text", "reasons.reasonCode", "APPROVAL_REQUIRED, ASIN_NOT_FOUND or NOT_ELIGIBLE, as Amazon answered"),
        ("live_restriction_names_brand", "flag", "reasons.message", "Amazon's words name the brand"),
    ),
    *_columns(
        "eligibility-answers",
        ("inbound_codes", "text", "ineligibilityReasonList", "why the ASIN may not be sent in: FBA_INB_… codes"),
        ("dangerous_goods_open", "flag", "ineligibilityReasonList", "Amazon waits for dangerous-goods information, documents or a review"),
    ),
    *_columns(
        "notes",
        ("entered_expiry_on", "date", "expires.on", "the expiry date that the seller entered"),
        ("documents_on_file", "count", "documents", "authorisations on file for the SKU; null when the seller keeps no register"),
        ("closed_by_seller", "flag", "closed", "the seller closed or deleted it; null when the seller keeps no record of closings"),
        ("held_days", "count", "holds.until", "days from today until the seller's own hold ends; null when there is none"),
        ("opted_out", "flag", "opted_out", "the seller switched Amazon's automatic action off for the row"),
        ("removal_notice_on", "date", "removal_notices.on", "the date of Amazon's e-mail, as entered"),
        ("restriction_code", "text", "restrictions.code", "APPROVAL_REQUIRED, ASIN_NOT_FOUND or NOT_ELIGIBLE, as entered or from the live API"),
        ("restriction_names_brand", "flag", "restrictions.brand", "the restriction names the brand"),
    ),
)

BY_NAME: dict[str, Column] = {column.name: column for column in COLUMNS}

#: A fact that reports and answers both tell → the answer's own column. The answer is newer.
LIVE: dict[str, str] = {
    "listing_exists": "live_exists",
    "listing_channel": "live_channel",
    "listing_quantity": "live_merchant_units",
    "listing_price": "live_price",
    "bound_min": "live_bound_min",
    "bound_max": "live_bound_max",
    "offer_starts_on": "live_starts_on",
    "issue_category": "live_issue_category",
    "issue_said": "live_issue_category",
    "issue_text": "live_issue_text",
    "restriction_code": "live_restriction_code",
    "restriction_names_brand": "live_restriction_names_brand",
    "stock_units_total": "inventory_units_total",
    "stock_units_fulfillable": "inventory_units_fulfillable",
}
