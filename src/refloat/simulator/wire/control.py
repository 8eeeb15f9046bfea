"""The world's own door, ``/_world``: clock, switches, faults, limits, by-hand acts, history. Never mixed with SP-API's paths.

GET  /_world/now            {"now": …}
GET  /_world                {"now": …, "seed": …, "calls": …, "fingerprint": …}
POST /_world/advance        {"days": 3, "hours": 0, "seconds": 0} or {"to": "2026-11-25T00:00:00Z"}
GET, POST /_world/switches  {"program_column": true}
GET, POST /_world/faults    {"rates": {"throttle-storm": 0.1}, "operations": []}
POST /_world/limits         {"seller": …, "operation": …, "rate": 2, "burst": 2}
GET  /_world/history        one line of text per thing that happened
POST /_world/hand           {"seller": …, "marketplace": …, "act": "appeal", "sku": …}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from refloat.simulator.faults import FAULTS
from refloat.simulator.rules import hand, reasons
from refloat.simulator.seeding import situations
from refloat.simulator.wire import notifications
from refloat.simulator.wire.speech import Call, Refusal, Reply
from refloat.simulator.world import World


def answered(world: World, call: Call) -> Reply:
    """The reply of ``/_world``."""
    name = call.path.removeprefix("/_world").strip("/")
    act = _ACTS.get((call.method, name))
    if act is None:
        return Reply(404, {"wrong": f"There is no {call.method} {call.path}."})
    try:
        return act(world, call)
    except (KeyError, ValueError, TypeError, Refusal) as error:
        return Reply(400, {"wrong": f"{type(error).__name__}: {error}"})


def _about(world: World, _: Call) -> Reply:
    return Reply(200, {"now": world.now.isoformat(), "seed": world.seed, "calls": world.rooms.get("calls", 0), "fingerprint": world.fingerprint(), "sellers": sorted(world.sellers)})


def _now(world: World, _: Call) -> Reply:
    return Reply(200, {"now": world.now.isoformat()})


def _advance(world: World, call: Call) -> Reply:
    asked: dict[str, Any] = call.json or {}
    if "to" in asked:
        world.move_to(datetime.fromisoformat(asked["to"]))
    else:
        world.advance(timedelta(**{name: float(value) for name, value in asked.items()}))
    return Reply(200, {"now": world.now.isoformat()})


def _switches(world: World, call: Call) -> Reply:
    if call.method == "POST":
        world.switches = world.switches.turned(**call.json)
    return Reply(200, asdict(world.switches))


def _faults(world: World, call: Call) -> Reply:
    if call.method == "POST":
        rates = call.json.get("rates", {})
        if unknown := sorted(set(rates) - set(FAULTS)):
            raise KeyError(unknown[0])
        world.faults.rates = {name: float(rate) for name, rate in rates.items()}
        world.faults.operations = frozenset(call.json.get("operations", ()))
    return Reply(200, {"rates": world.faults.rates, "struck": world.faults.struck, "known": dict(FAULTS)})


def _limits(world: World, call: Call) -> Reply:
    asked = call.json
    world.rooms.setdefault("limits", {})[asked["seller"], asked["operation"]] = (float(asked["rate"]), int(asked["burst"]))
    return Reply(200, asked)


def _history(world: World, _: Call) -> Reply:
    return Reply(200, ("\n".join(world.history) + "\n").encode(), {"content-type": "text/plain; charset=utf-8"})


def _hand(world: World, call: Call) -> Reply:
    asked = dict(call.json)
    return Reply(200, {"said": hand.done(world, asked.pop("seller"), asked.pop("marketplace"), asked.pop("act"), asked.pop("sku"), **asked)})


def _strand(world: World, call: Call) -> Reply:
    asked = call.json
    situations.strand(world, asked["seller"], asked["marketplace"], asked["sku"], asked["reason"])
    return Reply(200, asked)


def _settings(world: World, call: Call) -> Reply:
    asked = dict(call.json)
    place = world.sellers[asked.pop("seller")].places[asked.pop("marketplace")]
    place.settings = replace(place.settings, **asked)
    return Reply(200, asdict(place.settings))


def _strandings(world: World, call: Call) -> Reply:
    seller, marketplace = call.one("seller") or "", call.one("marketplace") or ""
    truth = ((stock.sku, reasons.stranded(world, seller, marketplace, stock.sku)) for stock in world.stocks_of(world.sellers[seller].id, marketplace))
    return Reply(200, [{"sku": sku, "reason": found.reason, "action": found.action} for sku, found in sorted(truth, key=lambda one: one[0]) if found])


def _notifications(world: World, _: Call) -> Reply:
    return Reply(200, notifications.queued(world))


_ACTS: dict[tuple[str, str], Callable[[World, Call], Reply]] = {
    ("GET", ""): _about,
    ("GET", "now"): _now,
    ("POST", "advance"): _advance,
    ("GET", "switches"): _switches,
    ("POST", "switches"): _switches,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _faults,
    ("POST", "limits"): _limits,
    ("GET", "history"): _history,
    ("POST", "hand"): _hand,
    ("POST", "strand"): _strand,
    ("POST", "settings"): _settings,
    ("GET", "strandings"): _strandings,
    ("GET", "notifications"): _notifications,
}
