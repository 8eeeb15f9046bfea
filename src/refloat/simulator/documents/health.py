"""GET_V2_SELLER_PERFORMANCE_REPORT: account health as JSON (Amazon's schema accountHealthReport-2020-11-18)."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from refloat.simulator.documents.asked import Asked
from refloat.simulator.nouns.catalogue import Enforcement

#: The metric that counts an enforcement, by its ground; other grounds count as other policy violations.
_COUNTED = {
    "restricted-products": "restrictedProductPolicyViolations",
    "restricted-product": "restrictedProductPolicyViolations",
    "trademark": "receivedIntellectualPropertyComplaints",
    "food-safety": "foodAndProductSafetyIssues",
    "product-safety": "foodAndProductSafetyIssues",
    "recall": "productSafetyCustomerComplaints",
    "block": "listingPolicyViolations",
}
_VIOLATIONS = (
    "listingPolicyViolations", "productAuthenticityCustomerComplaints", "productConditionCustomerComplaints", "productSafetyCustomerComplaints",
    "receivedIntellectualPropertyComplaints", "restrictedProductPolicyViolations", "suspectedIntellectualPropertyViolations",
    "foodAndProductSafetyIssues", "otherPolicyViolations", "documentRequests",
)  # fmt: skip


def text(asked: Asked) -> str:
    """The whole document."""
    seller = asked.world.sellers[asked.seller_id]
    return json.dumps({
        "accountStatuses": [{"marketplaceId": marketplace_id, "status": seller.account_status} for marketplace_id in asked.marketplace_ids],
        "performanceMetrics": [_metrics(asked, marketplace_id) for marketplace_id in asked.marketplace_ids],
    }, ensure_ascii=False)  # fmt: skip


def _metrics(asked: Asked, marketplace_id: str) -> dict[str, Any]:
    now = asked.world.now
    suspended = asked.world.sellers[asked.seller_id].account_status != "NORMAL"
    return {
        "marketplaceId": marketplace_id,
        **_of_orders(now),
        "warningStates": [{"warningType": "accountHealth", "status": "BAD"}] if suspended else [],
        "accountHealthRating": {"ahrStatus": _rating(suspended), "accountHealthRatingStatus": _rating(suspended), "reportingDateRange": _range(now, 180)},
        **_violations(asked, marketplace_id),
    }


def _rating(suspended: bool) -> str:
    return "WARNED" if suspended else "GREAT"


def _of_orders(now: datetime) -> dict[str, Any]:
    """The metrics of orders that the seller ships: this world's are shipped by Amazon, so that they are all at rest."""
    none = {"count": 0, "status": "NONE"}
    defects = {**_rate(now, 60, 0.01), "orderWithDefects": none, "claims": none, "chargebacks": none, "negativeFeedback": none}
    return {
        "invoiceDefectRate": {**_rate(now, 7, 0.05), "invoiceDefect": none, "missingInvoice": none, "lateInvoice": none},
        "lateShipmentRate": {**_rate(now, 30, 0.04), "lateShipmentCount": 0},
        "orderDefectRate": {"mfn": {**defects, "fulfillmentType": "mfn"}, "afn": {**defects, "fulfillmentType": "afn"}},
        "onTimeDeliveryRate": {**_rate(now, 30, 0.9, "GREATER_THAN"), "shipmentCountWithValidTracking": 0, "onTimeDeliveryCount": 0},
        "unitOnTimeDeliveryRate": {**_rate(now, 30, 0.9, "GREATER_THAN"), "unitOnTimeDeliveryCount": 0, "totalUnitCount": 0},
        "validTrackingRate": {**_rate(now, 30, 0.95, "GREATER_THAN"), "shipmentCount": 0, "validTrackingCount": 0},
        "preFulfillmentCancellationRate": {**_rate(now, 7, 0.025), "cancellationCount": 0},
    }


def _rate(now: datetime, days: int, target: float, rule: str = "LESS_THAN") -> dict[str, Any]:
    return {"reportingDateRange": _range(now, days), "orderCount": 0, "status": "NONE", "rate": 0, "targetValue": target, "targetCondition": rule}


def _range(now: datetime, days: int) -> dict[str, str]:
    last = now - timedelta(days=1)
    return {"reportingDateFrom": f"{last - timedelta(days=days - 1):%Y-%m-%d}T00:00Z", "reportingDateTo": f"{last:%Y-%m-%d}T23:59Z"}


def _violations(asked: Asked, marketplace_id: str) -> dict[str, Any]:
    counted = Counter(_COUNTED.get(one.ground, "otherPolicyViolations") for one in _enforcements(asked, marketplace_id))
    return {
        name: {
            "reportingDateRange": _range(asked.world.now, 180),
            "defectsCount": counted[name],
            "status": "BAD" if counted[name] else "GOOD",
            "targetValue": 0,
            "targetCondition": "EQUALS",
        }
        for name in _VIOLATIONS
    }


def _enforcements(asked: Asked, marketplace_id: str) -> list[Enforcement]:
    """What is in force against the ASINs that the seller has stock of."""
    asins = {stock.asin for stock in asked.world.stocks_of(asked.seller_id, marketplace_id)}
    entries = (asked.world.entry(marketplace_id, asin) for asin in sorted(asins))
    return [one for entry in entries if entry for one in entry.enforcements if one.lifted_at is None and one.seller_id in {None, asked.seller_id}]
