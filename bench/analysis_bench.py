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
from pathlib import Path

import django
import duckdb

from bench.dashboard_facts import NOW, Size, fill
from bench.report import keep_section
from nextplay.home import Home, create_home
from nextplay.operations.installation import Installation

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
        f"| reading every partner and scoring the rubric | {figures['read']:.1f} s | {LIMIT_SECONDS} s |",
        f"| the same with comparing, keeping every score and criterion, and roll-ups | {figures['whole']:.1f} s | |",
        f"| a second run, nothing new | {figures['again']:.1f} s | |",
        f"| a run after one new activity | {figures['new']:.1f} s | |",
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
    return counts[0], counts[1], counts[2]


def _measured(home: Home) -> dict[str, float]:
    from nextplay.operations.partners.analyze import Asked, analyze

    installation, found = Installation(home), {}
    # Opened and looked at once, as in a process that serves.
    installation.reference_day(NOW.date())
    for name, only in (("whole", Asked()), ("again", Asked()), ("new", Asked()), ("one", Asked(partner_id="P7"))):
        if name == "new":
            _one_row_more(installation)
        marks = _Marks()
        analyze(installation, now=NOW, asked=only, progress=marks)
        found[name] = marks.passed()
        if name == "whole":
            found |= {"read": marks.read, "gb_read": marks.gb_read}
    found["gb"] = _peak()
    installation.close()
    return found


class _Marks:
    """Says what is being done, and remembers when everything was read and scored."""

    def __init__(self) -> None:
        self.started, self.read, self.gb_read = time.perf_counter(), 0.0, 0.0

    def __call__(self, _share: float, doing: str) -> None:
        print(f"{self.passed():6.1f} s  {_peak():.1f} GB  {doing}", flush=True)
        if doing.startswith("Comparing"):
            self.read, self.gb_read = self.passed(), _peak()

    def passed(self) -> float:
        return time.perf_counter() - self.started


def _one_row_more(installation: Installation) -> None:
    """As an import would: checked, merged, with the partner that it touches."""
    from nextplay.operations.data.import_facts import import_facts

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "activities.csv"
        file.write_text("activity_id,partner_id,kind,occurred_at\nNEW,P7,commitment_missed,2026-02-27\n")
        import_facts(installation, [file], actor="bench", now=NOW)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    main()
