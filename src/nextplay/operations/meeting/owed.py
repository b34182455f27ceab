"""What was owed since the last meeting: who said what would be done by when, and what the facts and the people say of it."""

from datetime import date, datetime, timedelta

from nextplay.facts.scope import Reach
from nextplay.ledger import meetings, play_queries, queries
from nextplay.ledger.records import DecisionRecord, PromiseRecord, StepRecord
from nextplay.operations.installation import Installation
from nextplay.operations.meeting.meeting_page import Owed
from nextplay.operations.named_partners import named_partners
from nextplay.operations.people import names_of
from nextplay.operations.program_day import program_day
from nextplay.operations.viewer import Viewer, reach_of
from nextplay.values import figures

# Where no meeting came before, what fell due in the last week is told.
WEEK = timedelta(days=7)
STATES = {"open": "late", "done": "done", "missed": "missed", "skipped": "dropped", "met": "met", "withdrawn": "dropped"}


def owed(installation: Installation, viewer: Viewer, *, now: datetime) -> tuple[Owed, ...]:
    """Steps and promises due since the last signed meeting, and outcomes that came in, of the viewer's partners; late first."""
    today, since = program_day(installation, now), _since(now)
    steps = [one for one in play_queries.steps(due_until=today - timedelta(days=1)) if one.state == "open" or one.due >= since]
    promises = play_queries.promises(due_until=today - timedelta(days=1))
    # A promise that belongs to a step is told with it.
    promises = [one for one in promises if one.step is None and (one.state == "open" or one.due >= since)]
    ended = [one for one in queries.decisions(status="committed") if one.result_at and one.result_at.date() >= since]
    partners = {
        *(one.partner_id for one in steps),
        *(one.partner_id for one in promises),
        *(one.partner_id for one in ended),
    }
    named = named_partners(installation, partners, reach=_reach(installation, viewer))
    people = names_of(frozenset([*(one.owner for one in steps), *(one.owner for one in ended)]))
    rows = [
        *(_step(one, named[one.partner_id], people, today) for one in steps if one.partner_id in named),
        *(_promise(one, named[one.partner_id], today) for one in promises if one.partner_id in named),
        *(_ended(one, named[one.partner_id], people) for one in ended if one.partner_id in named),
    ]
    return tuple(sorted(rows, key=lambda row: (row.state != "late", row.due, row.partner_name, row.what)))


def _reach(installation: Installation, viewer: Viewer) -> Reach:
    return reach_of(viewer, installation.program)


def _since(now: datetime) -> date:
    signed = [one.started_at for one in meetings.meetings() if one.ended_at is not None]
    return (signed[0] if signed else now - WEEK).date()


def _step(one: StepRecord, partner: str, people: dict[str, str], today: date) -> Owed:
    who = people.get(one.owner, one.owner) if one.turn == "us" else partner
    said = one.result or _late(one.due, one.state, today)
    return Owed(one.partner_id, partner, who, one.name, one.due, STATES[one.state], ". ".join(p for p in (said, one.note) if p))


def _late(due: date, state: str, today: date) -> str:
    """Beside the word `late`: by how much."""
    return f"by {figures.many((today - due).days, 'day')}" if state == "open" else ""


def _promise(one: PromiseRecord, partner: str, today: date) -> Owed:
    who = one.who or (partner if one.by == "partner" else "")
    said = one.reason or _late(one.due, one.state, today)
    return Owed(one.partner_id, partner, who, one.text, one.due, STATES[one.state], said)


def _ended(one: DecisionRecord, partner: str, people: dict[str, str]) -> Owed:
    rows = len(one.result_rows)
    said = f"{rows} {'row' if rows == 1 else 'rows'} in the facts" if rows else "Nothing in the facts shows it"
    return Owed(one.partner_id, partner, people.get(one.owner, one.owner), one.outcome_name, one.outcome_by, one.result, said)
