"""Reading in the console where little is known or somebody means ill: hostile titles, no source, no price, no deadline, an order that is unclear."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.console_desk import ACCOUNT, Desk, Visitor, served
from tests.console_plans import US, unclear_order
from tests.plans import plan, removal

from refloat.loop.removing import FEED_TYPE
from refloat.model.ports import Note, SentFeed
from refloat.simulator.rules.removals import orders
from refloat.store import Conclusion, StrandingRow, Unsealed

OTHER = "Other <b>Harbour</b>"
TITLE = '</title><script>alert("t")</script>=1+1 \u202e'
SKU = 'A"><img src=x>/../7'


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("unknown"), skus=30) as desk:
        desk.store.accounts.add(OTHER, region="EU", seller_id="A0OTHER", unsealed=Unsealed("made-up-a", "made-up-b", "made-up-c"), at=desk.clock.now())
        yield desk


@pytest.fixture(scope="module")
def hostile(desk: Desk) -> StrandingRow:
    """A stranding of which only the record tells: no finding, no source, no price, no deadline, and nobody's good will."""
    now = desk.clock.now()
    desk.store.strandings.record(OTHER, "DE", [{"sku": SKU, "standing": "unknown", "title": TITLE, "asin": None, "said": "<i>Grund</i>"}], now, unknown=False)
    desk.store.show_findings(OTHER, "DE", None, now.date())
    return desk.store.strandings.open_strandings(OTHER)[0]


def _person(desk: Desk, account: str) -> Visitor:
    """Somebody who administers this account alone."""
    from django.utils import timezone

    from refloat.store.models import Account, Person, Role

    person, made = Person.objects.get_or_create(email="only@sample.example", defaults={"name": "Sample Only", "added_at": timezone.now()})
    if made:
        Role.objects.create(person=person, role="admin", account=Account.objects.get(name=account))
    return desk.newcomer(desk.link("only@sample.example"))


def test_what_is_unknown_is_called_so_and_nothing_hostile_runs(desk: Desk, hostile: StrandingRow) -> None:
    page = desk.visitor.get(f"/strandings/{hostile.id}/").text
    for text in ("units unknown", "unknown", "no date", "ASIN unknown", "FNSKU unknown", "No source is on record for this marketplace", "The last look has no row of it"):
        assert text in page, text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<i>Grund" not in page
    for path in ("/strandings/", f"/removals/?account={OTHER}", f"/journal/?account={OTHER}&sku={SKU}", "/tasks/"):
        answer = desk.visitor.get(path)
        assert answer.status_code == 200, path
        assert "<img src=x" not in answer.text
        assert "<b>Harbour" not in answer.text


def test_what_amazon_will_do_is_unknown_where_nobody_looked(desk: Desk) -> None:
    answer = desk.visitor.get(f"/removals/ahead/?account={OTHER}")
    assert (answer.status_code, "Nothing is on record of" in answer.text, "not the same as nothing" in answer.text) == (409, True, True)


def test_another_account_is_not_seen(desk: Desk, hostile: StrandingRow) -> None:
    own = _person(desk, ACCOUNT)
    mine = desk.store.strandings.open_strandings(ACCOUNT)[0]
    assert own.get(f"/strandings/{mine.id}/").status_code == 200
    assert own.get(f"/strandings/{hostile.id}/").status_code == 404
    assert own.get(f"/journal/?account={OTHER}").status_code == 404
    assert own.get(f"/removals/?account={OTHER}").status_code == 404
    assert own.post("/removals/take/", {"account": OTHER, "sku": SKU}, seen="/tasks/").status_code == 404
    assert "Harbour&lt;" not in own.get("/journal/").text


def test_a_closed_stranding_keeps_its_page(desk: Desk) -> None:
    now = desk.clock.now()
    rows = [{"sku": "CLOSED-1", "standing": "confirmed", "said": "Listing closed", "cause": "listing-closed", "remedy": "relist-offer", "units_fulfillable": 3, "title": "Cup"}]
    desk.store.strandings.record(OTHER, "FR", rows, now, unknown=False)
    desk.store.strandings.record(OTHER, "FR", [], now + timedelta(hours=1), unknown=False, concluded={"CLOSED-1": Conclusion("cleared", outcome="cured")})
    (episode,) = desk.store.strandings.history(OTHER, "CLOSED-1")
    page = desk.visitor.get(f"/strandings/{episode.id}/").text
    for text in ("Closed: cured", "Seen for the first time", "Amazon says: Listing closed", "CET", "timeline"):
        assert text in page, text


def test_an_unclear_order_is_settled_in_words_by_an_approver(desk: Desk) -> None:
    mark, sku = unclear_order(desk)
    assert mark in desk.visitor.get(f"/removals/?account={ACCOUNT}").text
    path = f"/removals/settle/?account={ACCOUNT}&order={mark}"
    assert sku in desk.visitor.get(path).text
    fields = {"account": ACCOUNT, "order": mark}
    for half in ({"made": "yes"}, {"made": "yes", "typed": "another"}, {"typed": mark}):
        answer = desk.visitor.post("/removals/settle/", fields | half, seen=path)
        assert (answer.status_code, desk.store.plans.removals(ACCOUNT, 5)[0].stage) == (422, "unclear")
    assert desk.visitor.post("/removals/settle/", fields | {"made": "no", "typed": mark}, seen=path).status_code == 200
    settled = desk.store.plans.removals(ACCOUNT, 5)[0]
    assert (settled.stage, settled.told["by"], settled.told["code"]) == ("refused", "sample-owner", "never-made")
    assert desk.visitor.get(path).status_code == 404


def test_an_unclear_order_stays_however_many_removals_are_planned_after_it(desk: Desk) -> None:
    """Until it is settled no other removal leaves, so it is named and can be settled whatever came later, with every SKU of it; and it stays ours."""
    skus = [f"LONG-{number:04}" for number in range(1, 231)]
    long = plan(*(removal(sku, number) for number, sku in enumerate(skus, 1)), id="20261122-0901-long", account=ACCOUNT)
    desk.store.plans.keep(long)
    ledger, mark, now = desk.store.ledger(ACCOUNT), f"{long.id}-R001", desk.clock.now()
    with desk.store.alone_with(ACCOUNT):
        ledger.feed_leaves(long.id, SentFeed(mark, "US", FEED_TYPE, None, now, None, "IN_QUEUE", 1), [Note(one.id, "intent", "intended", 0, mark) for one in long.actions])
        ledger.note(long.id, [Note(one.id, "unclear", "unclear") for one in long.actions], now)
    desk.store.plans.keep(plan(*(removal(f"NEW-{number:04}", number) for number in range(1, 251)), id="20261122-0902-newer", account=ACCOUNT))
    page = desk.visitor.get(f"/removals/?account={ACCOUNT}").text
    assert (f"{mark} · LONG-0001, " in page, "and 220 more" in page) == (True, True)
    path = f"/removals/settle/?account={ACCOUNT}&order={mark}"
    settling = desk.visitor.get(path)
    assert settling.status_code == 200
    assert [sku for sku in skus if sku not in settling.text] == []
    assert mark in desk.store.plans.removal_orders(ACCOUNT)
    assert desk.visitor.post("/removals/settle/", {"account": ACCOUNT, "order": mark, "made": "no", "typed": mark}, seen=path).status_code == 200
    assert {deed.stage for deed in ledger.deeds(long.id).values()} == {"refused"}
    assert mark not in desk.visitor.get(f"/removals/?account={ACCOUNT}").text
    assert [order for order in orders(desk.world, desk.seller.id, US) if order.order_id == mark] == []


def test_the_journal_is_asked_by_sku_kind_plan_and_day(desk: Desk) -> None:
    kinds = desk.store.journal.kinds((ACCOUNT,))
    observed = desk.visitor.get(f"/journal/?account={ACCOUNT}&kind=observed").text
    assert "observed" in kinds
    assert '<th scope="row">observed</th>' in observed
    now = desk.clock.now()
    desk.store.journal.append_all(OTHER, "IT", [("observed", {"sku": "MANY-1" if number % 2 else "MANY-2", "turn": number}) for number in range(120)], now)
    first = desk.visitor.get(f"/journal/?account={OTHER}&sku=MANY-1").text
    assert first.count("MANY-1 ") + first.count(">MANY-1") >= 50
    assert "MANY-2" not in first
    seen, address = list[int](), f"?account={OTHER}&marketplace=IT"
    while address:
        page = desk.visitor.get(f"/journal/{address}").text
        seen += [json.loads(piece.split("</pre>")[0].replace("&#34;", '"'))["number"] for piece in page.split("<pre>")[1:]]
        address = "" if 'rel="next" href="' not in page else page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert seen == list(range(120, 0, -1))
    assert "No entry is as you ask" in desk.visitor.get(f"/journal/?account={OTHER}&day=1999-01-01").text
    for wrong in ("at=%00", "at=zzz", "day=9999-12-31", "day=x", "marketplace=XX", "kind=nothing"):
        assert desk.visitor.get(f"/journal/?account={OTHER}&{wrong}").status_code == 200, wrong


def test_the_chains_are_checked_and_a_changed_entry_is_found(desk: Desk) -> None:
    assert "Every chain holds" in desk.visitor.get(f"/journal/check/?account={ACCOUNT}").text
    from django.db import connection
    from tests.databases import unguarded

    desk.store.journal.append(OTHER, "SE", "observed", {"turn": 1}, desk.clock.now())
    unguarded("store_journalentry_no_update")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE store_journalentry SET kind = 'applied' WHERE marketplace = 'SE'")
    page = desk.visitor.get(f"/journal/check/?account={OTHER}").text
    assert "A chain is broken" in page
    assert "broken at entry 1: an entry was changed" in page
