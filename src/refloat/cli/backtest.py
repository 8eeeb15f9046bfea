"""``refloat backtest``: a year of a seller's life at the false Amazon, under each strategy; what it cost each time.

One of the doors that start the simulator. Whatever Refloat does in it, it does by its own code and over HTTP.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from refloat.errors import WrongUse
from refloat.insight.backtest import AMAZON, CLAIRVOYANT, FRESH, RECOMMENDED, STRATEGIES, WEEKLY, WITH_PEOPLE, Played, rows, targets
from refloat.locale import translator

if TYPE_CHECKING:
    from refloat.simulator.rules.tending import Way

#: What the seller's own people do, where Refloat is not there.
_WAYS: dict[str, Way] = {AMAZON: "nobody", WEEKLY: "weekly", WITH_PEOPLE: "at-once-with-people", CLAIRVOYANT: "at-once"}
_WIDTH = 132


@dataclass(frozen=True)
class Asked:
    """What to play. ``often``: mishaps so many times as often as the table says; ``every_look``: none is left out.

    ``policy``: the name of a row of one's own, and the text of its policy file.
    """

    strategies: Sequence[str] = STRATEGIES
    seeds: Sequence[int] = (1,)
    skus: int = 200
    days: int = 60
    often: float = 1.0
    every_look: bool = False
    policy: tuple[str, str] | None = None


def played(asked: Asked, strategy: str, seed: int) -> Played:
    """One strategy through one seed's days."""
    from refloat.simulator.rules import tallies, tending
    from refloat.simulator.seeding import year

    world = year.begun(seed, asked.skus, asked.days, _WAYS.get(strategy, "nobody"), asked.often)
    if strategy in _WAYS:
        world.move_to(world.start + timedelta(days=asked.days))
        return Played.of(strategy, seed, tallies.told(world), people_acts=tending.room(world).people_acts)
    from refloat.cli import backtest_year

    with backtest_year.begun(world, _policy(asked, strategy), every_look=asked.every_look) as own:
        own.live(asked.days)
        return Played.of(strategy, seed, tallies.told(world), people_acts=own.person.acts, looks=own.looks, looks_left_out=own.left_out)


def _policy(asked: Asked, strategy: str) -> str:
    from refloat.knowledge.policies_read import shipped

    return asked.policy[1] if asked.policy and asked.policy[0] == strategy else shipped(strategy)


def asked_of(policy: Path | None, seeds: int, skus: int, days: int) -> Asked:
    """The command's options as a question; a policy of one's own is a row beside the shipped ones.

    Raises:
        WrongUse: the file cannot be read.
        PolicyWrong: it is no policy.
    """
    if policy is None:
        return Asked(seeds=range(1, seeds + 1), skus=skus, days=days)
    from refloat.knowledge.policies_read import policy_of

    try:
        text = policy.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse("The file {file} cannot be read: {error}.", why="It holds the policy to be played.", todo="Give another file.", file=policy, error=error) from error
    policy_of(text)
    own = policy.name
    return Asked((AMAZON, WEEKLY, FRESH, RECOMMENDED, own, WITH_PEOPLE, CLAIRVOYANT), range(1, seeds + 1), skus, days, policy=(own, text))


def run_backtest(asked: Asked, *, as_json: bool, language: str) -> None:
    """Play every strategy through every seed, and show the books."""
    found = list(_one_by_one(asked, language))
    if as_json:
        books = {"rows": [row.as_json() for row in rows(found)], "targets": [one.as_json() for one in targets(found)], "played": [one.as_json() for one in found]}
        sys.stdout.write(json.dumps({"skus": asked.skus, "days": asked.days, **books}, ensure_ascii=False, indent=1) + "\n")
        return
    from rich.console import Console

    from refloat.cli.show.backtest import report

    console = Console(file=sys.stdout)
    # Ten columns need so much; squeezed into less they could not be read.
    console.width = max(console.width, _WIDTH)
    for part in report(found, translator(language)):
        console.print(part, highlight=False, markup=False) if isinstance(part, str) else console.print(part)


def _one_by_one(asked: Asked, language: str) -> Iterator[Played]:
    from refloat.cli.show.backtest import strategy_labels

    say = translator(language)
    labels = strategy_labels(say)
    for seed in asked.seeds:
        for strategy in asked.strategies:
            sys.stderr.write(say("Seed {seed}: {strategy} …").format(seed=seed, strategy=labels.get(strategy, strategy)) + "\n")
            yield played(asked, strategy, seed)
