"""Answers as a document: what is written is read, whatever the SKU; equal answers are equal bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refloat.model import answers
from refloat.model.ports import Answer

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_TEXT = st.text(st.characters(codec="utf-8"))
_BODIES = st.none() | st.dictionaries(_TEXT, st.none() | st.booleans() | st.integers(-(10**9), 10**9) | _TEXT, max_size=3)


@given(st.dictionaries(_TEXT, _BODIES, max_size=5))
def test_what_is_written_is_read(bodies: dict[str, dict[str, object] | None]) -> None:
    """Any SKU, line ends of all kinds included, and any body come back as they were."""
    written = [Answer(key, body, AT, None) for key, body in bodies.items()]
    content = answers.written("listing-answers", written)
    assert answers.kind_of(content[:200]) == "listing-answers"
    assert {answer.key: answer.body for answer in answers.read(content)} == bodies
    assert answers.written("listing-answers", reversed(written)) == content


@pytest.mark.parametrize("start", [b"", b"sku\tasin\n", b'{"refloat-answers": "other"}\n', b'{"refloat-answers', b'{"a": 1}'])
def test_other_files_hold_no_answers(start: bytes) -> None:
    """A report, other JSON, and a kind that nobody knows are not taken for answers."""
    assert answers.kind_of(start) is None


def test_of_two_answers_the_newer_counts() -> None:
    """The order in which they are given does not matter."""
    old, new = Answer("CUP", {"n": 1}, AT), Answer("CUP", {"n": 2}, AT + timedelta(minutes=1))
    assert answers.merged([old], [new]) == answers.merged([new], [old]) == [new]
