"""Turn a decision down, with the reason; the override is kept and judged later."""

from datetime import datetime

from nextplay.ledger import actions
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.deciding import decision_for
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import Viewer

LONGEST_REASON = 2000


class ReasonNeeded(ValueError):
    """A decision was declined without saying why."""


def decline_decision(
    installation: Installation, viewer: Viewer, decision_id: str, *, revision: int | None, reason: str, now: datetime
) -> DecisionRecord:
    """Raises NotForThisViewer, AlreadyDecided, ReasonNeeded."""
    decision_for(installation, viewer, decision_id)
    said = reason.strip()
    if not said:
        raise ReasonNeeded("Say why it is declined: the reason is what next month's list learns from.")
    return actions.decline_decision(decision_id, revision=revision, reason=said[:LONGEST_REASON], actor=viewer.email, now=now)
