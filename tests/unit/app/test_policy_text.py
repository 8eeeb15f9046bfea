"""Where a problem of a policy stands in its text, and how two versions differ."""

from __future__ import annotations

import pytest

from refloat.app.policy_text import difference, line_of
from refloat.knowledge.policies_read import PolicyWrong, policy_of


def told(text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(PolicyWrong) as wrong:
        policy_of(text)
    return [(line_of(text, one), str(one.values.get("key", ""))) for one in wrong.value.problems]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[relist]\n# a remark\nautomatic = 3\n", 3),
        ("relist.automatic = 3\n", 1),
        ("[pace]\nper_hour = 9\nper_day = 3\n", 2),
        ("[nothing]\na = 1\n", 1),
        ("[price]\nnever_below = { USD = -1 }\n", 2),
        ('[[opt_outs]]\nsku = "A"\n\n[[opt_outs]]\nsku = "B"\nuntil = "x"\n', 6),
        ('[[opt_outs]]\nsku = "A"\n\n[[opt_outs]]\n', 4),
        ("[relist]\nautomatic = true\nautomatic = \n", 3),
    ],
)
def test_a_problem_has_its_line(text: str, line: int) -> None:
    assert [at for at, _ in told(text)] == [line]


def test_a_difference_says_what_went_and_what_came() -> None:
    lines = difference("a\nb\nc\n", "a\nB\nc\n")
    assert [(one.kind, one.text) for one in lines] == [("between", ""), ("same", "a"), ("gone", "b"), ("new", "B"), ("same", "c")]
    assert difference("a\n", "a\n") == []
