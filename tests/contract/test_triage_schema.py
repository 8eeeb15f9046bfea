"""The triage contract: what ``refloat triage --json`` prints validates, and no version takes a key away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from typer.testing import CliRunner

from refloat.cli.commands import app
from refloat.model.finding import Finding
from refloat.stories import Story, stories

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[2] / "src/refloat/knowledge/triage.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())

#: What the first version of the contract required; literal, so that nobody takes one away unseen.
FIRST = {
    "": ["format", "as_of", "sources", "strandings", "incidents", "summary", "warnings"],
    "sources": ["file", "report", "marketplace", "rows", "encoding"],
    "strandings": [
        "account", "marketplace", "marketplace_id", "sku", "asin", "fnsku", "title", "condition", "units_fulfillable", "units_unfulfillable", "units_reserved", "units_inbound",
        "price_amount", "price_currency", "stranded_on", "age_days", "symptom", "recommended", "status_primary", "status_secondary", "error_message", "program", "cause", "standing",
        "why", "evidence", "remedy", "safety", "then", "after", "amazon_will", "removal_due_on", "removal_due_from", "removal_due_latest_on", "days_left", "worth", "cost_per_day",
        "cost_so_far", "removal_cost",
    ],
    "strandings.symptom": ["said", "name"],
    "strandings.recommended": ["said", "name"],
    "strandings.evidence": ["source", "field", "value"],
    "strandings.amazon_will": ["do", "on"],
    "incidents": ["cause", "began_on", "skus", "units", "worth"],
    "summary": ["skus", "units", "worth", "due_within_7_days", "by_cause", "by_remedy", "unknown"],
    "warnings": ["code", "message", "file", "line"],
}  # fmt: skip
#: What was added since.
ADDED = {
    "sources": ["account", "refused_rows", "whole", "observed_at", "observed_from"],
    "strandings": ["mode", "aged_surcharge", "pool", "counted"],
    "strandings.amazon_will": ["estimated"],
    "incidents": ["marketplace"],
    "warnings": ["column", "value"],
}
#: Values of the first version that must stay allowed.
WORDS = {
    ("sources", "report"): [
        "stranded",
        "stranded-loader",
        "fba-inventory",
        "listings-all",
        "listings-inactive",
        "listings-suppressed",
        "reserved",
        "planning",
        "returns",
        "removal-orders",
        "removal-shipments",
        "storage-fees",
        "aged-fees",
        "unknown",
    ],
    ("strandings", "standing"): ["confirmed", "suspected", "clearing", "conflicting", "unknown"],
    ("strandings", "safety"): ["safe", "consent", "by-hand", "none"],
    ("strandings", "removal_due_from"): ["report", "notice", "settings", "clock", "assumed", None],
    ("strandings.amazon_will", "do"): ["relist", "change-to-fba", "remove"],
}

#: Every fourth story, run through the command itself; the journeys run all of them below it.
SOME = list(stories())[::4]


def part(path: str) -> dict[str, Any]:
    """The schema of the object at ``path``; lists are gone through."""
    found = SCHEMA
    for name in filter(None, path.split(".")):
        found = found["properties"][name]
        found = found.get("items", found)
    return found


def told(arguments: list[str]) -> tuple[int, dict[str, Any]]:
    """Exit code and object of ``refloat triage ARGUMENTS --json``."""
    run = CliRunner().invoke(app, ["triage", *arguments, "--json"])
    return run.exit_code, json.loads(run.stdout)


def problems(answer: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(answer)]


def test_the_schema_is_one() -> None:
    """The schema itself is valid, and names the format that the program writes."""
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["format"] == {"const": "refloat.triage/1"}


@pytest.mark.parametrize("path", FIRST)
def test_nothing_that_was_promised_is_gone(path: str) -> None:
    """Every key that the first version required is required still; what was added is required too, and nothing else."""
    assert set(part(path)["required"]) == {*FIRST[path], *ADDED.get(path, [])}


@pytest.mark.parametrize(("path", "key"), WORDS, ids=[f"{path}.{key}" for path, key in WORDS])
def test_no_word_changes_its_meaning(path: str, key: str) -> None:
    """The words that a reader of the first version knows are all the words there are."""
    assert part(path)["properties"][key]["enum"] == WORDS[path, key]


def test_every_key_of_a_finding_is_described() -> None:
    """The schema names every key that a finding prints, and no other."""
    printed = {name for name in Finding.__dataclass_fields__ if name not in ("said", "recommended_said")}
    assert printed == set(part("strandings")["properties"])
    assert set(part("strandings")["required"]) == set(part("strandings")["properties"])


@pytest.mark.parametrize("story", SOME, ids=[story.name for story in SOME])
def test_what_the_command_prints_validates(story: Story, tmp_path: Path) -> None:
    """The whole way: files in, one object out, that validates and says the story's causes."""
    notes = tmp_path / "notes.toml"
    notes.write_text(story.notes, encoding="utf-8")
    code, answer = told([*story.written_to(tmp_path), "--notes", str(notes), "--as-of", story.as_of.isoformat(), "--lang", "zh-Hans" if story.fires else "en"])
    assert problems(answer) == []
    assert code == (1 if answer["summary"]["skus"] or answer["summary"]["unknown"] else 0)
    assert {sku: entry["cause"] for sku, entry in story.expected.items()}.items() <= {entry["sku"]: entry["cause"] for entry in answer["strandings"]}.items()


def test_an_incident_and_a_pool_validate() -> None:
    """The made-up account that ships has incidents, pools, warnings and amounts in two currencies."""
    import refloat.demo as shipped

    _, answer = told([str(shipped.FOLDER), "--as-of", shipped.AS_OF.isoformat(), "--notes", str(shipped.FOLDER / "notes.toml")])
    assert problems(answer) == []
    assert answer["incidents"]
    assert answer["warnings"]
    assert any(entry["pool"] for entry in answer["strandings"])
    assert len(answer["summary"]["worth"]) == 2


def test_an_amount_of_another_form_is_refused() -> None:
    """The schema is not blind: an amount is a text of digits, a unit a whole number or null, never a float."""
    money = Draft202012Validator({"$defs": SCHEMA["$defs"], "$ref": "#/$defs/money"})
    assert money.is_valid({"amount": "12.50", "currency": None})
    assert not any(money.is_valid(wrong) for wrong in ({"amount": 12.5, "currency": "EUR"}, {"amount": "1,5", "currency": "EUR"}, {"amount": "1"}, "12.50"))
    count = Draft202012Validator({"$defs": SCHEMA["$defs"], "$ref": "#/$defs/count"})
    assert [value for value in (3, None, -1, 1.5, "3") if count.is_valid(value)] == [3, None]


def test_nothing_readable_validates_too(tmp_path: Path) -> None:
    """When nothing could be read the JSON still stands on stdout: unknown, never an empty success."""
    path = tmp_path / "letter.txt"
    path.write_text("Dear Amazon,\nwhere are my units?\n", encoding="utf-8")
    run = CliRunner().invoke(app, ["triage", str(path), "--json"])
    answer = json.loads(run.stdout)
    assert problems(answer) == []
    assert run.exit_code != 0
    assert answer["summary"]["units"] is None
    assert answer["summary"]["unknown"] >= 1
    assert answer["strandings"] == []
