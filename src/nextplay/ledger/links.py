"""Reads and writes of links to partners' pages: made, opened, used, revoked."""

from datetime import datetime
from hashlib import sha256
from hmac import compare_digest

from django.db import transaction
from django.db.models import Q

from nextplay.ledger.journal import write_line
from nextplay.ledger.models import PartnerLink
from nextplay.ledger.records import LinkRecord

# What the secret of a link is compared with where no such link is kept: refusing takes as long.
_NOBODYS = "0" * 64


class UnknownLink(LookupError):
    """There is no such link of the partner."""


@transaction.atomic
def make_link(record: LinkRecord, secret: str, *, actor: str) -> LinkRecord:
    """Keep a link, and of its secret a digest only."""
    row = PartnerLink.objects.create(digest=digest_of(secret), **vars(record))
    details = {"sent_to": record.sent_to, "expires_at": record.expires_at}
    subject = f"link {record.handle}"
    write_line(at=record.made_at, actor=actor, verb="make link", subject=subject, details=details, partner_id=row.partner_id)
    return _record(row)


@transaction.atomic
def revoke_link(partner_id: str, handle: str, *, actor: str, now: datetime) -> LinkRecord:
    """End a link of a partner now; one that was ended stays as it is. Raises UnknownLink."""
    row = PartnerLink.objects.select_for_update().filter(partner_id=partner_id, handle=handle).first()
    if row is None:
        raise UnknownLink(f"There is no link {handle!r} of this partner.")
    if row.revoked_at is None:
        row.revoked_at = now
        row.save()
        write_line(at=now, actor=actor, verb="revoke link", subject=f"link {handle}", partner_id=partner_id)
    return _record(row)


@transaction.atomic
def revoke_links(which: Q, *, actor: str, now: datetime) -> int:
    """End every link that fits and still works, each with its line. Returns how many."""
    rows = list(PartnerLink.objects.select_for_update().filter(which, revoked_at=None, expires_at__gt=now))
    for row in rows:
        revoke_link(row.partner_id, row.handle, actor=actor, now=now)
    return len(rows)


@transaction.atomic
def use_link(handle: str, *, actor: str, now: datetime) -> None:
    """Note that something was done by a link. Raises UnknownLink."""
    row = PartnerLink.objects.select_for_update().filter(handle=handle).first()
    if row is None:
        raise UnknownLink(f"There is no link {handle!r}.")
    row.last_used_at = now
    row.save()
    write_line(at=now, actor=actor, verb="use link", subject=f"link {handle}", partner_id=row.partner_id)


def open_link(handle: str, secret: str, *, now: datetime) -> LinkRecord | None:
    """The link, where its secret is right and it still works; None for everything else."""
    row = PartnerLink.objects.filter(handle=handle).first()
    right = compare_digest(digest_of(secret), row.digest if row else _NOBODYS)
    if row is None or not right:
        return None
    record = _record(row)
    return record if record.works(now) else None


def is_kept(handle: str) -> bool:
    """Whether there is such a link, working or not."""
    return PartnerLink.objects.filter(handle=handle).exists()


def links_of(partner_id: str) -> list[LinkRecord]:
    """Every link of a partner, newest first."""
    return [_record(row) for row in PartnerLink.objects.filter(partner_id=partner_id).order_by("-made_at", "-pk")]


def working_links(now: datetime, limit: int = 500, *, made_by: str | None = None) -> list[LinkRecord]:
    """Links of all partners that still open a page, newest first; of one maker where named."""
    rows = PartnerLink.objects.filter(revoked_at=None, expires_at__gt=now).order_by("-made_at", "-pk")
    if made_by is not None:
        rows = rows.filter(made_by=made_by)
    return [_record(row) for row in rows[:limit]]


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is random and long: a fast digest cannot be turned back."""
    return sha256(secret.encode()).hexdigest()


def _record(row: PartnerLink) -> LinkRecord:
    return LinkRecord(**{name: getattr(row, name) for name in LinkRecord.__dataclass_fields__})
