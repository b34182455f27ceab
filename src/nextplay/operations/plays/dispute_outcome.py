"""Dispute an outcome with a reason, or withdraw it: shown beside what the facts say, which stands."""

from datetime import datetime

from nextplay.ledger import disputes
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.installation import Installation
from nextplay.operations.record.deciding import ReasonNeeded, decision_for
from nextplay.operations.viewer import Viewer


class NothingToDispute(ValueError):
    """The outcome is not in yet."""


def dispute_outcome(
    installation: Installation, viewer: Viewer, decision_id: str, *, revision: int | None, reason: str, now: datetime
) -> DecisionRecord:
    """Raises NotForThisViewer, ReasonNeeded, NothingToDispute, AlreadyDecided where somebody disputes it already."""
    record = decision_for(installation, viewer, decision_id)
    said = reason.strip()
    if not said:
        raise ReasonNeeded("Say why the outcome is wrong: it is shown beside it.")
    if record.result == "open":
        raise NothingToDispute("The outcome is still open: there is nothing to dispute yet.")
    return disputes.dispute_outcome(decision_id, revision=revision, reason=said[:500], actor=viewer.email, now=now)


def withdraw_dispute(
    installation: Installation, viewer: Viewer, decision_id: str, *, revision: int | None, now: datetime
) -> DecisionRecord:
    """Raises NotForThisViewer, AlreadyDecided, NothingToUndo."""
    decision_for(installation, viewer, decision_id)
    return disputes.withdraw_dispute(decision_id, revision=revision, actor=viewer.email, now=now)
