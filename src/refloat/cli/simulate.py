"""``refloat simulate``: a false Amazon on loopback, to try everything without an account."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from refloat.errors import WrongUse
from refloat.locale import translator
from refloat.simulator import seeding
from refloat.simulator.serve import Simulator
from refloat.simulator.world import World


def run_simulate(*, port: int, seed: int, skus: int, stranded: float, countries: Sequence[str], speed: float, language: str) -> None:
    """Serve a seeded world until interrupted, and say how to connect to it."""
    say = translator(language)
    world = seeding.seeded(seed=seed, skus=skus, stranded=stranded, countries=tuple(countries) or ("US",))
    with _served(world, port, speed) as simulator:
        url = simulator.url
        seller = next(iter(world.sellers.values()))
        lines = [
            say("A false Amazon answers at {url}; nothing in it is real.").format(url=url),
            say("In another window, connect to it and look at it:"),
            f"    printf '%s\\n' {seller.client_id} {seller.client_secret} '{seller.refresh_token}' {seller.id} |",
            f"        refloat accounts add sample --region {seller.region} --api-url {url} --token-url {url}/auth/o2/token",
            f"    REFLOAT_CLOCK_URL={url} refloat observe sample",
            f"    REFLOAT_CLOCK_URL={url} refloat triage --account sample",
            f"    REFLOAT_CLOCK_URL={url} refloat plan sample",
            say("Its clock: {command}").format(command=f"curl -d '{{\"days\": 3}}' {url}/_world/advance"),
            say("Ctrl-C ends it."),
        ]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        simulator.wait()


def _served(world: World, port: int, speed: float) -> Simulator:
    try:
        return Simulator(world, port=port, speed=speed)
    except OSError as error:
        raise WrongUse(
            "The simulator cannot listen on port {port}: {error}.",
            why="Another program, perhaps another simulator, is there already.",
            todo="End it, or take another: refloat simulate --port 0 finds a free one.",
            port=port,
            error=error.strerror or error,
        ) from error
