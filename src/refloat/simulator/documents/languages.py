"""In which language a listings report writes its header, and in which letters a report is written.

Amazon's page of inventory reports: ``preferredReportDocumentLocale`` chooses the language of the header. The
words are those that sellers' files show; a column for which no word is known stays English.
"""

from __future__ import annotations

from collections.abc import Mapping

from refloat.simulator.nouns.places import Place
from refloat.simulator.switches import Switches

_LANGUAGES = ("de", "fr", "it", "es", "pl", "ja", "zh")
#: The English column, then the word in each of the languages; none is known where it is empty.
_WORDS = """
item-name|Artikelbezeichnung|nom-produit|Nome dell'articolo|Título del producto|nazwa-produktu|商品名|商品名称
listing-id|Angebotsnummer|id-offre||Identificador del listing|identyfikator-oferty|出品ID|
seller-sku|Händler-SKU|sku-vendeur|SKU venditore|SKU del vendedor|sku-sprzedawcy|出品者SKU|卖家 SKU
price|Preis|prix|Prezzo|Precio|cena|価格|价格
quantity|Menge|quantité|Quantità||ilość|数量|数量
open-date|Erstellungsdatum|date-ouverture|Data di creazione|Fecha de creación|data-otwarcia|出品日|开售日期
product-id-type|Produkt-ID-Typ|type-id-produit|Tipo di identificativo del prodotto|Tipo de identificador de producto||商品IDタイプ|商品编码类型
item-note|Anmerkung zum Artikel|note-état-article||||コンディション説明|商品备注
item-condition|Artikelzustand|état-produit|Condizione dell'articolo|Estado del producto||コンディション|商品状况
will-ship-internationally|Internationaler Versand|expédition-international||||国外へ配送可|
expedited-shipping|Expressversand|livraison-express||Envío urgente||迅速な配送|
product-id|Produkt-ID|id-produit|Identificativo del prodotto|Identificador del producto||商品ID|商品编码
pending-quantity|||Quantità in sospeso|Cantidad pendiente||在庫数|
fulfillment-channel|Versender|canal-traitement|Canale di gestione|Canal de gestión logística||フルフィルメント・チャンネル|配送渠道
merchant-shipping-group|Händlerversandgruppe|groupe-expédition-vendeur|gruppo-spedizione-venditore|||merchant-shipping-group|
status|Status|état|stato|estado||ステータス|状态
"""
_ROWS = [line.split("|") for line in _WORDS.strip().splitlines()]
_TABLES: Mapping[str, Mapping[str, str]] = {language: {row[0]: row[number] for row in _ROWS if row[number]} for number, language in enumerate(_LANGUAGES, start=1)}

#: Marketplaces whose files were seen in Windows' western letters.
_WESTERN = frozenset({"GB", "DE", "FR", "IT", "ES", "NL", "SE", "BE", "IE"})
#: The charset as the Content-Type names it → Python's codec. What Amazon calls Shift_JIS is Microsoft's.
CODECS: Mapping[str, str] = {"Cp1252": "cp1252", "UTF-8": "utf-8", "Shift_JIS": "cp932", "Windows-31J": "cp932"}


def header(columns: tuple[str, ...], locale: str) -> tuple[str, ...]:
    """The columns in the language of ``de_DE``, ``ja-JP`` …"""
    table = _TABLES.get(locale.replace("-", "_").split("_")[0].lower(), {})
    return tuple(table.get(name, name) for name in columns)


def charset(place: Place, switches: Switches, listings: bool) -> str:
    """The charset of a marketplace's text reports; Japan's listings and FBA reports name the same letters differently."""
    if place.country == "JP":
        return "Shift_JIS" if listings else "Windows-31J"
    if place.country == "US":
        return "Cp1252" if listings and switches.us_listings_cp1252 else "UTF-8"
    return "Cp1252" if place.country in _WESTERN else "UTF-8"


def fitting(named: str, line: str) -> str:
    """The charset, or UTF-8 when the header itself could not be written in it (inferred: a header of question marks was never seen)."""
    try:
        line.encode(CODECS[named])
    except UnicodeEncodeError:
        return "UTF-8"
    return named


def encoded(text: str, named: str) -> bytes:
    """The text's bytes; a letter that the charset lacks becomes ``?``, as in Amazon's files."""
    return text.encode(CODECS[named], errors="replace")
