"""What is not known for sure about Amazon, each as a switch: tests run both ways.

The default is what the better source says; the other way is what somebody saw or remembers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True)
class Switches:
    """One field per unconfirmed fact. ``/_world/switches`` shows and sets them."""

    #: The stranded report has a 19th column, ``program`` (seen in 2026).
    program_column: bool = False
    #: ``Date-to-take-auto-removal`` carries a time and a zone rather than a plain date.
    removal_date_with_time: bool = True
    #: The stranded report without rows is CANCELLED rather than DONE with a header alone.
    empty_report_cancelled: bool = True
    #: A replace with AMAZON_* leaves the DEFAULT row where it was.
    default_row_survives: bool = True
    #: A removal feed in the layout of one table (Seller Central's workbook) is understood too.
    removal_table_layout: bool = True
    #: Several marketplaces in one getListingsItem return only the first.
    first_marketplace_only: bool = True
    #: Item discontinued can be relisted after all (Amazon's page contradicts itself).
    discontinued_item_relists: bool = False
    #: A SKU that was deleted and created again within 24 h is refused (error 13013).
    recreate_waits: bool = True
    #: Delete and create again gives the units' listing a new FNSKU.
    recreate_new_fnsku: bool = False
    #: A repeated MerchantRemovalOrderID is refused; Amazon promises nothing.
    removal_id_unique: bool = True
    #: The stranded report is offered in this marketplace only (US, JP, IN) rather than in all.
    stranded_report_everywhere: bool = True
    #: The ledger of listings is delivered in the locale's language even where another was asked (cache by locale ignored).
    cache_ignores_locale: bool = True
    #: Search of listings items counts beyond the reachable 1,000.
    search_counts_all: bool = True
    #: LWA refuses after this many tokens in a minute; 0 never. No figure is published.
    token_limit_per_minute: int = 0
    #: The channel of a listings report of the US is cp1252 rather than UTF-8.
    us_listings_cp1252: bool = True
    #: A deletion through the API takes effect; seen in 2026 (models#5370): accepted, and nothing happened.
    delete_takes_effect: bool = True
    #: The result of a removal feed begins with a summary of records before its table, as flat files once did.
    removal_result_summary: bool = False
    #: A report asked for again before Amazon makes it anew is CANCELLED rather than the same document.
    asked_too_often_cancelled: bool = False
    #: A small report document lies there as it is rather than packed by GZIP.
    small_documents_plain: bool = True
    #: The grantless notification operations refuse a token of a seller: it must be one of the application.
    grantless_refuses_seller_token: bool = False
    #: Reasons in their newer words: Seller-fulfilled, Review for quality issues, Dangerous goods (in review).
    newer_reason_names: bool = False
    #: Listing closed is written as LISTING_CLOSED (Amazon's own mock).
    listing_closed_as_code: bool = False
    #: A listing whose trouble lies in FBA's own records stays BUYABLE for the Listings API (the two pages disagree).
    stranded_shows_buyable: bool = False
    #: Restrictions are refused with a bare list of errors, as their model alone has it; seen was an object as everywhere (jlevers/selling-partner-api#194).
    restriction_errors_bare: bool = False
    #: How many of the complete appeals, approvals and documents are refused all the same (0 to 1). No figure is published.
    by_hand_refused_share: float = 0.0

    def turned(self, **values: Any) -> Switches:
        """The switches with some of them turned.

        Raises:
            KeyError: there is no such switch.
        """
        unknown = sorted(set(values) - {field.name for field in fields(self)})
        if unknown:
            raise KeyError(unknown[0])
        return replace(self, **values)
