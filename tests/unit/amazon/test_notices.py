"""Notices: read from either channel, however deep they are wrapped; what is none is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refloat.amazon.notices import Notice, messages, notices

US, DE = "ATVPDKIKX0DER", "A1PA6795UKMFR9"
STATUS = {
    "version": "0", "detail-type": "LISTINGS_ITEM_STATUS_CHANGE", "source": "aws.partner/sellingpartnerapi.amazon.com/sample",
    "detail": {
        "NotificationVersion": "1.0", "NotificationType": "LISTINGS_ITEM_STATUS_CHANGE", "EventTime": "2026-11-22T09:00:00.000Z",
        "Payload": {"SellerId": "A1SAMPLESELLER", "MarketplaceId": US, "Asin": "B0SAMPLE01", "Sku": "CUP", "Status": ["DISCOVERABLE"]},
    },
}  # fmt: skip
QUANTITY = {"NotificationType": "LISTINGS_ITEM_MFN_QUANTITY_CHANGE", "Payload": {"SellerId": "A1SAMPLESELLER", "FulfillmentChannelCode": "DEFAULT", "Sku": "CUP", "Quantity": 3}}
STOCK = {
    "NotificationType": "FBA_INVENTORY_AVAILABILITY_CHANGES",
    "Payload": {"SellerId": "A1SAMPLESELLER", "FNSKU": "X00SAMPL01", "ASIN": "B0SAMPLE01", "SKU": "CUP", "FulfillmentInventoryByMarketplace": [{"MarketplaceId": US}, {"MarketplaceId": DE}]},
}
REPORT = {"notificationType": "REPORT_PROCESSING_FINISHED", "payload": {"reportProcessingFinishedNotification": {"sellerId": "A1SAMPLESELLER", "reportType": "GET_STRANDED_INVENTORY_UI_DATA"}}}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (STATUS, [Notice("LISTINGS_ITEM_STATUS_CHANGE", "A1SAMPLESELLER", "US", "CUP", "B0SAMPLE01")]),
        (QUANTITY, [Notice("LISTINGS_ITEM_MFN_QUANTITY_CHANGE", "A1SAMPLESELLER", None, "CUP", None)]),
        (STOCK, [Notice("FBA_INVENTORY_AVAILABILITY_CHANGES", "A1SAMPLESELLER", place, "CUP", "B0SAMPLE01") for place in ("US", "DE")]),
        (REPORT, [Notice("REPORT_PROCESSING_FINISHED", "A1SAMPLESELLER", None, None, None)]),
        ({"Type": "Notification", "Message": json.dumps(QUANTITY)}, [Notice("LISTINGS_ITEM_MFN_QUANTITY_CHANGE", "A1SAMPLESELLER", None, "CUP", None)]),
        ({"MessageId": "1", "Body": json.dumps(STATUS)}, [Notice("LISTINGS_ITEM_STATUS_CHANGE", "A1SAMPLESELLER", "US", "CUP", "B0SAMPLE01")]),
    ],
    ids=["EventBridge", "no marketplace", "one a marketplace", "camelCase", "behind a topic", "as the queue gives it"],
)
def test_both_channels_are_read(body: dict[str, Any], found: list[Notice]) -> None:
    """PascalCase and camelCase, bare and wrapped."""
    assert notices(json.dumps(body)) == found


@pytest.mark.parametrize("text", ["", "no json", "[]", "null", "{}", '{"NotificationType": "X"}', '{"NotificationType": 3, "Payload": {"Sku": "CUP"}}', "[" * 100_000])
def test_what_is_no_notice_is_none(text: str) -> None:
    """Nothing is guessed, and nothing breaks."""
    assert notices(text) == []


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["detail", "Body", "Payload", "NotificationType", "Sku"]), inner, max_size=4),
    )
)
def test_no_message_breaks_the_reading(body: object) -> None:
    """Whatever the queue holds, the others are still read."""
    assert all(isinstance(notice, Notice) for notice in notices(json.dumps(body)))


def test_messages_come_one_a_line_or_as_the_aws_command_prints_them() -> None:
    """Both forms give the same messages."""
    rows = [{"MessageId": "1", "Body": json.dumps(STATUS)}, {"MessageId": "2", "Body": json.dumps(QUANTITY)}]
    printed, lines = json.dumps({"Messages": rows}, indent=2), "\n".join(map(json.dumps, rows)) + "\n\n"
    assert [notices(one) for one in messages(printed)] == [notices(one) for one in messages(lines)] == [notices(json.dumps(STATUS)), notices(json.dumps(QUANTITY))]
    assert list(messages("")) == []
