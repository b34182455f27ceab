"""Sending what waits in the outbox: each message is claimed, handed over and marked, and a dead channel holds up no other."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from nextplay.home import open_home
from nextplay.ledger import messages as outbox
from nextplay.ledger.records import MessageRecord
from nextplay.operations.installation import Installation
from nextplay.operations.messages.channels import WrongChannel
from nextplay.operations.messages.deliver import NoChannel, Post, Undelivered
from nextplay.operations.messages.quiet_hours import may_leave
from nextplay.operations.wall_clock import wall_clock

_log = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
# After so long a message is news no more: it is kept as failed, for a person to send again or not.
PATIENCE = timedelta(days=7)
# One round leaves the worker free for other work.
MOST_A_ROUND = 100
_NOT_READ = "The channels could not be read: "


@dataclass(frozen=True)
class Sent:
    """What one round did."""

    sent: int = 0
    put_back: int = 0
    failed: int = 0


def send_messages(
    installation: Installation,
    now: datetime,
    *,
    clock: Callable[[], datetime] = wall_clock,
) -> Sent:
    """Send what is due by `now`, the oldest first. Any number of processes may do so at once: each message goes out once.

    Quiet hours hold for every try: one that would begin in them waits for their end.

    Where the process ends between the server's yes and the mark, or the server's yes is lost on the way, nobody can know
    whether it was sent: it is sent again after the claim runs out, with the same Message-ID, by which mail programs show one.
    `clock` says when each message went out.
    """
    sender, dead, counts = f"sender-{uuid.uuid4().hex[:12]}", set[str](), {"sent": 0, "put_back": 0, "failed": 0}
    # Read anew: a channel that was just set up is used without a restart.
    post = Post(open_home(installation.home.path))
    try:
        for _ in range(MOST_A_ROUND):
            # A round may outlast a claim that began with it: each begins when it is made.
            message = outbox.claim_message(sender, now=now, at=max(clock(), now), without=dead)
            if message is None:
                break
            leaves = may_leave(installation, message, now)
            if leaves > now:
                outbox.hold_back(message.message, sender, until=leaves)
                continue
            ended = _send(post, message, sender, dead, max(clock(), now))
            counts[ended] += 1
    finally:
        post.close()
    return Sent(**counts)


def wait_after(attempts: int, key: str = "") -> timedelta:
    """How long until the next try: twice as long each time, up to six hours, and not all at the same moment."""
    whole: timedelta = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    return whole * (1 + 0.2 * crc32(f"{key} {attempts}".encode()) / 2**32)


def _send(post: Post, message: MessageRecord, sender: str, dead: set[str], at: datetime) -> str:
    try:
        post.deliver(message)
    except Undelivered as error:
        return _not_sent(message, sender, error, dead, at)
    except WrongChannel as error:
        return _not_sent(message, sender, Undelivered(f"{_NOT_READ}{error}"), dead, at)
    except Exception:
        # One message that breaks a library must not hold up the others; it is tried again as after any failure.
        _log.exception("message %s could not be sent", message.message)
        return _not_sent(message, sender, Undelivered("It failed on our side. The log says more.", dead=False), dead, at)
    outbox.mark_sent(message.message, sender, now=at)
    return "sent"


def _not_sent(message: MessageRecord, sender: str, error: Undelivered, dead: set[str], at: datetime) -> str:
    if error.dead:
        dead.add(message.channel)
    waited = at - message.written_at if message.written_at else timedelta()
    if error.for_good or (waited > PATIENCE and message.attempts > 1):
        outbox.give_up(message.message, sender, error=str(error), now=at)
        return "failed"
    # What cannot leave for want of a channel is looked at now and then: one may have been set up.
    pause = timedelta(minutes=5) if isinstance(error, NoChannel) else wait_after(message.attempts, message.key)
    outbox.put_back(message.message, sender, error=str(error), next_try_at=at + pause, now=at)
    return "put_back"
