"""Commit a proposed decision: its hours are given."""

from datetime import datetime

from nextplay.ledger import actions
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.deciding import decision_for, require_room
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import Viewer


def commit_decision(
    installation: Installation, viewer: Viewer, decision_id: str, *, revision: int | None, now: datetime
) -> DecisionRecord:
    """Raises NotForThisViewer, AlreadyDecided, NotEnoughHours."""
    record = decision_for(installation, viewer, decision_id)
    if record.status != "committed":
        require_room(installation, record, record.owner)
    return actions.commit_decision(decision_id, revision=revision, actor=viewer.email, now=now)
