"""People at the console, and what they do with plans: for journeys that need more than one of them."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.console_desk import ACCOUNT, Desk, Visitor

from refloat.app.planning import PlanQuestion, plan_account
from refloat.loop.removing import FEED_TYPE
from refloat.model.ports import Note, SentFeed
from refloat.store import RunRow

US = "ATVPDKIKX0DER"


def person(desk: Desk, name: str, role: str, account: str | None = ACCOUNT) -> Visitor:
    """A person of that role, signed in; of every account where ``account`` is None."""
    from refloat.store.models import Account, Person, Role

    email = f"{name.lower().replace(' ', '-').replace('.', '')}@sample.example"
    made, _ = Person.objects.get_or_create(email=email, defaults={"name": name, "added_at": datetime.now(UTC)})
    Role.objects.update_or_create(person=made, account=None if account is None else Account.objects.get(name=account), defaults={"role": role})
    return desk.newcomer(desk.link(email))


def stranded(desk: Desk, cause: str) -> dict[int, str]:
    """Finding → SKU of what is open with the cause."""
    return {row.id: row.sku for row in desk.store.strandings.open_strandings(ACCOUNT) if row.now.cause == cause}


def chosen(visitor: Visitor, what: str, ids: list[int] | None = None, **more: Any) -> Any:
    """Press a button of the table, for the ticked rows."""
    return visitor.post("/strandings/chosen/", {"what": what, **({"id": ids} if ids is not None else {}), **more}, seen="/strandings/")


def planned(answer: Any) -> str:
    """The plan at whose page the answer stands."""
    found = re.search(r"/plans/([^/]+)/$", str(answer.url))
    assert found, (str(answer.url), answer.text[:3000])
    return found[1]


def approve(desk: Desk, plan: str, visitor: Visitor | None = None, **more: Any) -> Any:
    """Say yes to all of a plan, or as ``more`` says."""
    fields = {"which": "all", "fingerprint": desk.store.plans.get(plan).fingerprint, **more}
    return (visitor or desk.visitor).post(f"/plans/{plan}/approve/", fields, seen=f"/plans/{plan}/")


def ended(desk: Desk, plan: str, seconds: float = 300) -> RunRow:
    """How the run ended, once it has."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        run = desk.store.runs.newest(plan)
        if run is not None and run.ended_at is not None:
            return run
        time.sleep(0.05)
    raise AssertionError("the run has not ended")


def carried_out(desk: Desk, plan: str, visitor: Visitor | None = None) -> RunRow:
    """Have it carried out, and wait for the end of that."""
    before = desk.store.runs.newest(plan)
    answer = (visitor or desk.visitor).post(f"/plans/{plan}/carry-out/", seen=f"/plans/{plan}/")
    assert answer.status_code == 200, answer.text
    run = ended(desk, plan)
    assert before is None or run.id != before.id
    settled(desk)
    return run


def settled(desk: Desk) -> None:
    """An hour goes by: what Amazon accepted takes effect some fifteen minutes later."""
    with desk.simulator.lock:
        desk.world.advance(timedelta(hours=1))


def days(desk: Desk, count: float) -> None:
    """Time goes by, and the account is looked at twice a day."""
    for _ in range(int(count * 2)):
        with desk.simulator.lock:
            desk.world.advance(timedelta(hours=12))
        desk.look()


def writes(desk: Desk, sku: str) -> int:
    """How often we have written to the world's listing of the SKU."""
    found = desk.world.listings.get((desk.seller.id, US, sku))
    return 0 if found is None else sum(at > desk.world.start and by == "api" for at, by, _names in found.writes)


def unclear_order(desk: Desk, stage: str = "unclear") -> tuple[str, str]:
    """(order id, SKU) of a removal whose answer was lost, as the loop leaves it on record; or, ``intended``, that Amazon still works on."""
    plan = plan_account(desk.store, PlanQuestion(ACCOUNT), clock=desk.clock)
    action = plan.actions[0]
    from refloat.store.models import PlannedAction

    # What a plan proposes here needs no removal; its row is made one, as the loop would have kept it.
    PlannedAction.objects.filter(plan_id=plan.id, name=action.id).update(remedy="create-removal")
    ledger, mark, now = desk.store.ledger(ACCOUNT), f"{plan.id}-R001", desk.clock.now()
    with desk.store.alone_with(ACCOUNT):
        ledger.feed_leaves(plan.id, SentFeed(mark, "US", FEED_TYPE, None, now, None, "IN_QUEUE", 1), [Note(action.id, "intent", "intended", 0, mark)])
        if stage == "unclear":
            ledger.note(plan.id, [Note(action.id, "unclear", "unclear")], now)
    return mark, action.sku
