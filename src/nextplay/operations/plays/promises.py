"""What one side says it will do by a day while a play runs: said, met, missed, taken back."""

from datetime import date, datetime, timedelta
from typing import Literal

from nextplay.ledger import play_queries
from nextplay.ledger import promises as ledger
from nextplay.ledger.promises import ToPromise
from nextplay.ledger.records import PromiseRecord, Turn
from nextplay.operations.installation import Installation
from nextplay.operations.plays.log_step import require_under_way
from nextplay.operations.program_day import program_day
from nextplay.operations.record.deciding import decision_for
from nextplay.operations.viewer import NotForThisViewer, Viewer
from nextplay.values.period import DAYS_AHEAD

LONGEST_PROMISE = 300
# Somebody may still say that it was kept; a week after its day nobody did.
GRACE_DAYS = 7


class NothingPromised(ValueError):
    """A promise says what will be done, by a day to come."""


def make_promise(
    installation: Installation, viewer: Viewer, decision_id: str, *, by: Turn, text: str, due: date | None, now: datetime
) -> PromiseRecord:
    """Write down what we, or the partner, will do. The same one is written once while it is open.

    Raises NotForThisViewer, AlreadyDecided where the play is not under way, NothingPromised.
    """
    record = decision_for(installation, viewer, decision_id)
    require_under_way(record)
    said = " ".join(text.split())[:LONGEST_PROMISE]
    if not said:
        raise NothingPromised("Say in a few words what is promised.")
    if due is None or not 0 <= (due - program_day(installation, now)).days <= DAYS_AHEAD:
        raise NothingPromised("Choose a day from today on, within a year.")
    who = (viewer.name or viewer.email) if by == "us" else ""
    return ledger.make_promise(
        ToPromise(record.partner_id, by, said, due, who=who, decision_id=decision_id), actor=viewer.email, now=now
    )


def end_promise(
    installation: Installation,
    viewer: Viewer,
    promise_id: int,
    *,
    revision: int | None,
    state: Literal["met", "missed", "withdrawn"],
    now: datetime,
) -> PromiseRecord:
    """Say what became of a promise. Raises NotForThisViewer, PromiseMoved where somebody else was first."""
    _own(installation, viewer, promise_id)
    return ledger.close_promise(promise_id, revision=revision, state=state, actor=viewer.email, now=now)


def take_back_promise(
    installation: Installation, viewer: Viewer, promise_id: int, *, revision: int | None, now: datetime
) -> PromiseRecord:
    """Take back what was said of a promise: it is open again. Raises NotForThisViewer, PromiseMoved."""
    _own(installation, viewer, promise_id)
    return ledger.reopen_promise(promise_id, revision=revision, actor=viewer.email, now=now)


def close_past_due(installation: Installation, *, now: datetime) -> int:
    """Close as missed, once, promises of either side whose day is `GRACE_DAYS` past and of which nobody said what became."""
    return ledger.close_past_due(program_day(installation, now) - timedelta(days=GRACE_DAYS), now=now)


def _own(installation: Installation, viewer: Viewer, promise_id: int) -> None:
    """Raise NotForThisViewer unless the promise is of a play that the viewer works on.

    One that belongs to a step is met or missed with it; where the clock was first, people say what became of it.
    """
    found = play_queries.promise(promise_id)
    if found is None or found.decision_id is None or (found.step is not None and not found.lapsed):
        raise NotForThisViewer
    decision_for(installation, viewer, found.decision_id)
