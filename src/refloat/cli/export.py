"""``refloat export --loader``: the Bulk Fix file, and on stderr what a person must know about it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from refloat.app import Question, Triage
from refloat.app.loader import Bulk, bulk_of, kinds_left_out
from refloat.cli.triage import answered, asked, say_nothing
from refloat.errors import NothingReadable, WrongUse
from refloat.knowledge.labels import label
from refloat.knowledge.messages import text_of
from refloat.knowledge.tables import table
from refloat.locale import translator
from refloat.model.cure import Guard, Wishes
from refloat.wording.whole_file import whole_file

#: So many SKUs are named in one line; how many more there are is said.
_NAMED = 10


@dataclass(frozen=True)
class Export:
    """The options as they were given."""

    sources: Sequence[str]
    out: Path
    loader: bool
    marketplace: str | None = None
    as_of: str | None = None
    notes: Path | None = None
    encoding: str | None = None
    reasons: Sequence[str] = ()
    remedies: Sequence[str] = ()
    skus: Sequence[str] = ()
    force: bool = False
    pages: Path | None = None


def run_export(export: Export, language: str) -> None:
    """Write the file, and say what is not in it.

    Raises:
        WrongUse: the file exists, cannot be written, or there is nothing to write.
        NothingReadable: what is stranded is unknown.
    """
    if not export.loader:
        raise WrongUse("It is not said what to export.", why="There is one form of file as yet.", todo="Add --loader for Amazon's Bulk Fix file.")
    _may_write(export)
    question, wishes = _asked(export)
    try:
        found = answered(question, language)
    except NothingReadable as error:
        say_nothing(error, language)
        raise
    bulk = bulk_of(found, wishes, export.skus)
    for line in (*(text_of(warning, language) for warning in found.warnings), *_said(bulk, found, language)):
        sys.stderr.write(f"{line}\n")
    if not bulk.rows:
        raise WrongUse(
            "No file is written: nothing that was asked for can be mended by it.",
            why="The Bulk Fix file relists, changes to FBA, creates listings and sets prices; nothing else.",
            todo="refloat triage shows what to do.",
        )
    _write(bulk.content, export.out)
    say = translator(language)
    sys.stderr.write(say("Written: {path}").format(path=export.out) + "\n")
    sys.stderr.write(
        say("{count} SKUs for {place}. Look through them, then upload the file in Seller Central under Add products via upload.").format(count=len(bulk.rows), place=bulk.marketplace) + "\n"
    )
    sys.stderr.write(say("Never choose purge and replace there: it deletes every SKU that is not in the file.") + "\n")


def _asked(export: Export) -> tuple[Question, Wishes]:
    files, account = _named(export.sources)
    places = [export.marketplace] if export.marketplace else []
    question = asked(files, places=places, account=account, as_of=export.as_of, notes=export.notes, charset=export.encoding, reasons=export.reasons, remedies=export.remedies, pages=export.pages)
    if export.notes is None:
        return question, Wishes()
    from refloat.reports.notes import read_wishes

    return question, read_wishes(export.notes)


def _named(sources: Sequence[str]) -> tuple[Sequence[str], str | None]:
    """Files, or an account: a single word that is no file is one."""
    only = sources[0]
    if len(sources) == 1 and only != "-" and not Path(only).exists() and not set(only) & set("./\\="):
        return (), only
    return sources, None


def _may_write(export: Export) -> None:
    """Refuse before anything is read: somebody may have filled in the older file."""
    if export.out.is_file() and not export.force:
        raise WrongUse("{path} exists already.", why="It may hold prices that somebody filled in, so it is not overwritten.", todo="Give another name, or --force to replace it.", path=export.out)


def _write(content: bytes, out: Path) -> None:
    try:
        with whole_file(out) as part:
            part.write_bytes(content)
    except OSError as error:
        raise WrongUse(
            "{path} could not be written: {error}.",
            why="The folder may be missing, full or protected.",
            todo="Give another place, or make room; nothing else was lost.",
            path=out,
            error=error.strerror or error,
        ) from error


def _said(bulk: Bulk, found: Triage, language: str) -> Iterator[str]:
    """What was left out and why, and what is still to be filled in."""
    say = translator(language)
    for guard, skus in kinds_left_out(bulk):
        yield say("Left out ({count}): {why} {skus}").format(count=len(skus), why=_sentence(guard, found, language), skus=_listed(skus, language))
    open_cells = (
        (bulk.unpriced, say("No price could be vouched for, so the cell is empty; fill it in")),
        (bulk.without_condition, say("The condition of the units is not known, so the cell is empty; fill in theirs")),
        (bulk.created, say("Made anew; the file has no cells for batteries and dangerous goods, so check that these offers became Fulfilled by Amazon")),
    )
    for skus, what in open_cells:
        if skus:
            yield say("{what} ({count}): {skus}").format(what=what, count=len(skus), skus=_listed(skus, language))
    if not bulk.content.isascii():
        yield say("Some SKUs are not plain letters; compare them in Seller Central after the upload.")


def _sentence(guard: Guard, found: Triage, language: str) -> str:
    """The guard's sentence; a remedy by the name that its page has."""
    facts = dict(guard.facts)
    if remedy := found.catalogue.remedies.get(facts.get("remedy", "")):
        facts["remedy"] = label(remedy.page, language)
    return str(table("guards")[guard.name]["zh" if language == "zh-Hans" else "en"].format_map(facts))


def _listed(skus: Sequence[str], language: str) -> str:
    say = translator(language)
    text = say(", ").join("".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in sku) for sku in skus[:_NAMED])
    return text if len(skus) <= _NAMED else say("{skus} and {count} more").format(skus=text, count=len(skus) - _NAMED)
