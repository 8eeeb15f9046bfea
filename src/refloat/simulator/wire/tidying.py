"""Let go of what nobody will fetch any more: in a long play the documents alone would fill the memory.

Amazon keeps reports for 90 days and documents as long; whoever plays a year lets them go sooner.
"""

from __future__ import annotations

from datetime import datetime

from refloat.simulator.wire import report_lives, stored
from refloat.simulator.world import World


def forget_before(world: World, moment: datetime) -> None:
    """Forget the reports that ended before, their documents, and every link that has expired."""
    used: set[str | None] = set()
    for seller_id in world.sellers:
        known = report_lives.reports_of(world, seller_id)
        old = [name for name, report in known.items() if report.ended_at is not None and report.ended_at < moment]
        gone = {known.pop(name).document_id for name in old}
        used |= {report.document_id for report in known.values()}
        for name in gone - used - {None}:
            _forget_document(world, str(name))
    links: dict[str, stored.Link] = world.rooms.get("links", {})
    for signature in [name for name, link in links.items() if link.expires_at < world.now]:
        del links[signature]


def _forget_document(world: World, name: str) -> None:
    documents, laid = stored.documents(world), report_lives.laid(world)
    for one in [known for known in documents if known == name or known.startswith(f"{name}.")]:
        del documents[one]
        laid.pop(one, None)
