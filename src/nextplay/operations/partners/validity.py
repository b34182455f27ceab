"""Check the scores of past days, with only what was known then, against the sourced pipeline of the quarter that followed."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from nextplay.analysis.analyst import BuiltInAnalyst
from nextplay.analysis.text import remembered
from nextplay.analysis.text.second_opinion import second_opinion
from nextplay.analysis.usual import usual
from nextplay.analysis.validity import NAIVE, Check, checks
from nextplay.facts.scope import Reach
from nextplay.facts.tables import stored
from nextplay.intelligence.terms import is_sourced
from nextplay.operations.definitions_in_force import terms_of
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import TEAM, Viewer, reach_of, require
from nextplay.program.definition import Program
from nextplay.program.rubric import DIMENSIONS
from nextplay.values.period import end_of, naive_utc, utc_day
from nextplay.values.progress import Progress, silent

QUARTER = timedelta(days=90)
# Moves with what a report says: one of another format is as none, which has it made anew.
FORMAT = 2
# Past days looked at, a quarter apart, where the facts reach back so far.
MOST_DAYS = 4


@dataclass(frozen=True)
class ValidityReport:
    """What each score and criterion was worth. `days`: the past days scored, each with a whole quarter after it."""

    made_at: datetime
    facts_version: str
    program_version: str
    currency: str
    days: tuple[date, ...]
    checks: tuple[Check, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values only."""
        told = asdict(self) | {"made_at": self.made_at.isoformat(), "days": [day.isoformat() for day in self.days]}
        return told | {"format": FORMAT, "checks": [asdict(one) for one in self.checks]}


def check_validity(installation: Installation, *, now: datetime, progress: Progress = silent) -> dict[str, Any]:
    """Make the report, keep it, and answer it in plain values. Texts that wait are read first."""
    remembered.renew(
        installation.warehouse, opinion=second_opinion(), progress=lambda share, doing: progress(0.1 * share, doing)
    )
    day = installation.reference_day(utc_day(now))
    days = _past_days(installation, day)
    parts = []
    for place, past in enumerate(days):
        progress(0.1 + 0.9 * place / (len(days) + 1), f"Scoring {past.isoformat()} with what was known then")
        parts.append(_cases(installation, past, day))
    progress(0.1 + 0.9 * len(days) / (len(days) + 1), "Comparing with what followed")
    program = installation.program
    criteria = [f"{dimension}.{one.name}.points" for dimension, one in program.rubric.named]
    scores = [f"{dimension}.score" for dimension in DIMENSIONS]
    found = checks(pl.concat(parts), [*scores, NAIVE, *criteria], by_segment=scores, seed=program.chance.seed) if parts else ()
    version = str(installation.warehouse.version().facts)
    currency = installation.reporting.currency
    told = ValidityReport(naive_utc(now), version, program.version, currency, tuple(days), found).as_json()
    _keep(installation, told)
    return told


def latest_validity(installation: Installation, viewer: Viewer) -> dict[str, Any] | None:
    """The newest report, None where none was made in this format; by segment only for who may see everyone's.

    Raises NotForThisViewer.
    """
    require(viewer, *TEAM)
    reports = stored("validity_reports")
    frame = installation.warehouse.read(reports.order_by(reports.made_at.desc()).limit(1))
    if frame.is_empty():
        return None
    told: dict[str, Any] = json.loads(frame["report"].item())
    if told.get("format") != FORMAT:
        return None
    everyone = reach_of(viewer, installation.program) == Reach()
    return told if everyone else told | {"checks": [one for one in told["checks"] if one["segment"] is None]}


def _keep(installation: Installation, told: dict[str, Any]) -> None:
    row = pl.DataFrame({"made_at": [datetime.fromisoformat(told["made_at"])], "report": [json.dumps(told)]})
    with installation.warehouse.transaction() as transaction:
        transaction.append("validity_reports", row.to_arrow(compat_level=pl.CompatLevel.oldest()))


def _past_days(installation: Installation, day: date) -> list[date]:
    """Newest first: a quarter after each lies within the facts, and so does a quarter before it."""
    first = installation.span.first_happened
    days = [day - QUARTER * back for back in range(1, MOST_DAYS + 1)]
    return [past for past in days if first is not None and past - QUARTER >= first]


def _cases(installation: Installation, past: date, known_by: date) -> pl.DataFrame:
    """Members on a past day: their scores with what was known then, and the sourced pipeline of the quarter that followed."""
    program, warehouse = installation.program, installation.warehouse
    facts = installation.facts(past, Reach())
    reading = BuiltInAnalyst().read(warehouse, facts, usual(warehouse, facts, program), program)
    who = facts.partners.filter(lambda t: t.lifecycle_stage.isin(program.member_stages))[["partner_id", "segment"]]
    members = warehouse.read(who).sort("partner_id")
    wanted = [name for name in reading.frame.columns if name.endswith((".score", ".points"))]
    frame = members.join(reading.frame.select("partner_id", *wanted), on="partner_id", how="left", maintain_order="left")
    frame = frame.join(_brought(installation, past, known_by, program), on="partner_id", how="left", maintain_order="left")
    before = _brought(installation, past - QUARTER, past, program).rename({"brought": NAIVE})
    frame = frame.join(before, on="partner_id", how="left", maintain_order="left")
    return frame.with_columns(pl.col("brought", NAIVE).fill_null(0.0), day=pl.lit(past))


def _brought(installation: Installation, past: date, known_by: date, program: Program) -> pl.DataFrame:
    """By partner, the sourced pipeline opened in the quarter after the day, as known on a later one."""
    deals = installation.facts(known_by, Reach()).deals
    sourced = is_sourced(deals, terms_of(program).sourced)
    followed = (deals.opened >= end_of(past)) & (deals.opened < end_of(past + QUARTER))
    rows = deals.filter(sourced & followed)
    # A deal whose amount is not known was brought all the same.
    brought = installation.warehouse.read(rows.group_by("partner_id").agg(value=rows.value.sum(), deals=rows.count()))
    return brought.select("partner_id", brought=pl.col("value").cast(pl.Float64).fill_null(0.0).clip(0.01))
