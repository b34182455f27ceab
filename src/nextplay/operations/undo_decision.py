"""Take the last step on a decision back."""

from datetime import datetime

from nextplay.ledger import actions
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.decide_instead import take_back_instead
from nextplay.operations.deciding import decision_for, require_room
from nextplay.operations.installation import Installation
from nextplay.operations.planned_steps import steps_planned
from nextplay.operations.viewer import Viewer


def undo_decision(
    installation: Installation, viewer: Viewer, decision_id: str, *, revision: int | None, now: datetime
) -> DecisionRecord:
    """Raises NotForThisViewer, AlreadyDecided, NothingToUndo; NotEnoughHours where its hours were given away since."""
    record = decision_for(installation, viewer, decision_id)
    planned = steps_planned(installation, record, now=now)
    with actions.held_still(record.cycle):
        # What was decided or proposed in its place goes first: its hours are free again.
        take_back_instead(decision_id, actor=viewer.email, now=now)
        actions.withdraw_next(decision_id, actor=viewer.email, now=now)
        undone = actions.undo_decision(decision_id, revision=revision, planned=planned, actor=viewer.email, now=now)
        if undone.status == "committed":
            require_room(installation, undone, undone.owner)
    return undone
