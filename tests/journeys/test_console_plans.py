"""From chosen rows to proven cures at the pages: choose, plan, approve, carry out, verdict; each ends by reading the simulator's world."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.console_desk import ACCOUNT, Desk, served
from tests.console_plans import US, approve, carried_out, chosen, days, person, planned, stranded, writes

from refloat.app.policies import enter_policy, in_force
from refloat.app.unattended import act_by_policy
from refloat.simulator.rules import reasons


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("console-plans"), skus=200, stranded=0.6, reasons=("Listing closed", "Merchant fulfilled", "Missing price", "Expired product")) as desk:
        yield desk


def _open(desk: Desk, cause: str = "listing-closed") -> tuple[int, str]:
    """A stranding that nobody has planned for yet."""
    deeds = {sku for _, sku in desk.store.plans.of_strandings(ACCOUNT)}
    return next((number, sku) for number, sku in stranded(desk, cause).items() if sku not in deeds)


def test_from_a_chosen_row_to_a_proven_cure(desk: Desk) -> None:
    """Relist one: ticked, planned, approved, carried out; the world has the offer again, and a later look proves it."""
    number, sku = _open(desk)
    plan = planned(chosen(desk.visitor, "relist", [number]))
    assert [(one.sku, one.remedy) for one in desk.store.plans.get(plan).actions] == [(sku, "relist-offer")]
    assert writes(desk, sku) == 0, "planning sends nothing"
    assert "Approved by" in approve(desk, plan).text
    run = carried_out(desk, plan)
    assert (run.how, run.by) == ("done", "sample-owner")
    assert writes(desk, sku) == 1
    days(desk, 1.5)
    assert reasons.stranded(desk.world, desk.seller.id, US, sku) is None
    assert [deed.verdict for deed in desk.store.plans.judged(ACCOUNT) if deed.sku == sku] == ["cured"]
    assert "cured" in desk.visitor.get(f"/plans/{plan}/").text
    assert plan in desk.visitor.get("/plans/").text


def test_change_to_fba_of_what_matches(desk: Desk) -> None:
    """The question itself is sent, not the rows: everything of the cause changes its channel."""
    skus = set(stranded(desk, "merchant-fulfilled").values())
    plan = planned(chosen(desk.visitor, "change", all="yes", cause="merchant-fulfilled"))
    kept = desk.store.plans.get(plan)
    assert {one.sku for one in (*kept.actions, *kept.left_alone)} == skus
    approve(desk, plan)
    assert carried_out(desk, plan).how == "done"
    assert {sku for sku in skus if writes(desk, sku) == 1} == {one.sku for one in kept.actions} != set()


def test_a_viewer_sees_and_changes_nothing(desk: Desk) -> None:
    """Neither the table's buttons nor the plan's are there, and what is posted all the same is refused."""
    number, sku = _open(desk)
    viewer, operator = person(desk, "V. Sample", "viewer"), person(desk, "O. Sample", "operator")
    assert 'name="what"' not in viewer.get("/strandings/").text
    assert chosen(viewer, "relist", [number]).status_code == 403
    plan = planned(chosen(operator, "relist", [number]))
    assert "Approve all" not in operator.get(f"/plans/{plan}/").text
    for visitor in (viewer, operator):
        assert approve(desk, plan, visitor).status_code == 403
        assert visitor.post(f"/plans/{plan}/carry-out/", seen=f"/plans/{plan}/").status_code == 403
        assert visitor.post(f"/plans/{plan}/reject/", {"which": "all", "why": "no"}, seen=f"/plans/{plan}/").status_code == 403
    assert viewer.post(f"/plans/{plan}/undo/", {"which": "all"}, seen=f"/plans/{plan}/").status_code == 403
    assert desk.store.plans.consents(plan) == ()
    assert desk.store.asking.refusals(plan) == {}
    assert writes(desk, sku) == 0


def test_another_accounts_plan_is_not_there(desk: Desk) -> None:
    """Who has no role for the account does not even learn that there is such a plan."""
    plan = planned(chosen(desk.visitor, "relist", [_open(desk)[0]]))
    from refloat.store.models import Account

    Account.objects.get_or_create(name="Other Sample", defaults={"region": "NA", "seller_id": "A2OTHER", "added_at": desk.clock.now(), "sealed": b""})
    stranger = person(desk, "S. Sample", "admin", "Other Sample")
    assert stranger.get(f"/plans/{plan}/").status_code == 404
    assert stranger.get(f"/plans/{plan}/going/").status_code == 404
    assert plan not in stranger.get("/plans/").text
    assert approve(desk, plan, stranger).status_code == 404


def test_a_plan_that_is_too_old_is_refused_with_its_reason(desk: Desk) -> None:
    """Approved in time and carried out too late: nothing is sent, and the page says why; nor can it be approved any more."""
    number, sku = _open(desk)
    late, never = (planned(chosen(desk.visitor, "relist", [number])) for _ in range(2))
    approve(desk, late)
    with desk.simulator.lock:
        desk.world.advance(timedelta(hours=25))
    run = carried_out(desk, late)
    assert run.how == "refused"
    assert "too old" in desk.visitor.get(f"/plans/{late}/").text
    assert approve(desk, never).status_code == 409
    assert desk.store.plans.consents(never) == ()
    assert writes(desk, sku) == 0
    desk.look()


def test_undo_puts_back_what_was_written(desk: Desk) -> None:
    """A plan of undoing, approved like any other; the world's offer is closed again."""
    number, sku = _open(desk)
    plan = planned(chosen(desk.visitor, "relist", [number]))
    approve(desk, plan)
    carried_out(desk, plan)
    assert reasons.stranded(desk.world, desk.seller.id, US, sku) is None
    back = planned(desk.visitor.post(f"/plans/{plan}/undo/", {"which": "all"}, seen=f"/plans/{plan}/"))
    assert back == f"{plan}-undo1"
    approve(desk, back)
    assert carried_out(desk, back).how == "done"
    assert reasons.stranded(desk.world, desk.seller.id, US, sku) is not None
    assert desk.store.ledger(ACCOUNT).deeds(plan)["US-0001"].stage == "undone"


def test_what_is_rejected_is_on_record_and_not_proposed_again(desk: Desk) -> None:
    """With a reason, or not at all; the loop's next proposal leaves it out and says who refused it, and it can be approved no more."""
    desk.look()
    first = act_by_policy(desk.store, ACCOUNT, clock=desk.clock).proposal
    assert first is not None
    kept = desk.store.plans.get(first)
    one = kept.actions[0]
    assert desk.visitor.post(f"/plans/{first}/reject/", {"which": "ticked", "action": one.id, "why": " "}, seen=f"/plans/{first}/").status_code == 422
    desk.visitor.post(f"/plans/{first}/reject/", {"which": "ticked", "action": one.id, "why": "The season is over"}, seen=f"/plans/{first}/")
    assert [(row.by, row.why) for row in desk.store.asking.refusals(first).values()] == [("sample-owner", "The season is over")]
    assert any(entry.kind == "refused" and entry.body["why"] == "The season is over" for entry in desk.store.journal.entries(ACCOUNT, ""))
    again = act_by_policy(desk.store, ACCOUNT, clock=desk.clock).proposal
    assert again not in {None, first}
    after = desk.store.plans.get(str(again))
    assert one.sku not in {action.sku for action in after.actions}
    assert {left.guard.facts["why"] for left in after.left_alone if left.guard.name == "refused"} == {"The season is over"}
    approve(desk, first)
    assert one.id not in (desk.store.plans.consents(first)[0].actions or ())
    assert act_by_policy(desk.store, ACCOUNT, clock=desk.clock).proposal == again, "the same stays the same plan"


def test_two_people_where_the_policy_says_so(desk: Desk) -> None:
    """The same person twice does not count, the page says who is missing, and nothing is sent before the second has spoken."""
    enter_policy(desk.store, ACCOUNT, '[consent]\napprovers = ["A. Sample", "B. Sample"]\ntwo_people_above = { USD = 1 }\n', "sample-owner", desk.clock.now())
    try:
        number, _sku = _open(desk)
        first, second = person(desk, "A. Sample", "approver"), person(desk, "B. Sample", "approver")
        plan = planned(chosen(desk.visitor, "removal", [number], disposition="Disposal", sure="yes"))
        count = str(len(desk.store.plans.get(plan).actions))
        assert count == "1"
        assert approve(desk, plan, desk.visitor, sure=count).status_code == 409, "an admin whom the policy does not name"
        assert "cannot be undone" in approve(desk, plan, first).text, "asked once more, in words"
        assert desk.store.plans.consents(plan) == ()
        for _ in range(2):
            approve(desk, plan, first, sure=count)
        page = first.get(f"/plans/{plan}/").text
        assert "the same person twice does not count" in page
        assert "B. Sample" in page
        before = len([line for line in desk.world.history if " removal-ordered " in line])
        assert desk.store.runs.newest(plan) is None
        assert carried_out(desk, plan, first).how == "refused"
        assert carried_out(desk, plan, first).how == "refused"
        assert len([line for line in desk.world.history if " removal-ordered " in line]) == before
        approve(desk, plan, second, sure=count)
        assert carried_out(desk, plan, second).how == "done"
        assert len([line for line in desk.world.history if " removal-ordered " in line]) > before
    finally:
        enter_policy(desk.store, ACCOUNT, "[relist]\nautomatic = false\n", "sample-owner", desk.clock.now())
    assert in_force(desk.store, ACCOUNT).policy.consent.approvers == ()


def test_a_removal_of_everything_asks_twice_and_only_plans(desk: Desk) -> None:
    """In words and numbers first, then the number typed; Amazon hears nothing of it."""
    before = len(desk.world.history)
    first = chosen(desk.visitor, "removal", all="yes", cause="expired-product")
    assert "cannot be undone" in first.text
    second = chosen(desk.visitor, "removal", all="yes", cause="expired-product", disposition="Disposal")
    assert ("Remove everything that matches?" in second.text, "Worth" in second.text, ACCOUNT in second.text) == (True, True, True)
    assert chosen(desk.visitor, "removal", all="yes", cause="expired-product", disposition="Disposal", sure="7777").status_code == 422
    number = re.search(r"Type the number of SKUs, (\d+)", second.text)
    assert number
    plan = planned(chosen(desk.visitor, "removal", all="yes", cause="expired-product", disposition="Disposal", sure=number[1]))
    assert desk.store.plans.get(plan).actions
    assert not [line for line in desk.world.history[before:] if " removal-ordered " in line]


def test_what_is_unknown_of_a_removal_is_said_and_not_left_out(desk: Desk) -> None:
    """Units and worth that nobody knows are no none: before everything goes, it is told of how many SKUs they are not in the numbers."""
    from refloat.store.models import OpenFinding

    own = OpenFinding.objects.filter(cause="expired-product", counted=True, units_stranded__isnull=False, worth_amount__isnull=False)
    (number, units, worth), unknown = own.values_list("id", "units_stranded", "worth_amount")[0], "1 SKU whose {} unknown"
    texts = [chosen(desk.visitor, "removal", all="yes", cause="expired-product", disposition="Disposal").text]
    OpenFinding.objects.filter(pk=number).update(units_stranded=None, worth_amount=None)
    try:
        texts += [chosen(desk.visitor, "removal", all="yes", cause="expired-product", **more).text for more in ({"disposition": "Disposal"}, {})]
    finally:
        OpenFinding.objects.filter(pk=number).update(units_stranded=units, worth_amount=worth)
    for text, told in zip(texts, (False, True, True), strict=True):
        assert [unknown.format(what) in text for what in ("units are", "worth is")] == [told, told]
