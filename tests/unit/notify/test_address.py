"""Addresses: every form that the docs show is one to Apprise itself, and nothing of an address is shown but service and host."""

from __future__ import annotations

import re

import pytest
from tests.house.tree import ROOT

from refloat.errors import WrongUse
from refloat.notify import addressed

_FORM = re.compile(r"^([a-z]+://\S*EXAMPLE\S*)", re.MULTILINE)
PAGES = tuple(ROOT / "docs" / "operate" / name for name in ("alarms.md", "alarms.zh.md"))


def _forms() -> list[str]:
    return [form for page in PAGES for form in _FORM.findall(page.read_text(encoding="utf-8"))]


def test_both_pages_show_the_same_forms() -> None:
    """At least one each for e-mail, Slack, WeCom, DingTalk, Feishu, Telegram and webhooks."""
    own = [_FORM.findall(page.read_text(encoding="utf-8")) for page in PAGES]
    assert own[0] == own[1]
    assert {form.split(":")[0] for form in own[0]} >= {"mailtos", "slack", "wecombot", "dingtalk", "feishu", "tgram", "jsons"}


def test_every_form_of_the_docs_is_an_address() -> None:
    """By Apprise's own parser; of each only the service and its host are shown."""
    for form in _forms():
        shown = addressed(form).shown
        assert shown.split("://")[0] == form.split("://")[0]
        assert "EXAMPLE" not in shown
    assert addressed("jsons://hooks.example.com/refloat?+Authorization=Bearer%20EXAMPLE").shown == "jsons://hooks.example.com"
    assert addressed("slack://T0EXAMPLE/B0EXAMPLE/EXAMPLEEXAMPLEEXAMPLEEXA").shown == "slack://…"


@pytest.mark.parametrize(
    "url", ["", "EXAMPLE", "https://example.com/EXAMPLE", "nosuch://EXAMPLE", "tgram://EXAMPLE", "json://", "mailto://EXAMPLE:EXAMPLE", "slack://EXAMPLE", "json://[EXAMPLE/x", "json://h:EXAMPLE/"]
)
def test_what_is_no_address_is_refused_without_a_word_of_it(url: str) -> None:
    """Neither the error nor what lies behind it repeats what was typed."""
    with pytest.raises(WrongUse) as refused:
        addressed(url)
    error: BaseException | None = refused.value
    while error is not None:
        assert "EXAMPLE" not in f"{error} {error.args} {getattr(error, 'values', '')}"
        error = error.__cause__ or error.__context__


def test_an_address_is_not_shown_by_accident() -> None:
    """Not even where somebody prints it."""
    assert "EXAMPLE" not in repr(addressed("wecombot://EXAMPLE0-0000-0000-0000-EXAMPLEKEY00"))
