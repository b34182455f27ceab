"""Give a decision to another owner; the hours follow."""

from datetime import datetime

from nextplay.ledger import actions
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.installation import Installation
from nextplay.operations.record.deciding import decision_for, require_owner, require_room
from nextplay.operations.viewer import Viewer


def reassign_decision(
    installation: Installation, viewer: Viewer, decision_id: str, *, revision: int | None, owner: str, now: datetime
) -> DecisionRecord:
    """Raises NotForThisViewer, AlreadyDecided, UnknownOwner, NotEnoughHours."""
    record = decision_for(installation, viewer, decision_id)
    address = require_owner(installation, record.cycle, owner)
    with actions.held_still(record.cycle):
        reassigned = actions.reassign_decision(decision_id, revision=revision, owner=address, actor=viewer.email, now=now)
        require_room(installation, reassigned, address)
    return reassigned
