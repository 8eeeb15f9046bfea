"""Which encoding a report is in: as declared, else by its content.

European and American listings reports come in cp1252, Japanese ones in cp932 (plain Shift-JIS fails on
some letters), files that went through Excel in UTF-16. A Chinese Excel may write GB 18030.
"""

from __future__ import annotations

import codecs
import re

from refloat.reports.containers import Bytes

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_AMAZON_NAMES = {"windows-31j": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "cp1252": "cp1252", "iso-8859-1": "cp1252", "latin-1": "cp1252"}
_KANA = re.compile(r"[ぁ-んァ-ヴー]")
_EAST_ASIAN = re.compile(r"[ぁ-んァ-ヶー々〆一-龥、-〕！-～￥㈱①-⑳Ⅰ-Ⅹ℃×○●◎△□■☆★…・]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
#: Files up to this size are checked to the last byte; larger ones by their start, and again while parsing.
_WHOLE_UP_TO = 64 << 20
_SAMPLE = 4 << 20


def charset(name: str) -> str:
    """Python's codec for a charset as Amazon's header names it.

    Raises:
        LookupError: no such charset.
    """
    key = name.strip().lower()
    return _AMAZON_NAMES.get(key) or codecs.lookup(key).name


def public_name(codec: str) -> str:
    """The codec as a person calls it: a byte-order mark makes no other encoding."""
    return {"utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(codec, codec)


def detected(data: Bytes, declared: str | None = None) -> str:
    """The codec that reads ``data``: the declared one if it fits, else the first that fits the content."""
    start = bytes(data[:4])
    for bom, codec in _BOMS:
        if start.startswith(bom):
            return codec
    sample = bytes(data) if len(data) <= _WHOLE_UP_TO else _cut_at_line(bytes(data[:_SAMPLE]))
    if declared and reads(sample, charset(declared)):
        return charset(declared)
    if (wide := _utf16_without_bom(sample)) is not None:
        return wide
    if reads(sample, "utf-8"):
        return "utf-8"
    return next((codec for codec in ("cp932", "gb18030") if _looks(sample, codec)), "cp1252")


def detected_not_utf8(data: Bytes) -> str:
    """For a large file whose start was plain but whose middle is not UTF-8."""
    sample = bytes(data)
    return next((codec for codec in ("cp932", "gb18030") if _looks(sample, codec)), "cp1252")


def decoded(data: Bytes, codec: str) -> str:
    """The text. cp1252 has five holes: bytes in them become the control characters they are in Latin-1."""
    raw = bytes(data)
    try:
        return raw.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError:
        if codec == "cp1252":
            return "".join(part.decode("cp1252") if len(part) > 1 or part not in _HOLES else part.decode("latin-1") for part in _around_holes(raw))
        return raw.decode(codec, errors="replace").removeprefix("\ufeff")


_HOLES = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
_HOLE = re.compile(rb"([\x81\x8d\x8f\x90\x9d])")


def _around_holes(raw: bytes) -> list[bytes]:
    return _HOLE.split(raw)


def reads(sample: bytes, codec: str) -> bool:
    """True when ``codec`` decodes the whole sample."""
    try:
        sample.decode(codec)
    except (UnicodeDecodeError, UnicodeError):
        return False
    return True


def _cut_at_line(sample: bytes) -> bytes:
    return sample[: sample.rfind(b"\n") + 1] or sample


def _utf16_without_bom(sample: bytes) -> str | None:
    """UTF-16 shows as a NUL in every second byte of an ASCII header."""
    head = sample[:400]
    if len(head) < 8:
        return None
    if head[1::2].count(0) > len(head) // 3 and head[0::2].count(0) == 0:
        return "utf-16-le"
    if head[0::2].count(0) > len(head) // 3 and head[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def _looks(sample: bytes, codec: str) -> bool:
    """Does the sample read like East Asian text in ``codec``, rather than happen to decode?"""
    if not reads(sample, codec):
        return False
    foreign = _NOT_ASCII.findall(sample.decode(codec))
    if not foreign or len(_EAST_ASIAN.findall("".join(foreign))) < 0.9 * len(foreign):
        return False
    return codec != "cp932" or bool(_KANA.search("".join(foreign)))
