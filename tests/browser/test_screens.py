"""The pictures in the README and the docs are made here: ``REFLOAT_SCREENS=docs/screens pytest tests/browser/test_screens.py``."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.console_desk import ACCOUNT, Desk
from tests.console_plans import chosen, planned, stranded
from tests.house.tree import ROOT

SHOWN = ("home", "strandings", "plan")
#: What git takes of a picture without complaint.
MOST_BYTES = 400_000


@pytest.mark.parametrize("name", SHOWN)
def test_the_picture_can_be_made(opened: Callable[..., Page], desk: Desk, tmp_path: Path, name: str) -> None:
    """Each page is there, and is what the picture is called; kept where the environment says."""
    path = {"home": lambda: "/", "strandings": lambda: "/strandings/", "plan": lambda: f"/plans/{_plan(desk)}/"}[name]()
    page = opened(viewport={"width": 1200, "height": 760}, color_scheme="light")
    page.goto(f"{desk.base}{path}", wait_until="networkidle")
    target = Path(os.environ.get("REFLOAT_SCREENS") or tmp_path) / f"{name}.png"
    page.screenshot(path=target)
    assert 10_000 < target.stat().st_size < MOST_BYTES


def _plan(desk: Desk) -> str:
    rows = [*stranded(desk, "listing-closed"), *stranded(desk, "merchant-fulfilled"), *stranded(desk, "missing-price")]
    assert rows, ACCOUNT
    return planned(chosen(desk.visitor, "next", rows))


@pytest.mark.parametrize("name", SHOWN)
def test_the_picture_is_kept_and_shown(name: str) -> None:
    """What the docs show is in the repository."""
    kept = ROOT / "docs" / "screens" / f"{name}.png"
    assert kept.read_bytes().startswith(b"\x89PNG")
    assert kept.stat().st_size < MOST_BYTES
    assert f"screens/{name}.png" in (ROOT / "docs" / "start" / "console.md").read_text(encoding="utf-8")
