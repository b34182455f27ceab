"""A decision otherwise than the list suggests: the proposal is declined, and another play is committed in its place."""

from datetime import datetime

from nextplay.ledger import actions, ad_hoc, queries
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.deciding.decide_ad_hoc import AdHoc, decide_ad_hoc
from nextplay.operations.installation import Installation
from nextplay.operations.record.deciding import decision_for, required_reason
from nextplay.operations.viewer import Viewer

TAKEN_BACK = "Taken back."


def decide_instead(
    installation: Installation, viewer: Viewer, instead: DecisionRecord, asked: AdHoc, *, revision: int | None, now: datetime
) -> DecisionRecord:
    """Decline a proposal with the reason and commit its partner to another play, both or neither; the new decision.

    Raises NotForThisViewer, AlreadyDecided, ReasonNeeded and what `decide_ad_hoc` raises.
    """
    decision_for(installation, viewer, instead.decision_id)
    reason = required_reason(asked.why)
    with actions.held_still(instead.cycle):
        actions.decline_decision(
            instead.decision_id, revision=revision, reason=reason, chosen=asked.verdict, actor=viewer.email, now=now
        )
        return decide_ad_hoc(installation, viewer, asked, now=now)


def take_back_instead(decision_id: str, *, actor: str, now: datetime) -> None:
    """Let go of what was decided in place of a proposal. Where work on it has begun it stays, as declined."""
    for other in queries.decided_instead_of(decision_id):
        if ad_hoc.remove_own_decision(other.decision_id, revision=other.revision, actor=actor, now=now):
            continue
        actions.decline_decision(other.decision_id, revision=other.revision, reason=TAKEN_BACK, actor=actor, now=now)
