"""What a decision that a person takes beside the list rests on: its month, what the list said, and what was known."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import polars as pl

from nextplay.decisions.explain import noted, observed
from nextplay.facts.scope import Reach
from nextplay.ledger import queries
from nextplay.ledger.ad_hoc import OwnMonth
from nextplay.operations.installation import Installation
from nextplay.operations.program_day import program_day
from nextplay.operations.record.cycles import latest_cycle
from nextplay.signals.compute import compute
from nextplay.values.period import Month, utc_day


def this_month(installation: Installation, now: datetime) -> str:
    """The program's month of now."""
    return str(Month.of(program_day(installation, now)))


def own_month(installation: Installation, now: datetime, *, instead_of: str = "") -> OwnMonth:
    """The month of today; in place of a proposal that one's, whose hours it takes and whose meeting it is decided in."""
    instead = queries.decision(instead_of) if instead_of else None
    return OwnMonth(
        month=instead.cycle if instead else this_month(installation, now),
        as_of=program_day(installation, now),
        facts_version=str(installation.warehouse.version()),
        program_version=installation.program.version,
        currency=installation.reporting.currency,
    )


def list_said(installation: Installation, partner_id: str) -> str:
    """What the latest list said of the partner; nothing where it said nothing."""
    cycle = latest_cycle(installation.home)
    action = cycle.next_actions.of(partner_id) if cycle else None
    return f"{action.verdict.replace('_', ' ')}: {action.why}" if action else ""


def known_of(installation: Installation, partner_id: str, now: datetime) -> tuple[dict[str, Any], ...]:
    """What the facts show of the partner today, as evidence is kept with a proposed decision.

    The risk of a drop-off is the list's: it is learned over all partners.
    """
    day = installation.reference_day(utc_day(now))
    facts = installation.facts(day, Reach(partner_id=partner_id))
    frame = compute(installation.warehouse, facts, installation.program)
    cycle = latest_cycle(installation.home)
    action = cycle.next_actions.of(partner_id) if cycle else None
    risk = pl.lit(action.drop_off_risk if action else None, pl.Float64)
    row = frame.with_columns(drop_off_risk=risk).row(0, named=True)
    return tuple(asdict(one) for one in noted(row, observed(row)))
