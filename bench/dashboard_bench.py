"""Both dashboards on many facts: roll-ups built and read, pages remembered and never seen, drill-down, a past day.

Run with `python -m bench.dashboard_bench --partners 1000000 --deals 10000000 --revenue 10000000 --activities 30000000`. The
facts are made once in `--folder` and kept. Every figure stands beside hand-written SQL on the same DuckDB file, or beside a
Django page of the same size that returns a constant, in the same run; `--small` names the partners of the smaller program that
shows what does not grow. Writes its section of docs/benchmarks.md with `--keep`.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bench import dashboard_by_hand as by_hand
from bench.by_hand_parts import PERIOD
from bench.dashboard_facts import NOW, Size, fill
from bench.report import keep_section
from nextplay.facts.engines import Transaction
from nextplay.home import Home, create_home, open_home
from nextplay.operations.dashboards import show_executive, show_lifecycle
from nextplay.operations.dashboards.roll_up import roll_up
from nextplay.operations.installation import Installation
from nextplay.operations.partners.list_partners import list_partners
from nextplay.operations.viewer import OPERATOR

DAY = NOW.date()
PAST_DAY = DAY - timedelta(days=45)
SEGMENTS, TIERS = ("Growth", "Enterprise", "Emerging", "Public"), (None, "Gold", "Silver", "Bronze")
FILTERS = [(None, None), *((segment, tier) for segment in SEGMENTS for tier in TIERS)]
TIMES = 3


@dataclass(frozen=True)
class Line:
    """One comparison: ours and the limit it is measured against, in seconds."""

    what: str
    ours: float
    hand: float
    limit: float

    def __str__(self) -> str:
        return f"| {self.what} | {_written(self.ours)} | {_written(self.hand)} | {self.ours / self.hand:.2f} | {self.limit:g} |"


def main() -> None:
    """Measure, print, and keep where asked."""
    asked = _arguments()
    size = Size(asked.partners, asked.deals, asked.revenue, asked.activities)
    share = asked.small / size.partners
    small = Size(asked.small, *(round(rows * share) for rows in (size.deals, size.revenue, size.activities)))
    lines: list[str] = []
    for each in (small, size):
        lines += _measured(asked.folder / f"{each.partners}", each)
    lines += _pages(asked.folder / f"{size.partners}") if asked.pages else []
    if asked.keep:
        keep_section("Dashboards", "`python -m bench.dashboard_bench`", lines)


def _measured(folder: Path, size: Size) -> list[str]:
    home = _home(folder, size)
    installation = Installation(home)
    title = f"{size.partners:,} partners, {size.deals:,} deals, {size.revenue:,} revenue rows, {size.activities:,} activities"
    head = ["", f"{title}:", "", "| | nextplay | by hand | ratio | limit |", "|---|--:|--:|--:|--:|"]
    print("\n".join(head), flush=True)
    lines = []
    for measure in (_building, _executive_never_seen, _lifecycle_never_seen, _drill_down, _past_day):
        lines.append(str(measure(installation)))
        print(lines[-1], flush=True)
    with installation.warehouse.transaction() as transaction:
        for name in by_hand.executive(DAY) | by_hand.lifecycle(DAY):
            transaction.execute(f"DROP TABLE hand_{name}")
    installation.close()
    return [*head, *lines]


def _building(installation: Installation) -> Line:
    def ours(transaction: Transaction) -> None:
        roll_up(transaction, installation.program, today=DAY)

    def hand(transaction: Transaction) -> None:
        for name, statement in (by_hand.executive(DAY) | by_hand.lifecycle(DAY)).items():
            day = DAY - PERIOD if name == "earlier" else DAY
            for view in _statements(by_hand.views(day, past=name == "earlier")):
                transaction.execute(view)
            transaction.execute(f"CREATE OR REPLACE TABLE hand_{name} AS {statement}")

    def in_transaction(work: Callable[[Transaction], None]) -> None:
        with installation.warehouse.transaction() as transaction:
            work(transaction)

    # In turns, so that what else the machine does falls on both.
    both = [(_timed(lambda: in_transaction(hand)), _timed(lambda: in_transaction(ours))) for _ in range(TIMES)]
    return Line("building the roll-ups", min(own for _, own in both), min(theirs for theirs, _ in both), 1.5)


def _executive_never_seen(installation: Installation) -> Line:
    def ours(segment: str | None, tier: str | None) -> None:
        show_executive.show_executive(installation, OPERATOR, now=NOW, segment=segment, tier=tier)

    return _never_seen("Executive Dashboard never seen before", installation, by_hand.executive(DAY), ours)


def _lifecycle_never_seen(installation: Installation) -> Line:
    def ours(segment: str | None, tier: str | None) -> None:
        show_lifecycle.show_lifecycle(installation, OPERATOR, now=NOW, segment=segment, tier=tier)

    built = {name: sql for name, sql in by_hand.executive(DAY).items() if name == "partners"}
    return _never_seen("Partner Lifecycle never seen before", installation, built | by_hand.lifecycle(DAY), ours)


def _never_seen(
    what: str, installation: Installation, built: dict[str, str], ours: Callable[[str | None, str | None], None]
) -> Line:
    """Median over every filter, each asked once; the first of them reads the roll-ups into memory."""
    engine = installation.warehouse.engine
    reading = by_hand.read(built)

    def hand(segment: str | None, tier: str | None) -> None:
        where = " AND ".join(f"{column} = '{value}'" for column, value in (("segment", segment), ("tier", tier)) if value)
        level = f"level = '{'tier' if tier else 'segment' if segment else 'everyone'}'"
        level += f" AND s = '{segment or ''}' AND t = '{tier or ''}'"
        for statement in reading:
            engine.read_sql(statement.format(where=where or "true", level=level)).rows()

    both = [(_timed(lambda: hand(*one)), _timed(lambda: ours(*one))) for one in FILTERS]  # noqa: B023 asked at once
    return Line(what, statistics.median(own for _, own in both), statistics.median(theirs for theirs, _ in both), 1.5)


def _drill_down(installation: Installation) -> Line:
    engine = installation.warehouse.engine

    def hand() -> None:
        for statement in (by_hand.PAGE_OF_PARTNERS, *by_hand.AROUND_THE_PAGE):
            engine.read_sql(statement).rows()

    def ours() -> None:
        list_partners(installation, OPERATOR, now=NOW, sort="open_pipeline", descending=True)

    both = [(_timed(hand), _timed(ours)) for _ in range(TIMES)]
    return Line("page 1 of 50 partners by pipeline", min(own for _, own in both), min(theirs for theirs, _ in both), 1.5)


def _past_day(installation: Installation) -> Line:
    def hand() -> None:
        with installation.warehouse.transaction() as transaction:
            for name, statement in by_hand.executive(PAST_DAY, levels=False).items():
                day = PAST_DAY - PERIOD if name == "earlier" else PAST_DAY
                for view in _statements(by_hand.views(day, past=True)):
                    transaction.execute(view)
                transaction.read_sql(statement).rows()

    def ours(day: date) -> None:
        show_executive.show_executive(installation, OPERATOR, now=NOW, as_of=day)

    # Another day each time: what was asked before is remembered.
    both = [(_timed(hand), _timed(lambda: ours(PAST_DAY - timedelta(days=back)))) for back in range(TIMES)]  # noqa: B023
    what = "Executive Dashboard as of a past day"
    return Line(what, min(own for _, own in both), min(theirs for theirs, _ in both), 1.5)


def _pages(folder: Path) -> list[str]:
    from bench.dashboard_pages import measured_pages

    lines = measured_pages(open_home(folder / "home"))
    print("\n".join(lines), flush=True)
    return lines


def _home(folder: Path, size: Size) -> Home:
    """A home with the facts, made once."""
    file = folder / "facts.duckdb"
    folder.mkdir(parents=True, exist_ok=True)
    fill(file, size)
    home = folder / "home"
    return open_home(home) if home.exists() else create_home(home, facts_url=f"duckdb:///{file}")


def _statements(script: str) -> list[str]:
    return [statement for statement in script.split(";") if statement.strip()]


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _written(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, rows in (("partners", 50_000), ("deals", 1_000_000), ("revenue", 1_000_000), ("activities", 3_000_000)):
        parser.add_argument(f"--{name}", type=int, default=rows)
    parser.add_argument("--small", type=int, default=5_000, help="partners of the smaller program")
    parser.add_argument("--folder", type=Path, default=Path(os.environ.get("TMPDIR", "/tmp")) / "nextplay-bench")  # noqa: S108
    parser.add_argument("--pages", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--keep", action="store_true", help="write the section of docs/benchmarks.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
