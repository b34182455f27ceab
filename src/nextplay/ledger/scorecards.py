"""Reads and writes of Activation Scorecards: made once, never changed, shown to the partner or not."""

from contextlib import suppress
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Scorecard
from nextplay.ledger.records import ScorecardRecord

# Each time somebody else was first, a version more is kept: so many at once nobody has seen.
MOST_AT_ONCE = 20


class UnknownScorecard(LookupError):
    """The partner has no scorecard of that version."""


@transaction.atomic
def keep_scorecard(record: ScorecardRecord, *, actor: str, now: datetime) -> ScorecardRecord:
    """Keep a scorecard as the partner's next version, whatever number it bears; one that says what the latest says is it.

    Of those who keep one in the same moment one wins, and the others look again: mostly they find their own words.
    """
    for _ in range(MOST_AT_ONCE):
        with suppress(IntegrityError):
            return _keep(record, actor=actor, now=now)
    return _keep(record, actor=actor, now=now)


@transaction.atomic
def _keep(record: ScorecardRecord, *, actor: str, now: datetime) -> ScorecardRecord:
    held = Scorecard.objects.select_for_update().filter(partner_id=record.partner_id)
    latest = held.order_by("-version").first()
    if latest is not None and (latest.as_of, latest.card) == (record.as_of, record.card):
        return _record(latest)
    number = (held.aggregate(last=Max("version"))["last"] or 0) + 1
    row = Scorecard.objects.create(**{**vars(record), "version": number})
    details = {"version": number, "as_of": record.as_of, "facts_version": record.facts_version}
    write_line(at=now, actor=actor, verb="make scorecard", subject=f"partner {record.partner_id}", details=details)
    return _record(row)


@transaction.atomic
def share_scorecard(partner_id: str, version: int, *, shared: bool, actor: str, now: datetime) -> ScorecardRecord:
    """Show a version to the partner's own people, or no longer; they see one at a time. Raises UnknownScorecard."""
    row = Scorecard.objects.select_for_update().filter(partner_id=partner_id, version=version).first()
    if row is None:
        raise UnknownScorecard(f"There is no scorecard {version} of this partner.")
    if (row.shared_at is not None) == shared:
        return _record(row)
    Scorecard.objects.filter(partner_id=partner_id, shared_at__isnull=False).update(shared_at=None)
    row.shared_at = now if shared else None
    row.save()
    verb = "share scorecard" if shared else "unshare scorecard"
    write_line(at=now, actor=actor, verb=verb, subject=f"partner {partner_id}", details={"version": version})
    return _record(row)


def scorecards(partner_id: str) -> list[ScorecardRecord]:
    """Every version of a partner, newest first."""
    return [_record(row) for row in Scorecard.objects.filter(partner_id=partner_id).order_by("-version")]


def shared_scorecard(partner_id: str) -> ScorecardRecord | None:
    """The version that the partner's own people see, if there is one."""
    row = Scorecard.objects.filter(partner_id=partner_id, shared_at__isnull=False).first()
    return _record(row) if row else None


def _record(row: Scorecard) -> ScorecardRecord:
    return ScorecardRecord(**{name: getattr(row, name) for name in ScorecardRecord.__dataclass_fields__})
