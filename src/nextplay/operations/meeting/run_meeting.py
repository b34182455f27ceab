"""Starting a decision meeting, or coming in; and putting a decision off to its end."""

from datetime import datetime

from nextplay.ledger import meetings
from nextplay.ledger.records import MeetingRecord
from nextplay.operations.installation import Installation
from nextplay.operations.record.cycles import latest_cycle
from nextplay.operations.record.deciding import decision_for
from nextplay.operations.viewer import DECIDERS, NotForThisViewer, Viewer, require


def start_meeting(installation: Installation, viewer: Viewer, *, now: datetime) -> MeetingRecord:
    """The meeting of the month on the list, started if none is under way. Raises NotForThisViewer without a list."""
    require(viewer, *DECIDERS)
    # Not the newest month of the ledger: what a person decides beside the list opens one before anything is proposed in it.
    listed = latest_cycle(installation.home)
    if listed is None:
        raise NotForThisViewer
    return meetings.join_meeting(listed.cycle, actor=viewer.email, now=now)


def skip_in_meeting(installation: Installation, viewer: Viewer, decision_id: str, *, now: datetime) -> MeetingRecord:
    """Put a decision off to the end of the meeting. Raises NotForThisViewer, MeetingEnded."""
    record = decision_for(installation, viewer, decision_id)
    under_way = meetings.join_meeting(record.cycle, actor=viewer.email, now=now)
    return meetings.skip_decision(under_way.meeting_id, decision_id, actor=viewer.email, now=now)
