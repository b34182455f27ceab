"""Score a million partners: seconds and peak memory of reading, of keeping, and of a second run in which nothing is new.

Run with `python -m bench.analysis_bench [--partners N --deals N --activities N] [--facts FILE] [--keep]`. `--facts` copies one
that `bench.dashboard_bench` made; `--keep` writes the figures into docs/benchmarks.md.
"""

import argparse
import os
import resource
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path

import django
import duckdb

from bench.dashboard_facts import NOW, Size, fill
from bench.report import keep_section
from nextplay.home import Home, create_home
from nextplay.operations.installation import Installation
from nextplay.values.progress import Progress

# One person a partner, whom the facts' activities already name: a lead seller, a seller, an executive or somebody else.
PEOPLE = """
INSERT INTO contacts BY NAME SELECT 'C' || i AS contact_id, 'P' || i AS partner_id, 'Lee' AS name,
  ['lead_seller', 'seller', 'executive', 'technical'][1 + (hash(i) % 4)::INT] AS role, TIMESTAMP '1970-01-01' AS observed_at
  FROM range({partners}) t(i);
"""
LIMIT_SECONDS, LIMIT_GB = 90, 4


def main() -> None:
    """Make or copy the facts, score them twice, print."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="analysis-bench-") as name:
        home = create_home(Path(name) / "home")
        os.environ |= {"NEXTPLAY_HOME": str(home.path), "DJANGO_SETTINGS_MODULE": "nextplay.settings"}
        django.setup()
        size = _fill(home, asked)
        figures = _measured(home)
    scale = f"{size[0]:,} partners, {size[1]:,} deals, {size[2]:,} activities, {size[0]:,} people; DuckDB file."
    lines = [
        scale,
        "",
        "| | figure | limit |",
        "|---|--:|--:|",
        f"| reading every partner and scoring 17 criteria | {figures['read']:.1f} s | {LIMIT_SECONDS} s |",
        f"| the same with comparing, keeping every score and criterion, and roll-ups | {figures['whole']:.1f} s | |",
        f"| a second run, nothing new | {figures['again']:.1f} s | |",
        f"| one partner | {figures['one']:.1f} s | |",
        f"| peak memory of the process, reading | {figures['gb_read']:.1f} GB | {LIMIT_GB} GB |",
        f"| peak memory of the process, all of it | {figures['gb']:.1f} GB | |",
    ]
    print("\n".join(lines))
    if asked.keep:
        keep_section("Scores", "`python -m bench.analysis_bench`", lines)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partners", type=int, default=1_000_000)
    parser.add_argument("--deals", type=int, default=10_000_000)
    parser.add_argument("--activities", type=int, default=30_000_000)
    parser.add_argument("--facts", type=Path)
    parser.add_argument("--keep", action="store_true")
    return parser.parse_args()


def _fill(home: Home, asked: argparse.Namespace) -> tuple[int, int, int]:
    file = home.path / "facts.duckdb"
    if asked.facts:
        shutil.copyfile(asked.facts, file)
    else:
        fill(file, Size(asked.partners, asked.deals, 1, asked.activities))
    with duckdb.connect(str(file)) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in ("partners", "deals", "activities")
        ]
        connection.execute("SET threads = 2")
        connection.execute(PEOPLE.format(partners=counts[0]))
        connection.execute("SET threads = 2")
    return counts[0], counts[1], counts[2]


def _measured(home: Home) -> dict[str, float]:
    from nextplay.analysis.analyst import BuiltInAnalyst
    from nextplay.analysis.usual import usual
    from nextplay.facts.scope import Reach
    from nextplay.operations.analyze import Asked, analyze

    installation, found = Installation(home), {}
    program, warehouse = installation.program, installation.warehouse
    day: date = installation.reference_day(NOW.date())
    facts = installation.facts(day, Reach())
    started = time.perf_counter()
    reading = BuiltInAnalyst().read(warehouse, facts, usual(warehouse, facts, program), program, _told(started))
    found["read"], found["gb_read"] = time.perf_counter() - started, _peak()
    print(reading.frame.select("partner_id", "commitment.score").head(2))
    del reading
    for name, only in (("whole", Asked()), ("again", Asked()), ("one", Asked(partner_id="P7"))):
        started = time.perf_counter()
        analyze(installation, now=NOW, asked=only, progress=_told(started))
        found[name] = time.perf_counter() - started
    found["gb"] = _peak()
    installation.close()
    return found


def _told(started: float) -> Progress:
    return lambda _share, doing: print(f"{time.perf_counter() - started:6.1f} s  {doing}", flush=True)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    main()
