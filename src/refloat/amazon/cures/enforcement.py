"""Limits that hold for every cure: what is not known is not written over, and nothing is written into an enforcement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from refloat.amazon.cures.attributes import actions, issues, strings
from refloat.knowledge.catalogue import catalogue
from refloat.knowledge.tables import table
from refloat.model.cure import Case, Guard

#: Takes units away and writes to no listing: recalled goods must leave whatever Amazon holds against the ASIN.
_NO_LISTING_WRITE = frozenset({"create-removal"})
#: After these the units can be bought again.
_GOES_LIVE = frozenset({"relist-offer", "change-to-fba", "set-price", "create-listing", "recreate-listing", "change-sell-date"})


def in_the_way(remedy: str, case: Case) -> Guard | None:
    """The first common limit that keeps the remedy from this case; None when there is none."""
    if remedy in _NO_LISTING_WRITE:
        return None
    return unread(case) or of_account(case) or of_enforcement(remedy, case) or (of_restriction(case) if remedy in _GOES_LIVE else None)


def unless_lifted(case: Case, guard: Guard | None) -> Guard | None:
    """The guard, unless a person lifted it and it is one that a person may lift."""
    if guard is None or (guard.name in case.lifted and table("guards")[guard.name].get("lift", False)):
        return None
    return guard


def unread(case: Case) -> Guard | None:
    """Nobody asked Amazon about the listing, or so long ago that the answer tells nothing."""
    oldest = case.now - timedelta(hours=table("limits")["standing"]["answer_hours"])
    return Guard("listing-unread") if case.listing_at is None or case.listing_at < oldest else None


def of_account(case: Case) -> Guard | None:
    """The account is at risk or closed, or nobody knows."""
    if case.account_standing is None:
        return unless_lifted(case, Guard("account-unread"))
    return None if case.account_standing == "NORMAL" else Guard("account-not-normal", {"standing": case.account_standing})


def of_enforcement(remedy: str, case: Case) -> Guard | None:
    """Amazon acts against the product: a policy, rights, safety or recall matter."""
    if remedy == "delete-listing" and _deletion_asked(case):
        return None
    # Words and images that Amazon itself wants edited are no bar to the edit, as long as the product is there.
    edited = remedy == "edit-listing" and case.mode == "withdraw" and case.row.get("symptom") in table("curing")["enforcement"]["self_reinstate"]
    said = next((_said(issue) for issue in issues(case) if _removed(issue) or (_enforced(issue) and not edited)), None) or _by_row(case, edited=edited)
    return Guard("enforcement", {"said": said}) if said else None


def of_restriction(case: Case) -> Guard | None:
    """The seller may not list it now, by Amazon's answer, by its issue, or as entered."""
    entered = case.notes.restrictions.get(case.sku)
    code = case.row.get("live_restriction_code") or case.row.get("restriction_code") or (entered.code if entered else None)
    if code is None and any(issue.get("severity") == "ERROR" and "QUALIFICATION_REQUIRED" in strings(issue, "categories") for issue in issues(case)):
        code = "QUALIFICATION_REQUIRED"
    return Guard("restricted", {"code": str(code)}) if code else None


def _enforced(issue: Mapping[str, Any]) -> bool:
    """The listing is suppressed for anything but what the seller mends by writing.

    A suppression without a category, or of one never seen, counts as an enforcement: relisting into one makes it worse.
    """
    categories = set(strings(issue, "categories"))
    return "LISTING_SUPPRESSED" in actions(issue) and not (categories and categories <= set(table("curing")["enforcement"]["mendable"]))


def _removed(issue: Mapping[str, Any]) -> bool:
    return "CATALOG_ITEM_REMOVED" in actions(issue)


def _by_row(case: Case, *, edited: bool) -> str | None:
    """What the reports say of an enforcement."""
    row = case.row
    if row.get("symptom_kind") == "enforcement" and not edited:
        return str(row.get("said") or row.get("symptom"))
    category = row.get("issue_category")
    return str(row.get("issue_text") or category) if category in {"RESTRICTED", "CATALOG_ITEM_REMOVED"} else None


def _deletion_asked(case: Case) -> bool:
    """Amazon asks for the deletion itself, once the units have gone."""
    cause = catalogue().causes.get(str(case.row.get("cause")))
    return cause is not None and "delete-listing" in (*cause.after, *cause.remedies)


def _said(issue: Mapping[str, Any]) -> str:
    return str(issue.get("message") or issue.get("code") or "?")
