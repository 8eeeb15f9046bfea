"""The store's own commands: tables, backups, retention, the journal."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from refloat.app.keeping import prune
from refloat.config import Config
from refloat.locale import translator
from refloat.model.ports import Clock
from refloat.store import ChainRow, opened
from refloat.store.opening import migrated


def run_migrate(config: Config, *, as_json: bool, language: str) -> None:
    """Bring the tables up to date, and say from what to what."""
    say, brought = translator(language), migrated(config)
    if brought.before == brought.after:
        text = say("The tables are up to date: {after}.")
    else:
        text = say("The tables were brought from {before} to {after}.") if brought.before else say("The tables were made: {after}.")
    _tell({"before": brought.before, "after": brought.after}, text.format(before=brought.before, after=brought.after), as_json=as_json)


def run_backup(config: Config, file: Path, *, as_json: bool, language: str) -> None:
    """Back up, and say what is in it and what is not."""
    from refloat.store.restoring import backed_up

    say = translator(language)
    with opened(config) as store:
        kept = backed_up(config, store, file)
    told = {"file": str(file), "sha256": kept.sha256, "size_bytes": kept.size_bytes, "tables": kept.version, "counts": kept.counts, "journal_chains": kept.chains}
    lines = (
        say("Backed up and read again: {file}, {size} bytes, sha256 {sha256}.").format(file=file, size=kept.size_bytes, sha256=kept.sha256),
        say("Secrets are in it sealed; the key is not ({key}). Without it they cannot be opened: keep it in another place.").format(key=_key(config)),
    )
    _tell(told, "\n".join(lines), as_json=as_json)


def _key(config: Config) -> str:
    return "REFLOAT_SECRET_KEY" if config.secret_key else str(config.home.absolute() / "secret.key")


def run_restore(config: Config, file: Path, *, in_place: bool, clock: Clock, as_json: bool, language: str) -> None:
    """Restore, and say what has to happen before anything is written again."""
    from refloat.store.restoring import put_back

    say, restored = translator(language), put_back(config, file, clock.now(), in_place=in_place)
    lines = [say("Restored: {file}.").format(file=file)]
    if restored.aside is not None:
        lines.append(say("The state before is kept aside: {aside}").format(aside=restored.aside))
    lines.append(say("Nothing is written at Amazon for an account until it was looked at anew: refloat observe ACCOUNT. Plans from before are void."))
    lines.append(say("Policies and notes are those of the backup. Nothing runs by itself for an account until you have looked (refloat policy show ACCOUNT) and say: refloat policy confirm ACCOUNT"))
    _tell({"file": str(file), "restored_at": restored.at.isoformat(), "aside": restored.aside, "tables": restored.kept.version}, "\n".join(lines), as_json=as_json)


def run_prune(config: Config, *, clock: Clock, as_json: bool, language: str) -> None:
    """Let go of what is old, and say how much went."""
    say = translator(language)
    with opened(config) as store:
        gone = prune(store, clock.now())
    text = say("Snapshots from before {day} that nothing rests on: {count} went, {size} bytes unpacked.")
    told = {"before": gone.before.isoformat(), "snapshots": gone.snapshots, "size_bytes": gone.size_bytes}
    _tell(told, text.format(day=f"{gone.before:%Y-%m-%d}", count=gone.snapshots, size=gone.size_bytes), as_json=as_json)


def run_check(config: Config, account: str | None, *, as_json: bool, language: str) -> int:
    """Walk the chains; 0 all hold, 2 one is broken."""
    say, chains = translator(language), list[ChainRow]()
    with opened(config) as store:
        for chain in store.journal.checked(account):
            chains.append(chain)
            if not as_json:
                sys.stdout.write(_chain_line(chain, say) + "\n")
    broken = any(chain.broken is not None for chain in chains)
    if as_json:
        rows = [{"account": one.account, "marketplace": one.marketplace or None, "entries": one.entries, "head": one.head, "broken_at": one.broken, "how": one.how} for one in chains]
        sys.stdout.write(json.dumps({"holds": not broken, "chains": rows}, ensure_ascii=False, indent=2) + "\n")
    elif not chains:
        sys.stdout.write(say("The journal has no entries yet.") + "\n")
    return 2 if broken else 0


def _chain_line(chain: ChainRow, say: Any) -> str:
    where = f"{chain.account} {chain.marketplace}".strip()
    if chain.broken is None:
        return str(say("{where}: {count} entries, the chain holds, head {head}").format(where=where, count=chain.entries, head=chain.head[:12]))
    how = {
        "missing": say("an entry before it is missing, or it is out of place"),
        "altered": say("it says something else than its hash"),
        "moved": say("it does not follow the entry before it"),
    }[str(chain.how)]
    return str(say("{where}: BROKEN at entry {number}: {how}").format(where=where, number=chain.broken, how=how))


def run_journal(config: Config, account: str, sku: str | None, *, as_json: bool) -> None:
    """Every entry, one a line; read as it is written out."""
    with opened(config) as store:
        places = ["", *(place for place in store.journal.heads(account) if place)]
        for place in places:
            entries = store.journal.entries(account, place) if sku is None else store.journal.about_skus(account, place)
            for entry in entries:
                if sku is not None and entry.body.get("sku") != sku:
                    continue
                if as_json:
                    row = {"marketplace": place or None, "number": entry.number, "at": entry.at.isoformat(), "kind": entry.kind, "body": entry.body, "hash": entry.hash}
                    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
                else:
                    said = json.dumps(entry.body, ensure_ascii=False)
                    sys.stdout.write(f"{entry.at:%Y-%m-%d %H:%M:%S} UTC  {place or '-'} {entry.number}  {entry.kind}  {said}\n")


def _tell(told: Mapping[str, Any], text: str, *, as_json: bool) -> None:
    sys.stdout.write((json.dumps(told, ensure_ascii=False, indent=2) if as_json else text) + "\n")
