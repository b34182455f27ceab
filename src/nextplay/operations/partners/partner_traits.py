"""The six traits of one partner today, against 30 days before."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from nextplay.decisions.board import REMEMBERED_DAYS
from nextplay.facts.scope import Reach
from nextplay.ledger import queries
from nextplay.operations.installation import Installation
from nextplay.signals.compute import compute
from nextplay.traits.read import TREND_DAYS, TraitReading, readings
from nextplay.traits.recognized import Recognized, recognized
from nextplay.values.period import utc_day


@dataclass(frozen=True)
class Tendencies:
    """Traits of a partner, and what it is recognized as, where it looks busy and does not sell."""

    traits: tuple[TraitReading, ...]
    recognized: Recognized | None


def partner_traits(installation: Installation, partner_id: str, *, now: datetime) -> tuple[TraitReading, ...]:
    """Empty for a partner that is not in the facts. The caller has checked that the viewer may see the partner."""
    return partner_tendencies(installation, partner_id, now=now).traits


def partner_tendencies(installation: Installation, partner_id: str, *, now: datetime) -> Tendencies:
    """Nothing of a partner that is not in the facts. The caller has checked that the viewer may see the partner."""
    before = _signals(installation, partner_id, now=now, days_ago=TREND_DAYS)
    today = _signals(installation, partner_id, now=now, days_ago=0)
    missed = plays_missed(partner_id, installation.reference_day(utc_day(now)))
    known = recognized(today, installation.program.stop, missed) if today.height else None
    return Tendencies(readings(today, before, partner_id), known)


def plays_missed(partner_id: str, day: date) -> int:
    """Committed plays of the partner that ended without their outcome and are not forgiven; a pause is none."""
    since = day - timedelta(days=REMEMBERED_DAYS)
    ended = queries.decisions(partner_id=partner_id, status="committed")
    return sum(one.result == "missed" and since <= one.outcome_by <= day and one.verdict != "stop" for one in ended)


def _signals(installation: Installation, partner_id: str, *, now: datetime, days_ago: int) -> pl.DataFrame:
    day = installation.reference_day(utc_day(now)) - timedelta(days=days_ago)
    facts = installation.facts(day, Reach(partner_id=partner_id))
    return compute(installation.warehouse, facts, installation.program)
