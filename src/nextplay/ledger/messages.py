"""The outbox: messages written down with what caused them, claimed one at a time by whoever sends, and marked when sent."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import cast

from django.db import connection, transaction
from django.db.models import Count, Q

from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Message
from nextplay.ledger.records import Attached, Draft, MessageRecord, MessageState

# Who claimed a message and was not heard of again for so long has ended: somebody else may send it.
LEASE = timedelta(minutes=5)
EMPTIED = "This message held a personal link and was emptied."
KEPT = timedelta(days=400)


class UnknownMessage(LookupError):
    """There is no such message, or it is not where that can be done to it."""


@transaction.atomic
def write_message(draft: Draft, *, not_before: datetime, actor: str, now: datetime) -> bool:
    """Write a message down, once: False where its key is known. It is sent from `not_before` on."""
    fields = asdict(draft) | {"files": [asdict(file) for file in draft.files]}
    row, new = Message.objects.get_or_create(
        key=draft.key,
        defaults={**fields, "next_try_at": max(not_before, now), "written_by": actor, "written_at": now},
    )
    if new:
        details = {"kind": draft.kind, "channel": draft.channel, "not_before": row.next_try_at}
        write_line(at=now, actor=actor, verb="write message", subject=f"message {row.pk} to {draft.person}", details=details)
    return new


@transaction.atomic
def claim_message(
    sender: str, *, now: datetime, at: datetime | None = None, without: Collection[str] = ()
) -> MessageRecord | None:
    """The message that waits longest, of channels not named in `without`, claimed by `sender` for LEASE; None: none is due.

    `now`: by when it is due; `at`: when the claim is made, where that is later.
    A claim that ran out is taken over: its sender ended between sending and saying so, or before.
    """
    due = Message.objects.filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lt=now), state="waiting", next_try_at__lte=now
    )
    due = due.exclude(channel__in=list(without)).order_by("next_try_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    row = due.first()
    if row is None:
        return None
    row.claimed_by, row.claimed_until, row.attempts = sender, (at or now) + LEASE, row.attempts + 1
    row.save()
    return _record(row)


@transaction.atomic
def mark_sent(message: int, sender: str, *, now: datetime) -> bool:
    """Say that a claimed message went out. False where somebody else holds it by now."""
    row = _claimed(message, sender)
    if row is None:
        return False
    row.state, row.sent_at, row.error = "sent", now, ""
    _let_go(row)
    write_line(at=now, actor="worker", verb="send", subject=f"message {row.pk} to {row.person}", details=_told(row))
    return True


@transaction.atomic
def put_back(message: int, sender: str, *, error: str, next_try_at: datetime, now: datetime) -> bool:
    """Say that a claimed message did not go out, and when it is tried again; the same reason again is told once."""
    row = _claimed(message, sender)
    if row is None:
        return False
    said_before, row.error, row.next_try_at = row.error, error, next_try_at
    _let_go(row)
    if error != said_before:
        write_line(
            at=now, actor="worker", verb="could not send", subject=f"message {row.pk} to {row.person}", details=_told(row)
        )
    return True


@transaction.atomic
def hold_back(message: int, sender: str, *, until: datetime) -> bool:
    """Let a claimed message wait for a better hour: that was no try."""
    row = _claimed(message, sender)
    if row is None:
        return False
    row.next_try_at, row.attempts = until, row.attempts - 1
    _let_go(row)
    return True


@transaction.atomic
def give_up(message: int, sender: str, *, error: str, now: datetime) -> bool:
    """Say that a claimed message will not go out, and why. It stays, and can be sent again unless it held a link."""
    row = _claimed(message, sender)
    if row is None:
        return False
    row.state, row.error = "failed", error
    _let_go(row)
    write_line(at=now, actor="worker", verb="give up", subject=f"message {row.pk} to {row.person}", details=_told(row))
    return True


@transaction.atomic
def send_again(message: int, *, actor: str, now: datetime) -> MessageRecord:
    """Put a message that failed or was dropped back in line, or try a waiting one at once. Raises UnknownMessage."""
    row = Message.objects.select_for_update().filter(pk=message).exclude(state="sent").first()
    if row is None or row.text == EMPTIED:
        raise UnknownMessage("That message was sent, or there is nothing left of it to send.")
    row.state, row.next_try_at, row.attempts = "waiting", now, 0
    row.save()
    write_line(at=now, actor=actor, verb="send again", subject=f"message {row.pk} to {row.person}", details=_told(row))
    return _record(row)


@transaction.atomic
def drop_message(message: int, *, reason: str, actor: str, now: datetime) -> MessageRecord:
    """Take a message out of line for good. One that is being sent right now may still arrive. Raises UnknownMessage."""
    row = Message.objects.select_for_update().filter(pk=message, state__in=("waiting", "failed")).first()
    if row is None:
        raise UnknownMessage("That message was sent or dropped before.")
    row.state, row.error = "dropped", reason
    _let_go(row)
    write_line(at=now, actor=actor, verb="drop", subject=f"message {row.pk} to {row.person}", details=_told(row))
    return _record(row)


@transaction.atomic
def drop_waiting(person: str, *, reason: str, actor: str, now: datetime) -> int:
    """Take everything that waits for one person out of line for good. Returns how many messages."""
    waiting = Message.objects.filter(person=person, state__in=("waiting", "failed")).values_list("pk", flat=True)
    return len([drop_message(message, reason=reason, actor=actor, now=now) for message in list(waiting)])


def messages(
    *, person: str | None = None, state: MessageState | None = None, kind: str | None = None, limit: int = 100
) -> list[MessageRecord]:
    """Messages that fit everything named, newest first."""
    named = {"person": person, "state": state, "kind": kind}
    rows = Message.objects.filter(**{key: value for key, value in named.items() if value is not None})
    return [_record(row) for row in rows.order_by("-pk")[:limit]]


def told(key: str, person: str) -> bool:
    """Whether a person was told what has that key, by any way."""
    return Message.objects.filter(person=person.lower(), key__startswith=f"{key}/").exists()


def last_written(person: str, kinds: Collection[str]) -> datetime | None:
    """When the newest message of some kinds was written to a person; None: never."""
    rows = Message.objects.filter(person=person.lower(), kind__in=list(kinds)).order_by("-written_at")
    return rows.values_list("written_at", flat=True).first()


def messages_by_state() -> dict[str, int]:
    """How many messages are in each state."""
    return dict(Message.objects.values_list("state").annotate(Count("pk")).order_by("state"))


@transaction.atomic
def forget_messages(*, now: datetime) -> int:
    """Remove what was sent, dropped or given up long ago, and empty links that were given up. Returns how many are removed."""
    Message.objects.filter(secret=True, state="failed").exclude(text=EMPTIED).update(text=EMPTIED, html="", files=[])
    gone, _ = Message.objects.filter(state__in=("sent", "dropped", "failed"), written_at__lt=now - KEPT).delete()
    if gone:
        write_line(at=now, actor="worker", verb="forget", subject="messages", details={"messages": gone})
    return gone


def _claimed(message: int, sender: str) -> Message | None:
    return Message.objects.select_for_update().filter(pk=message, claimed_by=sender, state="waiting").first()


def _let_go(row: Message) -> None:
    row.claimed_by, row.claimed_until = "", None
    # A link that could not be sent for a week has ended, or is made anew in a moment: it need not lie in every backup.
    if row.secret and row.state != "waiting":
        row.text, row.html, row.files = EMPTIED, "", []
    row.save()


def _told(row: Message) -> dict[str, object]:
    told: dict[str, object] = {"kind": row.kind, "channel": row.channel, "attempts": row.attempts}
    return told | ({"error": row.error} if row.error else {})


def _record(row: Message) -> MessageRecord:
    return MessageRecord(
        key=row.key,
        person=row.person,
        channel=row.channel,
        kind=row.kind,
        subject=row.subject,
        text=row.text,
        html=row.html,
        files=tuple(Attached(**file) for file in row.files),
        headers=row.headers,
        secret=row.secret,
        message=row.pk,
        state=cast(MessageState, row.state),
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        written_at=row.written_at,
        sent_at=row.sent_at,
        error=row.error,
    )
