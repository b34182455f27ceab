"""One decision of the meeting: invest, change approach, stop or wait; as suggested or otherwise, with the reason."""

from dataclasses import dataclass
from datetime import date, datetime

from nextplay.decisions.proposal import Verdict
from nextplay.ledger import meetings
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.deciding.commit_decision import Terms, commit_decision
from nextplay.operations.deciding.decide_ad_hoc import AdHoc, UnknownPlay
from nextplay.operations.deciding.decide_instead import decide_instead
from nextplay.operations.deciding.decline_decision import decline_for_next
from nextplay.operations.deciding.next_in_line import Passed
from nextplay.operations.deciding.snooze_decision import NotADayToSnoozeTo, snooze_for_next
from nextplay.operations.installation import Installation
from nextplay.operations.record.deciding import decision_for
from nextplay.operations.viewer import Viewer


@dataclass(frozen=True)
class Choice:
    """What the meeting chose, as the form says it; what a verdict does not need is not read."""

    verdict: Verdict
    play: str = ""
    owner: str = ""
    due: date | None = None
    step: str = ""
    until: date | None = None
    reason: str = ""


def decide_in_meeting(
    installation: Installation, viewer: Viewer, decision_id: str, choice: Choice, *, revision: int | None, now: datetime
) -> Passed:
    """What stands now: the proposal as it was decided on, or the decision made in its place; and who got its hours proposed.

    Raises NotForThisViewer, AlreadyDecided and what the verbs behind it raise: NotEnoughHours, UnknownOwner, NotADueDay,
    NotADayToSnoozeTo, ReasonNeeded, UnknownPlay.
    """
    record = decision_for(installation, viewer, decision_id)
    meetings.join_meeting(record.cycle, actor=viewer.email, now=now)
    if choice.verdict == "stop":
        return decline_for_next(
            installation, viewer, decision_id, revision=revision, reason=choice.reason, chosen="stop", now=now
        )
    if choice.verdict == "wait":
        if choice.until is None:
            raise NotADayToSnoozeTo("Say when to look at it again.")
        return snooze_for_next(installation, viewer, decision_id, revision=revision, until=choice.until, chosen="wait", now=now)
    if (choice.verdict, choice.play or record.play) == (record.verdict, record.play):
        terms = Terms(owner=choice.owner, due=choice.due, step=choice.step)
        return Passed(commit_decision(installation, viewer, decision_id, revision=revision, terms=terms, now=now))
    return Passed(_otherwise(installation, viewer, record, choice, revision=revision, now=now))


def _otherwise(
    installation: Installation,
    viewer: Viewer,
    record: DecisionRecord,
    choice: Choice,
    *,
    revision: int | None,
    now: datetime,
) -> DecisionRecord:
    fitting = {play.name for play in installation.program.plays if play.verdict == choice.verdict}
    if choice.play not in fitting:
        raise UnknownPlay(f"Choose a play for that decision, one of: {', '.join(sorted(fitting))}.")
    # What was prefilled for the suggested play is nobody's word about another one.
    step = " ".join(choice.step.split())
    asked = AdHoc(
        partner_id=record.partner_id,
        play=choice.play,
        owner=choice.owner or record.owner,
        why=choice.reason,
        verdict=choice.verdict,
        due=choice.due if choice.due != record.due else None,
        token=f"{record.decision_id} {revision}",
        step=step if step != record.step else "",
        instead_of=record.decision_id,
    )
    return decide_instead(installation, viewer, record, asked, revision=revision, now=now)
