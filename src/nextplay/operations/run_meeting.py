"""Starting a decision meeting, or coming in; and putting a decision off to its end."""

from datetime import datetime

from nextplay.ledger import meetings, queries
from nextplay.ledger.records import MeetingRecord
from nextplay.operations.deciding import decision_for
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import DECIDERS, NotForThisViewer, Viewer, require


def start_meeting(_installation: Installation, viewer: Viewer, *, now: datetime) -> MeetingRecord:
    """The meeting of the latest month that is under way, started if none is. Raises NotForThisViewer without a month."""
    require(viewer, *DECIDERS)
    month = queries.latest_cycle()
    if month is None:
        raise NotForThisViewer
    return meetings.join_meeting(month.month, actor=viewer.email, now=now)


def skip_in_meeting(installation: Installation, viewer: Viewer, decision_id: str, *, now: datetime) -> MeetingRecord:
    """Put a decision off to the end of the meeting. Raises NotForThisViewer, MeetingEnded."""
    record = decision_for(installation, viewer, decision_id)
    under_way = meetings.join_meeting(record.cycle, actor=viewer.email, now=now)
    return meetings.skip_decision(under_way.meeting_id, decision_id, actor=viewer.email, now=now)
