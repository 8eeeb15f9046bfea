"""Listings Items API 2021-08-01, as far as it writes: patch, put, delete, and the preview of the first two.

Amazon's page: developer-docs.amazon.com/sp-api/docs/listings-items-api-v2021-08-01-reference. One marketplace a
call: with several, one of them may be refused and the others not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from refloat.amazon.listings import where
from refloat.amazon.protocol import MisshapenError, Request, held, held_or_none, marketplace_id, only_objects
from refloat.errors import WrongUse
from refloat.model.cure import Change, Patch
from refloat.model.ports import Submission

#: Previews have a bucket of their own, beside that of put or patch.
_PREVIEW = "validationPreview"


def submit(seller_id: str, sku: str, marketplace: str, change: Change) -> Request:
    """patchListingsItem, putListingsItem or deleteListingsItem, as the change says.

    Raises:
        WrongUse: it is no change of a listing.
    """
    path, query = where(seller_id, sku), {"marketplaceIds": marketplace_id(marketplace)}
    if change.kind == "delete":
        return Request("deleteListingsItem", "DELETE", path, query, writes=True)
    # Without this, Amazon gives no more than the issues for which it refuses; its warnings are worth reading too.
    query["includedData"] = "issues"
    if change.kind == "patch":
        return Request("patchListingsItem", "PATCH", path, query, content(change), writes=True)
    return Request("putListingsItem", "PUT", path, query, content(change), writes=True)


def preview(seller_id: str, sku: str, marketplace: str, change: Change) -> Request:
    """The same request, to be looked at only: nothing is done, so it may be asked again like any read.

    Raises:
        WrongUse: it is no patch and no put; Amazon shows no others.
    """
    if change.kind == "delete":
        raise _not_shown(change.kind)
    asked = submit(seller_id, sku, marketplace, change)
    return replace(asked, query={**asked.query, "mode": "VALIDATION_PREVIEW"}, writes=False, bucket=_PREVIEW)


def content(change: Change) -> Mapping[str, Any]:
    """What a patch or a put says of the listing.

    Raises:
        WrongUse: it is neither.
    """
    if change.kind == "patch":
        return {"productType": change.product_type, "patches": [_patch(one) for one in change.patches]}
    if change.kind != "put":
        raise _not_shown(change.kind)
    requirements = {"requirements": change.requirements} if change.requirements else {}
    return {"productType": change.product_type, **requirements, "attributes": {one.attribute: one.after for one in change.patches}}


def submitted(body: Any) -> Submission:
    """What Amazon says to a write: ACCEPTED or INVALID."""
    return _read(body, {"ACCEPTED", "INVALID"})


def previewed(body: Any) -> Submission:
    """What Amazon says to a preview: VALID or INVALID. ACCEPTED would mean that it was done after all."""
    return _read(body, {"VALID", "INVALID"})


def _patch(patch: Patch) -> dict[str, Any]:
    """One operation on one whole attribute; Amazon knows no deeper path."""
    path = f"/attributes/{patch.attribute}"
    if patch.op != "delete" and patch.after:
        return {"op": patch.op, "path": path, "value": patch.after}
    # An empty array is refused, so what shall be empty is deleted. Amazon deletes the elements that it is shown,
    # told apart by their selectors; an attribute of which we have none to show goes as a whole.
    goes = [element for element in patch.before or [] if element not in (patch.after or [])]
    return {"op": "delete", "path": path, **({"value": goes} if goes else {})}


def _read(body: Any, stages: set[str]) -> Submission:
    stage = held(body, "status", str)
    if stage not in stages:
        raise MisshapenError(f"“{stage[:40]}” is no answer to this")
    issues = only_objects(held_or_none(body, "issues", list) or [])
    return Submission(stage, tuple(dict(issue) for issue in issues), held_or_none(body, "submissionId", str))


def _not_shown(kind: str) -> WrongUse:
    return WrongUse(
        "A change of the kind {kind} does not go this way.",
        why="A listing is patched, put or deleted; Amazon previews a patch or a put; units are removed by a feed of their own.",
        todo="This is a mistake of ours: report it to us.",
        kind=kind,
    )
