"""What all verbs on a decision share: who may decide on it, and hours that cannot be overdrawn."""

from collections.abc import Sequence

from nextplay.decisions.propose import busy_hours
from nextplay.facts.scope import Reach
from nextplay.ledger import queries
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.installation import Installation
from nextplay.operations.record.close_outcomes import outcomes_told
from nextplay.operations.record.history import past_of
from nextplay.operations.viewer import DECIDERS, NotForThisViewer, Role, Viewer, reach_of, require

LONGEST_REASON = 2000


class NotEnoughHours(ValueError):
    """The owner has no room for the play this month."""


class ReasonNeeded(ValueError):
    """A decision was declined without saying why."""


class UnknownOwner(ValueError):
    """Nobody of that address runs plays."""


def decision_for(
    installation: Installation, viewer: Viewer, decision_id: str, roles: tuple[Role, ...] = DECIDERS
) -> DecisionRecord:
    """The decision, where the viewer has one of the roles and reaches it: managers their partners of today and what they own.

    Raises NotForThisViewer, also where there is no such decision.
    """
    require(viewer, *roles)
    record = queries.decision(decision_id)
    if record is None:
        raise NotForThisViewer
    reach = reach_of(viewer, installation.program)
    if reach == Reach() or record.owner.lower() == viewer.email.lower() or _in_reach(installation, reach, record):
        return record
    raise NotForThisViewer


def require_owner(installation: Installation, cycle: str, owner: str) -> str:
    """The address of somebody who can be given a play. Raises UnknownOwner."""
    known, address = owners(installation, cycle), owner.strip().lower()
    if address not in known:
        raise UnknownOwner(f"{owner or 'Nobody'} owns no partners and has no hours. Choose one of: {', '.join(known)}.")
    return address


def require_room(installation: Installation, record: DecisionRecord, owner: str) -> None:
    """Raise NotEnoughHours unless the owner's free hours of the cycle hold the play."""
    free = free_hours(installation, record.cycle, owner, without=record.decision_id)
    if record.hours > free + 1e-9:
        raise NotEnoughHours(
            f"{owner} has {max(free, 0):g} of {installation.program.capacity.hours_of(owner):g} hours free in {record.cycle}, "
            f"and this play takes {record.hours:g}. Choose somebody else, or decline something first."
        )


def free_hours(installation: Installation, cycle: str, owner: str, *, without: str = "") -> float:
    """Hours of an owner that nothing committed in the month takes, and no earlier play whose steps are not over.

    As the list counts them; `without`: a decision whose own hours are left out.
    """
    return _left(installation, _busy(installation, cycle, without), owner)


def _busy(installation: Installation, cycle: str, without: str = "") -> dict[str, float]:
    day = queries.as_of(cycle)
    return busy_hours(past_of(day, outcomes_told(), without=without), installation.program, day) if day else {}


def _left(installation: Installation, busy: dict[str, float], owner: str) -> float:
    return float(installation.program.capacity.hours_of(owner) - busy.get(owner.lower(), 0.0))


def those_that_fit(installation: Installation, month: str, decision_ids: Sequence[str]) -> list[str]:
    """Of proposals of a month that wait, in this order, those whose owner has room and whose partner is in no other play of it.

    Call it inside `actions.held_still`.
    """
    held = queries.decisions(cycle=month)
    waiting = {one.decision_id: one for one in held if one.status == "proposed"}
    in_play = {one.partner_id for one in held if one.status == "committed"}
    asked = [waiting[name] for name in decision_ids if name in waiting]
    busy = _busy(installation, month)
    free = {one.owner: _left(installation, busy, one.owner) for one in asked}
    fitting = []
    for one in asked:
        if one.partner_id not in in_play and one.hours <= free[one.owner] + 1e-9:
            fitting.append(one.decision_id)
            in_play.add(one.partner_id)
            free[one.owner] -= one.hours
    return fitting


def owners(installation: Installation, cycle: str) -> list[str]:
    """Everybody who can be given a play: managers of the program file, of the facts, and owners of the cycle's decisions."""
    named = {manager.email.lower() for manager in installation.program.capacity.managers}
    named |= {one.owner.lower() for one in queries.decisions(cycle=cycle)}
    reference = installation.span.last_observed or installation.span.last_happened
    if reference is not None:
        partners = installation.facts(reference, Reach()).partners
        managers = installation.warehouse.read(partners.select(email=partners.manager_email.lower()).distinct())
        named |= {email for email in managers["email"].to_list() if email}
    return sorted(named)


def _in_reach(installation: Installation, reach: Reach, record: DecisionRecord) -> bool:
    partners = installation.facts_now(reach).partners
    return not installation.warehouse.read(partners.filter(partners.partner_id == record.partner_id)).is_empty()


def required_reason(reason: str) -> str:
    """The reason as it is kept. Raises ReasonNeeded."""
    said = reason.strip()
    if not said:
        raise ReasonNeeded("Say why: the reason is kept with the decision, and next month's list learns from it.")
    return said[:LONGEST_REASON]
