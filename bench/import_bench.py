"""A million deals and ten million activities from CSV: nextplay's import beside hand-written DuckDB with the same type checks.

Run with `python -m bench.import_bench [deals] [activities]`; writes the result into docs/benchmarks.md.
"""

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from bench.report import keep_section
from nextplay.home import create_home
from nextplay.operations.data.import_facts import import_facts
from nextplay.operations.installation import Installation

SEED = 7
LIMIT = 3.0
PARTNERS = 20_000
START = datetime(2024, 1, 1)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
KINDS = ("portal_login", "webinar_attended", "meeting_held", "outreach_sent", "outreach_replied", "deal_registered")
STAGES = ("prospecting", "qualification", "proposal", "negotiation", "won", "lost")

# What a careful engineer would write by hand: typed columns, bad values set aside, one transaction.
BY_HAND = """
BEGIN;
CREATE TABLE partners AS FROM read_csv('{folder}/partners.csv', header = true, all_varchar = true, store_rejects = true);
CREATE TABLE deals AS FROM read_csv('{folder}/deals.csv', header = true, store_rejects = true, columns = {{
  deal_id: 'VARCHAR', partner_id: 'VARCHAR', account: 'VARCHAR', industry: 'VARCHAR', stage: 'VARCHAR',
  amount: 'DECIMAL(18,4)', currency: 'VARCHAR', opened_at: 'TIMESTAMP', stage_changed_at: 'TIMESTAMP',
  expected_close_at: 'TIMESTAMP', closed_at: 'TIMESTAMP'}});
CREATE TABLE activities AS FROM read_csv('{folder}/activities.csv', header = true, store_rejects = true, columns = {{
  activity_id: 'VARCHAR', partner_id: 'VARCHAR', contact_id: 'VARCHAR', kind: 'VARCHAR', occurred_at: 'TIMESTAMP',
  account: 'VARCHAR', details: 'JSON'}});
COMMIT;
"""


def main(deals: int = 1_000_000, activities: int = 10_000_000) -> None:
    """Generate, load both ways, print and keep the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rng = np.random.default_rng(SEED)
        _partners(folder)
        _deals(folder, rng, deals)
        _activities(folder, rng, activities)
        by_hand = _timed(lambda: _by_hand(folder))
        ours = _timed(lambda: _ours(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    ratio = ours / by_hand
    lines = [
        f"{deals:,} deals and {activities:,} activities from CSV, DuckDB file, seed {SEED}.",
        "",
        "| | figure | limit |",
        "|---|--:|--:|",
        f"| hand-written DuckDB, same type checks | {by_hand:.1f} s | |",
        f"| nextplay import (types, keys, partners, currencies, accepted values, rejected rows) | {ours:.1f} s | |",
        f"| ratio | {ratio:.2f} | {LIMIT:.0f} |",
        f"| peak memory of the process | {peak:.1f} GB | 4 GB |",
    ]
    print("\n".join(lines))
    keep_section("Import", "`python -m bench.import_bench`", lines)
    sys.exit(0 if ratio <= LIMIT else 1)


def _timed(work: object) -> float:
    assert callable(work)
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _by_hand(folder: Path) -> None:
    connection = duckdb.connect(str(folder / "by_hand.duckdb"), config={"memory_limit": "4GB"})
    connection.execute(BY_HAND.format(folder=folder))
    connection.close()


def _ours(folder: Path) -> None:
    installation = Installation(create_home(folder / "home"))
    paths = [folder / "partners.csv", folder / "deals.csv", folder / "activities.csv"]
    report = import_facts(installation, paths, actor="bench", now=NOW)
    assert not any(table.rejected for table in report.tables), report.tables
    installation.warehouse.close()


def _times(rng: np.random.Generator, rows: int) -> pl.Series:
    seconds = np.sort(rng.integers(0, 800 * 86_400, rows))
    return pl.Series(np.datetime64(START, "us") + seconds * 1_000_000)


def _partner_of(rng: np.random.Generator, rows: int) -> pl.Series:
    # A few partners bring most of the rows, as in life.
    drawn = np.minimum(rng.zipf(1.3, rows), PARTNERS) - 1
    return pl.format("partner-{}", pl.lit(pl.Series(drawn))).pipe(lambda text: pl.select(text).to_series())


def _partners(folder: Path) -> None:
    numbers = pl.int_range(PARTNERS, eager=True)
    pl.select(
        pl.format("partner-{}", numbers).alias("partner_id"),
        pl.format("Partner {}", numbers).alias("name"),
        pl.lit("active").alias("lifecycle_stage"),
    ).write_csv(folder / "partners.csv")


def _deals(folder: Path, rng: np.random.Generator, rows: int) -> None:
    opened = _times(rng, rows)
    stage = pl.Series(np.array(STAGES)[rng.integers(0, 6, rows)])
    closed = stage.is_in(["won", "lost"])
    frame = pl.DataFrame(
        {
            "deal_id": pl.select(pl.format("deal-{}", pl.int_range(rows))).to_series(),
            "partner_id": _partner_of(rng, rows),
            "account": pl.select(pl.format("Customer {}", pl.lit(pl.Series(rng.integers(0, 50_000, rows))))).to_series(),
            "industry": pl.Series(np.array(("retail", "energy", "health", "finance"))[rng.integers(0, 4, rows)]),
            "stage": stage,
            "amount": pl.Series(np.round(rng.lognormal(9, 1.2, rows), 2)),
            "currency": pl.Series(["USD"]).new_from_index(0, rows),
            "opened_at": opened,
            "stage_changed_at": opened + timedelta(days=20),
            "expected_close_at": opened + timedelta(days=90),
            "closed_at": (opened + timedelta(days=60)).set(~closed, None),
        }
    )
    frame.write_csv(folder / "deals.csv", datetime_format="%Y-%m-%dT%H:%M:%SZ")


def _activities(folder: Path, rng: np.random.Generator, rows: int) -> None:
    with (folder / "activities.csv").open("ab") as file:
        for first in range(0, rows, 1_000_000):
            count = min(1_000_000, rows - first)
            details = pl.Series(['{"minutes": 25, "with": "seller"}']).new_from_index(0, count)
            frame = pl.DataFrame(
                {
                    "activity_id": pl.select(pl.format("activity-{}", pl.int_range(first, first + count))).to_series(),
                    "partner_id": _partner_of(rng, count),
                    "contact_id": pl.select(
                        pl.format("contact-{}", pl.lit(pl.Series(rng.integers(0, 60_000, count))))
                    ).to_series(),
                    "kind": pl.Series(np.array(KINDS)[rng.integers(0, len(KINDS), count)]),
                    "occurred_at": _times(rng, count),
                    "account": pl.select(
                        pl.format("Customer {}", pl.lit(pl.Series(rng.integers(0, 50_000, count))))
                    ).to_series(),
                    # One in four says more; the rest is empty.
                    "details": details.set(pl.Series(rng.random(count) > 0.25), None),
                }
            )
            frame.write_csv(file, include_header=first == 0, datetime_format="%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
