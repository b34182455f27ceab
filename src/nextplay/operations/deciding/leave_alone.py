"""A partner that a manager stops or lets wait beside the proposals: a decision with its reason, and without a play or hours."""

from datetime import date, datetime, timedelta

from nextplay.ledger import actions, ad_hoc
from nextplay.ledger.ad_hoc import OwnDecision
from nextplay.ledger.records import DecisionRecord, Status
from nextplay.operations.deciding.own_decision import known_of, list_said, own_month
from nextplay.operations.deciding.snooze_decision import require_later
from nextplay.operations.deciding.undecided import require_undecided
from nextplay.operations.installation import Installation
from nextplay.operations.partners.show_partner import require_partner
from nextplay.operations.record.cycles import latest_cycle
from nextplay.operations.record.deciding import required_reason
from nextplay.operations.viewer import DECIDERS, Viewer, require
from nextplay.program.plays import Play
from nextplay.values.period import Month

STATUS: dict[str, Status] = {"stop": "declined", "wait": "snoozed"}


def leave_alone(
    installation: Installation,
    viewer: Viewer,
    *,
    decision_id: str,
    partner_id: str,
    verdict: str,
    why: str,
    until: date | None,
    now: datetime,
) -> DecisionRecord:
    """Keep that no play is proposed for the partner: `stop` until the month is over, `wait` until a day.

    What came by itself is told later by the outcome of the play that the list would have chosen. Raises NotForThisViewer,
    ReasonNeeded, NotADayToSnoozeTo, PlayUnderWay.
    """
    require(viewer, *DECIDERS)
    _, found = require_partner(installation, viewer, partner_id, now=now)
    month, reason = own_month(installation, now), required_reason(why)
    back = Month.parse(month.month).next.first if verdict == "stop" else require_later(until, now=now)
    outcome = _play_of(installation, partner_id).outcome
    said = list_said(installation, partner_id)
    decided = OwnDecision(
        decision_id=decision_id,
        partner_id=partner_id,
        verdict=verdict,
        play="",
        step="",
        owner=(found["manager_email"].item() or viewer.email).lower(),
        hours=0.0,
        as_of=month.as_of,
        due=back,
        outcome_name=outcome.name,
        predicate=outcome.predicate.model_dump(mode="json"),
        outcome_by=month.as_of + timedelta(days=outcome.predicate.window_days),
        probability=0.0,
        probability_without=0.0,
        why=f"{reason}{f' (The list said: {said})' if said else ''}",
        evidence=known_of(installation, partner_id, now),
        status=STATUS[verdict],
        status_reason=reason,
        snoozed_until=back,
        chosen=verdict,
    )
    ad_hoc.open_month(month, actor=viewer.email, now=now)
    with actions.held_still(month.month):
        record, new = ad_hoc.record_own_decision(month, decided, planned=(), actor=viewer.email, now=now)
        if new:
            require_undecided(installation, record)
    return record


def _play_of(installation: Installation, partner_id: str) -> Play:
    """The play that the latest list likes best for the partner, else the program's first."""
    cycle, plays = latest_cycle(installation.home), installation.program.plays
    action = cycle.next_actions.of(partner_id) if cycle else None
    return next((one for one in plays if action and one.name == action.play), plays[0])
