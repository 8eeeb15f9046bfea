"""The console days after a look: what is due is of today, and older numbers say of which day they are."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.console_desk import ACCOUNT, served


def test_numbers_of_an_earlier_look_are_called_so(tmp_path: Path) -> None:
    """Days pass without a look: the table asks the rows anew, and the numbers beside the filters say of which day they are."""
    with served(tmp_path, skus=60) as desk:
        today = desk.clock.now()
        assert "those of the last look" not in desk.visitor.get("/strandings/").text
        desk.clock.sleep(9 * 86_400)
        page = desk.visitor.get("/strandings/?due=14")
        assert f"those of the last look, {today.astimezone(ZoneInfo('America/Los_Angeles')).date()}" in page.text
        due = {row.sku for row in desk.store.strandings.open_strandings(ACCOUNT) if row.now.removal_due_on and (row.now.removal_due_on - desk.clock.now().date()).days <= 14}
        assert due
        assert set(re.findall(r'<a class="sku" href="[^"]+">([^<]+)</a>', page.text)) == due
