"""The Activation Scorecard of a partner: worked out from the facts, kept as versions, shared with the partner's own people."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter

from nextplay.facts.scope import Reach
from nextplay.ledger import play_queries, scorecards
from nextplay.ledger.records import PromiseRecord, ScorecardRecord
from nextplay.operations.installation import Installation
from nextplay.operations.partners.partner_traits import partner_traits
from nextplay.operations.partners.show_partner import require_partner
from nextplay.operations.people import names_of
from nextplay.operations.portal.scorecard_parts import (
    CardDecision,
    CardPlay,
    CardScore,
    blank_play,
    blank_scores,
    card_decision,
    card_scores,
)
from nextplay.operations.viewer import DECIDERS, TEAM, NotForThisViewer, Viewer, require
from nextplay.signals.activation import activation_rows
from nextplay.signals.compute import compute
from nextplay.traits.scorecard import Line, blank_lines, lines
from nextplay.values.period import utc_day

# As many as one page of paper holds.
MOST_PROMISES = 5


@dataclass(frozen=True)
class CardPromise:
    """What one side said it would do: who, what, by when; `state` open, met or missed."""

    who: str
    text: str
    due: date
    state: str


@dataclass(frozen=True)
class Card:
    """A scorecard as it is shown. A blank one has no partner, and lines without a value."""

    partner_id: str
    name: str
    about: str
    program: str
    manager: str
    lead_seller: str
    enabled: date | None
    as_of: date | None
    lines: tuple[Line, ...]
    promises: tuple[CardPromise, ...]
    # Cards kept before these were told have none.
    scores: tuple[CardScore, ...] = ()
    decision: CardDecision | None = None
    play: CardPlay | None = None

    @property
    def traits(self) -> tuple[Line, ...]:
        """What the partner is becoming."""
        return tuple(line for line in self.lines if line.part == "trait")

    @property
    def activation(self) -> tuple[Line, ...]:
        """What the partner does."""
        return tuple(line for line in self.lines if line.part == "activation")


@dataclass(frozen=True)
class Scorecards:
    """A partner's card: a kept version, or how it looks now (`kept` None); and every version there is, newest first."""

    card: Card
    kept: ScorecardRecord | None
    versions: tuple[ScorecardRecord, ...]

    @property
    def note(self) -> str:
        """Which version it is, for paper; nothing on a blank one."""
        kept = self.kept
        if kept is None:
            return "Not kept as a version." if self.card.partner_id else ""
        made, by = f"{kept.made_at.day} {kept.made_at:%b %Y}", self.called.get(kept.made_by, kept.made_by)
        return f"Version {kept.version}, made {made} by {by}. Facts version {kept.facts_version}."

    @property
    def called(self) -> dict[str, str]:
        """Names by address of those who made the versions and have one."""
        return names_of(frozenset(one.made_by for one in self.versions))

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        kept = self.kept
        told: dict[str, Any] = _CARD.dump_python(self.card, mode="json")
        about = {"version": kept.version, "made_at": kept.made_at.isoformat(), "made_by": kept.made_by} if kept else {}
        shared = kept.shared_at.isoformat() if kept and kept.shared_at else None
        return {**told, **about, "facts_version": kept.facts_version if kept else None, "shared_at": shared}


_CARD = TypeAdapter(Card)


def show_scorecard(
    installation: Installation, viewer: Viewer, partner_id: str, *, version: int | None = None, now: datetime
) -> Scorecards:
    """A version as it was kept; without one named the newest, or how it looks now where none was kept. Writes nothing.

    Raises NotForThisViewer, also for a version that is none.
    """
    require(viewer, *TEAM)
    require_partner(installation, viewer, partner_id, now=now)
    held = tuple(scorecards.scorecards(partner_id))
    if version is None and not held:
        return Scorecards(_work_out(installation, viewer, partner_id, now=now), None, held)
    kept = next((one for one in held if version in (None, one.version)), None)
    if kept is None:
        raise NotForThisViewer
    return Scorecards(card_of(kept), kept, held)


def make_scorecard(installation: Installation, viewer: Viewer, partner_id: str, *, now: datetime) -> Scorecards:
    """Keep how the card looks now as the next version; where nothing changed that day, the latest is it.

    Raises NotForThisViewer.
    """
    require(viewer, *DECIDERS)
    card = _work_out(installation, viewer, partner_id, now=now)
    record = ScorecardRecord(
        partner_id=partner_id,
        version=0,
        made_by=viewer.email,
        made_at=now,
        as_of=card.as_of or utc_day(now),
        card=_CARD.dump_python(card, mode="json"),
        facts_version=str(installation.warehouse.version().facts),
        program_version=installation.program.version,
        shared_at=None,
    )
    kept = scorecards.keep_scorecard(record, actor=viewer.email, now=now)
    return Scorecards(card_of(kept), kept, tuple(scorecards.scorecards(partner_id)))


def scorecard_asked(
    installation: Installation, viewer: Viewer, partner_id: str | None, *, keep: bool, version: int | None, now: datetime
) -> Scorecards:
    """A card kept now, shown, or blank where no partner is named. Raises NotForThisViewer."""
    if partner_id is None:
        return Scorecards(blank_scorecard(installation, viewer), None, ())
    if keep:
        return make_scorecard(installation, viewer, partner_id, now=now)
    return show_scorecard(installation, viewer, partner_id, version=version, now=now)


def share_scorecard(
    installation: Installation, viewer: Viewer, partner_id: str, version: int, *, shared: bool, now: datetime
) -> ScorecardRecord:
    """Show the activation lines of a version to the partner's own people, or no longer. Raises NotForThisViewer."""
    require(viewer, *DECIDERS)
    require_partner(installation, viewer, partner_id, now=now)
    try:
        return scorecards.share_scorecard(partner_id, version, shared=shared, actor=viewer.email, now=now)
    except scorecards.UnknownScorecard as error:
        raise NotForThisViewer from error


def blank_scorecard(installation: Installation, viewer: Viewer) -> Card:
    """The template to fill in by hand, with the program's targets. Raises NotForThisViewer."""
    require(viewer, *TEAM)
    program = installation.program
    empty = blank_lines(program.scorecard)
    return Card("", "", "", program.name, "", "", None, None, empty, (), blank_scores(), None, blank_play(program))


def shared_card(partner_id: str) -> Card | None:
    """What the partner's own people see of the version that is shared: its activation lines, and nothing of ours."""
    kept = scorecards.shared_scorecard(partner_id)
    if kept is None:
        return None
    card = card_of(kept)
    return replace(card, about="", manager="", lines=card.activation, promises=(), scores=(), decision=None, play=None)


def card_of(kept: ScorecardRecord) -> Card:
    """The card as it was kept."""
    return _CARD.validate_python(kept.card)


def _work_out(installation: Installation, viewer: Viewer, partner_id: str, *, now: datetime) -> Card:
    facts, found = require_partner(installation, viewer, partner_id, now=now)
    day, who, program = facts.scope.as_of, found.row(0, named=True), installation.program
    own = installation.facts(day, Reach(partner_id=partner_id))
    signals = compute(installation.warehouse, own, program)
    rows = installation.warehouse.read(activation_rows(own))
    traits = partner_traits(installation, partner_id, now=now)
    parts = (who["segment"], who["tier"], who["subtype"] or who["type"], *(who["verticals"] or ()), *(who["regions"] or ()))
    named = program.capacity.name_of(who["manager_email"]) if who["manager_email"] else ""
    decision, play = card_decision(installation, partner_id)
    return Card(
        partner_id=partner_id,
        name=who["name"],
        about=", ".join(part for part in parts if part),
        program=program.name,
        manager=named,
        lead_seller=signals["lead_seller"].item() or "",
        enabled=who["enabled_at"].date() if who["enabled_at"] else None,
        as_of=day,
        lines=lines(signals, traits, rows, program.scorecard),
        promises=_promises(partner_id, who["name"], named),
        scores=card_scores(installation, partner_id),
        decision=decision,
        play=play,
    )


def _promises(partner_id: str, partner: str, manager: str) -> tuple[CardPromise, ...]:
    """What is open first, then what became of the latest."""
    held = [one for one in play_queries.promises(partner_id=partner_id) if one.state != "withdrawn"]
    still_open = [one for one in held if one.state == "open"]
    closed = [one for one in reversed(held) if one.state != "open"]
    return tuple(_promise(one, partner, manager) for one in (*still_open, *closed)[:MOST_PROMISES])


def _promise(one: PromiseRecord, partner: str, manager: str) -> CardPromise:
    return CardPromise(one.who or (manager if one.by == "us" else partner), one.text, one.due, one.state)
