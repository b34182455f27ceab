"""What a signed meeting sends: to everybody who owes something what it is, with the dates; to the team's channels the whole."""

import base64
from datetime import date, datetime
from typing import Any

from nextplay.ledger import people
from nextplay.ledger.records import Attached, MeetingRecord
from nextplay.operations.installation import Installation
from nextplay.operations.messages.calendar_file import MEDIA_TYPE, Entry, calendar_file, uid_of
from nextplay.operations.messages.letters import Content, Footer, Item, Section, address, letter
from nextplay.operations.messages.notify import Letter, announce
from nextplay.operations.messages.tell_person import SUMMARY, tell_person
from nextplay.operations.viewer import TEAM, Role, Viewer


def tell_meeting(installation: Installation, signed: MeetingRecord, *, actor: str, now: datetime) -> int:
    """Write the messages of a signed meeting, once; to owners only who sign in. Returns how many are new."""
    summary, key = signed.summary, f"meeting {signed.meeting_id}"
    committed = [row for row in summary["decided"] if row["status"] == "committed"]
    new = 0
    # Owners may be any address that a file brought: only who may read it in nextplay too is mailed.
    team = {one.email for one in people.people() if one.active and one.role in TEAM}
    for owner in sorted({row["owner"] for row in committed if row["owner"].lower() in team}):
        own = [row for row in committed if row["owner"] == owner]
        to, file = Viewer(owner, own[0]["owner_name"], Role.MANAGER), _dates(installation, signed, own)
        new += tell_person(installation, to, _to_owner(signed, own), key=key, kind=SUMMARY, actor=actor, now=now, files=(file,))
    if summary["decided"]:
        new += announce(installation.home, _to_all(signed), key=key, kind=SUMMARY, actor=actor, now=now)
    return new


def dates_of(installation: Installation, signed: MeetingRecord, rows: list[dict[str, Any]] | None = None) -> bytes:
    """The due dates of a signed meeting as a calendar file; of `rows` only, where they are named."""
    chosen = [row for row in (signed.summary["decided"] if rows is None else rows) if row["due_on"]]
    changed = signed.ended_at or signed.started_at
    entries = (
        Entry(
            # As the feed names it: who takes both has the date once.
            uid=uid_of(installation.home, f"step-{row['decision_id']}-1"),
            sequence=row["revision"],
            title=f"{row['partner_name']}: {row['what']}",
            start=date.fromisoformat(row["due_on"]),
            changed_at=changed,
            text=f"Counts as progress: {row['outcome']}, by {row['outcome_by']}. Owner: {row['owner_name']}.",
        )
        for row in chosen
    )
    return calendar_file(entries, name=f"Decision meeting of {signed.summary['day']}")


def _to_owner(signed: MeetingRecord, rows: list[dict[str, Any]]) -> Content:
    many = f"{len(rows)} decisions" if len(rows) > 1 else f"{rows[0]['partner_name']}, due {rows[0]['due']}"
    return Content(
        subject=f"You own {many}",
        heading=f"What you own from the decision meeting of {signed.summary['day']}",
        sections=(Section("By when", tuple(_item(row) for row in rows)),),
        action=_open(signed),
        footer=Footer(f"{signed.summary['signed_by_name']} signed the meeting. The dates for your calendar are attached."),
    )


def _dates(installation: Installation, signed: MeetingRecord, rows: list[dict[str, Any]]) -> Attached:
    file = base64.b64encode(dates_of(installation, signed, rows)).decode()
    return Attached("due-dates.ics", MEDIA_TYPE, file)


def _to_all(signed: MeetingRecord) -> Letter:
    rows = signed.summary["decided"]
    left = [one["partner_name"] for one in signed.summary["left"]]
    items = tuple(_item(row, with_owner=True) for row in rows)
    content = Content(
        subject=f"Decision meeting of {signed.summary['day']}: {len(rows)} decided",
        heading=f"Decision meeting of {signed.summary['day']}",
        lead=f"Not decided: {', '.join(left)}." if left else "",
        sections=(Section("Who owes what by when", items),),
        action=_open(signed),
    )
    return letter(content)


def _item(row: dict[str, Any], *, with_owner: bool = False) -> Item:
    what = f"{row['said']} {row['what']}".strip() if with_owner else row["what"]
    owner = f"{row['owner_name']}. " if with_owner and row["due_on"] else ""
    outcome = f"{row['outcome'][:1].lower()}{row['outcome'][1:]}"
    counts = f"Counts as progress: {outcome}, by {row['outcome_by']}." if row["outcome"] else row["reason"]
    return Item(row["partner_name"], what, row["due"], owner + counts)


def _open(signed: MeetingRecord) -> dict[str, str] | None:
    link = address(f"meetings/{signed.meeting_id}")
    return {"label": "Open the summary", "link": link} if link else None
