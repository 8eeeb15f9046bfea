"""The words of the doors: all of them in Chinese too, in Amazon's own terms, and compiled."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from tests.house.tree import ROOT

_CATALOGUE = ROOT / "src/refloat/locale/zh_Hans/LC_MESSAGES/refloat.po"
#: What the market says where Amazon itself says something else.
_SLANG = ("滞留库存", "断链", "链接", "改 FBA", "自发货", "移仓", "退回", "丢弃", "客服")
#: Half-width punctuation that touches a Chinese character.
_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]")


def _catalogue() -> Catalog:
    with _CATALOGUE.open("rb") as file:
        return read_po(file)


def _pairs(catalogue: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalogue if message.id}


PAIRS = _pairs(_catalogue())


def test_every_text_of_the_doors_is_in_the_catalogue() -> None:
    """Nothing lacks, nothing is empty, fuzzy or gone, and the compiled file is that of the catalogue."""
    checked = _messages(ROOT, "--check")
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_the_compiled_catalogue_says_the_same() -> None:
    """What the doors read is what a translator wrote."""
    with _CATALOGUE.with_suffix(".mo").open("rb") as file:
        assert _pairs(read_mo(file)) == PAIRS


def test_placeholders_are_the_same_in_both_languages() -> None:
    """A translation that loses a number, or asks for one that nobody gives, is none."""
    assert {text: chinese for text, chinese in PAIRS.items() if _places(text) != _places(chinese)} == {}


def test_where_to_read_more_is_a_page_in_the_readers_language() -> None:
    """An error that leads a Chinese reader to an English page leads there only where there is no Chinese one."""
    named = {text: chinese for text, chinese in PAIRS.items() if text.startswith("docs/") and text.endswith(".md")}
    assert named
    assert {text: chinese for text, chinese in named.items() if chinese != _in_chinese(text)} == {}


def _in_chinese(page: str) -> str:
    chinese = page.removesuffix(".md") + ".zh.md"
    return chinese if (ROOT / chinese).exists() else page


def test_no_slang() -> None:
    """Amazon's own words, not the market's."""
    assert [chinese for chinese in PAIRS.values() if any(word in chinese for word in _SLANG)] == []


def test_punctuation_is_full_width_beside_chinese() -> None:
    """A half-width comma between Chinese characters looks like a misprint."""
    assert [chinese for chinese in PAIRS.values() if _HALF_WIDTH.search(chinese)] == []


def test_the_check_says_what_is_wrong(tmp_path: Path) -> None:
    """A text that is new, empty, fuzzy or gone, or a stale compiled file: each fails, and running the script mends it."""
    doors, catalogue = _small_house(tmp_path)
    assert "not translated" in _messages(tmp_path, "--check").stderr
    _replaced(catalogue, 'msgid "Written"\nmsgstr ""', 'msgid "Written"\nmsgstr "已写入"')
    assert "stale" in _messages(tmp_path, "--check").stderr
    _messages(tmp_path)
    assert _messages(tmp_path, "--check").returncode == 0
    _replaced(catalogue, 'msgid "Written"', '#, fuzzy\nmsgid "Written"')
    assert _messages(tmp_path, "--check").returncode == 1
    _replaced(catalogue, "#, fuzzy\n", "")
    doors.write_text('say("Read")\n', encoding="utf-8")
    assert "not what the code says" in _messages(tmp_path, "--check").stderr
    _messages(tmp_path)
    assert 'msgid "Read"' in catalogue.read_text(encoding="utf-8")
    assert "已写入" not in catalogue.read_text(encoding="utf-8")


def test_errors_are_collected_part_by_part(tmp_path: Path) -> None:
    """What, why, todo and more of an error as templates, and both texts of a refused note; never a value."""
    doors, catalogue = _small_house(tmp_path)
    error = 'raise WrongUse("No {name}.", why="Why so.", todo="Do this.", more="read.md", name="A")\n'
    note = 'raise wrong(path, "In {file} is {value}.", "Write true.", value="B")\n'
    doors.write_text(error + note, encoding="utf-8")
    _messages(tmp_path)
    assert re.findall(r'^msgid "(.+)"$', catalogue.read_text(encoding="utf-8"), re.MULTILINE) == ["No {name}.", "Why so.", "Do this.", "read.md", "In {file} is {value}.", "Write true."]


def test_collecting_twice_changes_nothing(tmp_path: Path) -> None:
    """No date, no version, no order by chance."""
    _doors, catalogue = _small_house(tmp_path)
    before = catalogue.read_bytes(), catalogue.with_suffix(".mo").read_bytes()
    _messages(tmp_path)
    assert (catalogue.read_bytes(), catalogue.with_suffix(".mo").read_bytes()) == before


def _small_house(root: Path) -> tuple[Path, Path]:
    """A tree with the script, one door and its catalogue, nothing translated yet."""
    doors = root / "src" / "refloat" / "doors.py"
    (root / "script").mkdir()
    doors.parent.mkdir(parents=True)
    doors.write_text('say("Written")\n', encoding="utf-8")
    shutil.copy(ROOT / "script/messages", root / "script/messages")
    shutil.copy(ROOT / "babel.cfg", root / "babel.cfg")
    first = _messages(root)
    if first.returncode:
        pytest.fail(first.stderr)
    return doors, root / _CATALOGUE.relative_to(ROOT)


def _messages(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.run([str(root / "script/messages"), *arguments], cwd=root, capture_output=True, text=True, encoding="utf-8", check=False, env={**os.environ, "PATH": path})


def _replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _places(text: str) -> list[str]:
    return sorted(name for _before, name, _spec, _conversion in Formatter().parse(text) if name is not None)
