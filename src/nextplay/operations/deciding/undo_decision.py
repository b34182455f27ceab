"""Take the last step on a decision back."""

from datetime import datetime

from nextplay.ledger import actions, ad_hoc
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.deciding.decide_instead import take_back_instead
from nextplay.operations.installation import Installation
from nextplay.operations.plays.planned_steps import steps_planned
from nextplay.operations.record.deciding import decision_for, require_room
from nextplay.operations.viewer import Viewer


def undo_decision(
    installation: Installation, viewer: Viewer, decision_id: str, *, revision: int | None, now: datetime
) -> DecisionRecord:
    """The decision as it stands then; one taken beside the list as it was, for it is gone.

    Raises NotForThisViewer, AlreadyDecided, NothingToUndo; NotEnoughHours where its hours were given away since.
    """
    record = decision_for(installation, viewer, decision_id)
    if untouched_own(record):
        return _own_taken_back(record, revision=revision, actor=viewer.email, now=now)
    planned = steps_planned(installation, record, now=now)
    with actions.held_still(record.cycle):
        # What was decided or proposed in its place goes first: its hours are free again.
        take_back_instead(decision_id, actor=viewer.email, now=now)
        actions.withdraw_next(decision_id, actor=viewer.email, now=now)
        undone = actions.undo_decision(decision_id, revision=revision, planned=planned, actor=viewer.email, now=now)
        if undone.status == "committed":
            require_room(installation, undone, undone.owner)
    return undone


def untouched_own(record: DecisionRecord) -> bool:
    """Whether a person took it beside the list, in place of nothing, and nobody has changed it since."""
    return record.origin == "person" and not record.instead_of and record.revision == 1


def _own_taken_back(record: DecisionRecord, *, revision: int | None, actor: str, now: datetime) -> DecisionRecord:
    if revision not in (None, record.revision):
        raise actions.AlreadyDecided("This decision was changed since you opened the page. Look again before you decide.")
    with actions.held_still(record.cycle):
        if not ad_hoc.remove_own_decision(record.decision_id, revision=record.revision, actor=actor, now=now):
            raise actions.NothingToUndo("Work on this play has begun. Decline it with a reason, or take back what was logged.")
    return record
