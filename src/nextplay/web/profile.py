"""A partner's profile as pages draw it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from nextplay.operations.admin.show_journal import JournalRecord
from nextplay.operations.installation import Installation
from nextplay.operations.partners.show_partner import (
    MOST_EVENTS,
    SAID_CHARACTERS,
    DealSums,
    PartnerProfile,
    ProfileDeal,
    ProfileEvent,
)
from nextplay.values.period import utc_day
from nextplay.web import figures

SOURCED = {"partner": "Partner", "influenced": "Influenced", "co_sell": "Co-sell"}
# How each kind of activity reads, its icon, and whether it speaks well or badly.
KINDS = {
    "portal_login": ("Portal opened", "login", "grey"),
    "training_completed": ("Training completed", "award", "grey"),
    "certification_earned": ("Certification earned", "award", "grey"),
    "webinar_attended": ("Webinar attended", "eye", "grey"),
    "deal_registered": ("Deal registered", "deal", "green"),
    "referral_submitted": ("Referral submitted", "deal", "green"),
    "co_sell_requested": ("Co-sell requested", "deal", "green"),
    "meeting_held": ("Meeting held", "people", "green"),
    "step_proposed": ("Step proposed", "arrow", "grey"),
    "step_accepted": ("Step accepted", "check", "green"),
    "step_declined": ("Step declined", "x", "orange"),
    "target_list_shared": ("Target list shared", "doc", "green"),
    "narrative_shared": ("Offer shared in own words", "quote", "green"),
    "outreach_sent": ("Outreach sent", "mail", "green"),
    "outreach_replied": ("Reply to outreach", "chat", "green"),
    "commitment_made": ("Commitment made", "flag", "grey"),
    "commitment_met": ("Commitment met", "check", "green"),
    "commitment_missed": ("Commitment missed", "x", "orange"),
    "our_commitment_made": ("We promised", "flag", "grey"),
    "our_commitment_met": ("We kept a promise", "check", "green"),
    "our_commitment_missed": ("We missed a promise", "x", "orange"),
    "change:lifecycle_stage": ("Stage", "stages", "blue"),
    "change:tier": ("Tier", "award", "blue"),
}
STAGE_TONES = {"active": "green", "enabled": "blue", "inactive": "orange"}
AUTHORS = {"partner": "by the partner", "us": "by us"}


@dataclass(frozen=True)
class ShownPartner:
    """The head of a profile."""

    partner_id: str
    name: str
    stage: str
    stage_tone: str
    facts: tuple[str, ...]
    manager: str | None
    description: str


@dataclass(frozen=True)
class ShownDeal:
    """A deal's row."""

    account: str
    stage: str
    amount: float | None
    currency: str
    sourced_by: str
    days: str
    close: date | None


@dataclass(frozen=True)
class ShownEvent:
    """A line of the timeline."""

    text: str
    icon: str
    tone: str
    at: date
    when: str


@dataclass(frozen=True)
class ShownMonth:
    """A month's lines."""

    label: str
    events: tuple[ShownEvent, ...]


@dataclass(frozen=True)
class ShownAction:
    """The next best action."""

    verdict: str
    action: str
    why: str
    owner: str | None
    due: date | None
    risk: str
    in_focus: str
    change_our_mind: str
    # Whose partner it is, where another manager does the work.
    instead_of: str | None


@dataclass(frozen=True)
class ShownDecision:
    """A decision in the profile's history."""

    verdict: str
    state: str
    tone: str
    on: date
    text: str
    decision_id: str = ""


@dataclass(frozen=True)
class ShownPerson:
    """Someone who works there."""

    name: str
    role: str
    last: str


@dataclass(frozen=True)
class ShownProfile:
    """Everything a profile page draws of the facts."""

    partner: ShownPartner
    deals: tuple[ShownDeal, ...]
    deals_sentence: str
    more_deals: int
    timeline: tuple[ShownMonth, ...]
    # Older events are left out of the timeline.
    newest_only: bool
    people: tuple[ShownPerson, ...]
    action: ShownAction | None
    decisions: tuple[ShownDecision, ...]


def profile_of(installation: Installation, found: PartnerProfile, *, now: datetime) -> ShownProfile:
    """The profile in words."""
    today, sums = utc_day(now), found.sums
    return ShownProfile(
        partner=_partner(installation, found),
        deals=tuple(_deal(deal, found.currency) for deal in found.deals),
        deals_sentence=_deals_sentence(sums, found.currency),
        more_deals=max(sums.open + sums.won + sums.lost - len(found.deals), 0),
        timeline=timeline(found.events, today),
        newest_only=len(found.events) >= MOST_EVENTS,
        people=tuple(
            ShownPerson(one.name, figures.words(one.role or ""), f"Active {figures.ago(one.last_active, today)}")
            if one.last_active
            else ShownPerson(one.name, figures.words(one.role or ""), "")
            for one in found.people
        ),
        action=_action(installation, found),
        decisions=_decisions(installation, found, today),
    )


def _partner(installation: Installation, found: PartnerProfile) -> ShownPartner:
    who, program = found.partner, installation.program
    labels = {stage.name: stage.label for stage in program.lifecycle_stages}
    parts = (
        ", ".join(part for part in (who.segment, who.tier) if part),
        who.subtype or who.type or "",
        ", ".join(who.verticals),
        ", ".join(who.regions),
    )
    return ShownPartner(
        partner_id=who.partner_id,
        name=who.name,
        stage=labels.get(who.stage, who.stage),
        stage_tone=STAGE_TONES.get(who.stage, "grey"),
        facts=tuple(part for part in parts if part),
        manager=program.capacity.name_of(who.manager) if who.manager else None,
        description=who.description or "",
    )


def _deal(deal: ProfileDeal, currency: str) -> ShownDeal:
    return ShownDeal(
        account=deal.account or deal.deal_id,
        stage=figures.words(deal.stage or "stage not known"),
        amount=deal.amount,
        currency=deal.currency or currency,
        sourced_by=SOURCED.get(deal.sourced_by or "", figures.NOTHING),
        days=figures.count(deal.days_in_stage) if deal.days_in_stage is not None else "",
        close=deal.closed_at or deal.expected_close_at,
    )


def _deals_sentence(sums: DealSums, currency: str) -> str:
    if not sums.open + sums.won + sums.lost:
        return "No deal yet."
    worth = f", {figures.money_short(sums.open_value, currency)}" if sums.open else ""
    return f"{figures.count(sums.open)} open{worth}. {figures.count(sums.won)} won, {figures.count(sums.lost)} lost."


def timeline(events: Iterable[ProfileEvent], today: date) -> tuple[ShownMonth, ...]:
    """Months, newest first; this year's without the year."""
    months = groupby(events, key=lambda event: (event.on.year, event.on.month))
    return tuple(
        ShownMonth(
            f"{date(year, month, 1):%B}" if year == today.year else f"{date(year, month, 1):%B %Y}",
            tuple(_event(event) for event in held),
        )
        for (year, month), held in months
    )


def _event(event: ProfileEvent) -> ShownEvent:
    if event.kind.startswith("document:"):
        return _document(event)
    text, icon, tone = KINDS.get(event.kind, (figures.words(event.kind), "dot", "grey"))
    text = f"{text}: {_plain_change(event.said)}" if event.said else text
    if event.times > 1:
        text = f"{text} {figures.count(event.times)} times"
    about = "".join((f" by {event.person}" if event.person else "", f", {event.account}" if event.account else ""))
    return ShownEvent(f"{text}{about}", icon, tone, event.on, _when(event.on))


def _document(event: ProfileEvent) -> ShownEvent:
    kind = figures.words(event.kind.partition(":")[2])
    author = AUTHORS.get(event.person or "", "")
    said = (event.said or "").strip()
    shown = f"{said}…" if len(said) >= SAID_CHARACTERS else said
    return ShownEvent(f"{kind} {author}: “{shown}”".replace(" :", ":"), "doc", "grey", event.on, _when(event.on))


def _plain_change(said: str) -> str:
    return " \u2192 ".join(figures.words(part) for part in said.split(" \u2192 "))


def _when(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _action(installation: Installation, found: PartnerProfile) -> ShownAction | None:
    action = found.action
    if action is None:
        return None
    waiting = next((one.decision_id for one in found.decisions if one.status in ("proposed", "committed")), "")
    risk = figures.odds(action.drop_off_risk) if action.drop_off_risk is not None else ""
    called = installation.program.capacity.name_of
    return ShownAction(
        verdict=action.verdict,
        action=action.action,
        why=action.why,
        owner=called(action.owner) if action.owner else None,
        due=action.due,
        risk=risk,
        in_focus=waiting,
        change_our_mind=action.change_our_mind,
        instead_of=called(action.instead_of) if action.instead_of else None,
    )


def _decisions(installation: Installation, found: PartnerProfile, today: date) -> tuple[ShownDecision, ...]:
    plays = {play.name: play.label for play in installation.program.plays}
    shown = []
    for one in found.decisions:
        state, tone = _state(one.status, one.result)
        text = f"{plays.get(one.play, figures.words(one.play))}. {one.outcome_name}, by {figures.day(one.outcome_by, today)}."
        if not one.play:
            state, text = "by hand", f"No play before {figures.day(one.due, today)}."
        if one.status_reason:
            text = f"{text} {one.status_reason}"
        if one.decision_id in found.taken_back:
            text = f"{text} {_taken_back(found.taken_back[one.decision_id], installation, today)}"
        state += ", disputed" if one.disputed_by else ""
        shown.append(ShownDecision(one.verdict, state, tone, one.as_of, text, one.decision_id))
    return tuple(shown)


def _taken_back(line: JournalRecord, installation: Installation, today: date) -> str:
    """That a commitment was undone, which the decision itself does not show any more."""
    who = installation.program.capacity.name_of(line.actor)
    return f"It was committed, and the commitment undone by {who} on {figures.day(line.at, today)}."


def _state(status: str, result: str) -> tuple[str, str]:
    """What became of a decision, and its tone."""
    if status == "committed":
        return {"met": ("met", "green"), "missed": ("missed", "orange")}.get(result, ("running", "blue"))
    return {"proposed": "waiting", "declined": "declined", "snoozed": "snoozed"}.get(status, status), "grey"
