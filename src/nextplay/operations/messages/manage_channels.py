"""Channels of the team, for admins: add, change, remove, and send a test. An address is never shown whole again."""

import re
from collections.abc import Sequence
from datetime import datetime

from nextplay.home import Home
from nextplay.ledger import channels as ledger
from nextplay.ledger.channels import ChannelExists, UnknownChannel
from nextplay.ledger.records import ChannelRecord
from nextplay.operations.messages.channel_addresses import UnfitChannel, require_fit
from nextplay.operations.messages.channels import MAIL
from nextplay.operations.messages.notify import Letter, notify
from nextplay.operations.viewer import Role, Viewer, require

__all__ = [
    "ChannelExists",
    "ChannelRecord",
    "UnfitChannel",
    "UnknownChannel",
    "add_channel",
    "change_channel",
    "list_channels",
    "remove_channel",
    "send_test",
]

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")


def list_channels(viewer: Viewer) -> list[ChannelRecord]:
    """All channels by name. Raises NotForThisViewer."""
    require(viewer, Role.ADMIN)
    return ledger.channels()


def add_channel(home: Home, viewer: Viewer, name: str, url: str, kinds: Sequence[str], *, now: datetime) -> ChannelRecord:
    """Keep a channel; `kinds` empty: it is told everything meant for the team.

    Raises NotForThisViewer, UnfitChannel, ChannelExists.
    """
    require(viewer, Role.ADMIN)
    named = name.strip().lower()
    if not _NAME.fullmatch(named) or named == MAIL:
        raise UnfitChannel("A channel's name has letters a to z, digits, - and _, begins with a letter, and is not mail.")
    return ledger.add_channel(named, _usable(home, url), sorted(set(kinds)), actor=viewer.email, now=now)


def change_channel(
    home: Home, viewer: Viewer, name: str, kinds: Sequence[str], url: str = "", *, revision: int, now: datetime
) -> ChannelRecord:
    """Let it be told other kinds; a new address where one is given.

    Raises NotForThisViewer, UnfitChannel, UnknownChannel, ChangedMeanwhile.
    """
    require(viewer, Role.ADMIN)
    address = _usable(home, url) if url.strip() else ""
    return ledger.change_channel(name, sorted(set(kinds)), address, revision=revision, actor=viewer.email, now=now)


def remove_channel(viewer: Viewer, name: str, *, revision: int, now: datetime) -> None:
    """Forget a channel. Raises NotForThisViewer, UnknownChannel, ChangedMeanwhile."""
    require(viewer, Role.ADMIN)
    ledger.remove_channel(name, revision=revision, actor=viewer.email, now=now)


def send_test(viewer: Viewer, name: str, *, now: datetime) -> None:
    """Put a test message into the outbox for one channel. Raises NotForThisViewer, UnknownChannel."""
    require(viewer, Role.ADMIN)
    if name not in {one.name for one in ledger.channels()}:
        raise UnknownChannel(f"There is no channel {name}; perhaps somebody removed it.")
    letter = Letter("nextplay can reach this channel", f"{viewer.name or viewer.email} sent this test from the settings.")
    notify("", letter, key=f"test/{now.isoformat()}", kind="test", actor=viewer.email, now=now, channel=name)


def _usable(home: Home, url: str) -> str:
    """The address as it is kept."""
    address = url.strip()
    require_fit(address, home.held)
    return address
