"""An error speaks the reader's language, with the values that the reader gave."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from refloat.cli.commands import run
from refloat.errors import KnowledgeError, WrongUse
from refloat.locale import translator


@pytest.fixture
def refloat(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs a command that ends badly; what it says on stderr."""

    def called(*arguments: str, locale: str = "en") -> str:
        monkeypatch.setenv("REFLOAT_LANG", locale)
        monkeypatch.setattr(sys, "argv", ["refloat", *arguments])
        with pytest.raises(SystemExit) as ended:
            run()
        assert ended.value.code == 2
        return capsys.readouterr().err

    return called


def test_all_four_parts_in_chinese(refloat, tmp_path: Path) -> None:
    """The warnings, then what, why, todo, and the page in the reader's language."""
    (tmp_path / "no-report.txt").write_text("x", encoding="utf-8")
    said = refloat("triage", str(tmp_path / "no-report.txt"), locale="zh_CN.UTF-8").splitlines()
    assert len(said) == 5
    assert said[1] == "没有一个文件是可以读取的报告。"
    assert said[-1] == "docs/start/first-triage.zh.md"


@pytest.mark.parametrize("asked", [["--lang", "zh-Hans"], ["--lang=zh"]])
def test_the_option_wins_over_the_locale(refloat, asked: list[str]) -> None:
    """Also where the error comes before the option is looked at."""
    assert "例如 --as-of 2026-11-22。" in refloat("triage", "x", "--as-of", "tomorrow", *asked)
    assert "For example --as-of 2026-11-22." in refloat("triage", "x", "--as-of", "tomorrow", "--lang", "en", locale="zh")


def test_an_unknown_language_is_told_in_that_of_the_locale(refloat) -> None:
    """There is no language xx, but the reader has one."""
    assert refloat("explain", "--lang", "xx", locale="zh").splitlines() == ["没有 xx 这种语言。", "页面只有英文和简体中文两种。", "请用 --lang en 或 --lang zh-Hans。"]
    assert refloat("explain", "--lang", "xx").splitlines()[0] == "There is no language xx."


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (["triage", "x", "--sort", "colour"], "没有名为 colour 的排序方式。"),
        (["triage", "x", "--marketplace", "Atlantis"], "没有 Atlantis 这个站点。"),
        (["triage", "x", "--as-of", "{day}"], "{day} 不是日期。"),
        (["triage", "x", "--encoding", "klingon"], "没有 klingon 这种字符编码。"),
        (["explain", "zzzz{0}"], "没有“zzzz{0}”这个页面。"),
    ],
)
def test_a_message_with_values_comes_in_chinese(refloat, arguments: list[str], first: str) -> None:
    """What, why and todo, none of them in English; a brace in a value stays one."""
    said = refloat(*arguments, locale="zh").splitlines()
    assert said[0] == first
    assert len(said) == 3
    assert all(any("\u4e00" <= character <= "\u9fff" for character in line) for line in said)


def test_refused_notes_come_in_chinese(refloat, tmp_path: Path) -> None:
    """File, table, row and value stand in the translated sentence."""
    (tmp_path / "notes.toml").write_text('[[closed]]\nsku = "A"\non = "{tomorrow}"\n', encoding="utf-8")
    said = refloat("triage", "x", "--notes", str(tmp_path / "notes.toml"), locale="zh").splitlines()
    assert said[0] == '备注 notes.toml 中，closed 的第 1 行写着 on = "{tomorrow}"，类型不符。'
    assert said[2] == "请这样写，例如 on = 2026-11-22。"


def test_values_are_never_templates() -> None:
    """Of a seller's error the values come last; a page's error is finished text already."""
    assert str(WrongUse("No {name}.", todo="Near: {near}.", name="{near}", near="{name}")) == "No {near}.\nNear: {name}."
    assert str(KnowledgeError("a{b}.md calls itself 'c'.", why="{0}")) == "a{b}.md calls itself 'c'.\n{0}"
    assert KnowledgeError("{x}", todo="{y}").said(translator("zh-Hans")) == "{x}\n{y}"
