"""Single writes and their preview: what is asked, and what is made of the answer."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.amazon.fakes import CREDENTIALS, US, Amazon, World, answer

from refloat.amazon import writing
from refloat.amazon.calls import account_key
from refloat.amazon.limits import pace
from refloat.amazon.protocol import MisshapenError
from refloat.errors import AnswerNotUnderstood, WrongUse
from refloat.model.cure import Change, Patch, Removal
from refloat.model.ports import Submission

SELLER = "A1MADEUPSELLER"
OFFER = [{"marketplace_id": US, "audience": "ALL", "our_price": [{"schedule": [{"value_with_tax": 21.5}]}]}]
B2B = [{"marketplace_id": US, "audience": "B2B"}]
RELIST = Change("patch", "LUGGAGE", (Patch("purchasable_offer", None, OFFER),))
NEW = Change("put", "PRODUCT", (Patch("condition_type", None, [{"value": "new_new"}]), Patch("purchasable_offer", None, OFFER)), "LISTING_OFFER_ONLY")
DELETE = Change("delete")
ISSUE = {"code": "90220", "message": "'batteries_required' is required but not supplied.", "severity": "ERROR", "attributeNames": ["batteries_required"], "somethingNew": {"a": [1]}}


def test_a_patch_names_each_attribute_as_a_whole() -> None:
    """One marketplace, the product type, operations on /attributes/NAME; it writes, so it is asked once."""
    request = writing.submit(SELLER, "A/B #1", "US", RELIST)
    assert (request.operation, request.method, request.path) == ("patchListingsItem", "PATCH", f"/listings/2021-08-01/items/{SELLER}/A%2FB%20%231")
    assert request.query == {"marketplaceIds": US, "includedData": "issues"}
    assert request.body == {"productType": "LUGGAGE", "patches": [{"op": "replace", "path": "/attributes/purchasable_offer", "value": OFFER}]}
    assert (request.writes, request.bucket) == (True, None)


@pytest.mark.parametrize(
    ("patch", "sent"),
    [
        (Patch("a", OFFER, OFFER + B2B), {"op": "replace", "value": OFFER + B2B}),
        (Patch("a", None, OFFER, "merge"), {"op": "merge", "value": OFFER}),
        (Patch("a", OFFER, None, "delete"), {"op": "delete", "value": OFFER}),
        (Patch("a", OFFER, None), {"op": "delete", "value": OFFER}),
        (Patch("a", OFFER, []), {"op": "delete", "value": OFFER}),
        (Patch("a", OFFER + B2B, OFFER, "delete"), {"op": "delete", "value": B2B}),
        (Patch("a", None, None, "delete"), {"op": "delete"}),
    ],
)
def test_what_goes_is_deleted_by_what_it_was(patch: Patch, sent: dict[str, Any]) -> None:
    """Amazon refuses an empty array, and deletes the elements that it is shown; the others stay."""
    assert writing.content(Change("patch", patches=(patch,)))["patches"] == [{"path": "/attributes/a", **sent}]


def test_a_put_says_all_attributes_and_what_it_promises() -> None:
    """Offer only, where the change says so; else Amazon's own default."""
    request = writing.submit(SELLER, "NEW-1", "US", NEW)
    assert (request.operation, request.method, request.writes) == ("putListingsItem", "PUT", True)
    assert request.body == {"productType": "PRODUCT", "requirements": "LISTING_OFFER_ONLY", "attributes": {"condition_type": [{"value": "new_new"}], "purchasable_offer": OFFER}}
    assert "requirements" not in writing.content(Change("put", patches=NEW.patches))


def test_a_delete_says_nothing_but_where() -> None:
    """No body, one marketplace."""
    request = writing.submit(SELLER, "A", "US", DELETE)
    assert (request.operation, request.method, request.query, request.body, request.writes) == ("deleteListingsItem", "DELETE", {"marketplaceIds": US}, None, True)


@pytest.mark.parametrize("change", [RELIST, NEW])
def test_a_preview_is_the_same_request_as_a_read(change: Change) -> None:
    """What is looked at is what is sent later; it changes nothing, so it may be tried again, and it has a bucket of its own."""
    real, shown = writing.submit(SELLER, "A", "US", change), writing.preview(SELLER, "A", "US", change)
    assert (shown.operation, shown.method, shown.path, shown.body) == (real.operation, real.method, real.path, real.body)
    assert shown.query == {**real.query, "mode": "VALIDATION_PREVIEW"}
    assert (shown.writes, shown.bucket) == (False, "validationPreview")
    assert pace("validationPreview") == (1, 1)


def test_a_preview_waits_in_both_buckets() -> None:
    """Amazon counts it as a patch and as a preview; the rate that the answer names is that of the patch."""
    world = World(Amazon(patchListingsItem=answer({"sku": "A", "status": "VALID", "submissionId": "1"}, **{"x-amzn-ratelimit-limit": "5.0"})))
    world.writer.preview("A", "US", RELIST)
    assert [operation for _, operation, _, _ in world.gate.reserved] == ["validationPreview", "patchListingsItem"]
    assert [(account, operation) for account, operation, _ in world.gate.rates] == [(account_key(CREDENTIALS), "patchListingsItem")]
    assert world.line.calls == {"token": 1, "validationPreview": 1}


@pytest.mark.parametrize("change", [DELETE, Change("removal", removal=Removal("Disposal", 1, 0))])
def test_what_amazon_does_not_preview_is_not_asked(change: Change) -> None:
    """A deletion has no preview; a removal is no change of a listing at all."""
    world = World(Amazon())
    with pytest.raises(WrongUse, match=change.kind):
        world.writer.preview("A", "US", change)
    with pytest.raises(WrongUse, match="removal"):
        world.writer.submit("A", "US", Change("removal"))
    assert world.amazon.requests == []


def test_issues_come_word_for_word() -> None:
    """Unknown keys included; the submission's id and that of the call."""
    for stage in ("ACCEPTED", "INVALID"):
        world = World(Amazon(patchListingsItem=answer({"sku": "A", "status": stage, "submissionId": "made-up-1", "issues": [ISSUE]})))
        assert world.writer.submit("A", "US", RELIST) == Submission(stage, (ISSUE,), "made-up-1", "made-up-request")


def test_an_answer_may_be_bare() -> None:
    """Without issues, without an id."""
    assert writing.submitted({"sku": "A", "status": "ACCEPTED", "issues": None}) == Submission("ACCEPTED")
    assert writing.previewed({"status": "VALID"}).accepted
    assert not writing.previewed({"status": "INVALID", "issues": []}).accepted


@pytest.mark.parametrize("body", [{}, [], None, {"status": 1}, {"status": "PENDING"}, {"status": "ACCEPTED", "issues": {}}, {"status": "ACCEPTED", "issues": ["x"]}])
def test_an_answer_of_another_shape_is_not_understood(body: object) -> None:
    """Neither accepted nor refused may be assumed."""
    with pytest.raises(MisshapenError):
        writing.submitted(body)


def test_a_preview_that_was_done_is_not_taken_for_one() -> None:
    """ACCEPTED would say that the mode was overlooked, VALID that a write was."""
    world = World(Amazon(patchListingsItem=[answer({"status": "ACCEPTED"}), answer({"status": "VALID"})]))
    with pytest.raises(AnswerNotUnderstood, match="ACCEPTED"):
        world.writer.preview("A", "US", RELIST)
    with pytest.raises(AnswerNotUnderstood, match="VALID"):
        world.writer.submit("A", "US", RELIST)
