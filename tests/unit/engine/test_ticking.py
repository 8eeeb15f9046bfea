"""Which of what is due is queued."""

from __future__ import annotations

import pytest

from refloat.engine import ticking
from refloat.engine.turns import Key


def test_plans_that_wait_keep_no_look_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each queue has room of its own: a plan takes hours, and ten thousand of them may be due."""
    monkeypatch.setattr(ticking, "_AT_MOST", 3)
    acts = [Key(f"harbour-{number}", "", "act") for number in range(10)]
    looks = [Key(f"harbour-{number}", "US", "look") for number in range(10)]
    assert ticking._chosen([*acts, *looks], set()) == [*acts[:3], *looks[:3]]
    assert ticking._chosen([*acts, *looks], {key.text for key in acts[:3]}) == looks[:3]
    assert ticking._chosen([*looks, *acts], {key.text for key in looks[:3]}) == acts[:3]


def test_one_account_leaves_room_for_others() -> None:
    """Of twenty marketplaces of one account a few are looked at at once; what is queued already is not queued again."""
    own = [Key("harbour", f"place-{number}", "look") for number in range(20)]
    chosen = ticking._chosen([*own, Key("shore", "US", "look")], {own[0].text})
    assert chosen == [*own[1:8], Key("shore", "US", "look")]
