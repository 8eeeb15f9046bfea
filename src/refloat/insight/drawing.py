"""Bars as inline SVG, drawn by Altair and vl-convert on this machine, without a network.

Text takes the colour of the page around it, so a drawing reads in light and dark; kinds of bars
differ by their filling, not by hue. Nothing in a drawing points outside it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair

#: A blue of middle lightness: at least 3:1 against a white and against a nearly black page.
BAR = "#3d84c6"
_INK = "currentColor"
_FONT = "system-ui, sans-serif"
_WIDTH = 400
_NAMES_WIDTH = 110
#: Room of a name above its bar. The fonts of the reader may be a fifth wider than those measured here.
_NAME_ROOM = 235
#: Filled, and hollow with a breath of colour.
_FILLINGS = (BAR, f"{BAR}1f")


def names_above_bars(bars: Sequence[tuple[str, float, str]], title: str) -> str:
    """(name, length, what to write) from top to bottom; long names have the whole width."""
    import altair as alt

    rows = [{"at": at, "name": name, "length": length, "text": text} for at, (name, length, text) in enumerate(bars)]
    place = alt.Y("at:O", axis=None, sort=None)
    base = alt.Chart(alt.InlineData(values=rows))
    longest = max((length for _name, length, _text in bars), default=0.0) or 1.0
    drawn = alt.layer(
        base.mark_bar(color=BAR, height=9, yOffset=8).encode(y=place, x=alt.X("length:Q", axis=None, scale=alt.Scale(domain=[0, longest]))),
        base.mark_text(align="left", baseline="middle", dy=-6, color=_INK, limit=_NAME_ROOM).encode(y=place, x=alt.value(0), text="name:N"),
        base.mark_text(align="right", baseline="middle", dy=-6, color=_INK).encode(y=place, x=alt.value(_WIDTH - 12), text="text:N"),
    )
    return _svg(drawn.properties(width=_WIDTH - 12, height=alt.Step(34)), title)


def bars_beside_names(bars: Sequence[tuple[str, str, int]], kinds: Sequence[str], title: str) -> str:
    """(name, kind, count) from top to bottom; bars of one name are stacked, the sum stands at their end.

    Of two kinds the first is filled and the second hollow, and a legend says so.
    """
    import altair as alt

    names = list(dict.fromkeys(name for name, _kind, _count in bars))
    sums = {name: sum(count for other, _kind, count in bars if other == name) for name in names}
    most = max(sums.values(), default=0) or 1
    place = alt.Y("name:N", sort=names, title=None, axis=alt.Axis(domain=False, ticks=False, labelPadding=6, minExtent=_NAMES_WIDTH, maxExtent=_NAMES_WIDTH, labelLimit=_NAMES_WIDTH))
    across = alt.Scale(domain=[0, most * 1.15])
    legend = alt.Legend(title=None, orient="top", columnPadding=18, symbolType="square", symbolStrokeColor=BAR, symbolStrokeWidth=1) if len(kinds) > 1 else None
    rows = [{"name": name, "kind": kind, "order": list(kinds).index(kind), "count": count} for name, kind, count in bars]
    stacked = alt.Chart(alt.InlineData(values=rows)).mark_bar(stroke=BAR, strokeWidth=1, height=13)
    ends = alt.Chart(alt.InlineData(values=[{"name": name, "sum": count, "text": f"{count:,}"} for name, count in sums.items()])).mark_text(align="left", dx=5, color=_INK)
    drawn = alt.layer(
        stacked.encode(
            y=place, x=alt.X("count:Q", axis=None, scale=across, stack="zero"), order="order:Q",
            fill=alt.Fill("kind:N", scale=alt.Scale(domain=list(kinds), range=list(_FILLINGS[: len(kinds)])), legend=legend),
        ),
        ends.encode(y=place, x=alt.X("sum:Q", axis=None, scale=across), text="text:N"),
    )  # fmt: skip
    return _svg(drawn.properties(width=_WIDTH - _NAMES_WIDTH - 12, height=alt.Step(22)), title)


def over_days(points: Sequence[tuple[str, float, str]], title: str) -> str:
    """(day, height, what to write) as a line over time, with a point for each day that is known; the last one is written out."""
    import altair as alt

    rows = [{"day": day, "height": height, "text": text} for day, height, text in points]
    most = max((height for _day, height, _text in points), default=0.0) or 1.0
    across = alt.X("day:T", title=None, axis=alt.Axis(format="%m-%d", grid=False, tickCount=6))
    up = alt.Y("height:Q", title=None, scale=alt.Scale(domain=[0, most * 1.1]), axis=alt.Axis(format="~s", gridOpacity=0.25, tickCount=5))
    base = alt.Chart(alt.InlineData(values=rows))
    last = alt.Chart(alt.InlineData(values=rows[-1:]))
    drawn = alt.layer(
        base.mark_line(color=BAR, strokeWidth=2).encode(x=across, y=up),
        base.mark_point(color=BAR, filled=True, size=24).encode(x=across, y=up),
        last.mark_text(align="right", dy=-10, color=_INK).encode(x=across, y=up, text="text:N"),
    )
    return _svg(drawn.properties(width=_WIDTH - 70, height=180), title)


def _svg(chart: altair.LayerChart | altair.FacetChart, title: str) -> str:
    """The drawing as SVG for the inside of a page: with a name, as wide as there is room, on no background."""
    import vl_convert

    text = {"labelColor": _INK, "titleColor": _INK, "labelFontSize": 12}
    look: dict[str, Any] = {"background": "transparent", "aria": False, "font": _FONT, "padding": 4}
    whole = chart.configure(**look, view={"stroke": None}, axis=text, legend=text, text={"fontSize": 12})
    svg: str = vl_convert.vegalite_to_svg(whole.to_dict())
    name = html.escape(title, quote=True)
    body = re.sub(r' (xmlns(:xlink)?|version|width|height|aria-[a-z]+|role)="[^"]*"', "", svg.split(">", 1)[0])
    rest = re.sub(r' (aria-[a-z]+|role)="[^"]*"', "", svg.split(">", 1)[1])
    return f'{body} role="img" aria-label="{name}" focusable="false"><title>{name}</title>{rest}'
