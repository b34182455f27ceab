"""The decision meeting: what was owed, then one decision at a time with the evidence both ways."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from nextplay.ledger import meetings as ledger
from nextplay.ledger import queries
from nextplay.ledger.records import DecisionRecord, MeetingRecord
from nextplay.operations.deciding.focus_page import FocusPage, FocusRow
from nextplay.operations.deciding.show_focus import show_focus
from nextplay.operations.installation import Installation
from nextplay.operations.meeting.meeting_page import MeetingPage, PlayChoice, Words
from nextplay.operations.meeting.owed import owed
from nextplay.operations.partners.partner_quotes import Said, partner_quotes
from nextplay.operations.people import names_of
from nextplay.operations.program_day import program_day
from nextplay.operations.viewer import DECIDERS, Viewer, require

MOST_WORDS = 4
# What a sentence labeled so says of selling.
AGAINST = ("no_capacity", "doubts", "competing_product")


def show_meeting(installation: Installation, viewer: Viewer, *, asked: str = "", now: datetime) -> MeetingPage:
    """The meeting of the latest month for the viewer's partners; `asked` names the decision to look at.

    Without one it is the first that waits. `month` is empty until one has been proposed. Raises NotForThisViewer.
    """
    require(viewer, *DECIDERS)
    focus = show_focus(installation, viewer, now=now)
    if focus.state == "no_cycle":
        return MeetingPage(month="", meeting=None, owed=(), agenda=(), decided=frozenset(), current=None)
    meeting = ledger.meeting_under_way(focus.cycle)
    records = {one.decision_id: one for one in queries.decisions(cycle=focus.cycle)}
    decided = decided_since(records.values(), meeting)
    agenda = _in_order(focus, decided, meeting)
    current = _current(agenda, asked) if meeting else None
    return MeetingPage(
        month=focus.cycle,
        meeting=meeting,
        owed=owed(installation, viewer, now=now),
        agenda=agenda,
        decided=decided,
        current=current,
        owners=focus.owners,
        plays=_plays(installation),
        words=_words(installation, current, now) if current else (),
        held_back=queries.held_back_from(current.partner_id, program_day(installation, now)) if current else {},
        people=names_of(frozenset(meeting.present)) if meeting else {},
        undo=_last_by(viewer, records, decided),
    )


def decided_since(records: Iterable[DecisionRecord], meeting: MeetingRecord | None) -> frozenset[str]:
    """Ids of what was decided while the meeting was under way, by whoever."""
    if meeting is None:
        return frozenset()
    since = meeting.started_at
    return frozenset(
        one.decision_id for one in records if one.status != "proposed" and one.decided_at and one.decided_at >= since
    )


def _in_order(focus: FocusPage, decided: frozenset[str], meeting: MeetingRecord | None) -> tuple[FocusRow, ...]:
    """By gain as on the list; what was put off comes last, in the order in which it was."""
    rows = [
        row
        for row in (*focus.waiting, *focus.decided, *focus.running)
        # Who was left alone beside the list is no question that the meeting asks.
        if row.status == "proposed" or (row.decision_id in decided and row.play)
    ]
    off = {name: place for place, name in enumerate(meeting.skipped if meeting else (), start=1)}

    def place(row: FocusRow) -> tuple[int, float, str]:
        put_off = off.get(row.decision_id, 0) if row.status == "proposed" else 0
        return put_off, -row.expected_gain, row.partner_id

    return tuple(sorted(rows, key=place))


def _current(agenda: tuple[FocusRow, ...], asked: str) -> FocusRow | None:
    named = [row for row in agenda if row.decision_id == asked]
    waiting = [row for row in agenda if row.status == "proposed"]
    return next(iter([*named, *waiting]), None)


def _plays(installation: Installation) -> tuple[PlayChoice, ...]:
    return tuple(
        PlayChoice(play.name, play.label, play.verdict, play.outcome.name, play.steps[0].name, play.hours)
        for play in installation.program.plays
    )


def _words(installation: Installation, row: FocusRow, now: datetime) -> tuple[Words, ...]:
    """What the partner's own people wrote, newest first. The row is in the viewer's reach, so the partner is."""
    said = partner_quotes(installation, row.partner_id, now=now).said
    return tuple(_word(one) for one in said[:MOST_WORDS])


def _word(one: Said) -> Words:
    cite = ", ".join(part for part in (one.author, (one.kind or "").replace("_", " ")) if part)
    return Words(one.quote.text, cite, one.on, "against" if one.label in AGAINST else "for")


def _last_by(viewer: Viewer, records: Mapping[str, DecisionRecord], decided: frozenset[str]) -> tuple[str, int] | None:
    listed = [records[name] for name in decided if not (records[name].instead_of and records[name].origin == "person")]
    own = [one for one in listed if one.decided_by == viewer.email]
    last = max(own, key=lambda one: (one.decided_at, one.decision_id), default=None)
    return (last.decision_id, last.revision) if last else None
