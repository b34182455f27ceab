"""A partner's own page as it is drawn."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nextplay.intelligence.pipeline import DEAL_STAGE_LABELS
from nextplay.operations.installation import Installation
from nextplay.operations.partners.show_partner import MOST_EVENTS
from nextplay.operations.portal.partner_page import OwnDeal, PartnerPage
from nextplay.operations.portal.scorecard_print import mark_said
from nextplay.operations.program_day import program_day
from nextplay.traits.scorecard import Line
from nextplay.web import figures
from nextplay.web.own_play_shown import ShownPlay, ShownPromise, shown_play, shown_promise
from nextplay.web.profile import ShownMonth, ShownPerson, timeline


@dataclass(frozen=True)
class ShownDeal:
    """A deal's line: the account, and whatever else is open."""

    account: str
    about: str


# How a line stands, said to them: what is there and what is not, no grade.
STANDING = {
    "on target": ("There", "green"),
    "on the way": ("On the way", "blue"),
    "red flag": ("Not yet", "grey"),
    "unknown": ("Not known", "grey"),
}


@dataclass(frozen=True)
class SharedLine:
    """A line of the scorecard that was shared with them."""

    label: str
    seen: str
    aim: str
    word: str
    tone: str


@dataclass(frozen=True)
class ShownPage:
    """Everything the page draws."""

    partner_id: str
    name: str
    program: str
    manager: str
    manager_name: str
    day: str
    deals: tuple[ShownDeal, ...]
    deals_said: str
    people: tuple[ShownPerson, ...]
    timeline: tuple[ShownMonth, ...]
    newest_only: bool
    scorecard: tuple[SharedLine, ...]
    scorecard_day: str
    play: ShownPlay | None
    promises: tuple[ShownPromise, ...]
    # What they promised and is due next, where no step waits for them.
    promised: str
    today: date
    tomorrow: date


def shown_page(installation: Installation, found: PartnerPage, *, now: datetime) -> ShownPage:
    """The page in words."""
    today, manager = program_day(installation, now), found.manager_name or ""
    return ShownPage(
        partner_id=found.partner_id,
        name=found.name,
        program=found.program,
        manager=found.manager or "",
        manager_name=found.manager_name or "",
        day=f"{today:%A} {today.day} {today:%B}",
        deals=tuple(_deal(deal, today) for deal in found.deals if deal.account),
        deals_said=_deals_said(found),
        people=tuple(ShownPerson(one.name, figures.words(one.role or ""), "") for one in found.people),
        timeline=timeline(found.events, today),
        newest_only=len(found.events) >= MOST_EVENTS,
        scorecard=tuple(_shared(line) for line in found.scorecard.lines) if found.scorecard else (),
        play=shown_play(found.play, dict(found.known), today) if found.play else None,
        promises=tuple(shown_promise(one, manager, today) for one in found.promises),
        promised=_promised(found, today),
        today=today,
        tomorrow=today + timedelta(days=1),
        scorecard_day=figures.day(found.scorecard.as_of, today) if found.scorecard else "",
    )


def _promised(found: PartnerPage, today: date) -> str:
    own = [one for one in found.promises if one.by == "partner" and one.state == "open"]
    if not own:
        return ""
    first = min(own, key=lambda one: one.due)
    return f"You promised, by {figures.day(first.due, today)}: {first.text.rstrip('.')}."


def _shared(line: Line) -> SharedLine:
    word, tone = STANDING[line.verdict]
    return SharedLine(line.label, line.seen, mark_said(line, line.target), word, tone)


def _deals_said(found: PartnerPage) -> str:
    shown = sum(1 for deal in found.deals if deal.account)
    if not found.deals_in_all:
        return "No deal of yours is on record."
    said = f"{figures.many(found.deals_in_all, 'deal', 'deals')} of yours on record."
    return said if shown == found.deals_in_all else f"{said} Here are the newest with accounts that you named."


def _deal(deal: OwnDeal, today: date) -> ShownDeal:
    stage = DEAL_STAGE_LABELS.get(deal.stage or "", figures.words(deal.stage or ""))
    amount = figures.money(deal.amount, deal.currency) if deal.amount is not None and deal.currency else ""
    days = (("registered", deal.registered_at), ("closed", deal.closed_at))
    told = [f"{word} {figures.day(day, today)}" for word, day in days if day]
    fits = "fits our ideal customer" if deal.icp else ""
    parts = (stage, amount, deal.product or "", deal.industry or "", deal.region or "", fits, *told)
    return ShownDeal(deal.account or "", ", ".join(part for part in parts if part))
