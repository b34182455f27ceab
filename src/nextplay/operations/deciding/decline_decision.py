"""Turn a decision down, with the reason; the override is kept and judged later."""

from datetime import datetime

from nextplay.ledger import actions
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.deciding.next_in_line import Passed, bring_up_next
from nextplay.operations.installation import Installation
from nextplay.operations.record.deciding import decision_for, required_reason
from nextplay.operations.viewer import Viewer


def decline_decision(
    installation: Installation,
    viewer: Viewer,
    decision_id: str,
    *,
    revision: int | None,
    reason: str,
    chosen: str = "",
    now: datetime,
) -> DecisionRecord:
    """`chosen`: the verdict that a person gives instead. Raises NotForThisViewer, AlreadyDecided, ReasonNeeded."""
    decision_for(installation, viewer, decision_id)
    said = required_reason(reason)
    return actions.decline_decision(decision_id, revision=revision, reason=said, chosen=chosen, actor=viewer.email, now=now)


def decline_for_next(
    installation: Installation,
    viewer: Viewer,
    decision_id: str,
    *,
    revision: int | None,
    reason: str,
    chosen: str = "",
    give_on: bool = True,
    now: datetime,
) -> Passed:
    """Decline a proposal and propose its hours to the next in line of the same manager, both or neither.

    `chosen` as `decline_decision` takes it; `give_on` False: nobody has the hours, so that nobody gets them. Raises
    NotForThisViewer, AlreadyDecided, ReasonNeeded.
    """
    was = decision_for(installation, viewer, decision_id)
    with actions.held_still(was.cycle):
        record = decline_decision(installation, viewer, decision_id, revision=revision, reason=reason, chosen=chosen, now=now)
        brought = bring_up_next(installation, record, actor=viewer.email, now=now) if give_on else []
    return Passed(record, tuple(one.partner_id for one in brought))
