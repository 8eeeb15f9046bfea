"""Every kind that the code knows has a word of its own at the settings."""

from __future__ import annotations

from dataclasses import fields

from refloat.app.policy_trial import OVER_BEFORE, UNTOLD
from refloat.knowledge.catalogue import catalogue
from refloat.knowledge.policies_read import SHIPPED, policy_of, shipped
from refloat.locale import translator
from refloat.model.alarm import DIGESTS, KINDS
from refloat.model.notes import Settings
from refloat.wording.policy import left_labels, sentences, setting_labels, untold_labels
from refloat.wording.recipients import digest_labels, kind_labels


def test_alarms_digests_and_settings_have_words() -> None:
    assert tuple(kind_labels(str)) == KINDS
    assert tuple(digest_labels(str)) == DIGESTS
    assert set(setting_labels(str)) == {one.name for one in fields(Settings)}


def test_what_a_trial_tells_has_words() -> None:
    assert tuple(untold_labels(str)) == UNTOLD
    assert OVER_BEFORE in left_labels(str)


def test_every_sentence_of_a_policy_is_in_both_languages() -> None:
    for name in SHIPPED:
        english, chinese = ([text for _, own in sentences(policy_of(shipped(name)), catalogue(), language) for text in own] for language in ("en", "zh-Hans"))
        assert len(english) == len(chinese)
        assert all(one != other for one, other in zip(english, chinese, strict=True))
    assert translator("zh-Hans")("Whose word counts") != "Whose word counts"
