"""The six traits of one partner today, against 30 days before."""

from datetime import datetime, timedelta

import polars as pl

from nextplay.facts.scope import Reach
from nextplay.operations.installation import Installation
from nextplay.signals.compute import compute
from nextplay.traits.read import TREND_DAYS, TraitReading, readings
from nextplay.values.period import utc_day


def partner_traits(installation: Installation, partner_id: str, *, now: datetime) -> tuple[TraitReading, ...]:
    """Empty for a partner that is not in the facts. The caller has checked that the viewer may see the partner."""
    before = _signals(installation, partner_id, now=now, days_ago=TREND_DAYS)
    return readings(_signals(installation, partner_id, now=now, days_ago=0), before, partner_id)


def _signals(installation: Installation, partner_id: str, *, now: datetime, days_ago: int) -> pl.DataFrame:
    day = installation.reference_day(utc_day(now)) - timedelta(days=days_ago)
    facts = installation.facts(day, Reach(partner_id=partner_id))
    return compute(installation.warehouse, facts, installation.program)
