"""Reads and writes of the team's channels. Addresses leave by one function only, for whoever sends."""

from datetime import datetime
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Channel
from nextplay.ledger.people import ChangedMeanwhile
from nextplay.ledger.records import ChannelRecord


class ChannelExists(ValueError):
    """A channel has that name already."""


class UnknownChannel(LookupError):
    """No channel has that name."""


def channels() -> list[ChannelRecord]:
    """All channels by name, without what is secret of their addresses."""
    return [_record(row) for row in Channel.objects.order_by("name")]


def channel_addresses() -> list[tuple[str, str, list[str]]]:
    """Name, whole address and kinds of all channels: for the one who sends, and for nobody to see."""
    return [(row.name, row.url, row.kinds) for row in Channel.objects.order_by("name")]


@transaction.atomic
def add_channel(name: str, url: str, kinds: list[str], *, actor: str, now: datetime) -> ChannelRecord:
    """Keep a channel. Raises ChannelExists."""
    row = Channel(name=name, url=url, kinds=kinds, made_by=actor, made_at=now)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ChannelExists(f"There is a channel {name} already. Choose another name.") from error
    record = _record(row)
    write_line(at=now, actor=actor, verb="add channel", subject=f"channel {name}", details={"to": record.shown, "kinds": kinds})
    return record


@transaction.atomic
def change_channel(name: str, kinds: list[str], url: str, *, revision: int, actor: str, now: datetime) -> ChannelRecord:
    """Let it be told other kinds; a new address where one is given. Raises UnknownChannel, ChangedMeanwhile."""
    row = _locked(name, revision)
    row.kinds, row.url = kinds, url or row.url
    row.revision += 1
    row.save()
    record = _record(row)
    write_line(
        at=now, actor=actor, verb="change channel", subject=f"channel {name}", details={"to": record.shown, "kinds": kinds}
    )
    return record


@transaction.atomic
def remove_channel(name: str, *, revision: int, actor: str, now: datetime) -> None:
    """Forget a channel and its address. Raises UnknownChannel, ChangedMeanwhile."""
    _locked(name, revision).delete()
    write_line(at=now, actor=actor, verb="remove channel", subject=f"channel {name}")


def _locked(name: str, revision: int) -> Channel:
    row = Channel.objects.select_for_update().filter(name=name).first()
    if row is None:
        raise UnknownChannel(f"There is no channel {name}; perhaps somebody removed it.")
    if row.revision != revision:
        raise ChangedMeanwhile(f"The channel {name} was changed by somebody else since you opened the page. Look again.")
    return row


def _record(row: Channel) -> ChannelRecord:
    return ChannelRecord(row.name, shown_address(row.url), tuple(row.kinds), row.made_by, row.made_at, row.revision)


def shown_address(url: str) -> str:
    """What of an address everybody may see: which service. Many have a token in the place of a host."""
    return f"{urlsplit(url).scheme or 'channel'}://…"
