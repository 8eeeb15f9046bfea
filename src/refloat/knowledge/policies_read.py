"""Reading a policy: a TOML file in which everything is checked, each complaint with its key, all of them at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from refloat.errors import WrongUse
from refloat.knowledge.catalogue import Catalogue, catalogue
from refloat.knowledge.policy_values import Unfit, default_of, nearest, problem, value_of
from refloat.knowledge.tables import HERE, table
from refloat.model import policy as nouns
from refloat.model.policy import OptOut, Policy

SHIPPED = ("fresh", "recommended")
_OPT_OUTS = "opt_outs"
_KINDS = {field.name: getattr(nouns, str(field.type)) for field in fields(Policy) if field.name != _OPT_OUTS}


class PolicyWrong(WrongUse):
    """A policy in which something is wrong; ``problems`` are all of them, each with what, why and what to do."""

    def __init__(self, problems: Sequence[WrongUse]) -> None:
        first = problems[0]
        super().__init__(first.what, why=first.why, todo=first.todo, more=first.more, **first.values)
        self.problems = tuple(problems)

    def said(self, say: Callable[[str], str]) -> str:
        """Every problem, then once why and where to read more."""
        each = [f"{one.filled(say(one.what))}\n{one.filled(say(one.todo))}" for one in self.problems]
        return "\n".join((*each, self.filled(say(self.why)), self.more))


def shipped(name: str) -> str:
    """The text of a policy that ships: ``fresh`` or ``recommended``."""
    return (HERE / "policies" / f"{name}.toml").read_text(encoding="utf-8")


def policy_in(path: Path) -> tuple[Policy, str]:
    """The policy in a file, and its text.

    Raises:
        WrongUse: the file cannot be read.
        PolicyWrong: anything in it is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise problem("The policy {path} cannot be read: {error}.", "Give a TOML file in UTF-8; refloat policy show fresh prints one.", path=path, error=error) from error
    return policy_of(text), text


def policy_of(text: str, pages: Catalogue | None = None) -> Policy:
    """The policy that the text says.

    Raises:
        PolicyWrong: it is no TOML, or has an unknown key, a value that does not fit, or rules that contradict each other.
    """
    try:
        tables = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise PolicyWrong([problem("The policy is no TOML: {error}.", "Correct that line.", error=error)]) from error
    reader = _Reader(pages or catalogue())
    policy = reader.policy(tables)
    problems = reader.problems or list(_contradictions(policy))
    if problems:
        raise PolicyWrong(problems)
    return policy


class _Reader:
    """Reads every table, and collects what is wrong."""

    def __init__(self, pages: Catalogue) -> None:
        self._pages, self._keys = pages, table("policies/keys")
        self.problems: list[WrongUse] = []

    def policy(self, tables: Mapping[str, Any]) -> Policy:
        for name in sorted(set(tables) - set(self._keys)):
            self._unknown(name, list(self._keys))
        parts = {name: kind(**self._values(name, tables.get(name, {}), name)) for name, kind in _KINDS.items()}
        return Policy(**parts, opt_outs=tuple(self._opt_outs(tables.get(_OPT_OUTS, []))))

    def _values(self, name: str, said: Any, where: str) -> dict[str, Any]:
        """The checked values of one table; a key that is wrong has its default, and is complained of."""
        keys = self._keys[name]["keys"]
        if not isinstance(said, dict):
            self.problems.append(problem("{key} is no table.", "Write [{key}] and below it a line each for {names}.", key=where, names=", ".join(keys)))
            said = {}
        for key in sorted(set(said) - set(keys)):
            self._unknown(f"{where}.{key}", [f"{where}.{one}" for one in keys])
        return {key: self._value(row, said[key], f"{where}.{key}") if key in said else default_of(row, self._pages) for key, row in keys.items()}

    def _value(self, row: Mapping[str, Any], said: Any, where: str) -> Any:
        try:
            return value_of(row, said, self._pages)
        except Unfit as unfit:
            values = {"key": where, "value": _written(said), "written": unfit.written}
            if unfit.near is not None:
                self.problems.append(problem("{key} says {value}, which is not known.", "Did you mean {near}? Known are: {written}.", near=unfit.near, **values))
            else:
                self.problems.append(problem("{key} says {value}, which does not fit.", "Write for example: {written}.", **values))
            return default_of(row, self._pages)

    def _unknown(self, name: str, known: Sequence[str]) -> None:
        near = nearest(name, known)
        if near is not None:
            self.problems.append(problem("There is no key {key}.", "Did you mean {near}?", key=name, near=near))
        else:
            self.problems.append(problem("There is no key {key}.", "Known are: {names}.", key=name, names=", ".join(known)))

    def _opt_outs(self, rows: Any) -> Iterator[OptOut]:
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.problems.append(problem("{key} is no list of rows.", "Write [[{key}]] and below it one of {names}.", key=_OPT_OUTS, names="sku, pattern, cause"))
            return
        seen = set()
        for number, row in enumerate(rows, 1):
            where = f"{_OPT_OUTS}[{number}]"
            values = self._values(_OPT_OUTS, row, where)
            named = [name for name in ("sku", "pattern", "cause") if name in row]
            if len(named) != 1:
                self.problems.append(problem("{key} names {count} of sku, pattern, cause.", "Write exactly one of them in each row.", key=where, count=len(named)))
                continue
            if (named[0], str(row[named[0]])) in seen:
                self.problems.append(problem("{key} says again what a row before it says.", "Keep one row; of two dates neither could be believed.", key=where))
            seen.add((named[0], str(row[named[0]])))
            yield OptOut(**values)


def _contradictions(policy: Policy) -> Iterator[WrongUse]:
    """Rules that cannot all be meant."""
    for name in ("relist", "change_to_fba", "others"):
        rule = getattr(policy, name)
        if rule.automatic and not rule.causes:
            yield problem("{key} is true, and no cause is named.", "Name the causes, or write automatic = false.", key=f"{name}.automatic")
    if policy.others.automatic and not policy.others.remedies:
        yield problem("{key} is true, and no remedy is named.", "Name the remedies, or write automatic = false.", key="others.automatic")
    if policy.pace.per_day < policy.pace.per_hour:
        yield problem("{key} is more than {other}.", "What a day allows bounds an hour too: change one of them.", key="pace.per_hour", other="pace.per_day")
    if policy.removal.days_valuable < policy.removal.days_other:
        yield problem("{key} is less than {other}.", "Valuable goods would leave before cheap ones: change one of them.", key="removal.days_valuable", other="removal.days_other")
    for currency, amount in policy.removal.dispose_below.items():
        if policy.removal.liquidate_below.get(currency, amount) < amount:
            yield problem(
                "{key} is less than {other}.", "Then nothing would ever be liquidated: change one of them.", key=f"removal.liquidate_below.{currency}", other=f"removal.dispose_below.{currency}"
            )
    if policy.consent.two_people_above and len(policy.consent.approvers) == 1:
        yield problem("{key} asks for two people, and {other} names one.", "Name a second one, or nobody.", key="consent.two_people_above", other="consent.approvers")
    quiet = policy.quiet
    if (quiet.begins is None) != (quiet.ends is None) or (quiet.begins is not None and quiet.begins == quiet.ends):
        yield problem("Quiet hours need {key} and {other}, and the two must differ.", "Give both, or neither.", key="quiet.begins", other="quiet.ends")


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
