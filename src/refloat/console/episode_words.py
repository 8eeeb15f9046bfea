"""One stranding in words: every value is a text before the template sees it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from refloat.app.asked import UNKNOWN
from refloat.app.choices import Choice
from refloat.app.episode import Episode
from refloat.app.moments import Moment
from refloat.console.rows import Wording, shop_page
from refloat.knowledge.messages import trouble
from refloat.knowledge.tables import marketplaces, table
from refloat.model.money import Money
from refloat.store import SourceRow, StandingRow
from refloat.wording.labels import automatic_labels, due_text, evidence_text, left_text, missed_labels, money_text, report_titles, safety_labels, source_labels, standing_labels, units_text
from refloat.wording.moments import MomentWords, local
from refloat.wording.plans import value_label
from refloat.wording.policy import out_entered_text
from refloat.wording.verdicts import stage_label, verdict_label

#: Amazon's pages that serve any stranding; more of them stand with each task.
_PAGES = ("fix-stranded", "performance-notifications", "account-health", "case-log")
_MOMENTS_MOST = 200


class EpisodeWords:
    """The words of one stranding for one reader."""

    def __init__(self, one: Episode, wording: Wording) -> None:
        self.one, self.wording, self._ = one, wording, wording._

    def head(self) -> dict[str, Any]:
        """What it is, how much, by when, what it costs, and how sure we are."""
        one, now, _ = self.one, self.one.stranding.now, self._
        found, late = one.found, None
        if found is not None:
            late = found.removal_due_on is not None and found.removal_due_on < one.today
        return {
            "id": one.stranding.id,
            "sku": one.stranding.sku,
            "title": now.title or (found.title if found else None) or "",
            "account": one.account,
            "marketplace": one.stranding.marketplace,
            "asin": now.asin or "",
            "fnsku": one.stranding.fnsku or "",
            "shop": shop_page(one.stranding.marketplace, now.asin),
            "closed": "" if one.stranding.closed_at is None else local(one.stranding.closed_at, one.stranding.marketplace),
            "outcome": verdict_label(one.stranding.outcome or "", _),
            "cause": self.wording.cause(now.cause),
            "cause_name": now.cause if now.cause in self.wording.known.causes else None,
            "remedy": self.wording.remedy(now.remedy),
            "remedy_name": now.remedy if now.remedy in self.wording.known.remedies else None,
            "safety": safety_labels(_).get(now.safety or "", now.safety or ""),
            "standing": standing_labels(_).get(now.standing, now.standing),
            "said": now.said or "",
            "late": late,
        }

    def facts(self) -> Iterator[tuple[str, str, str]]:
        """(what, value, a remark) in the order in which one asks."""
        one, now, _ = self.one, self.one.stranding.now, self._
        row = one.row or {}
        since = row.get("stranded_on")
        yield _("Units that could be sold"), units_text(_sellable(now), _), _("+ {count} unfulfillable").format(count=now.units_unfulfillable) if now.units_unfulfillable else ""
        shared = "" if one.found is None or one.found.counted else _("shared stock, counted elsewhere")
        yield _("Worth"), money_text(None if now.worth_amount is None else Money(now.worth_amount, now.worth_currency), _), shared
        if one.stranding.closed_at is None:
            yield _("Removal deadline"), self._due(), self._due_from()
        age = "" if since is None else _("{days} d").format(days=(one.today - since).days)
        yield _("Stranded since"), since.isoformat() if since else _("unknown"), age
        if one.held_until_on:
            yield _("On hold"), _("held until {day}").format(day=one.held_until_on), ""
        if row:
            yield _("Storage so far"), self._money(row, "cost_so_far", "cost_currency"), ""
            yield _("Storage a day"), self._money(row, "cost_per_day", "cost_currency"), ""
            if row["aged_surcharge"] is not None:
                yield _("Surcharge for aged stock, next"), self._money(row, "aged_surcharge", "aged_surcharge_currency"), ""
            yield _("Removal fee for all units"), self._money(row, "removal_cost", "removal_cost_currency"), ""
        if one.stranding.times_back:
            yield _("Came back"), _("{count} times").format(count=one.stranding.times_back), ""

    def _money(self, row: Mapping[str, Any], amount: str, currency: str) -> str:
        return money_text(None if row[amount] is None else Money(row[amount], row[currency]), self._)

    def _due(self) -> str:
        found, on = self.one.found, self.one.stranding.now.removal_due_on
        on, came_from = (found.removal_due_on, found.removal_due_from) if found else (on, None)
        if on is None:
            return self._("no date")
        return f"{due_text(on, came_from, self._)}, {left_text((on - self.one.today).days, self._)}"

    def _due_from(self) -> str:
        _ = self._
        row = self.one.row or {}
        names = {
            "report": _("Amazon's own date, in the stranded report"),
            "notice": _("30 days after Amazon's e-mail, as you entered it"),
            "settings": _("reckoned by your own setting for automatic removal"),
            "clock": _("reckoned by Amazon's rule for this reason; Amazon has set no date yet"),
            "assumed": _("reckoned carefully: the report has no column for the date"),
        }
        latest = row.get("removal_due_latest_on")
        text = names.get(row.get("removal_due_from") or "", "")
        return _("{text}; at the latest {day}").format(text=text, day=latest) if latest and text else text

    def why(self) -> dict[str, Any] | None:
        """The sentence, the evidence, and what Amazon does by itself; None where only the record tells."""
        finding, _ = self.one.finding, self._
        if finding is None:
            return None
        sources, will, missed = source_labels(self.wording.language, _), automatic_labels(_), missed_labels(_)
        automatic = [
            (missed if one.on is not None and one.on < self.one.today and one.do in missed else will)[one.do].format(day=("≈ " if one.estimated else "") + str(one.on or "?"))
            for one in finding.amazon_will
        ]
        differs = finding.recommended_said if finding.recommended != finding.remedy else None
        return {"why": finding.why, "evidence": [evidence_text(one, sources, _) for one in finding.evidence], "automatic": automatic, "recommended": differs}

    def choices(self) -> list[dict[str, Any]]:
        """Each way with its numbers; what is unknown is called so."""
        return [self._choice(one) for one in self.one.choices]

    def _choice(self, one: Choice) -> dict[str, Any]:
        _ = self._
        remarks = [_("what the diagnosis names")] if one.diagnosed else []
        remarks += [_("what your removal rule names")] if one.by_rule else []
        if one.then:
            remarks.append((_("then by Amazon's default: {what}") if one.assumed else _("then by your setting: {what}")).format(what=value_label(one.then, _)))
        elif one.way == "wait":
            remarks.append(_("Amazon has no date for it, so nobody knows for how long"))
        names = {"cure": self.wording.remedy(self.one.stranding.now.remedy), "Return": _("Return to you"), "Disposal": _("Dispose of"), "Liquidations": _("Liquidate"), "wait": _("Wait")}
        storage = "–" if one.way != "wait" else _("{amount} in {days} days").format(amount=money_text(one.storage, _), days=one.days) if one.days is not None else _("unknown")
        lost = _("storage until it is sold") if one.way == "cure" else money_text(one.lost, _)
        return {
            "way": names[one.way], "worth": money_text(one.worth, _), "fee": "–" if one.free else money_text(one.fee, _), "storage": storage, "left": money_text(one.left, _), "lost": lost,
            "remarks": remarks,
        }  # fmt: skip

    def moments(self) -> list[dict[str, Any]]:
        """The timeline, the newest first."""
        words = MomentWords(self.wording.known, self.wording.language)
        return [self._moment(one, words) for one in self.one.moments[:_MOMENTS_MOST]]

    def _moment(self, one: Moment, words: MomentWords) -> dict[str, Any]:
        entry = one.entry
        raw = "" if entry is None else json.dumps(entry.body, ensure_ascii=False, indent=2, sort_keys=True)
        return {
            "at": local(one.at, self.one.stranding.marketplace), "iso": one.at.isoformat(), "title": words.title(one), "beside": words.beside(one), "raw": raw,
            "number": "" if entry is None else f"{one.marketplace} {entry.number}", "plan": one.facts.get("plan") or "",
        }  # fmt: skip

    def sources(self) -> list[dict[str, Any]]:
        """What each source shows: how old it is, and its trouble."""
        titles = {**report_titles(self.wording.language), **_own_sources(self._)}
        return [self._source(one, titles) for one in self.one.sources]

    def _source(self, one: SourceRow, titles: Mapping[str, str]) -> dict[str, Any]:
        _ = self._
        good = one.last_good_at
        return {
            "name": titles.get(one.source, one.source),
            "age": self._never(one) if good is None else _("{hours} h ago").format(hours=f"{max(0.0, (self.one.now - good).total_seconds() / 3600):.1f}"),
            "at": "" if good is None else local(good, one.marketplace),
            "trouble": "" if one.trouble_code is None else trouble(one.trouble_code, self.wording.language),
            "since": "" if one.troubled_since is None else local(one.troubled_since, one.marketplace),
        }

    def _never(self, one: SourceRow) -> str:
        """Some sources are looks without a file of their own: what they brought stands with the others."""
        return self._("never read") if one.trouble_code else self._("looked at {moment}").format(moment=local(one.last_tried_at, one.marketplace))

    def pages(self) -> list[tuple[str, str]]:
        """(where it is, the address) of Amazon's pages for sellers in that marketplace."""
        place, short = marketplaces().get(self.one.stranding.marketplace), "zh" if self.wording.language == "zh-Hans" else "en"
        rows = [table("tasks")["pages"][name] for name in _PAGES] if place else []
        return [(row[short], f"https://{place.seller_central if place else ''}{row['path']}") for row in rows if row["certain"]]

    def incident(self) -> str:
        """The table, filtered by cause, place and day."""
        now, since = self.one.stranding.now, (self.one.row or {}).get("stranded_on")
        asked = {"cause": now.cause or UNKNOWN, "account": self.one.account, "marketplace": self.one.stranding.marketplace, "day": since.isoformat() if since else UNKNOWN}
        return urlencode(asked, quote_via=quote)

    def actions(self) -> list[dict[str, str]]:
        """Every action of a plan for it, the newest first."""
        return [
            {"plan": deed.plan_id, "action": deed.action_id, "remedy": self.wording.remedy(deed.remedy), "stage": stage_label(deed.stage, self._), "verdict": verdict_label(deed.verdict or "", self._)}
            for deed in reversed(self.one.deeds)
        ]

    def notes(self) -> list[str]:
        """What the seller entered about the SKU."""
        sku, notes, _ = self.one.stranding.sku, self.one.notes, self._
        found = [_("On hold until {day}").format(day=notes.holds[sku])] if sku in notes.holds else []
        found += [_("Opted out: Amazon and Refloat leave it alone")] if sku in notes.opted_out else []
        found += [out_entered_text(self.one.opted_out, _)] if self.one.opted_out else []
        found += [_("Expires on {day}").format(day=notes.expires[sku])] if sku in notes.expires else []
        found += [_("You closed the offer on {day}").format(day=notes.closed[sku])] if sku in notes.closed else []
        found += [_("Amazon's e-mail about the removal came on {day}").format(day=notes.removal_notices[sku])] if sku in notes.removal_notices else []
        return found

    def price(self) -> str:
        """The price that a person entered, and whether it counts; empty: nobody entered one."""
        entered, _ = self.one.price, self._
        if entered is None:
            return ""
        place = marketplaces().get(entered.marketplace)
        price = money_text(Money(Decimal(entered.value), place.currency if place else None), _)
        told = _("Price from now on: {price}, entered by {name} on {day}").format(price=price, name=entered.by, day=local(entered.at, entered.marketplace))
        return told if self.one.price_counts else _("{told}. Your notes file of a later day has another, which counts").format(told=told)

    def documents(self) -> list[str]:
        """What the seller's register has of the SKU."""
        return [f"{one.kind} {one.on.isoformat() if one.on else ''}".strip() for one in self.one.notes.register.get(self.one.stranding.sku, ())]


def _sellable(now: StandingRow) -> int | None:
    return None if now.units_fulfillable is None else now.units_fulfillable + (now.units_reserved or 0)


def _own_sources(_: Any) -> dict[str, str]:
    return {
        "listing-answers": _("Amazon's answers about listings"),
        "inventory-answers": _("Amazon's answers about stock"),
        "restriction-answers": _("Amazon's answers about restrictions"),
        "eligibility-answers": _("Amazon's answers about dangerous goods"),
        "listing-changes": _("Listings that changed"),
        "details": _("Questions about single SKUs"),
        "account-health": _("Account health"),
    }
