"""An error speaks the reader's language, as far as its parts carry no values."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from refloat.cli.commands import run


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
    assert refloat("explain", "--lang", "xx", locale="zh").splitlines()[1:] == ["页面只有英文和简体中文两种。", "请用 --lang en 或 --lang zh-Hans。"]
    assert refloat("explain", "--lang", "xx").splitlines()[0] == "There is no language xx."
