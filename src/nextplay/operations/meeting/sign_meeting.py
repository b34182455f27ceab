"""The end of a decision meeting: who owes what by when, signed, kept as it was signed, and told to those who owe.

What is signed holds everybody's partners; each reader is shown the rows of those they reach on the day they read it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from nextplay.facts.scope import Reach
from nextplay.ledger import meetings, queries
from nextplay.ledger.records import DecisionRecord, MeetingRecord
from nextplay.operations.installation import Installation
from nextplay.operations.meeting.meeting_letters import tell_meeting
from nextplay.operations.meeting.meeting_page import MeetingPage
from nextplay.operations.meeting.show_meeting import decided_since, show_meeting
from nextplay.operations.messages.channels import channels_of
from nextplay.operations.named_partners import named_partners
from nextplay.operations.people import names_of
from nextplay.operations.program_day import program_day, program_zone
from nextplay.operations.viewer import DECIDERS, OPERATOR, NotForThisViewer, Viewer, reach_of, require
from nextplay.values.figures import day as written_day

SUMMARY = "meeting summary"
SAID = {"committed": "Committed:", "declined": "Declined.", "snoozed": "Waits."}
# What of a summary is about partners.
_PARTS = ("decided", "left", "owed")
CHOSEN = {"stop": "Stop.", "wait": "Wait.", "change_approach": "Another way:", "invest": "Another play:"}


def meeting_summary(installation: Installation, viewer: Viewer, *, now: datetime) -> tuple[MeetingPage, dict[str, Any]]:
    """The meeting under way, and what the viewer would read of it once it is signed.

    Raises NotForThisViewer where none is under way.
    """
    page = show_meeting(installation, viewer, now=now)
    if page.meeting is None:
        raise NotForThisViewer
    return page, _as_read_by(viewer, installation, _whole_summary(installation, viewer, page.meeting, now))


def may_sign(installation: Installation, viewer: Viewer, meeting: MeetingRecord) -> bool:
    """Whether the viewer ends the meeting for all: who started it, and whoever reaches every partner."""
    return meeting.started_by.lower() == viewer.email.lower() or _reaches_all(installation, viewer)


def page_decided(page: MeetingPage) -> frozenset[str]:
    """Ids of everything decided since the meeting began, what was decided by hand among it."""
    return decided_since(queries.decisions(cycle=page.month), page.meeting)


def sign_meeting(installation: Installation, viewer: Viewer, *, now: datetime) -> MeetingRecord:
    """Sign the meeting under way, and write to everybody who owes something.

    Raises MeetingEnded, and NotForThisViewer also for somebody who neither started it nor reaches every partner.
    """
    meeting = show_meeting(installation, viewer, now=now).meeting
    if meeting is None or not may_sign(installation, viewer, meeting):
        raise NotForThisViewer
    summary = _whole_summary(installation, viewer, meeting, now)
    with transaction.atomic():
        signed = meetings.sign_meeting(meeting.meeting_id, summary, actor=viewer.email, now=now)
        tell_meeting(installation, signed, actor=viewer.email, now=now)
    return signed


def signed_meeting(installation: Installation, viewer: Viewer, meeting_id: int) -> MeetingRecord:
    """A meeting as it was signed, of it what is about partners that the viewer reaches today, and what they own themselves.

    Raises NotForThisViewer, also for one that is under way.
    """
    require(viewer, *DECIDERS)
    found = meetings.meeting(meeting_id)
    if found is None or found.ended_at is None:
        raise NotForThisViewer
    return replace(found, summary=_as_read_by(viewer, installation, found.summary))


def signed_meetings(viewer: Viewer) -> list[MeetingRecord]:
    """Meetings that were signed, newest first, of what was signed only by whom. Raises NotForThisViewer."""
    require(viewer, *DECIDERS)
    signed = [one for one in meetings.meetings() if one.ended_at is not None]
    return [replace(one, summary={"signed_by_name": one.summary.get("signed_by_name", "")}) for one in signed]


def told_channels(installation: Installation) -> list[str]:
    """Names of the team's channels that are told of a signed meeting."""
    return [channel.name for channel in channels_of(installation.home).values() if channel.takes(SUMMARY)]


def _reaches_all(installation: Installation, viewer: Viewer) -> bool:
    return reach_of(viewer, installation.program) == Reach()


def _as_read_by(viewer: Viewer, installation: Installation, summary: dict[str, Any]) -> dict[str, Any]:
    """The summary with the rows of partners within the viewer's reach today, and of decisions they own."""
    reach = reach_of(viewer, installation.program)
    if reach == Reach():
        return summary
    held = named_partners(installation, (row["partner_id"] for part in _PARTS for row in summary[part]), reach=reach)
    own = viewer.email.lower()
    kept = {
        part: [row for row in summary[part] if row["partner_id"] in held or row.get("owner", "").lower() == own]
        for part in _PARTS
    }
    return summary | kept | {"partly": any(len(kept[part]) < len(summary[part]) for part in _PARTS)}


def _whole_summary(installation: Installation, signer: Viewer, meeting: MeetingRecord, now: datetime) -> dict[str, Any]:
    """What is signed: of everybody's partners, whatever the signer reaches."""
    page = show_meeting(installation, OPERATOR, now=now)
    decided = page_decided(page)
    records = [one for one in queries.decisions(cycle=page.month) if one.decision_id in decided]
    return _summary(installation, signer, page, meeting, records, now)


def _summary(
    installation: Installation,
    viewer: Viewer,
    page: MeetingPage,
    meeting: MeetingRecord,
    seen: list[DecisionRecord],
    now: datetime,
) -> dict[str, Any]:
    today, zone = program_day(installation, now), program_zone(installation)
    partners = named_partners(installation, (one.partner_id for one in seen), reach=Reach())
    emails = {viewer.email, *meeting.present, *(one.owner for one in seen), *(one.decided_by for one in seen)}
    people = {email: installation.program.capacity.name_of(email) for email in emails} | names_of(frozenset(emails))
    rows = [_decided(one, partners.get(one.partner_id, one.partner_id), people) for one in _latest_last(seen)]
    return {
        "day": written_day(meeting.started_at.astimezone(zone).date()),
        "signed_at": f"{written_day(now.astimezone(zone).date())}, {now.astimezone(zone):%H:%M} {zone.key}",
        "signed_by_name": people[viewer.email],
        "present": [people[email] for email in meeting.present],
        "minutes": max(round((now - meeting.started_at).total_seconds() / 60), 1),
        "decided": rows,
        "left": [{"partner_id": row.partner_id, "partner_name": row.partner_name} for row in page.waiting],
        "owed": [
            {
                "partner_id": one.partner_id,
                "partner_name": one.partner_name,
                "what": one.what,
                "who": one.who,
                "due": written_day(one.due, today),
            }
            | {"state": one.state, "said": one.said}
            for one in page.owed
        ],
        # Whether rows were left out for who reads: never of what is signed.
        "partly": False,
        "facts_version": str(installation.warehouse.version().facts),
        "program_version": installation.program.version,
    }


def _latest_last(records: Iterable[DecisionRecord]) -> list[DecisionRecord]:
    return sorted(records, key=lambda one: (one.owner, one.status != "committed", one.due, one.decision_id))


def _decided(one: DecisionRecord, partner: str, people: dict[str, str]) -> dict[str, Any]:
    """A row of the summary: text as it will always be shown, and what a calendar needs."""
    runs = one.status == "committed"
    return {
        "decision_id": one.decision_id,
        "partner_id": one.partner_id,
        "partner_name": partner,
        "owner": one.owner,
        "owner_name": people[one.owner],
        "decided_by_name": people.get(one.decided_by, one.decided_by),
        "status": one.status,
        "said": CHOSEN.get(one.chosen, SAID[one.status]),
        "what": one.step if runs else "",
        "outcome": one.outcome_name if runs else "",
        "outcome_by": written_day(one.outcome_by) if runs else "",
        "due": written_day(one.due) if runs else written_day(one.snoozed_until) if one.snoozed_until else "",
        "due_on": one.due.isoformat() if runs else "",
        "reason": one.status_reason,
        "revision": one.revision,
    }
