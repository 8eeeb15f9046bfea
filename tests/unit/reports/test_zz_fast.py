"""The fast way takes only what is well-formed, and reads it as the careful way does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refloat.reports import careful, fast
from refloat.reports.layout import layout_of
from refloat.reports.recognise import Field

BOUND = {0: Field("sku", "sku", "sku"), 2: Field("units", "count", "units"), 3: Field("price", "money", "price")}
HEADER = "sku\tname\tunits\tprice\tnote"


def frame(text: str, **options: object) -> fast.Rows:
    return fast.frame_of(text.encode(), None, layout_of(text), BOUND, **options)  # type: ignore[arg-type]


def test_numbers_are_typed_where_every_cell_is_one() -> None:
    rows = frame(f"{HEADER}\nA\ta\t5\t1.25\t\nB\tb\t\t\t\n").frame
    assert [str(kind) for kind in rows.dtypes] == ["String", "Int64", "Decimal(precision=18, scale=4)"]


def test_one_odd_number_leaves_all_as_text() -> None:
    rows = frame(f"{HEADER}\nA\ta\t--\t1.25\t\nB\tb\t5\t4,10\t\n").frame
    assert rows.rows() == [("A", "--", "1.25"), ("B", "5", "4,10")]


@pytest.mark.parametrize("point", [",", None])
def test_amounts_stay_text_where_a_dot_may_cut_thousands(point: str | None) -> None:
    assert frame(f"{HEADER}\nA\ta\t5\t1.499\t\n", point=point).frame["price"].to_list() == ["1.499"]


@pytest.mark.parametrize(
    "text",
    [
        "sku,name\nA,a\n",
        '"sku"\t"name"\nA\ta\n',
        f"{HEADER}\rA\ta\t1\t1\t\r",
        f"{HEADER}\r\r\nA\ta\t1\t1\t\r\r\n",
        f"{HEADER}\nA\0\ta\t1\t1\t\n",
        f'{HEADER}\nA\t"two\nlines"\t1\t1\t\n',
        f'{HEADER}\nA\ta\t1\t1\t"open\nB"\n',
        f"{HEADER}\nA\ta\t1\t1\tx\ty\n",
        f"{HEADER}\nB\tb\t1\t1\tx\nA\ta\t1\t1\tx\ty\n",
        f"{HEADER}\r\nA\ttwo\nlines\t1\t1\tx\r\n",
        f"{HEADER}\r\nA\ta\t1\t1\ttwo\nlines\r\n",
    ],
)
def test_whatever_needs_thought_is_left_to_the_careful_way(text: str) -> None:
    with pytest.raises(fast.Unfit):
        frame(text)


def test_bytes_that_are_no_utf8_are_told_apart() -> None:
    text = f"{HEADER}\nA\ta\t1\t1\t"
    with pytest.raises(fast.NotUtf8):
        fast.frame_of(text.encode() + b"\xe4\n", None, layout_of(text), BOUND)


@pytest.mark.parametrize(
    "rows",
    [
        '"47\ta\t1\t1\tx\nB\t"good"\t2\t2\t\n',
        'A\ta\t1\t1\t"x, y"\n"A, b"\t"47"""\t1\t1\tx\n',
        "A\ta\t1\t1\tx\n\nB\tb\t2\t2\n \t\nC\n",
        "A\ta\u0085\u2028\t1\t1\tx\r\nB\tb\t1\t1\ty",
        "",
        "A\ta\t1",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_both_ways_give_the_same_rows_on_the_same_lines(rows: str, end: str) -> None:
    text = f"{HEADER}\n{rows}".replace("\r\n", "\n").replace("\n", end)
    bound = {position: Field(name, "text", name) for position, name in enumerate(("sku", "name", "units", "price", "note"))}
    fast_rows = fast.frame_of(text.encode(), None, layout_of(text), bound).without_blank()
    careful_rows = careful.frame_of(text, layout_of(text), bound, "f.txt").without_blank()
    assert fast_rows.frame.equals(careful_rows.frame)
    assert fast_rows.numbers().to_list() == careful_rows.numbers().to_list()
    assert fast_rows.cut == careful_rows.cut


def test_very_many_quotes_are_searched_in_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "_QUOTES_LOOKED_AT", 2)
    good = f'{HEADER}\nA\t5" by 6"\t1\t1\tx\n"47\tb\t1\t1\tx\n'
    assert frame(good).frame["sku"].to_list() == ["A", '"47']
    with pytest.raises(fast.Unfit):
        frame(good + '"48\tonly\nD\t"two\nlines"\t1\t1\t\n')


def test_a_line_feed_alone_is_found_across_the_steps_of_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    for step in range(1, 9):
        monkeypatch.setattr(fast, "_STEP", step)
        assert not fast._has_lone_lf(b"ab\r\ncd\r\n\r\ne\r\n")
        assert fast._has_lone_lf(b"ab\r\nc\nd\r\n")


BROKEN = st.lists(st.text(st.sampled_from('ab"\t\t , 12.'), max_size=14), max_size=8)


@given(BROKEN, st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=8000, deadline=None)
def test_whatever_the_fast_way_takes_the_careful_way_reads_alike(lines: list[str], end: str, ended: bool) -> None:
    text = end.join((HEADER, *lines)) + (end if ended else "")
    bound = {position: Field(name, "text", name) for position, name in enumerate(("sku", "name", "units", "price"))}
    try:
        fast_rows = fast.frame_of(text.encode(), None, layout_of(text), bound).without_blank()
    except fast.Unfit:
        return
    careful_rows = careful.frame_of(text, layout_of(text), bound, "f.txt").without_blank()
    assert fast_rows.frame.rows() == careful_rows.frame.rows()
    assert fast_rows.numbers().to_list() == careful_rows.numbers().to_list()
    assert careful_rows.refused == ()
    assert fast_rows.cut == careful_rows.cut
