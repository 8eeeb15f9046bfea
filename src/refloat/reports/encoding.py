"""Which encoding a report is in: as declared, else by its content.

European and American listings reports come in cp1252, Japanese ones in cp932 (plain Shift-JIS fails on
some letters), files that went through Excel in UTF-16. A Chinese Excel may write GB 18030.
"""

from __future__ import annotations

import codecs
import io
import re
from itertools import islice

from refloat.reports.containers import Bytes

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_AMAZON_NAMES = {
    **dict.fromkeys(("windows-31j", "shift_jis", "shift-jis", "sjis"), "cp932"),
    **dict.fromkeys(("iso-8859-1", "latin-1"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    "utf-8-sig": "utf-8",
}
_EAST_ASIAN = re.compile(r"[ぁ-んァ-ヶー々〆一-龥、-〕！-～￥㈱①-⑳Ⅰ-Ⅹ℃×○●◎△□■☆★…・]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_NOT_ASCII_BYTE = re.compile(rb"[\x80-\xff]")
#: So much of a file is looked at, from its start and from its first letter that is not ASCII.
_SAMPLE = 4 << 20
#: So many runs of foreign letters are enough to know them.
_RUNS = 20_000
_STEP = 1 << 24


def charset(name: str) -> str:
    """Python's codec for a charset as Amazon's header names it.

    Raises:
        LookupError: no such charset.
    """
    key = name.strip().lower()
    return _AMAZON_NAMES.get(key) or codecs.lookup(key).name


def public_name(codec: str) -> str:
    """The codec as a person calls it: the order of bytes makes no other encoding."""
    return {"utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(codec, codec)


def detected(data: Bytes, declared: str | None = None) -> str:
    """The codec that reads ``data``: by its byte-order mark, the declared one (a codec) if it fits, else by content."""
    start = bytes(data[:4])
    for bom, codec in _BOMS:
        if start.startswith(bom):
            return codec
    sample = bytes(data[:_SAMPLE])
    if declared and reads(sample, declared):
        return declared
    return _utf16_without_bom(sample) or ("utf-8" if reads(sample, "utf-8") else of_foreign_letters(data))


def of_foreign_letters(data: Bytes) -> str:
    """The codec of a file that is not plain UTF-8, by its part from the first letter that is not ASCII."""
    found = _NOT_ASCII_BYTE.search(data)
    begin = found.start() if found else 0
    sample = bytes(data[begin : begin + _SAMPLE])
    if reads(sample, "utf-8") or _is_damaged_utf8(sample):
        return "utf-8"
    return next((codec for codec in ("cp932", "gb18030") if reads(sample, codec) and _looks(sample, codec)), "cp1252")


def as_utf8(data: Bytes, codec: str) -> bytes:
    """The same text in UTF-8, without a byte-order mark; what cannot be read becomes U+FFFD.

    cp1252 has five holes: bytes in them become the control characters that they are in Latin-1.
    """
    decoder = codecs.getincrementaldecoder(codec)("refloat-latin-1" if codec == "cp1252" else "replace")
    out = io.BytesIO()
    for at in range(0, len(data), _STEP):
        text = decoder.decode(bytes(data[at : at + _STEP]))
        out.write((text if at else text.removeprefix("\ufeff")).encode("utf-8", "replace"))
    return out.getvalue()


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("refloat-latin-1", _as_latin_1)


def reads(sample: bytes, codec: str) -> bool:
    """True when ``codec`` decodes the sample, which may stop inside a letter."""
    try:
        codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeError:
        return False
    return True


def _utf16_without_bom(sample: bytes) -> str | None:
    """UTF-16 shows in the header: each tab and each ASCII letter has a NUL beside it, always on one side."""
    head = sample[:400]
    for codec, low, high in (("utf-16-le", head[0::2], head[1::2]), ("utf-16-be", head[1::2], head[0::2])):
        tabs = sum(pair == (9, 0) for pair in zip(low, high, strict=False))
        if tabs > 1 and 2 * tabs > head.count(b"\t") and low.count(0) == 0:
            return codec
    return None


def _is_damaged_utf8(sample: bytes) -> bool:
    """UTF-8 with a few broken letters: nearly all others are whole."""
    foreign = "".join(islice(_NOT_ASCII.findall(sample.decode("utf-8", "replace")), _RUNS))
    return len(foreign) > 20 * foreign.count("\ufffd")


def _looks(sample: bytes, codec: str) -> bool:
    """Does the sample read like East Asian text in ``codec``, rather than happen to decode?

    A European letter before an ASCII one happens to be a character of both codecs, but a rare one, and
    rarely two in a row.
    """
    text = codecs.getincrementaldecoder(codec)().decode(sample)
    runs = [match[0] for match in islice(_NOT_ASCII.finditer(text), _RUNS)]
    foreign = "".join(runs)
    usual = [letter for letter in foreign if _EAST_ASIAN.match(letter) and _is_usual(letter, codec)]
    return any(len(run) > 1 for run in runs) and len(usual) >= 0.9 * len(foreign)


def _is_usual(letter: str, codec: str) -> bool:
    """One of the letters that common texts are made of: rows 1 to 47 of JIS X 0208, or GB 2312."""
    if codec == "cp932":
        return bytes(letter.encode("cp932", "replace")) < b"\x98\x73"
    return bool(letter.encode("gb2312", "ignore"))
