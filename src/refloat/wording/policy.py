"""A policy in sentences, and what a trial of one on the account's history told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from refloat.knowledge.catalogue import Catalogue
from refloat.knowledge.labels import label
from refloat.locale import translator
from refloat.model.money import Money
from refloat.model.policy import Amounts, OptOut, Policy, Rule
from refloat.wording.labels import Say, listed, money_text

if TYPE_CHECKING:
    from refloat.store import SkuNoteRow


def sentences(policy: Policy, known: Catalogue, language: str) -> Iterator[tuple[str, list[str]]]:
    """(heading, sentences): all that the policy says, as its seller reads it."""
    _ = translator(language)
    yield _("What runs by itself"), [*_rules(policy, known, language)]
    yield _("When, and how much"), [*_pace(policy, _)]
    yield _("At which prices"), [*_prices(policy, _)]
    yield _("Removals: proposed, never made without a person’s word"), [*_removals(policy, _)]
    yield _("Whose word counts"), [*_words(policy, _)]
    yield _("What is left alone"), [out_text(one, known, language) for one in policy.opt_outs] or [_("Nothing by name.")]


def _rules(policy: Policy, known: Catalogue, language: str) -> Iterator[str]:
    _ = translator(language)
    named = (("relist-offer", policy.relist), ("change-to-fba", policy.change_to_fba), *((name, policy.others) for name in policy.others.remedies))
    for remedy, rule in named:
        title = label(known.remedies[remedy].page, language) if remedy in known.remedies else remedy
        yield _rule(title, rule, known, language)
    if policy.relist.closed_on_purpose == "propose":
        yield _("What your notes say that you closed yourself is proposed for opening again.")
    else:
        yield _("What your notes say that you closed yourself stays closed.")


def _rule(title: str, rule: Rule, known: Catalogue, language: str) -> str:
    _ = translator(language)
    if not rule.automatic:
        return _("{remedy}: only proposed.").format(remedy=title)
    causes = listed((cause_text(name, known, language) for name in rule.causes), _)
    when = _("as soon as it is certain") if rule.after_days == 0 else _("from day {days} of the stranding on").format(days=rule.after_days)
    text = _("{remedy}: by itself, {when}, where the cause is one of these: {causes}.").format(remedy=title, when=when, causes=causes)
    return text + " " + _("After {count} come-backs it is only proposed.").format(count=rule.come_backs_most) if rule.come_backs_most else text


def cause_text(name: str, known: Catalogue, language: str) -> str:
    """A cause's title."""
    return label(known.causes[name].page, language) if name in known.causes else name


def out_text(one: OptOut, known: Catalogue, language: str) -> str:
    """What is left alone, and until when."""
    _ = translator(language)
    if one.cause is not None:
        text = _("Every stranding of this cause: {cause}").format(cause=cause_text(one.cause, known, language))
    else:
        text = _("The SKU {sku}").format(sku=one.sku) if one.sku is not None else _("Every SKU like {pattern}").format(pattern=one.pattern)
    return _("{what}, until {day}").format(what=text, day=one.until) if one.until else _("{what}, for good").format(what=text)


def out_entered_text(one: SkuNoteRow, _: Say) -> str:
    """That a person took the SKU out of what runs by itself, who and when."""
    return _("Nothing acts on it by itself, as {by} entered on {day}; a plan that a person asks for may.").format(by=one.by, day=one.at.date().isoformat())


def _pace(policy: Policy, _: Say) -> Iterator[str]:
    pace, quiet = policy.pace, policy.quiet
    yield _("At most {hour} actions in an hour and {day} in a day start by themselves.").format(hour=f"{pace.per_hour:,}", day=f"{pace.per_day:,}")
    yield _("A stranding must have been on record for {hours} hours first.").format(hours=pace.soak_hours)
    yield _("After a surprise the same remedy rests for {hours} hours.").format(hours=pace.rest_hours)
    if quiet.begins is None or quiet.ends is None:
        yield _("There are no quiet hours.")
    else:
        zone = quiet.timezone or _("the account’s own time zone")
        yield _("Nothing starts by itself from {begins} to {ends} ({zone}).").format(begins=f"{quiet.begins:%H:%M}", ends=f"{quiet.ends:%H:%M}", zone=zone)


def _prices(policy: Policy, _: Say) -> Iterator[str]:
    price = policy.price
    yield _("A price further than {percent} percent from the last known one is only proposed.").format(percent=price.far_percent)
    if price.never_below:
        yield _("Nothing goes live by itself below {amounts}.").format(amounts=_amounts(price.never_below, _))
    if price.bounds_needed:
        yield _("Only where a least or most price of yours is known.")


def _removals(policy: Policy, _: Say) -> Iterator[str]:
    rule = policy.removal
    if rule.valuable_from:
        yield _("From {amounts} a unit on goods are valuable.").format(amounts=_amounts(rule.valuable_from, _))
    else:
        yield _("No amount is named, so all goods are valuable.")
    yield _("Valuable goods are proposed for removal after {valuable} days, others after {other}; all of them {before} days before Amazon’s own removal.").format(
        valuable=rule.days_valuable, other=rule.days_other, before=rule.days_before_due
    )
    if rule.dispose_below:
        yield _("Below {amounts} a unit disposal is proposed instead of a return.").format(amounts=_amounts(rule.dispose_below, _))
    if rule.liquidate_below:
        yield _("Below {amounts} a unit liquidation is proposed, reckoned at {percent} percent of the worth.").format(amounts=_amounts(rule.liquidate_below, _), percent=rule.liquidation_percent)
    if rule.fee_reckoned:
        yield _("Where no report tells the removal fee, {amounts} a unit are reckoned.").format(amounts=_amounts(rule.fee_reckoned, _))


def _words(policy: Policy, _: Say) -> Iterator[str]:
    rule = policy.consent
    yield _("These people approve: {names}.").format(names=listed(rule.approvers, _)) if rule.approvers else _("Everybody with the role may approve.")
    if rule.two_people_above:
        yield _("Two people must agree where it is about more than {amounts}.").format(amounts=_amounts(rule.two_people_above, _))


def _amounts(amounts: Amounts, _: Say) -> str:
    return listed((money_text(Money(amount, currency), _) for currency, amount in sorted(amounts.items())), _)


def left_labels(_: Say) -> dict[str, str]:
    """Why a rule would never have acted on a stranding: the last decision's code → in words."""
    return {
        "opted-out": _("left alone by name"),
        "held-until": _("held by the policy"),
        "needs-a-person": _("needs a person in any case"),
        "not-automatic": _("its remedy runs by no rule"),
        "cause-not-named": _("no rule names its cause"),
        "came-back-often": _("came back too often"),
        "not-confirmed": _("was never certain"),
        "price-below": _("its price lies below your least"),
        "too-early": _("ended before the rule’s days were over"),
        "soaks": _("ended before it had been on record for long enough"),
        "quiet": _("ended in quiet hours"),
        "hour-full": _("the hour was full"),
        "day-full": _("the day was full"),
        "over-before": _("ended while it waited for room"),
    }


def untold_labels(_: Say) -> dict[str, str]:
    """What decides in earnest and no history keeps (``app.policy_trial.UNTOLD``) → in words."""
    return {
        "prices": _("Prices that would have gone live are not on record: the share of its units’ worth stands for them, and where that is unknown the price counts as right."),
        "bounds": _("Whether your least and most prices were known then is not on record."),
        "guards": _("What else would have been in the way, such as something that Amazon enforced, is not on record: in earnest it acts on fewer."),
        "stranded-on": _("Amazon’s own date of each stranding is not on record: days count from the first look."),
        "surprises": _("Rests after surprises are not replayed."),
        "returns": _("Removals are not part of this: they are proposed, and made by nobody’s word but a person’s."),
    }


def setting_labels(_: Say) -> dict[str, str]:
    """Each of Amazon's settings → as Seller Central calls it."""
    return {
        "automatic_relist_days": _("Automatic relist: after how many days"),
        "automatic_change_to_fba_days": _("Automatic change to FBA: after how many days"),
        "removal_days": _("Automatic removal: after how many days"),
        "automatic_relist": _("Automatic relist"),
        "automatic_change_to_fba": _("Automatic change to FBA"),
        "removal_disposition": _("Automatic removal: what happens with the units"),
        "looked_up_on": _("Read in Seller Central on"),
    }
