"""What an import would do, told by doing it and leaving it: rows by table with samples, and outcomes that would move."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl

from nextplay.facts.contract import BY_NAME
from nextplay.facts.engines import Transaction
from nextplay.facts.intake.columns import ColumnMapping
from nextplay.facts.intake.reading import match_sources, require_all
from nextplay.facts.intake.sources import find_sources
from nextplay.facts.span import currencies, latest_moments, span_of, usual_currency
from nextplay.facts.tables import stored
from nextplay.facts.undo import Before
from nextplay.facts.warehouse import version_of
from nextplay.operations.data.forecast_samples import Sample, changed_columns, samples_of
from nextplay.operations.data.import_facts import FileResult, ImportRun
from nextplay.operations.installation import Installation, Standing
from nextplay.operations.named_plays import label_of
from nextplay.operations.program_day import days_of
from nextplay.operations.record.close_outcomes import outcomes_moving
from nextplay.values.period import naive_utc
from nextplay.values.progress import Progress, silent

# As many refused rows as tell what is wrong; loading offers all of them as a file.
MOST_REFUSED = 5


@dataclass(frozen=True)
class TableForecast:
    """What would become of one table, in rows, with a few of each. `changed`: how many rows would change in which column."""

    table: str
    read: int
    added: int
    updated: int
    unchanged: int
    removed: int
    rejected: int
    samples: tuple[Sample, ...]
    changed: tuple[tuple[str, int], ...]
    # File, line, column, value, reason.
    refused: list[dict[str, Any]]


@dataclass(frozen=True)
class OutcomeForecast:
    """A committed decision whose outcome would be another one."""

    decision_id: str
    partner: str
    play: str
    was: str
    becomes: str


@dataclass(frozen=True)
class ImportForecast:
    """Everything an import would do. `left_aside` names files and sheets whose name is no table."""

    tables: tuple[TableForecast, ...]
    outcomes: tuple[OutcomeForecast, ...]
    left_aside: list[str]
    # The version of the facts that it was told on, but for what people entered.
    brought: int

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


class _NotMeantError(Exception):
    """Ends the change that a forecast made, so that nothing of it holds."""


def forecast_import(
    installation: Installation,
    paths: list[Path],
    *,
    now: datetime,
    table: str | None = None,
    replace: bool = False,
    observed_at: datetime | None = None,
    mappings: dict[str, ColumnMapping] | None = None,
    progress: Progress = silent,
) -> ImportForecast:
    """Import within a change that is rolled back: exact counts, and nothing is different afterwards.

    Raises UnreadableFile and RowsLeftBehind as the import would.
    """
    found = find_sources(paths, table)
    readings = match_sources(found.sources, mappings or {}, installation.home.mappings)
    require_all(readings)
    moment = naive_utc(now)
    run = ImportRun(installation, readings, moment, naive_utc(observed_at or now), replace, progress)
    forecast = ImportForecast((), (), found.left_aside, 0)
    with suppress(_NotMeantError), run.rejects_kept(), installation.warehouse.transaction() as transaction:
        before, brought = Before(transaction), version_of(transaction).brought
        results = run.into(transaction, before)
        progress(0.95, "Looking what would move")
        forecast = ImportForecast(
            tuple(_table(transaction, before, name, list(own)) for name, own in groupby(results, key=_table_of)),
            _outcomes(installation, transaction, now),
            found.left_aside,
            brought,
        )
        raise _NotMeantError
    progress(1.0, "Told")
    return forecast


def _table_of(result: FileResult) -> str:
    return result.reading.table.name


def _table(transaction: Transaction, before: Before, name: str, results: Sequence[FileResult]) -> TableForecast:
    table, refused = BY_NAME[name], [one.rejects.shown for one in results if one.rejects.count]
    return TableForecast(
        table=name,
        read=sum(one.read for one in results),
        added=sum(one.counts.added for one in results),
        updated=sum(one.counts.updated for one in results),
        unchanged=sum(one.counts.unchanged for one in results),
        removed=sum(one.counts.removed for one in results),
        rejected=sum(one.rejects.count for one in results),
        samples=samples_of(transaction, table, whole=name in before.whole),
        changed=changed_columns(transaction, table),
        refused=pl.concat(refused).head(MOST_REFUSED).to_dicts() if refused else [],
    )


def _outcomes(installation: Installation, transaction: Transaction, now: datetime) -> tuple[OutcomeForecast, ...]:
    """Outcomes that the facts of the change would close, or close otherwise."""
    program = installation.program
    span = span_of(transaction.read(latest_moments()))
    usual = None if program.currency else usual_currency(transaction.read(currencies()))
    moving = outcomes_moving(transaction, Standing(program, span, usual), days_of(installation, now))
    partners = stored("partners")
    wanted = partners.filter(partners.partner_id.isin(sorted({record.partner_id for record, _ in moving}) or [""]))
    names = dict(transaction.read(wanted.select("partner_id", "name")).iter_rows())
    return tuple(
        OutcomeForecast(
            decision_id=record.decision_id,
            partner=names.get(record.partner_id) or record.partner_id,
            play=label_of(installation, record.play),
            was=record.result,
            becomes=becomes,
        )
        for record, becomes in moving
    )
