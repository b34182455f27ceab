"""Put a decision off until a day."""

from datetime import date, datetime, timedelta

from nextplay.ledger import actions
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.deciding.next_in_line import Passed, bring_up_next
from nextplay.operations.installation import Installation
from nextplay.operations.record.deciding import decision_for
from nextplay.operations.viewer import Viewer
from nextplay.values.period import utc_day

LONGEST = timedelta(days=366)


class NotADayToSnoozeTo(ValueError):
    """The day is past, today, or more than a year ahead."""


def snooze_decision(
    installation: Installation,
    viewer: Viewer,
    decision_id: str,
    *,
    revision: int | None,
    until: date,
    chosen: str = "",
    now: datetime,
) -> DecisionRecord:
    """`chosen`: the verdict that a person gives instead. Raises NotForThisViewer, AlreadyDecided, NotADayToSnoozeTo."""
    decision_for(installation, viewer, decision_id)
    require_later(until, now=now)
    return actions.snooze_decision(decision_id, revision=revision, until=until, chosen=chosen, actor=viewer.email, now=now)


def require_later(until: date | None, *, now: datetime) -> date:
    """The day, where it is one to put something off to. Raises NotADayToSnoozeTo."""
    today = utc_day(now)
    if until is None or not today < until <= today + LONGEST:
        raise NotADayToSnoozeTo(f"Snooze until a day after today and within a year, such as {today + timedelta(days=30)}.")
    return until


def snooze_for_next(
    installation: Installation,
    viewer: Viewer,
    decision_id: str,
    *,
    revision: int | None,
    until: date,
    chosen: str = "",
    now: datetime,
) -> Passed:
    """Snooze a proposal and propose its hours to the next in line of the same manager, both or neither.

    Raises NotForThisViewer, AlreadyDecided, NotADayToSnoozeTo.
    """
    was = decision_for(installation, viewer, decision_id)
    with actions.held_still(was.cycle):
        record = snooze_decision(installation, viewer, decision_id, revision=revision, until=until, chosen=chosen, now=now)
        brought = bring_up_next(installation, record, actor=viewer.email, now=now)
    return Passed(record, tuple(one.partner_id for one in brought))
