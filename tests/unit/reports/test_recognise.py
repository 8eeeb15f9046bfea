"""A report is known by its header: every era, every language, any order; never by likeness."""

# ruff: noqa: E501, SIM905 - rows and headers stand as they are written
from __future__ import annotations

import random

import pytest
from tests.report_files import STRANDED_17, STRANDED_18, STRANDED_19

from refloat.reports.recognise import recognised, reports

LOADER = "sku product-id product-id-type price minimum-seller-allowed-price maximum-seller-allowed-price item-condition quantity add-delete will-ship-internationally expedited-shipping standard-plus item-note fulfillment-center-id product-tax-code leadtime-to-ship merchant_shipping_group_name".split()
FBA_18 = "sku fnsku asin product-name condition your-price mfn-listing-exists mfn-fulfillable-quantity afn-listing-exists afn-warehouse-quantity afn-fulfillable-quantity afn-unsellable-quantity afn-reserved-quantity afn-total-quantity per-unit-volume afn-inbound-working-quantity afn-inbound-shipped-quantity afn-inbound-receiving-quantity".split()
FBA_21 = [*FBA_18, "afn-researching-quantity", "afn-reserved-future-supply", "afn-future-supply-buyable"]
LOCAL = ["afn-fulfillable-quantity-local", "afn-fulfillable-quantity-remote"]
RESERVED_8 = "sku fnsku asin product-name reserved_qty reserved_customerorders reserved_fc-transfers reserved_fc-processing".split()
ALL_29 = "item-name item-description listing-id seller-sku price quantity open-date image-url item-is-marketplace product-id-type zshop-shipping-fee item-note item-condition zshop-category1 zshop-browse-path zshop-storefront-feature asin1 asin2 asin3 will-ship-internationally expedited-shipping zshop-boldface product-id bid-for-featured-placement add-delete pending-quantity fulfillment-channel merchant-shipping-group status".split()
SUPPRESSED = ["Status", "Reason", "SKU", "ASIN", "Product name", "Condition", "Status Change Date", "Issue Description"]

ERAS = {
    "stranded 17 columns": ("stranded", STRANDED_17),
    "stranded 18 columns with both": ("stranded", (*STRANDED_17[:6], "stranded-reason", *STRANDED_17[6:])),
    "stranded 18 columns": ("stranded", STRANDED_18),
    "stranded 19 columns": ("stranded", STRANDED_19),
    "stranded as the page spells it": ("stranded", ["Stranded reason", "SKU", "ASIN", "Quantity available", "Disposition"]),
    "loader": ("stranded-loader", LOADER),
    "FBA inventory 18": ("fba-inventory", FBA_18),
    "FBA inventory 21": ("fba-inventory", FBA_21),
    "FBA inventory 22": ("fba-inventory", [*FBA_21, "store"]),
    "FBA inventory 24 EU": ("fba-inventory", [*FBA_21, *LOCAL, "store"]),
    "FBA inventory 24 of 2026": ("fba-inventory", [*FBA_21, "afn-fc-transfer-quantity", "afn-onhand-buyable-quantity", "store"]),
    "reserved 8": ("reserved", RESERVED_8),
    "reserved 9": ("reserved", [*RESERVED_8, "program"]),
    "reserved with a nameless column": ("reserved", [*RESERVED_8, ""]),
    "reserved of 2026": ("reserved", "sku fnsku asin product-name reserved_qty reserved_customerorders reserved_fc-processing reserved_staging program".split()),
    "all listings": ("listings-all", ALL_29),
    "all listings 31": ("listings-all", [*ALL_29, "Minimum order quantity", "Sell remainder"]),
    "listings without a status": ("listings-inactive", ALL_29[:-1]),
    "suppressed listings": ("listings-suppressed", SUPPRESSED),
}

LANGUAGES = {
    "de": "Artikelbezeichnung	Angebotsnummer	Händler-SKU	Preis	Menge	Erstellungsdatum	Produkt-ID-Typ	Anmerkung zum Artikel	Artikelzustand	Internationaler Versand	Expressversand	Produkt-ID	Versender	Händlerversandgruppe	Status	Mindestbestellmenge	Restposten verkaufen",
    "fr": "nom-produit	id-offre	sku-vendeur	prix	quantité	date-ouverture	type-id-produit	note-état-article	état-produit	expédition-international	livraison-express	id-produit	canal-traitement	groupe-expédition-vendeur	état	Vendre le stock restant",
    "it": "Nome dell'articolo	SKU venditore	Prezzo	Quantità	Data di creazione	Tipo di identificativo del prodotto	Condizione dell'articolo	Identificativo del prodotto	Quantità in sospeso	Canale di gestione	gruppo-spedizione-venditore	stato	Quantità minima per ordine	Vendi rimanenze",
    "es": "Título del producto	Identificador del listing	SKU del vendedor	Precio	Fecha de creación	Tipo de identificador de producto	Estado del producto	Envío urgente	Identificador del producto	Cantidad pendiente	Canal de gestión logística	estado",
    "pl": "nazwa-produktu	identyfikator-oferty	sku-sprzedawcy	cena	ilość	data-otwarcia	status",
    "ja": "商品名	出品ID	出品者SKU	価格	数量	出品日	商品IDタイプ	コンディション説明	コンディション	国外へ配送可	迅速な配送	商品ID	在庫数	フルフィルメント・チャンネル	merchant-shipping-group	ステータス",
    "zh": "商品名称	卖家 SKU	价格	数量	开售日期	商品编码类型	商品备注	商品状况	商品编码	配送渠道	状态",
    "tr": "item-name (ürün adı)	seller-sku (satıcı sku)	price	status",
    "ar": "item-name	sku-البائع	السعر	الكمية	status",
    "fr, cp1252 bytes read as cp932": "nom-produit	id-offre	sku-vendeur	prix	note-騁at-article	騁at-produit	exp馘ition-international	groupe-exp馘ition-vendeur	騁at",
    "de, cp1252 bytes read as cp932": "Artikelbezeichnung	Angebotsnummer	H舅dler-SKU	Preis	Menge	Status",
    "de, letters dropped": "Artikelbezeichnung	Angebotsnummer	Hndler-SKU	Preis	Menge	Status",
    "it, letters lost": "Nome dell'articolo	SKU venditore	Prezzo	Quantit?	Quantit? in sospeso	stato",
    "es, letters lost": "T?ulo del producto	SKU del vendedor	Precio	Env? urgente	estado",
}


@pytest.mark.parametrize(("name", "header"), ERAS.values(), ids=list(ERAS))
def test_every_era_of_a_report_is_known(name: str, header: list[str]) -> None:
    found = recognised(header)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(("name", "header"), ERAS.values(), ids=list(ERAS))
def test_the_order_of_columns_and_columns_never_seen_do_not_matter(name: str, header: list[str]) -> None:
    mixed = [*header, "brand new column", "Deprecated column", "Deprecated column", ""]
    for seed in range(5):
        random.Random(seed).shuffle(mixed)
        found = recognised([cell.upper().replace("-", "_") for cell in mixed])
        assert found is not None
        assert found.name == name
        bound = found.bound(mixed)
        assert len({field.name for field in bound.values()}) == len(bound)


@pytest.mark.parametrize("header", LANGUAGES.values(), ids=list(LANGUAGES))
def test_every_language_of_the_listings_report_is_known(header: str) -> None:
    found = recognised(header.split("\t"))
    assert found is not None
    assert found.name == "listings-all"
    columns = {field.column for field in found.bound(header.split("\t")).values()}
    assert {"sku", "listing_price", "listing_status_said"} <= columns or "listing_status_said" in columns


@pytest.mark.parametrize("header", LANGUAGES.values(), ids=list(LANGUAGES))
def test_every_header_cell_of_a_language_is_bound_or_not_of_use(header: str) -> None:
    cells = header.split("\t")
    found = recognised(cells)
    assert found is not None
    unbound = {cell for position, cell in enumerate(cells) if position not in found.bound(cells)}
    no_use = (
        "Versand",
        "Expressversand",
        "Mindest",
        "Restposten",
        "livraison",
        "expédition-international",
        "exp馘ition-international",
        "Vendre",
        "minima",
        "Vendi",
        "urgente",
        "国外",
        "迅速",
        "在庫数",
    )
    assert all(any(word in cell for word in no_use) for cell in unbound), unbound


def test_a_part_of_a_name_is_not_the_name() -> None:
    listings = next(report for report in reports() if report.name == "listings-all")
    names = {position: field.name for position, field in listings.bound(["Produkt-ID-Typ", "Produkt-ID", "商品IDタイプ", "商品ID", "Mein Status", "SKU"]).items()}
    assert names == {0: "product-id-type", 1: "product-id"}


def test_of_several_columns_with_one_name_the_first_counts() -> None:
    stranded = next(report for report in reports() if report.name == "stranded")
    assert {position: field.name for position, field in stranded.bound(["sku", "sku", "asin"]).items()} == {0: "sku", 2: "asin"}


@pytest.mark.parametrize("header", [["sku"], ["sku", "price", "quantity"], ["a", "b"], [""], ["order-id", "sku", "purchase-date"], list("出品者SKU")])
def test_a_header_that_is_not_ours_is_not_guessed(header: list[str]) -> None:
    assert recognised(header) is None


def test_no_spelling_stands_for_two_fields_of_one_report() -> None:
    from refloat.knowledge.spelling import header_key

    for report in reports():
        owners: dict[str, str] = {}
        for field in report.fields:
            for spelling in field.spellings:
                assert owners.setdefault(header_key(spelling), field.name) == field.name, (report.name, spelling)
