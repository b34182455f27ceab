"""Telling people: a message is written down with what caused it, and the clock sends it."""

from dataclasses import dataclass
from datetime import datetime

from nextplay.home import Home
from nextplay.ledger import messages
from nextplay.ledger.records import Attached, Draft
from nextplay.operations.messages.channels import MAIL, channels_of

# As long as the ledger keeps a subject.
_LONGEST_SUBJECT = 300


@dataclass(frozen=True)
class Letter:
    """What is said. `text` is whole without `html`; `secret`: it holds a link that lets its reader in."""

    subject: str
    text: str
    html: str = ""
    files: tuple[Attached, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    secret: bool = False


def notify(
    to: str,
    letter: Letter,
    *,
    key: str,
    kind: str,
    actor: str,
    now: datetime,
    channel: str = MAIL,
    not_before: datetime | None = None,
) -> bool:
    """Write a message to one address down, in the caller's transaction. The same `key` and address are told once: then False.

    `channel`: mail, or the name of a channel. `not_before`: when it may leave, at once without.
    """
    draft = Draft(
        key=f"{key}/{channel}/{to.strip().lower()}",
        person=to.strip().lower(),
        channel=channel,
        kind=kind,
        # Names are written by others: a line break in a subject would begin another header.
        subject=" ".join(letter.subject.split())[:_LONGEST_SUBJECT],
        text=letter.text,
        html=letter.html,
        files=letter.files,
        headers=dict(letter.headers),
        secret=letter.secret,
    )
    return messages.write_message(draft, not_before=not_before or now, actor=actor, now=now)


def announce(home: Home, letter: Letter, *, key: str, kind: str, actor: str, now: datetime) -> int:
    """Write a message to every channel of the team that takes its kind. Returns how many are new."""
    names = [channel.name for channel in channels_of(home).values() if channel.takes(kind)]
    return sum(notify("", letter, key=key, kind=kind, actor=actor, now=now, channel=name) for name in names)
