"""What Amazon will do by itself, as every door says it."""

from __future__ import annotations

from refloat.app.audit import Event
from refloat.wording.labels import Say


def event_text(event: Event, say: Say) -> str:
    """What happens on that day, how much of it, and what of that is not certain."""
    texts = {
        "relist": say("{on} {place}: with these settings {units} units will be relisted."),
        "change-to-fba": say("{on} {place}: with these settings {units} units will be changed to FBA."),
        "Disposal": say("{on} {place}: with these settings {units} units will be disposed of."),
        "Return": say("{on} {place}: with these settings {units} units will be returned."),
        "Liquidations": say("{on} {place}: with these settings {units} units will be liquidated."),
    }
    marks = [say("the date is an estimate")] if event.estimated else []
    marks += [say("no disposition is entered")] if event.assumed else []
    marks += [say("{count} SKUs of unknown units more").format(count=event.units_unknown)] if event.units_unknown else []
    return texts[event.what].format(on=event.on, place=event.marketplace, units=f"{event.units:,}") + (f" ({'; '.join(marks)})" if marks else "")
