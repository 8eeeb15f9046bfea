"""The seller's wishes: taken just as they are written, and refused by name where they cannot be meant."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refloat.errors import WrongUse
from refloat.model.cure import Wishes
from refloat.reports.notes import read_both, read_notes, read_wishes

WHOLE = """
[[prices]]
sku = "A"
price = "19.90"
[[prices]]
sku = "B"
price = 24.50
[[prices]]
sku = '"47-SHELF'
price = 1499
[[bounds]]
sku = "A"
least = "15.00"
most = 30
[[bounds]]
sku = "B"
most = 40.00
[[edits]]
sku = "A"
[[edits.attributes.item_name]]
value = "Blue mug"
language_tag = "en_US"
[[edits]]
sku = "B"
attributes.item_package_weight = [{ value = 1.5, unit = "kilograms" }, { value = 2 }]
[[dates]]
sku = "C"
on = 2027-01-04
[[dangerous_goods]]
sku = "D"
attributes.batteries_required = false
attributes.supplier_declared_dg_hz_regulation = ["ghs", "storage"]
attributes.hazmat = [{ aspect = "united_nations_regulatory_id", value = "UN1993" }]
[[removals]]
sku = "E"
disposition = "Disposal"
[removal]
disposition = "Return"
[removal.address.US]
name = "Sample Harbour"
line1 = "1 Example Street"
line2 = "Back door"
city = "Springfield"
state = "IL"
postal_code = "62701"
country = "US"
phone = "+1 555 0100"
[removal.address.gb]
name = "Sample Harbour"
line1 = "2 Sample Lane"
city = "London"
postal_code = "N1 1AA"
country = "GB"
"""


def read(folder: Path, text: str) -> Wishes:
    path = folder / "notes.toml"
    path.write_text(text, encoding="utf-8")
    return read_wishes(path)


def test_everything_that_can_be_wished(tmp_path: Path) -> None:
    wishes = read(tmp_path, WHOLE)
    assert wishes == Wishes(
        prices={"A": Decimal("19.90"), "B": Decimal("24.50"), '"47-SHELF': Decimal(1499)},
        bounds={"A": (Decimal("15.00"), Decimal(30)), "B": (None, Decimal("40.00"))},
        edits={
            "A": {"item_name": [{"value": "Blue mug", "language_tag": "en_US"}]},
            "B": {"item_package_weight": [{"value": 1.5, "unit": "kilograms"}, {"value": 2}]},
        },
        dates={"C": date(2027, 1, 4)},
        goods={
            "D": {
                "batteries_required": [{"value": False}],
                "supplier_declared_dg_hz_regulation": [{"value": "ghs"}, {"value": "storage"}],
                "hazmat": [{"aspect": "united_nations_regulatory_id", "value": "UN1993"}],
            }
        },
        dispositions={"E": "Disposal"},
        disposition="Return",
        addresses={
            "US": {
                "AddressName": "Sample Harbour", "AddressFieldOne": "1 Example Street", "AddressFieldTwo": "Back door", "AddressCity": "Springfield",
                "AddressCountryCode": "US", "AddressStateOrRegion": "IL", "AddressPostalCode": "62701", "ContactPhoneNumber": "+1 555 0100",
            },
            "UK": {"AddressName": "Sample Harbour", "AddressFieldOne": "2 Sample Lane", "AddressCity": "London", "AddressCountryCode": "GB", "AddressPostalCode": "N1 1AA"},
        },
    )  # fmt: skip


def test_a_price_keeps_the_zeros_that_were_written(tmp_path: Path) -> None:
    """Equal amounts are not enough: what a person reads back is what a person wrote."""
    assert {sku: str(price) for sku, price in read(tmp_path, WHOLE).prices.items()} == {"A": "19.90", "B": "24.50", '"47-SHELF': "1499"}


def test_attributes_can_be_sent(tmp_path: Path) -> None:
    """Amazon's JSON knows no Decimal."""
    wishes = read(tmp_path, WHOLE)
    assert json.loads(json.dumps([wishes.edits, wishes.goods])) == [wishes.edits, wishes.goods]


def test_notes_and_wishes_share_a_file(tmp_path: Path) -> None:
    """Neither is disturbed by the other, and a wrong wish spoils the notes as well: somebody must look at the file."""
    path = tmp_path / "notes.toml"
    path.write_text('[[opted_out]]\nsku = "G"\n' + WHOLE, encoding="utf-8")
    notes, wishes = read_both(path)
    assert (notes.opted_out, wishes.disposition) == ({"G"}, "Return")
    path.write_text('[[prices]]\nsku = "A"\nprice = 0\n', encoding="utf-8")
    with pytest.raises(WrongUse):
        read_notes(path)


def test_nothing_wished_is_nothing_done(tmp_path: Path) -> None:
    """Above all nothing is removed."""
    assert read(tmp_path, "") == Wishes()
    assert read(tmp_path, "[removal]\n").disposition is None


ROW = '[[prices]]\nsku = "A"\n'
ADDRESS = '[removal.address.US]\nname = "N"\nline1 = "L"\ncity = "C"\npostal_code = "P"\n'


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (ROW, "row 1 of prices has no price"),
        (ROW + 'price = "19,90"', 'price = "19,90"'),
        (ROW + 'price = "$19.90"', "$19.90"),
        (ROW + 'price = "1.499"', "1.499"),
        (ROW + "price = 1.499", "price = 1.499"),
        (ROW + "price = 0", "price = 0"),
        (ROW + 'price = "0.00"', "0.00"),
        (ROW + "price = -1", "price = -1"),
        (ROW + "price = nan", "NaN"),
        (ROW + "price = inf", "Infinity"),
        (ROW + "price = 1e300", "1E+300"),
        (ROW + "price = true", "price = true"),
        (ROW + "price = " + "9" * 5000, "cannot be read"),
        (ROW + "price = 1e99999999999999999999", "cannot be read"),
        (ROW + 'price = "١٩"', "price"),
        (ROW + "price = 2\n" + ROW + "price = 3", "row 2 of prices names A a second time"),
        ('[[bounds]]\nsku = "A"', "neither least nor most"),
        ('[[bounds]]\nsku = "A"\nleast = 3\nmost = 2', "least = 3"),
        ('[[bounds]]\nsku = "A"\nmin = 3', "min"),
        ('[[edits]]\nsku = "A"\nattributes = {}', "attributes"),
        ('[[edits]]\nsku = "A"\nattributes.item_name = "Blue"', "attributes.item_name"),
        ('[[edits]]\nsku = "A"\nattributes.item_name = []', "attributes.item_name"),
        ('[[edits]]\nsku = "A"\nattributes.item_name = [{}]', "attributes.item_name"),
        ('[[edits]]\nsku = "A"\nattributes.item_name = ["Blue"]', "attributes.item_name"),
        ('[[edits]]\nsku = "A"\nattributes."Item Name" = [{ value = "Blue" }]', "Item Name"),
        ('[[edits]]\nsku = "A"\nattributes.date = [{ value = 2026-11-22 }]', "attributes.date"),
        ('[[edits]]\nsku = "A"\nattributes.weight = [{ value = inf }]', "attributes.weight"),
        ('[[dangerous_goods]]\nsku = "A"\nattributes.batteries_required = []', "attributes.batteries_required"),
        ('[[dangerous_goods]]\nsku = "A"\nattributes.batteries_required = [[true]]', "attributes.batteries_required"),
        ('[[dates]]\nsku = "A"\non = "soon"', "soon"),
        ('[[removals]]\nsku = "A"\ndisposition = "return"', '"return" is not what can be done'),
        ('[removal]\ndisposition = "Burn"', "Burn"),
        ("removal = 3", "removal is not a table"),
        ("[removal]\nunits = 3", "units"),
        ("[removal]\naddress = 3", "removal.address"),
        ("[removal.address]\nUS = 3", "removal.address"),
        (ADDRESS, "removal.address.US has no country"),
        (ADDRESS + 'country = "USA"', "USA"),
        (ADDRESS + 'country = "US"\nstate = ""', "state"),
        (ADDRESS + 'country = "US"\nline2 = "a\\tb"', "line2"),
        (ADDRESS + 'country = "US"\nphone = 5550100', "phone = 5550100"),
        (ADDRESS + 'country = "US"\nstreet = "x"', "street"),
        ('[removal.address.XX]\nname = "N"', "XX is no marketplace"),
        (ADDRESS + 'country = "US"\n' + ADDRESS.replace("US", "us") + 'country = "US"', "stands there twice"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(tmp_path: Path, text: str, names: str) -> None:
    with pytest.raises(WrongUse) as refusal:
        read(tmp_path, text)
    assert names in str(refusal.value).splitlines()[0]
    assert "notes.toml" in str(refusal.value)
    assert refusal.value.why
    assert refusal.value.todo


@given(st.decimals(min_value="0.01", max_value="999999999.99", places=2), st.booleans())
def test_every_price_comes_back_as_written(tmp_path_factory: pytest.TempPathFactory, price: Decimal, quoted: bool) -> None:
    """As a text and as a number, digit by digit."""
    written = f'"{price}"' if quoted else str(price)
    wishes = read(tmp_path_factory.mktemp("wish"), f'[[prices]]\nsku = "A"\nprice = {written}\n')
    assert str(wishes.prices["A"]) == str(price)


def test_an_amount_may_name_its_marketplace(tmp_path: Path) -> None:
    """It counts there before the other; where currencies differ the one without a marketplace counts nowhere."""
    text = '[[prices]]\nsku = "A"\nprice = 20\n[[prices]]\nsku = "A"\nprice = 18\nmarketplace = "de"\n[[bounds]]\nsku = "A"\nleast = 9\nmarketplace = "DE"'
    wishes = read(tmp_path, text)
    assert (wishes.prices, wishes.prices_in, wishes.bounds_in) == ({"A": Decimal(20)}, {"DE": {"A": Decimal(18)}}, {"DE": {"A": (Decimal(9), None)}})
    assert (wishes.of("DE").prices, wishes.of("US").prices, wishes.of("US", {"A"}).prices) == ({"A": Decimal(18)}, {"A": Decimal(20)}, {})
    assert wishes.of("DE", {"A"}).prices == {"A": Decimal(18)}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('[[prices]]\nsku = "A"\nprice = 2\nmarketplace = "Atlantis"', "marketplace = "),
        ('[[prices]]\nsku = "A"\nprice = 2\nmarketplace = "DE"\n[[prices]]\nsku = "A"\nprice = 3\nmarketplace = "de"', "names A a second time"),
    ],
)
def test_a_marketplace_that_is_none_or_named_twice_is_refused(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(WrongUse, match=said):
        read(tmp_path, rows)
