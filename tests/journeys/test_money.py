"""What it is worth and what it costs, with literal numbers; unknown stays unknown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests import report_files, small_account
from tests.small_account import Account, in_stock, listed, row

from refloat.model.finding import Finding
from refloat.model.money import Money

HUNDRED_DAYS = "2026-08-14"


def shown(money: Money | None) -> tuple[str, str | None] | None:
    """As the contract shows it: amount, currency."""
    return None if money is None else (money.as_json()["amount"] or "", money.currency)


def totals(amounts: tuple[Money, ...]) -> list[tuple[str, str | None] | None]:
    return [shown(money) for money in amounts]


def planning(**cells: str | int) -> str:
    return report_files.table(small_account.PLANNING, row(snapshot_date="2026-11-22", sku="A-1", currency="USD") | row(**cells))


def fees(**cells: str | int) -> str:
    usual = {"fnsku": "X000000001", "country_code": "US", "month_of_charge": "2026-10", "currency": "USD"}
    return report_files.table(small_account.STORAGE_FEES, usual | {name: str(cell) for name, cell in cells.items()})


def removals(*rows: dict[str, str]) -> str:
    return report_files.table(small_account.REMOVALS, *rows)


class TestWorth:
    def test_is_fulfillable_and_reserved_times_price(self, tmp_path: Path) -> None:
        finding = Account(tmp_path).stranded(row(sku="A-1", fulfillable_qty=12, reserved_quantity=3, unfulfillable_qty=50, inbound_shipped_qty=70, your_price="24.90")).finding()
        assert shown(finding.worth) == ("373.50", "USD")

    @pytest.mark.parametrize("price", ["0", "0.00", "--", "", "none"])
    def test_no_price_is_no_worth(self, tmp_path: Path, price: str) -> None:
        finding = Account(tmp_path).stranded(row(sku="A-1", your_price=price)).finding()
        assert (finding.price_amount, finding.worth) == (None, None)

    def test_no_units_are_worth_nothing_unknown_ones_are_unknown(self, tmp_path: Path) -> None:
        found = Account(tmp_path).stranded(row(sku="NONE", fulfillable_qty=0, reserved_quantity=0), row(sku="UNKNOWN", fulfillable_qty="")).findings()
        assert (shown(found["NONE"].worth), found["UNKNOWN"].worth) == (("0.00", "USD"), None)

    @pytest.mark.parametrize("reason", ["Potential high pricing error", "Potential low pricing error", "Pricing error", "Missing price"])
    def test_a_price_that_amazon_flags_is_none(self, tmp_path: Path, reason: str) -> None:
        finding = Account(tmp_path).stranded(row(sku="A-1", stranded_reason=reason, your_price="2490.00")).finding()
        assert (finding.as_json()["price_amount"], finding.worth) == ("2490.00", None)

    def test_a_thousand_separator_is_read(self, tmp_path: Path) -> None:
        assert shown(Account(tmp_path).stranded(row(sku="A-1", your_price="1,499.00", fulfillable_qty=2, reserved_quantity=0)).finding().worth) == ("2998.00", "USD")

    def test_yen_have_no_decimals(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="A-1", your_price="950", fulfillable_qty=3, reserved_quantity=0), place="JP")
        account.add("planning.txt", planning(currency="JPY", estimated_storage_cost_next_month="335"), place="JP")
        finding = account.finding()
        assert (shown(finding.worth), shown(finding.cost_per_day)) == (("2850", "JPY"), ("11", "JPY"))

    def test_many_cheap_units_lose_no_cent(self, tmp_path: Path) -> None:
        assert shown(Account(tmp_path).stranded(row(sku="A-1", your_price="0.07", fulfillable_qty=123456789, reserved_quantity=0)).finding().worth) == ("8641975.23", "USD")

    def test_without_a_marketplace_the_currency_is_unknown(self, tmp_path: Path) -> None:
        result = Account(tmp_path).stranded(row(sku="A-1"), place=None).triage()
        (finding,) = result.findings()
        assert (shown(finding.worth), finding.price_currency, totals(result.summary.worth)) == (("323.70", None), None, [("323.70", None)])

    def test_a_suspicion_takes_price_and_units_from_the_other_reports(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="B-2")).listings(listed("A-1", status="Inactive", price="8.00"), listed("B-2")).stock(in_stock("A-1", 5, afn_reserved_quantity=2))
        assert shown(account.finding("A-1").worth) == ("56.00", "USD")


class TestSummary:
    def test_currencies_are_never_added(self, tmp_path: Path) -> None:
        account = Account(tmp_path)
        for place, price in (("US", "10.00"), ("DE", "10.00"), ("JP", "1000"), ("UK", "10.00")):
            account.stranded(row(sku=f"{place}-1", fnsku=f"X-{place}", your_price=price, fulfillable_qty=2, reserved_quantity=0), name=f"{place}.txt", place=place)
        account.stranded(row(sku="FR-1", fnsku="X-FR", your_price="1.00", fulfillable_qty=2, reserved_quantity=0), name="FR.txt", place="FR")
        summary = account.triage().summary
        assert totals(summary.worth) == [("2000", "JPY"), ("22.00", "EUR"), ("20.00", "GBP"), ("20.00", "USD")]
        assert (summary.skus, summary.units) == (5, 10)

    def test_what_is_unknown_is_left_out_not_counted_as_zero(self, tmp_path: Path) -> None:
        summary = Account(tmp_path).stranded(row(sku="A-1", fnsku="X1"), row(sku="B-2", fnsku="X2", your_price=""), row(sku="C-3", fnsku="X3", fulfillable_qty="")).triage().summary
        assert (summary.skus, summary.units, totals(summary.worth)) == (3, 26, [("323.70", "USD")])

    def test_when_nothing_is_known_the_sum_is_unknown(self, tmp_path: Path) -> None:
        summary = Account(tmp_path).stranded(row(sku="A-1", fulfillable_qty="", your_price="")).triage().summary
        assert (summary.skus, summary.units, summary.worth) == (1, None, ())

    def test_counts_by_cause_and_remedy(self, tmp_path: Path) -> None:
        summary = Account(tmp_path).stranded(row(sku="A-1"), row(sku="B-2"), row(sku="C-3", stranded_reason="Restricted ASIN")).triage().summary
        assert summary.by_cause == {"listing-closed": 2, "restricted-asin": 1}
        assert summary.by_remedy == {"relist-offer": 2, "appeal": 1}


class TestPools:
    """The same units, seen from several marketplaces, count once."""

    def account(self, folder: Path, **units: int) -> Account:
        account = Account(folder)
        for place, number in units.items():
            account.stranded(row(sku=f"{place}-1", fnsku="X-SAME", fulfillable_qty=number, reserved_quantity=0, your_price="10.00"), name=f"{place}.txt", place=place)
        return account

    def test_germany_and_france_share_one_stock(self, tmp_path: Path) -> None:
        result = self.account(tmp_path, DE=8, FR=8).triage()
        assert {finding.sku: (finding.pool, finding.counted) for finding in result.findings()} == {"DE-1": ("EU", True), "FR-1": ("EU", False)}
        assert (result.summary.skus, result.summary.units, totals(result.summary.worth)) == (2, 8, [("80.00", "EUR")])

    def test_the_one_with_more_units_counts(self, tmp_path: Path) -> None:
        result = self.account(tmp_path, DE=3, FR=8).triage()
        assert {finding.sku: finding.counted for finding in result.findings()} == {"DE-1": False, "FR-1": True}

    @pytest.mark.parametrize(("places", "units"), [({"US": 5, "DE": 5}, 10), ({"UK": 5, "DE": 5}, 10), ({"US": 5, "CA": 5}, 5), ({"US": 5, "CA": 5, "MX": 5}, 5), ({"JP": 5, "AU": 5}, 10)])
    def test_who_shares_with_whom(self, tmp_path: Path, places: dict[str, int], units: int) -> None:
        assert self.account(tmp_path, **places).triage().summary.units == units

    def test_of_equal_units_one_whose_worth_is_known_counts(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="DE-1", fnsku="X-SAME", your_price=""), name="de.txt", place="DE").stranded(row(sku="FR-1", fnsku="X-SAME"), name="fr.txt", place="FR")
        assert totals(account.triage().summary.worth) == [("323.70", "EUR")]

    def test_without_a_label_or_a_marketplace_each_stands_for_itself(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="DE-1", fnsku=""), name="de.txt", place="DE").stranded(row(sku="FR-1", fnsku=""), name="fr.txt", place="FR")
        unknown = Account(tmp_path / "unknown").stranded(row(sku="A-1"), row(sku="B-2"), place=None)
        assert (account.triage().summary.units, unknown.triage().summary.units) == (26, 26)

    def test_every_row_shows_its_own_worth_all_the_same(self, tmp_path: Path) -> None:
        assert [shown(finding.worth) for finding in self.account(tmp_path, DE=8, FR=8).triage().findings()] == [("80.00", "EUR"), ("80.00", "EUR")]


class TestIncidents:
    def test_one_cause_on_one_day_is_one_thing_to_mend(self, tmp_path: Path) -> None:
        rows = [
            row(sku=f"M-{number}", fnsku=f"X{number}", stranded_reason="Merchant fulfilled", date_stranded="2026-11-17", fulfillable_qty=number, reserved_quantity=0, your_price="10.00")
            for number in range(1, 5)
        ]
        others = [
            row(sku="A-1", date_stranded="2026-11-17"),
            row(sku="A-2", stranded_reason="Merchant fulfilled", date_stranded="2026-11-18"),
            row(sku="A-3", stranded_reason="Merchant fulfilled", date_stranded=""),
        ]
        (incident,) = Account(tmp_path).stranded(*rows, *others).triage().incidents
        assert (incident.marketplace, incident.cause, incident.began_on, incident.skus, incident.units, totals(incident.worth)) == (
            "US",
            "merchant-fulfilled",
            date(2026, 11, 17),
            4,
            10,
            [("100.00", "USD")],
        )

    def test_the_same_day_in_two_marketplaces_is_two(self, tmp_path: Path) -> None:
        account = Account(tmp_path)
        for place in ("DE", "US"):
            account.stranded(row(sku="A-1", fnsku=f"{place}1"), row(sku="B-2", fnsku=f"{place}2"), name=f"{place}.txt", place=place)
        assert {(incident.marketplace, incident.skus, *totals(incident.worth)) for incident in account.triage().incidents} == {("DE", 2, ("647.40", "EUR")), ("US", 2, ("647.40", "USD"))}

    def test_unknown_units_and_worth_stay_unknown(self, tmp_path: Path) -> None:
        (incident,) = Account(tmp_path).stranded(row(sku="A-1", fulfillable_qty=""), row(sku="B-2", fulfillable_qty="")).triage().incidents
        assert (incident.units, incident.worth) == (None, ())


class TestStorage:
    def cost(self, finding: Finding) -> tuple[object, object]:
        return shown(finding.cost_per_day), shown(finding.cost_so_far)

    def test_amazons_own_estimate_comes_first(self, tmp_path: Path) -> None:
        """31 dollars for December, of 31 days: a dollar a day, for a hundred days."""
        account = (
            Account(tmp_path)
            .stranded(row(sku="A-1", date_stranded=HUNDRED_DAYS))
            .add("planning.txt", planning(estimated_storage_cost_next_month="31.00", item_volume="1", volume_unit_measurement="cubic feet", storage_type="Standard-Size"))
        )
        account.add("fees.txt", fees(average_quantity_on_hand=20, estimated_monthly_storage_fee="62.00"))
        assert self.cost(account.finding()) == (("1.00", "USD"), ("100.00", "USD"))

    def test_then_what_amazon_charged_last_month(self, tmp_path: Path) -> None:
        """62 dollars for 20 units in the 31 days of October: 0.10 a unit and day; 12 + 1 + 2 units are on hand."""
        account = Account(tmp_path).stranded(row(sku="A-1", date_stranded=HUNDRED_DAYS, unfulfillable_qty=2)).add("fees.txt", fees(average_quantity_on_hand=20, estimated_monthly_storage_fee="62.00"))
        assert self.cost(account.finding()) == (("1.50", "USD"), ("150.00", "USD"))

    @pytest.mark.parametrize(("volume", "measure"), [("2", "cubic feet"), ("3456", "cubic inches"), ("56633.693184", "cubic centimeters")])
    def test_then_the_table_with_the_volume(self, tmp_path: Path, volume: str, measure: str) -> None:
        """November: 2.40 a cubic foot for 30 days; 2 cubic feet × 5 units × 0.08; since the 12th, ten days."""
        account = (
            Account(tmp_path)
            .stranded(row(sku="A-1", date_stranded="2026-11-12", fulfillable_qty=4, reserved_quantity=1))
            .add("planning.txt", planning(item_volume=volume, volume_unit_measurement=measure, storage_type="Standard-Size"))
        )
        assert self.cost(account.finding()) == (("0.80", "USD"), ("8.00", "USD"))

    def test_from_september_to_october_the_fee_changes(self, tmp_path: Path) -> None:
        """Ten days of September at 0.78 ÷ 30 and five of October at 2.40 ÷ 31, for 10 cubic feet: 2.60 + 3.87."""
        account = (
            Account(tmp_path)
            .stranded(row(sku="A-1", date_stranded="2026-09-20", fulfillable_qty=10, reserved_quantity=0))
            .add("planning.txt", planning(snapshot_date="2026-10-05", item_volume="1", volume_unit_measurement="cubic feet", storage_type="Standard-Size"))
        )
        assert self.cost(account.finding(as_of=date(2026, 10, 5))) == (("0.77", "USD"), ("6.47", "USD"))

    def test_from_december_to_january_it_falls(self, tmp_path: Path) -> None:
        """One day of December at 2.40 ÷ 31 and two of January at 0.78 ÷ 31, for 100 cubic feet: 7.74 + 5.03."""
        account = (
            Account(tmp_path)
            .stranded(row(sku="A-1", date_stranded="2025-12-30", fulfillable_qty=100, reserved_quantity=0))
            .add("planning.txt", planning(snapshot_date="2026-01-02", item_volume="1", volume_unit_measurement="cubic feet", storage_type="Standard-Size"))
        )
        assert self.cost(account.finding(as_of=date(2026, 1, 2))) == (("2.52", "USD"), ("12.77", "USD"))

    def test_oversize_has_its_own_fee(self, tmp_path: Path) -> None:
        """November: 1.40 a cubic foot for 30 days; 6 cubic feet × 5 units."""
        account = (
            Account(tmp_path)
            .stranded(row(sku="A-1", date_stranded="2026-11-12", fulfillable_qty=5, reserved_quantity=0))
            .add("planning.txt", planning(item_volume="6", volume_unit_measurement="cubic feet", storage_type="Oversize"))
        )
        assert self.cost(account.finding()) == (("1.40", "USD"), ("14.00", "USD"))

    @pytest.mark.parametrize("cells", [{"volume_unit_measurement": ""}, {"volume_unit_measurement": "hogsheads"}, {"item_volume": ""}, {"storage_type": ""}])
    def test_without_measure_volume_or_type_it_is_unknown(self, tmp_path: Path, cells: dict[str, str]) -> None:
        whole = {"item_volume": "2", "volume_unit_measurement": "cubic feet", "storage_type": "Standard-Size"}
        account = Account(tmp_path).stranded(row(sku="A-1")).add("planning.txt", planning(**(whole | cells)))
        assert self.cost(account.finding()) == (None, None)

    def test_the_table_is_of_the_united_states_alone(self, tmp_path: Path) -> None:
        account = (
            Account(tmp_path)
            .stranded(row(sku="A-1"), place="DE")
            .add("planning.txt", planning(currency="EUR", item_volume="2", volume_unit_measurement="cubic feet", storage_type="Standard-Size"), place="DE")
        )
        assert self.cost(account.finding()) == (None, None)

    def test_without_any_of_them_it_is_unknown(self, tmp_path: Path) -> None:
        assert self.cost(Account(tmp_path).stranded(row(sku="A-1")).finding()) == (None, None)

    def test_unknown_units_cost_nobody_knows_what(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="A-1", fulfillable_qty="")).add("fees.txt", fees(average_quantity_on_hand=20, estimated_monthly_storage_fee="62.00"))
        assert self.cost(account.finding()) == (None, None)

    def test_without_a_date_of_stranding_there_is_no_sum(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="A-1", date_stranded="")).add("planning.txt", planning(estimated_storage_cost_next_month="31.00"))
        assert self.cost(account.finding()) == (("1.00", "USD"), None)

    def test_a_stranding_older_than_the_table_has_no_sum(self, tmp_path: Path) -> None:
        account = (
            Account(tmp_path).stranded(row(sku="A-1", date_stranded="2024-03-01")).add("planning.txt", planning(item_volume="2", volume_unit_measurement="cubic feet", storage_type="Standard-Size"))
        )
        per_day, so_far = self.cost(account.finding())
        assert (per_day, so_far) == (("2.08", "USD"), None)

    @pytest.mark.parametrize("as_of", [date(2014, 5, 1), date(2020, 5, 1)])
    def test_a_day_before_the_table_is_no_crash(self, tmp_path: Path, as_of: date) -> None:
        account = (
            Account(tmp_path).stranded(row(sku="A-1", date_stranded="2014-04-01")).add("planning.txt", planning(item_volume="2", volume_unit_measurement="cubic feet", storage_type="Standard-Size"))
        )
        assert self.cost(account.finding(as_of=as_of)) == (None, None)

    def test_a_stranding_that_begins_tomorrow_has_cost_nothing_yet(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="A-1", date_stranded="2026-11-23")).add("planning.txt", planning(estimated_storage_cost_next_month="31.00"))
        assert self.cost(account.finding()) == (("1.00", "USD"), ("0.00", "USD"))


class TestAgedSurcharge:
    AGED = report_files.table(
        small_account.AGED_FEES,
        row(snapshot_date="2026-10-15", sku="A-1", currency="USD", country="US", amount_charged="99.00", surcharge_age_tier="181-210 days"),
        row(snapshot_date="2026-11-15", sku="A-1", currency="USD", country="US", amount_charged="4.92", surcharge_age_tier="181-210 days"),
        row(snapshot_date="2026-11-15", sku="A-1", currency="USD", country="US", amount_charged="0.22", surcharge_age_tier="211-240 days"),
    )

    def test_amazons_estimate_over_all_ages(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="A-1")).add("planning.txt", planning(**{"estimated-ais-181-210-days": "1.20", "estimated-ais-365-plus-days": "0.30"})).add("aged.txt", self.AGED)
        assert shown(account.finding().aged_surcharge) == ("1.50", "USD")

    def test_else_what_was_charged_last(self, tmp_path: Path) -> None:
        assert shown(Account(tmp_path).stranded(row(sku="A-1")).add("aged.txt", self.AGED).finding().aged_surcharge) == ("5.14", "USD")

    def test_else_unknown(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="A-1"), row(sku="B-2")).add("aged.txt", self.AGED)
        assert account.finding("B-2").aged_surcharge is None

    def test_two_currencies_are_not_one_surcharge(self, tmp_path: Path) -> None:
        aged = report_files.table(
            small_account.AGED_FEES, *(row(snapshot_date="2026-11-15", sku="A-1", currency=currency, amount_charged="4.00", surcharge_age_tier="211-240 days") for currency in ("USD", "CAD"))
        )
        assert Account(tmp_path).stranded(row(sku="A-1")).add("aged.txt", aged).finding().aged_surcharge is None


class TestRemoval:
    PAST = row(order_id="1", sku="A-1", shipped_quantity=4, disposed_quantity=6, in_process_quantity=0, removal_fee="10.40", currency="USD")

    def test_as_this_sku_paid_before(self, tmp_path: Path) -> None:
        """10.40 for ten units; 12 + 1 are on hand."""
        account = (
            Account(tmp_path).stranded(row(sku="A-1")).add("removals.txt", removals(self.PAST)).add("fees.txt", fees(weight="0.4", weight_units="pounds", product_size_tier="Small standard-size"))
        )
        assert shown(account.finding().removal_cost) == ("13.52", "USD")

    @pytest.mark.parametrize(
        ("tier", "weight", "expected"),
        [
            ("Small standard-size", "0.4", "10.92"),  # 0.84 × 13
            ("Small standard-size", "0.5", "10.92"),
            ("Large standard-size", "0.6", "19.89"),  # 1.53
            ("Large standard-size", "2.0", "29.51"),  # 2.27
            ("Large standard-size", "3.0", "51.35"),  # 2.89 + 1.06
            ("Large bulky", "1.0", "40.56"),  # 3.12
            ("Small oversize", "12.0", "213.72"),  # 14.32 + 2 × 1.06
            ("Extra-large 0 to 50 lb", "12.0", "213.72"),
        ],
    )
    def test_else_by_weight(self, tmp_path: Path, tier: str, weight: str, expected: str) -> None:
        account = Account(tmp_path).stranded(row(sku="A-1")).add("fees.txt", fees(weight=weight, weight_units="pounds", product_size_tier=tier))
        assert shown(account.finding().removal_cost) == (expected, "USD")

    @pytest.mark.parametrize("cells", [{"weight_units": "kilograms"}, {"weight_units": ""}, {"weight": ""}, {"product_size_tier": ""}])
    def test_without_pounds_or_size_it_is_unknown(self, tmp_path: Path, cells: dict[str, str]) -> None:
        whole = {"weight": "1.0", "weight_units": "pounds", "product_size_tier": "Large standard-size"}
        assert Account(tmp_path).stranded(row(sku="A-1")).add("fees.txt", fees(**(whole | cells))).finding().removal_cost is None

    def test_before_the_table_and_elsewhere_it_is_unknown(self, tmp_path: Path) -> None:
        whole = {"weight": "1.0", "weight_units": "pounds", "product_size_tier": "Large standard-size"}
        before = Account(tmp_path / "before").stranded(row(sku="A-1")).add("fees.txt", fees(**whole)).finding(as_of=date(2026, 1, 14))
        elsewhere = Account(tmp_path / "elsewhere").stranded(row(sku="A-1"), place="DE").add("fees.txt", fees(**(whole | {"country_code": "DE"})), place="DE").finding()
        assert (before.removal_cost, elsewhere.removal_cost) == (None, None)

    def test_an_order_without_a_fee_tells_no_price(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="A-1")).add("removals.txt", removals(self.PAST | {"removal-fee": ""}, self.PAST | {"shipped-quantity": "0", "disposed-quantity": "0"}))
        assert account.finding().removal_cost is None

    def test_fees_in_two_currencies_are_not_added(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="A-1")).add("removals.txt", removals(self.PAST, self.PAST | {"currency": "CAD"}))
        assert account.finding().removal_cost is None
