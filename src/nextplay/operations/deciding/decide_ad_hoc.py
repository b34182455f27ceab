"""A decision that a manager takes beside the proposals: the same record, held against the same hours."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean

from nextplay.ledger import actions, ad_hoc, queries
from nextplay.ledger.ad_hoc import OwnDecision, OwnMonth
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.deciding.leave_alone import STATUS, leave_alone
from nextplay.operations.deciding.own_decision import known_of, list_said, own_month, this_month
from nextplay.operations.deciding.undecided import require_undecided
from nextplay.operations.installation import Installation
from nextplay.operations.partners.show_partner import require_partner
from nextplay.operations.plays.planned_steps import planned
from nextplay.operations.program_day import program_day
from nextplay.operations.record.deciding import ReasonNeeded, UnknownOwner, owners, require_room
from nextplay.operations.viewer import DECIDERS, Viewer, require
from nextplay.program.plays import Outcome, Play
from nextplay.values.period import working_day

LONGEST_WHY = 500


class UnknownPlay(ValueError):
    """The program has no such play, verdict or outcome."""


class NotADueDay(ValueError):
    """The first step is due from today on, and before its outcome is."""


@dataclass(frozen=True)
class AdHoc:
    """What a manager decides. `due` None: as the play has it. `outcome` names the play whose outcome counts; empty: its own.

    `verdict` stop and wait name no play, and wait the day to look again, `until`. `token` is the form's: the same form sent
    twice decides once.
    """

    partner_id: str
    play: str
    owner: str
    why: str
    verdict: str = ""
    due: date | None = None
    outcome: str = ""
    token: str = ""
    until: date | None = None
    # Another first step than the play's; and the proposal that it is taken in place of.
    step: str = ""
    instead_of: str = ""


@dataclass(frozen=True)
class AdHocChoices:
    """What a manager chooses from: plays, owners with their free hours, and what the method says of the partner."""

    partner_id: str
    partner_name: str
    plays: tuple[Play, ...]
    owners: tuple[tuple[str, str], ...]
    month: str
    said: str
    # Plays that a lot keeps from the partner, each with the last day of that: deciding on one spoils a comparison.
    held_back: dict[str, date]


def choices_for(installation: Installation, viewer: Viewer, partner_id: str, *, now: datetime) -> AdHocChoices:
    """What there is to choose from for a partner. Raises NotForThisViewer."""
    require(viewer, *DECIDERS)
    _, found = require_partner(installation, viewer, partner_id, now=now)
    program, month = installation.program, this_month(installation, now)
    everybody = tuple((email, program.capacity.name_of(email)) for email in owners(installation, month))
    name = str(found["name"].item())
    kept = queries.held_back_from(partner_id, program_day(installation, now))
    return AdHocChoices(partner_id, name, program.plays, everybody, month, list_said(installation, partner_id), kept)


def decide_ad_hoc(installation: Installation, viewer: Viewer, asked: AdHoc, *, now: datetime) -> DecisionRecord:
    """Keep the decision: committed, with its steps; or that the partner is left alone (`leave_alone`).

    Raises NotForThisViewer, ReasonNeeded, UnknownPlay, UnknownOwner, NotADueDay, NotADayToSnoozeTo, PlayUnderWay,
    NotEnoughHours.
    """
    require(viewer, *DECIDERS)
    if not asked.play and asked.verdict in STATUS:
        return leave_alone(
            installation,
            viewer,
            decision_id=_id(asked, viewer, now),
            partner_id=asked.partner_id,
            verdict=asked.verdict,
            why=asked.why,
            until=asked.until,
            now=now,
        )
    require_partner(installation, viewer, asked.partner_id, now=now)
    month, today = own_month(installation, now, instead_of=asked.instead_of), program_day(installation, now)
    decided = _decision(installation, asked, month, today, viewer, now)
    with_steps = planned(installation.program, decided.play, decided.as_of, today, due=decided.due)
    ad_hoc.open_month(month, actor=viewer.email, now=now)
    with actions.held_still(month.month):
        record, new = ad_hoc.record_own_decision(month, decided, planned=with_steps, actor=viewer.email, now=now)
        if new:
            require_undecided(installation, record)
            require_room(installation, record, record.owner)
    return record


def _decision(
    installation: Installation, asked: AdHoc, month: OwnMonth, today: date, viewer: Viewer, now: datetime
) -> OwnDecision:
    play, outcome = _play(installation, asked)
    owner = asked.owner.strip().lower()
    known = owners(installation, month.month)
    if owner not in known:
        raise UnknownOwner(f"{asked.owner or 'Nobody'} owns no partners and has no hours. Choose one of: {', '.join(known)}.")
    why = asked.why.strip()
    if not why:
        raise ReasonNeeded("Say why: the decision is judged by it later.")
    due = asked.due or working_day(today + timedelta(days=play.steps[0].day))
    by = today + timedelta(days=outcome.predicate.window_days)
    if not today <= due <= by:
        raise NotADueDay(f"Choose a day from today to {by}, when its outcome is due.")
    said, chances = list_said(installation, asked.partner_id), _chances(play, month.month)
    instead = queries.decision(asked.instead_of) if asked.instead_of else None
    return OwnDecision(
        decision_id=_id(asked, viewer, now),
        partner_id=asked.partner_id,
        verdict=asked.verdict or play.verdict,
        play=play.name,
        step=asked.step or play.steps[0].name,
        owner=owner,
        hours=play.hours,
        as_of=today,
        due=due,
        outcome_name=outcome.name,
        predicate=outcome.predicate.model_dump(mode="json"),
        outcome_by=by,
        probability=chances[0],
        probability_without=chances[1],
        why=" ".join(filter(None, (why[:LONGEST_WHY], said and f"(The list said: {said})", _crosses(asked, play, today)))),
        instead_of=asked.instead_of,
        evidence=tuple(instead.evidence) if instead else known_of(installation, asked.partner_id, now),
        alternatives=({"play": instead.play, "expected_gain": instead.expected_gain},) if instead else (),
    )


def _crosses(asked: AdHoc, play: Play, today: date) -> str:
    """What stands with a decision that a lot was to keep from the partner."""
    until = queries.held_back_from(asked.partner_id, today).get(play.name)
    return f"(Held back from this play by lot until {until}: it stays on the side without it.)" if until else ""


def _play(installation: Installation, asked: AdHoc) -> tuple[Play, Outcome]:
    plays = {one.name: one for one in installation.program.plays}
    if asked.play not in plays:
        raise UnknownPlay(f"{asked.play or 'No play'} is no play of the program. Choose one of: {', '.join(plays)}.")
    if asked.verdict not in ("", "invest", "change_approach"):
        raise UnknownPlay("A play is decided on as invest or change approach.")
    if asked.verdict and plays[asked.play].pauses:
        raise UnknownPlay("A pause is a stop: it is decided on as nothing else.")
    counts = asked.outcome or asked.play
    if counts not in plays:
        raise UnknownPlay(f"{counts} is no play of the program, so it has no outcome that could count.")
    return plays[asked.play], plays[counts].outcome


def _chances(play: Play, month: str) -> tuple[float, float]:
    """With the play and without: as the list said it on average of this play in the month, else as the play assumes."""
    listed = [one for one in queries.decisions(cycle=month) if one.play == play.name and one.origin == "method"]
    if listed:
        return fmean(one.probability for one in listed), fmean(one.probability_without for one in listed)
    return (play.prior.with_play, play.prior.without) if play.prior else (0.0, 0.0)


def _id(asked: AdHoc, viewer: Viewer, now: datetime) -> str:
    parts = (asked.partner_id, asked.play or asked.verdict, asked.token or now.isoformat(), viewer.email)
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).hexdigest()
