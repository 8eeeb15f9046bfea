"""A long play lets go of documents that nobody will fetch any more."""

from __future__ import annotations

from datetime import timedelta

from refloat.simulator import seeding
from refloat.simulator.seeding.seller import SELLER_ID
from refloat.simulator.wire import report_lives, stored, tidying
from refloat.simulator.wire.report_lives import Report
from refloat.simulator.world import World

US = "ATVPDKIKX0DER"


def asked(world: World, name: str) -> Report:
    report = Report(name, SELLER_ID, "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA", (US,), world.now)
    report_lives.queue(world, report)
    world.advance(timedelta(minutes=10))
    return report


def test_old_reports_and_their_documents_go_and_newer_ones_stay() -> None:
    world = seeding.seeded(skus=20)
    old = asked(world, "1")
    world.advance(timedelta(days=3))
    new = asked(world, "2")
    assert {old.document_id, new.document_id} <= set(stored.documents(world))
    tidying.forget_before(world, world.now - timedelta(days=2))
    assert set(report_lives.reports_of(world, SELLER_ID)) == {"2"}
    assert old.document_id not in stored.documents(world)
    assert new.document_id in stored.documents(world)


def test_a_document_that_a_newer_report_was_given_again_stays() -> None:
    """Amazon gives the same document twice; it goes with the last report that has it."""
    world = seeding.seeded(skus=20)
    old, new = asked(world, "1"), asked(world, "2")
    assert old.document_id == new.document_id
    assert old.ended_at is not None
    tidying.forget_before(world, old.ended_at + timedelta(seconds=1))
    assert set(report_lives.reports_of(world, SELLER_ID)) == {"2"}
    assert new.document_id in stored.documents(world)
