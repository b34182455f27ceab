"""Commit a proposed decision: its hours are given."""

from datetime import datetime

from nextplay.ledger import actions
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.deciding import decision_for, require_room
from nextplay.operations.installation import Installation
from nextplay.operations.planned_steps import steps_planned
from nextplay.operations.viewer import Viewer


def commit_decision(
    installation: Installation, viewer: Viewer, decision_id: str, *, revision: int | None, now: datetime
) -> DecisionRecord:
    """Raises NotForThisViewer, AlreadyDecided, NotEnoughHours."""
    record = decision_for(installation, viewer, decision_id)
    planned = steps_planned(installation, record, now=now)
    with actions.held_still(record.cycle):
        committed = actions.commit_decision(decision_id, revision=revision, planned=planned, actor=viewer.email, now=now)
        # Saying it twice takes the hours once, whatever the program allows by now.
        if committed.revision != record.revision:
            require_room(installation, committed, committed.owner)
    return committed
