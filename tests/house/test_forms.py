"""Forms of the console: Enter in a field, or on a box, presses a form's first submit button, so that button may be none that does much."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from tests.house.tree import SRC

TEMPLATES = SRC / "console" / "templates"
#: What is first in a form of which Enter must press nothing.
NOT_BY_ENTER = '{% include "console/not_by_enter.html" %}'
#: Forms that say yes to something, though their one button is not marked as dangerous.
APPROVING = ("policy_consent", "plan-approve")
_FIELD = re.compile(r'<input (?![^>]*type="(?:hidden|file)")|\bparts\.field\(|\{\{ fields\(')
_SUBMIT = re.compile(r'<button(?![^>]*type="button")')


def _forms() -> Iterator[tuple[str, str]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        for form in re.findall(r'<form [^>]*method="post".*?</form>', path.read_text(encoding="utf-8"), re.DOTALL):
            yield path.name, form


def _delicate(form: str) -> bool:
    """Enter would press one button of several, or one that cannot be taken back."""
    return bool(_FIELD.search(form)) and (len(_SUBMIT.findall(form)) > 1 or 'class="danger"' in form or any(f"url('{name}'" in form for name in APPROVING))


DELICATE = [(name, form) for name, form in _forms() if _delicate(form)]


@pytest.mark.parametrize("form", [form for _, form in DELICATE], ids=[name for name, _ in DELICATE])
def test_enter_presses_no_button_that_does_much(form: str) -> None:
    """The first button is the default one, and closes a dialog that is not there."""
    first = _SUBMIT.search(form)
    assert first is not None
    assert NOT_BY_ENTER in form[: first.start()]


def test_what_stands_first_sends_nothing_and_is_not_seen() -> None:
    (button,) = re.findall(r"<button[^>]*>", (TEMPLATES / "console" / "not_by_enter.html").read_text(encoding="utf-8"))
    assert {'formmethod="dialog"', "formnovalidate", 'class="hidden"', 'aria-hidden="true"', 'tabindex="-1"', 'type="submit"'} <= set(button.strip("<>").split())


def test_the_forms_that_this_is_about_are_found() -> None:
    assert {"plan.html", "plan_final.html", "removal_sure.html", "settle.html", "settings_remove.html", "settings_policy.html"} <= {name for name, _ in DELICATE}
