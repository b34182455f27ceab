"""A person's due dates for their calendar program: an address that nobody guesses, kept as a digest, and taken back at will."""

import hashlib
import secrets
from datetime import datetime, timedelta

from nextplay.ledger import play_queries, queries, subscriptions
from nextplay.ledger.records import DecisionRecord, StepRecord
from nextplay.ledger.subscriptions import FeedRecord
from nextplay.operations.installation import Installation
from nextplay.operations.messages.calendar_file import Entry, calendar_file, uid_of
from nextplay.operations.plays.planned_steps import steps_planned
from nextplay.operations.plays.show_play import names_of
from nextplay.operations.viewer import DECIDERS, NotForThisViewer, Viewer, require

# What is over stays in the calendar for so long, as done or cancelled.
KEPT = timedelta(days=90)


def make_feed(viewer: Viewer, *, now: datetime) -> str:
    """A new token for the viewer's feed, shown this once; the one before opens nothing any more."""
    require(viewer, *DECIDERS)
    token = secrets.token_urlsafe(32)
    subscriptions.set_feed(viewer.email, _digest(token), actor=viewer.email, now=now)
    return token


def revoke_feed(viewer: Viewer, *, now: datetime) -> None:
    """Let no token open the viewer's feed."""
    require(viewer, *DECIDERS)
    subscriptions.set_feed(viewer.email, "", actor=viewer.email, now=now)


def feed_of(viewer: Viewer) -> FeedRecord | None:
    """The viewer's feed, where a token opens it."""
    require(viewer, *DECIDERS)
    return next(iter(subscriptions.feeds(viewer.email)), None)


def calendar_feed(installation: Installation, token: str, *, now: datetime) -> bytes:
    """The calendar that a token opens. Raises NotForThisViewer for any other."""
    email = subscriptions.person_of_feed(_digest(token))
    if email is None:
        raise NotForThisViewer
    subscriptions.note_feed_read(email, now=now)
    decisions = [one for one in queries.decided() if one.owner == email and one.due >= (now - KEPT).date()]
    steps = play_queries.steps(decision_ids=[one.decision_id for one in decisions])
    names = names_of(installation, [one.partner_id for one in decisions])
    by_id = {one.decision_id: one for one in decisions}
    entries = [_step(installation, one, by_id[one.decision_id], names, now) for one in steps if one.turn == "us"]
    with_steps = {one.decision_id for one in steps}
    for one in decisions:
        if one.decision_id not in with_steps:
            entries += _gone(installation, one, names, now) or [_decision(installation, one, names, now)]
    return calendar_file(entries, name="nextplay")


def _step(installation: Installation, one: StepRecord, decision: DecisionRecord, names: dict[str, str], now: datetime) -> Entry:
    return Entry(
        uid=uid_of(installation.home, f"step-{one.decision_id}-{one.number}"),
        # A step that is moved and a decision that is taken back both count as changes.
        sequence=one.revision + decision.revision,
        title=f"{names.get(one.partner_id, one.partner_id)}: {one.name}",
        start=one.due,
        changed_at=one.done_at or decision.decided_at or now,
        text=one.result,
        cancelled=decision.status != "committed" or one.state == "skipped",
    )


def _gone(installation: Installation, one: DecisionRecord, names: dict[str, str], now: datetime) -> list[Entry]:
    """The steps that a decision had before it was left, cancelled by the names they had: they went with the commitment."""
    if one.status == "committed":
        return []
    return [
        Entry(
            uid=uid_of(installation.home, f"step-{one.decision_id}-{step.number}"),
            sequence=1 + one.revision,
            title=f"{names.get(one.partner_id, one.partner_id)}: {step.name}",
            start=step.due,
            changed_at=one.decided_at or now,
            cancelled=True,
        )
        for step in steps_planned(installation, one, now=now)
        if step.turn == "us"
    ]


def _decision(installation: Installation, one: DecisionRecord, names: dict[str, str], now: datetime) -> Entry:
    return Entry(
        uid=uid_of(installation.home, f"decision-{one.decision_id}"),
        sequence=one.revision,
        title=f"{names.get(one.partner_id, one.partner_id)}: {one.step}",
        start=one.due,
        changed_at=one.decided_at or now,
        text=one.outcome_name,
        cancelled=one.status != "committed",
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
