"""The outbox as admins see it: what waits, what went out, what failed and why; a message is sent again or dropped."""

from dataclasses import dataclass
from datetime import datetime

from nextplay.ledger import messages
from nextplay.ledger.records import MessageRecord, MessageState
from nextplay.operations.messages.channels import MAIL
from nextplay.operations.viewer import Role, Viewer, require


@dataclass(frozen=True)
class OutboxRow:
    """A message without what it says. `to`: an address, or the channel's name; `error`: why it did not go out so far."""

    message: int
    subject: str
    kind: str
    to: str
    by_mail: bool
    state: MessageState
    attempts: int
    written_at: datetime | None
    next_try_at: datetime | None
    sent_at: datetime | None
    error: str
    # What held a personal link has nothing left to send once it went out or was dropped.
    emptied: bool


@dataclass(frozen=True)
class Outbox:
    """How many messages are in each state, and the newest of those asked for."""

    counts: dict[str, int]
    rows: tuple[OutboxRow, ...]


def show_outbox(viewer: Viewer, *, state: MessageState | None = None, limit: int = 200) -> Outbox:
    """The newest messages, of one state where one is named; for admins. Raises NotForThisViewer."""
    require(viewer, Role.ADMIN)
    found = messages.messages(state=state, limit=limit)
    return Outbox(messages.messages_by_state(), tuple(_row(one) for one in found))


def send_again(viewer: Viewer, message: int, *, now: datetime) -> OutboxRow:
    """Put a message back in line, by an admin. Raises NotForThisViewer, UnknownMessage."""
    require(viewer, Role.ADMIN)
    return _row(messages.send_again(message, actor=viewer.email, now=now))


def drop_message(viewer: Viewer, message: int, *, now: datetime) -> OutboxRow:
    """Take a message out of line, by an admin. Raises NotForThisViewer, UnknownMessage."""
    require(viewer, Role.ADMIN)
    return _row(messages.drop_message(message, reason=f"Dropped by {viewer.email}.", actor=viewer.email, now=now))


def _row(one: MessageRecord) -> OutboxRow:
    return OutboxRow(
        message=one.message,
        subject=one.subject,
        kind=one.kind,
        to=one.person if one.channel == MAIL else one.channel,
        by_mail=one.channel == MAIL,
        state=one.state,
        attempts=one.attempts,
        written_at=one.written_at,
        next_try_at=one.next_try_at,
        sent_at=one.sent_at,
        error=one.error,
        emptied=one.secret and one.text == messages.EMPTIED,
    )
