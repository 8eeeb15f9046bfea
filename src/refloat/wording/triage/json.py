"""The triage contract: one JSON object, as ``triage.schema.json`` says; written as it is made."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TextIO

from refloat.app import Question, Triage
from refloat.errors import NothingReadable
from refloat.knowledge.messages import text_of
from refloat.model.answers import KINDS
from refloat.model.source import Source, Warning

FORMAT = "refloat.triage/1"


def write(triage: Triage, out: TextIO, language: str = "en") -> None:
    """The whole answer; strandings one by one, so that a million rows need little memory."""
    out.write(f'{{"format": "{FORMAT}", "as_of": "{triage.as_of.isoformat()}",\n{_sources(triage.sources)},\n"strandings": [')
    for number, finding in enumerate(triage.findings(language)):
        out.write((",\n" if number else "\n") + _dumped(finding.as_json()))
    rest = {"incidents": [incident.as_json() for incident in triage.incidents], "summary": triage.summary.as_json(), "warnings": [_warning(warning, language) for warning in triage.warnings]}
    out.write("\n],\n" + ",\n".join(f'"{name}": {_dumped(part)}' for name, part in rest.items()) + "}\n")


def write_nothing(question: Question, error: NothingReadable, out: TextIO, language: str = "en") -> None:
    """The answer when nothing could be read: unknown, and why; never an empty success."""
    as_of = question.as_of or datetime.now(UTC).date()
    empty: dict[str, Any] = {"skus": 0, "units": None, "worth": [], "due_within_7_days": 0, "by_cause": {}, "by_remedy": {}, "unknown": max(1, len(error.sources))}
    body = {
        "format": FORMAT,
        "as_of": as_of.isoformat(),
        "sources": [_source(source) for source in error.sources],
        "strandings": [],
        "incidents": [],
        "summary": empty,
        "warnings": [_warning(warning, language) for warning in error.warnings],
    }
    out.write(_dumped(body) + "\n")


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _sources(sources: Iterable[Source]) -> str:
    """The reports; and, where Amazon was asked about single SKUs, what it answered."""
    reports = [_source(source) for source in sources if source.report not in KINDS]
    answered = [_answers(source) for source in sources if source.report in KINDS]
    return f'"sources": {_dumped(reports)}' + (f',\n"answers": {_dumped(answered)}' if answered else "")


def _answers(source: Source) -> dict[str, Any]:
    moment = source.observed_at.isoformat() if source.observed_at else None
    return {"name": source.file, "about": source.report, "marketplace": source.marketplace, "account": source.account, "count": source.rows, "observed_at": moment}


def _source(source: Source) -> dict[str, Any]:
    """A report; that it is a snapshot of ours, and why a newer one could not be had, are keys that came later."""
    moment, snapshot = source.observed_at.isoformat() if source.observed_at else None, source.observed_from == "snapshot"
    return {
        "file": source.file,
        "report": source.report,
        "marketplace": source.marketplace,
        "account": source.account,
        "rows": source.rows,
        "encoding": source.encoding,
        "refused_rows": source.refused_rows,
        "whole": source.whole,
        "observed_at": moment,
        "observed_from": "content" if snapshot else source.observed_from,
        **({"snapshot": True, "failed": source.failed} if snapshot else {}),
    }


def _warning(warning: Warning, language: str = "en") -> dict[str, Any]:
    return {"code": warning.code, "message": text_of(warning, language), "file": warning.file, "line": warning.line, "column": warning.column, "value": warning.value}


__all__ = ["FORMAT", "write", "write_nothing"]
