"""Writes docs/reference from the code and the catalogue; ``--check`` only says which pages are stale.

Every page says the same as the program, because it is made from what the program reads.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from docs.api_page import api_page
from docs.policy_page import policy_page
from typer.main import get_command
from typer.testing import CliRunner

from refloat.cli.commands import app
from refloat.knowledge.catalogue import Cause, Remedy, catalogue, translated
from refloat.knowledge.page import Page, read_page
from refloat.knowledge.tables import table
from refloat.model.sighting import COLUMNS
from refloat.reports.entered import PRICE, Rows
from refloat.stories import stories

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
_CATALOGUE = "../../src/refloat/knowledge"
_KINDS = {"text": "text", "count": "whole number", "money": "amount", "date": "date", "flag": "true or false", "ratio": "number"}
_WIDTH = 100


def causes() -> str:
    """One line for each cause, then where its pages are."""
    rows = [_cause_row(cause) for cause in sorted(catalogue().causes.values(), key=lambda cause: cause.name)]
    return _page(
        "Causes",
        "A cause is what Refloat concludes. Where Amazon's own words are given, the cause is that reason and nothing else is needed; "
        "the others are found in the other files that you give, and win over the reason. The highest precedence wins. "
        "The clock is the group that decides how long Amazon leaves the units where its report gives no date ([clocks.toml](" + _CATALOGUE + "/clocks.toml)).",
        _table(("Cause", "Amazon's words", "亚马逊的说法", "First remedy", "Safety", "Clock"), rows),
        "## What else each page says\n\nWhat happened, how we know, what to do, safety, when it is something else, and the condition itself.\n\n"
        + "\n".join(
            f"* [{cause.name}]({_CATALOGUE}/causes/{cause.name}.md) · [{_label(cause.page)}]({_CATALOGUE}/causes/{cause.name}.zh.md)"
            for cause in sorted(catalogue().causes.values(), key=lambda cause: cause.name)
        ),
    )


def _cause_row(cause: Cause) -> tuple[str, ...]:
    said = [spelling for spellings in (cause.said_as, *cause.also_said.values()) for spelling in spellings]
    english = [spelling for spelling in said if spelling.isascii()]
    chinese = [spelling for spelling in said if not spelling.isascii()]
    first = catalogue().remedies[cause.remedies[0]]
    clock = table("clocks")[cause.clock].get("days") if cause.clock else None
    shown = "—" if cause.clock is None else f"{cause.clock}: none" if clock is None else f"{cause.clock}: {clock} days"
    return (f"`{cause.name}`", " · ".join(english) or "*found by evidence*", " · ".join(chinese) or "—", f"`{first.name}`", first.safety, shown)


def remedies() -> str:
    """One line for each remedy, then where its pages are."""
    known = sorted(catalogue().remedies.values(), key=lambda remedy: remedy.name)
    return _page(
        "Remedies",
        "A remedy is a kind of cure. *Safe* ones may run by a rule of the seller's; *consent* means that a person approves each plan; "
        "*by-hand* can be done in Seller Central only; *none* means that nothing is to be done now. "
        "Where Amazon recommends another remedy than ours, a safe one needs consent too.",
        _table(("Remedy", "What it is", "名称", "Safety", "Undo", "To fill in", "Amazon's button"), [_remedy_row(remedy) for remedy in known]),
        "## What else each page says\n\nWhat to check before, where to click, how long it takes, how to undo it, and when it is wrong.\n\n"
        + "\n".join(f"* [{remedy.name}]({_CATALOGUE}/remedies/{remedy.name}.md) · [{_label(remedy.page)}]({_CATALOGUE}/remedies/{remedy.name}.zh.md)" for remedy in known),
    )


def _remedy_row(remedy: Remedy) -> tuple[str, ...]:
    undo = "*cannot be undone*" if remedy.irreversible else f"`{remedy.undo}`" if remedy.undo else "—"
    return (f"`{remedy.name}`", remedy.page.title, _label(remedy.page), remedy.safety, undo, ", ".join(remedy.fill_in) or "—", " · ".join(remedy.recommended_as) or "—")


def reports() -> str:
    """Every report: how it is recognised, its fields and their other names."""
    return _page(
        "Reports",
        "Reports are recognised by their header, never by their file name or the position of a column. In a header, case does not count, and a blank, a hyphen and an underscore are the same; "
        "fields that are not listed are tolerated and ignored, and a missing one leaves its column unknown. "
        f"Each table is a file in [knowledge/reports]({_CATALOGUE}/reports), where a name can be added without writing Python.",
        *(_report(table(f"reports/{path.stem}")) for path in sorted((ROOT / "src/refloat/knowledge/reports").glob("*.toml"))),
    )


def _report(known: dict[str, Any]) -> str:
    signs = [text + _all(known[key]) for key, text in (("has_all", "has "), ("has_any", "has one of "), ("has_none", "lacks ")) if known[key]]
    rows = [(f"`{name}`", field["type"], f"`{field['column']}`" if "column" in field else "*not used*", _all(field.get("aliases", ())) or "—") for name, field in known["fields"].items()]
    names = _all(known["amazon"]) or "*no report type*"
    return f"## {known['title']} · {known['title_zh']}\n\n`{known['name']}`, Amazon's {names}. Recognised by its header: {'; '.join(signs)}.\n\n" + _table(
        ("Field", "Type", "Becomes", "Also called"), rows
    )


def _all(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def columns() -> str:
    """The sighting: every column that a condition can name."""
    rows = [(f"`{column.name}`", _KINDS[column.kind], f"`{column.report}`" if column.report else "*worked out*", f"`{column.field}`" if column.field else "—", column.meaning) for column in COLUMNS]
    return _page(
        "Columns of the sighting",
        "One row for each account, marketplace and SKU, with the columns of all files joined. A cause's condition (`when`) is written over these columns and no others. "
        "A column that no file filled is null: unknown, never zero and never no; null counts as false in a condition.",
        _table(("Column", "Type", "Report", "Field", "Meaning"), rows),
    )


def messages() -> str:
    """Every warning in both languages."""
    rows = [(f"`{code}`", texts["en"], texts["zh"]) for code, texts in sorted(table("messages").items()) if code != "outcome"]
    return _page(
        "Messages",
        "What Refloat says about the files that it was given. A warning never stops the rest; what could not be used is unknown, not zero. "
        "With `--json` each warning carries its code, the file, the line, the column and the value. Words in braces are filled in with your own.",
        _table(("Code", "English", "中文"), rows),
    )


def guards() -> str:
    """Every guard in both languages, whether it can be lifted, and the times of each remedy."""
    rows = [(f"`{name}`", f"`--lift {name}`" if guard.get("lift") else "—", guard["en"], guard["zh"]) for name, guard in table("guards").items()]
    curing = table("curing")
    usual = curing["canary"]["read_back_minutes"]
    times = [(f"`{name}`", f"{row.get('read_back_minutes', usual)} min", _hours(row["shows_hours"]), _hours(row["late_hours"])) for name, row in curing["remedy"].items()]
    return _page(
        "Guards",
        "What a plan may not pass silently. A stranding at which one stands is left alone, and the plan names it. A few may be lifted by a person, for one plan; "
        "the others keep goods, money or the account from harm. Words in braces are facts of the case.",
        _table(("Guard", "Lifted by", "English", "中文"), rows),
        "## Times\n\nHow long Refloat waits until a listing shows what was written, when the effect usually shows, and from when on it counts as unchanged.\n\n"
        + _table(("Remedy", "Read back", "Shows", "Late"), times),
        f"A plan is good for {_hours(curing['plan']['good_hours'])}. A price more than {curing['plan']['price_far_share']:.0%} away from the last one known is far off; "
        f"when more than {curing['plan']['moved_share']:.0%} of a plan has moved, all of it is refused; after {curing['plan']['back_most']} come-backs the same cure is planned no more.",
        f"A plan as a program reads it: [plan.schema.json]({_CATALOGUE}/plan.schema.json); a triage: [triage.schema.json]({_CATALOGUE}/triage.schema.json).",
    )


def _hours(hours: int) -> str:
    return f"{hours} h" if hours < 72 else f"{hours // 24} days"


def commands() -> str:
    """The help of every command, as the program prints it."""
    parts = [f"## refloat\n\n{_help()}", *(f"## refloat {' '.join(names)}\n\n{_help(*names)}" for names in sorted(_commands(get_command(app))))]
    return _page(
        "The command line",
        "What `refloat COMMAND --help` prints. Exit codes: 0 done; 1 only from `triage`: done, and there is something to look at; 2 could not, or stopped at a surprise; 130 stopped by Ctrl-C. "
        "Answers go to stdout; warnings and progress go to stderr. `REFLOAT_LANG` sets the language, `REFLOAT_PAGES` a folder with pages of your own.",
        *parts,
    )


def _commands(command: Any, *names: str) -> Iterator[tuple[str, ...]]:
    """Every command by its words; a group is its commands."""
    for name, own in getattr(command, "commands", {}).items():
        yield from _commands(own, *names, name) if getattr(own, "commands", None) else [(*names, name)]


def _help(*names: str) -> str:
    said = CliRunner(env={"COLUMNS": str(_WIDTH), "NO_COLOR": "1", "REFLOAT_LANG": "en"}).invoke(
        app, [*names, "--help"], prog_name="refloat", color=False, terminal_width=_WIDTH, max_content_width=_WIDTH
    )
    return "```text\n" + "\n".join(line.rstrip() for line in said.output.strip("\n").splitlines()) + "\n```"


def notes() -> str:
    """The seller's notes: every table, key and switch, from the tables that read them."""
    from dataclasses import fields

    from refloat.model.notes import Settings
    from refloat.reports import notes as reading
    from refloat.reports import wishes

    told = {column.field.split(".")[0]: column.meaning for column in reversed(COLUMNS) if column.report == "notes"}
    rows = [(f"`[[{name}]]`", _keys(known), told.get(name, "—")) for name, known in reading.ROWS.items()]
    wanted = [(f"`[[{name}]]`", _keys(known), _WISHES[name]) for name, known in wishes.ROWS.items()]
    switches = [
        (f"`{name}`", f"`true` when the list of {'documents' if name.startswith('documents') else 'closings'} is complete: what is not in it does not exist. Without it, what is not in it is unknown.")
        for name in reading.SWITCHES
    ]
    settings = [
        (
            f"`{field.name}`",
            _SETTING.get(field.name, "`true` or `false`" if field.default is True else "days"),
            "`true`" if field.default is True else "unknown" if field.name in _SETTING else "as Amazon's default",
        )
        for field in fields(Settings)
    ]
    address = [(f"`{key}`", f"`{field}`", "" if key in wishes.ADDRESS_NEEDED else "may be left out") for key, field in wishes.ADDRESS.items()]
    return _page(
        "The seller's notes",
        "What no report says and only you know, and what you want done, goes into a small TOML file, given with `--notes FILE`. Every part may be left out. "
        "What is wrong in it is refused with the table and the key, because a wrong note would change a diagnosis unseen.",
        "## Tables\n\nOne block for each row.\n\n" + _table(("Table", "Keys", "What it tells"), rows),
        f"The `code` of a restriction is one of {_all(reading.CODES)}.",
        "## Wishes\n\nWhat a remedy needs to be told. Nothing of it is ever guessed; each SKU has one row at most.\n\n" + _table(("Table", "Keys", "What it wishes"), wanted),
        "A price is written with a point and at most two decimals, in the marketplace's currency; in quotes every zero stays. Of `least` and `most` one may be left out.",
        f"A `disposition` is one of {_all(wishes.DISPOSITIONS)}. `disposition` in `[removal]` is that of every SKU without a row in `[[removals]]`; without either, nothing is removed.",
        "Where returns go stands in `[removal.address.US]`, one table for each marketplace.\n\n" + _table(("Key", "Amazon's field", ""), address),
        "## Switches\n\nAt the top of the file, before the first table.\n\n" + _table(("Switch", "Meaning"), switches),
        "## Settings\n\nAmazon's own automation as you have set it, in `[settings]`.\n\n" + _table(("Key", "Value", "If left out"), settings),
        "## Example\n\nThe notes of the made-up account that ships with Refloat ([notes.toml](../../src/refloat/demo/notes.toml)) are a longer one.\n\n```toml\n" + EXAMPLE + "```",
    )


_SETTING = {"removal_disposition": "Return, Disposal or Liquidations", "looked_up_on": "the day on which you read them in Seller Central"}


def _keys(known: Rows) -> str:
    return ", ".join([*(f"`{key}` ({_FORMS[kind]})" for key, kind in known.needed.items()), *(f"`{key}` (may be left out)" for key in known.optional)])


_FORMS = {str: "text in quotes", date: "date, such as 2026-11-22", PRICE: 'price, such as "19.90"', dict: "table of attributes"}
#: What each table of wishes asks for.
_WISHES = {
    "prices": "the price of the offer",
    "bounds": "your own lowest and highest price",
    "edits": "attributes of the listing, each with its whole new array as Amazon's JSON has it",
    "dates": "the day on which the offer begins, or comes back from a pause",
    "dangerous_goods": "dangerous-goods attributes as you state them; a simple value stands for an array with that one value",
    "removals": "what is done with removed units of this SKU",
}
#: A valid file with every table once; a test reads it.
EXAMPLE = """\
documents_kept = true
closings_kept = true

[[expires]]
sku = "OATBAR-12"
on = 2026-12-31

[[documents]]
sku = "MUG-BLUE-11"
kind = "brand-authorisation"
on = 2026-03-01

[[closed]]
sku = "TEAPOT-1L"
on = 2026-10-01

[[holds]]
sku = "CALENDAR-27"
until = 2026-12-01

[[restrictions]]
sku = "LAMP-RED"
code = "APPROVAL_REQUIRED"
brand = "Sample Harbour Goods"

[[removal_notices]]
sku = "KETTLE-BLUE-2"
on = 2026-11-03

[[opted_out]]
sku = "CALENDAR-27"

[settings]
automatic_relist_days = 30
automatic_change_to_fba_days = 1
removal_days = 30
automatic_relist = true
automatic_change_to_fba = true

[[prices]]
sku = "TEAPOT-1L"
price = "24.90"

[[bounds]]
sku = "TEAPOT-1L"
least = "19.00"
most = "39.00"

[[edits]]
sku = "MUG-BLUE-11"
attributes.item_name = [{ value = "Blue mug, 11 oz" }]

[[dates]]
sku = "CALENDAR-27"
on = 2026-12-01

[[dangerous_goods]]
sku = "LAMP-RED"
attributes.batteries_required = false
attributes.supplier_declared_dg_hz_regulation = "not_applicable"

[[removals]]
sku = "OATBAR-12"
disposition = "Disposal"

[removal]
disposition = "Return"

[removal.address.US]
name = "Sample Harbour Goods"
line1 = "1 Example Street"
city = "Springfield"
state = "IL"
postal_code = "62701"
country = "US"
phone = "+1 555 0100"
"""


def told_stories() -> str:
    """Every story by its cause."""
    rows = [
        (f"`{story.cause}`", "fires" if story.fires else "stays silent", f"[{story.page.title}](../../src/refloat/stories/{story.name}.md)")
        for story in sorted(stories(), key=lambda story: (story.cause, not story.fires, story.name))
    ]
    return _page(
        "Stories",
        f"A story is one seller's situation, written once: the report rows, what the seller entered, and what Refloat must find. All {len(rows)} are run as tests. "
        "Each cause has stories in which it fires, and stories near to them in which it must stay silent.",
        _table(("Cause", "", "Story"), rows),
    )


def _label(page: Page) -> str:
    chinese = translated(page, "zh-Hans")
    return str(chinese.front.get("label") or read_page(chinese.path).title)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines)


def _page(title: str, intro: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", intro, *parts, "*Made by `script/docs` from the code and the catalogue; do not edit it here.*")) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "causes.md": causes, "remedies.md": remedies, "reports.md": reports, "columns.md": columns,
    "messages.md": messages, "guards.md": guards, "cli.md": commands, "notes.md": notes, "stories.md": told_stories,
    "api.md": partial(api_page, "en"), "api.zh.md": partial(api_page, "zh-Hans"),
}  # fmt: skip


#: Pages for who runs it, beside the reference.
OPERATE: dict[str, Callable[[], str]] = {"policy.md": partial(policy_page, "en"), "policy.zh.md": partial(policy_page, "zh-Hans")}


def stale() -> list[str]:
    """The pages that are not what the generator gives now, and those that it does not know."""
    operate = REFERENCE.parent / "operate"
    wrong = [f"../operate/{name}" for name, make in OPERATE.items() if not (operate / name).exists() or (operate / name).read_text(encoding="utf-8") != make()]
    wrong += [name for name, make in PAGES.items() if not (REFERENCE / name).exists() or (REFERENCE / name).read_text(encoding="utf-8") != make()]
    return wrong + sorted(path.name for path in REFERENCE.glob("*.md") if path.name not in PAGES)


def main(arguments: list[str]) -> int:
    """Write every page, or say which are stale; 1 when one is."""
    if arguments == ["--check"]:
        found = stale()
        sys.stdout.write("".join(f"docs/reference/{name} is stale: run script/docs\n" for name in found))
        return 1 if found else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (REFERENCE / name).write_text(make(), encoding="utf-8")
    (REFERENCE.parent / "operate").mkdir(exist_ok=True)
    for name, make in OPERATE.items():
        (REFERENCE.parent / "operate" / name).write_text(make(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
