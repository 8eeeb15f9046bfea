"""Which encoding a file is in."""

from __future__ import annotations

import pytest

from refloat.reports.encoding import as_utf8, charset, detected, of_foreign_letters, public_name, reads

GERMAN = "Artikelbezeichnung\tHändler-SKU\tPreis\nGrüner Becher – groß\tA-1\t4,10\n"
FRENCH = "nom-produit\tsku-vendeur\tprix\tquantité\tétat\nTasse d’été\tA-1\t4,10\t3\tActif\n"
JAPANESE = "商品名\t出品者SKU\t価格\t数量\tフルフィルメント・チャンネル\n青いカップ①\tA-1\t1200\t3\tAMAZON_JP\n"
KANJI = "商品名\t出品者SKU\t価格\t数量\n青陶器\tA-1\t1200\t3\n"
CHINESE = "商品名称\t卖家 SKU\t价格\t数量\n蓝色杯子（大）\tA-1\t24.90\t3\n"
ENGLISH = "item-name\tseller-sku\tprice\nDon’t “panic” cup – 5€\tA-1\t24.90\n"


@pytest.mark.parametrize(
    ("text", "codec"),
    [(GERMAN, "cp1252"), (FRENCH, "cp1252"), (ENGLISH, "cp1252"), (JAPANESE, "cp932"), (KANJI, "cp932"), (CHINESE, "gb18030")]
    + [(text, codec) for text in (GERMAN, FRENCH, ENGLISH, JAPANESE, KANJI, CHINESE) for codec in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")],
)
def test_every_encoding_that_files_come_in_is_known_by_content(text: str, codec: str) -> None:
    raw = text.encode(codec)
    found = detected(raw)
    assert as_utf8(raw, found).decode() == text
    assert public_name(found) == {"utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(codec, codec)


@pytest.mark.parametrize("letter", "äöüßéèàçñåøłİ")
def test_one_european_letter_before_an_ascii_one_is_no_chinese(letter: str) -> None:
    """``Händler`` decodes as cp932 and as GB 18030 too."""
    raw = f"item-name\tseller-sku\nH{letter}ndler\tA\n".encode("cp1252", "ignore")
    assert detected(raw) in {"cp1252", "utf-8"}


def test_a_header_alone_in_cp1252() -> None:
    assert detected("Artikelbezeichnung\tHändler-SKU\tPreis\n".encode("cp1252")) == "cp1252"


def test_the_declared_charset_comes_first_where_it_fits() -> None:
    raw = "sku\tname\nA\tÄé\n".encode("cp1252")
    assert detected(raw, charset("windows-31j")) == "cp1252"
    assert detected(raw, charset("ISO-8859-1")) == "cp1252"
    assert detected(CHINESE.encode("gbk"), charset("GBK")) == "gb18030"
    assert detected(GERMAN.encode("utf-8"), "cp1252") == "cp1252" or reads(GERMAN.encode("utf-8"), "cp1252") is False


def test_a_byte_order_mark_comes_before_what_is_declared() -> None:
    assert detected(GERMAN.encode("utf-16"), "cp1252") == "utf-16-le"


def test_a_download_cut_inside_a_letter_is_still_utf8() -> None:
    raw = CHINESE.encode()[:-8]
    assert detected(raw) == "utf-8"
    assert "\ufffd" not in as_utf8(raw, "utf-8").decode()


def test_a_few_broken_letters_do_not_turn_the_whole_file_into_another_encoding() -> None:
    raw = (CHINESE * 20).encode() + b"broken \xe4 letter\n"
    assert detected(raw) == "utf-8"


def test_the_five_holes_of_cp1252_do_not_lose_the_file() -> None:
    assert as_utf8(b"A\x81\x8d\x8f\x90\x9d\x80", "cp1252").decode() == "A\x81\x8d\x8f\x90\x9d€"


def test_foreign_letters_far_behind_the_start_are_looked_at() -> None:
    raw = b"sku\tname\n" + b"A\tplain\n" * 700_000
    assert detected(raw) == "utf-8"
    assert of_foreign_letters(raw + JAPANESE.encode("cp932")) == "cp932"


def test_an_unknown_charset_is_told() -> None:
    with pytest.raises(LookupError):
        charset("klingon")
