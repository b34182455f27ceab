"""Decide a month for many partners: seconds and peak memory of signals, choice and the whole, on generated facts.

Run with `python -m bench.decide_bench [partners]`: ten deals and a hundred activities a partner go straight into the warehouse.
With `--facts FILE`, a DuckDB file that another benchmark left, a copy of that is decided instead, and only the whole measured.
`--keep FILE` leaves the facts that were made there, for `--facts`.
"""

import argparse
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import django

from bench.signals_by_hand import signals_by_hand
from nextplay.facts.scope import Reach
from nextplay.facts.tables import stored
from nextplay.home import Home, create_home
from nextplay.operations.installation import Installation
from nextplay.signals.compute import compute
from nextplay.values.rings import look_seldom

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
PARTNERS, DEALS, ACTIVITIES = 100_000, 10, 100
MANAGED = 40
ROUNDS = 3

# Two years of facts from a hash of the row's number: the same on every machine.
FACTS = """
SET threads = 2;
INSERT INTO partners BY NAME SELECT 'P' || i AS partner_id, 'Partner ' || i AS name, 'segment ' || (i % 3) AS segment,
  'enabled' AS lifecycle_stage, 'manager' || (i // {managed}) || '@program.example' AS manager_email,
  TIMESTAMP '2024-03-01' + INTERVAL (i % 600) DAY AS signed_at, TIMESTAMP '1970-01-01' AS observed_at,
  TIMESTAMP '2024-03-20' + INTERVAL (i % 600) DAY AS enabled_at FROM range({partners}) t(i);
INSERT INTO contacts BY NAME SELECT 'C' || i AS contact_id, 'P' || i AS partner_id, 'Lee' AS name,
  CASE WHEN i % 2 = 0 THEN 'lead_seller' ELSE 'technical' END AS role, TIMESTAMP '1970-01-01' AS observed_at
  FROM range({partners}) t(i);
INSERT INTO deals BY NAME SELECT 'D' || i AS deal_id, 'P' || p AS partner_id, stage, amount, 'USD' AS currency,
  moment AS opened_at, moment AS stage_changed_at, CASE WHEN stage IN ('won', 'lost') THEN moment END AS closed_at,
  moment AS observed_at
  FROM (SELECT i, hash(i) % {partners} AS p, 1000 + hash(i + 2) % 90000 AS amount,
    ['qualification', 'proposal', 'negotiation', 'won', 'lost'][1 + (hash(i + 3) % 5)::INT] AS stage,
    TIMESTAMP '2024-03-01' + to_minutes((hash(i + 4) % 1050000)::INT) AS moment FROM range({deals}) t(i));
INSERT INTO activities BY NAME SELECT 'A' || i AS activity_id, 'P' || p AS partner_id, 'C' || p AS contact_id, kind,
  moment AS occurred_at, moment AS observed_at
  FROM (SELECT i, hash(i + 5) % {partners} AS p,
    ['portal_login', 'webinar_attended', 'meeting_held', 'step_proposed', 'step_accepted', 'outreach_sent', 'outreach_replied',
     'commitment_made', 'commitment_met', 'commitment_missed', 'training_completed', 'target_list_shared']
    [1 + (hash(i + 6) % 12)::INT] AS kind,
    TIMESTAMP '2024-03-01' + to_minutes((hash(i + 7) % 1050000)::INT) AS moment FROM range({activities}) t(i));
"""


def main(partners: int = PARTNERS, facts: Path | None = None, keep: Path | None = None) -> None:
    """Generate or copy, decide, print."""
    with tempfile.TemporaryDirectory(prefix="decide-bench-") as name:
        home = create_home(Path(name) / "home")
        os.environ |= {"NEXTPLAY_HOME": str(home.path), "DJANGO_SETTINGS_MODULE": "nextplay.settings"}
        django.setup()
        if facts is not None:
            _decide_copied(home, facts)
            return
        # In a process of its own: what making facts takes is no memory of ours.
        filling = multiprocessing.get_context("spawn").Process(target=_fill, args=(home, partners))
        filling.start()
        filling.join()
        assert not filling.exitcode
        if keep is not None:
            _copy(_held(home), keep)
        look_seldom()
        print(f"{partners:,} partners, {partners * DEALS:,} deals, {partners * ACTIVITIES:,} activities", flush=True)
        _decided(home)
        ours, by_hand = _signals(home)
        print(f"signals: {ours:.2f} s; by hand: {by_hand:.2f} s; ratio {ours / by_hand:.2f}")
        print(f"from the command line, start to answer: {_from_command_line(home):.1f} s")


def _decide_copied(home: Home, facts: Path) -> None:
    """Decide facts that are there already, and print what the process took."""
    from nextplay.operations.admin.set_up import prepare_ledger

    prepare_ledger()
    _copy(facts, _held(home))
    opened = Installation(home)
    rows = {name: opened.warehouse.read(stored(name).count().as_table()).item() for name in ("partners", "deals", "activities")}
    opened.close()
    print(", ".join(f"{count:,} {name}" for name, count in rows.items()), flush=True)
    _decided(home)


def _held(home: Home) -> Path:
    """The file that holds the facts."""
    return Path(home.facts_url.removeprefix("duckdb:///"))


def _copy(facts: Path, target: Path) -> None:
    """With what DuckDB has not yet put into the file itself."""
    for end in ("", ".wal"):
        if Path(f"{facts}{end}").exists():
            shutil.copyfile(f"{facts}{end}", f"{target}{end}")


def _peak() -> float:
    """Most memory of the process so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _fill(home: Home, partners: int) -> None:
    import duckdb

    from nextplay.facts.warehouse import move_version
    from nextplay.operations.admin.set_up import prepare_ledger

    django.setup()
    prepare_ledger()
    opened = Installation(home)
    with opened.warehouse.transaction() as transaction:
        move_version(transaction, "facts")
    opened.close()
    with duckdb.connect(str(_held(home))) as connection:
        sizes = {"partners": partners, "deals": partners * DEALS, "activities": partners * ACTIVITIES}
        connection.execute(FACTS.format(managed=MANAGED, **sizes))


def _signals(home: Home) -> tuple[float, float]:
    """Seconds of the signals pass and of the same by hand on one connection's engine, in turns; the best of three."""
    installation, day = Installation(home), NOW.date()
    facts, statement = installation.facts(day, Reach()), signals_by_hand(day)
    seconds: dict[str, list[float]] = {"ours": [], "by hand": []}
    for _ in range(ROUNDS):
        began = time.perf_counter()
        told = compute(installation.warehouse, facts, installation.program)
        seconds["ours"].append(time.perf_counter() - began)
        began = time.perf_counter()
        written = installation.warehouse.engine.read_sql(statement)
        seconds["by hand"].append(time.perf_counter() - began)
        checked = ("outreach_sent_90", "selling_days", "deals_open", "sellers_active_60", "proposals_180", "sized_deals")
        assert all(told[name].sum() == (written[name].fill_null(0).sum()) for name in checked)
    installation.close()
    return min(seconds["ours"]), min(seconds["by hand"])


def _decided(home: Home) -> None:
    """Decide and decide once more, and print what each took."""
    from nextplay.operations.deciding.decide import decide

    installation = Installation(home)
    for named in ("decide, signals to written decisions", "once more, unchanged"):
        began, worked = time.perf_counter(), time.process_time()
        cycle = decide(installation, now=NOW, actor="bench", as_of=NOW.date())
        seconds, worked = time.perf_counter() - began, time.process_time() - worked
        told = f"{named}: {seconds:.1f} s, {worked:.1f} s of processor time; {len(cycle.focus):,} decisions"
        print(f"{told}; peak memory so far: {_peak():.1f} GB (limit 8 GB)", flush=True)
    assert cycle.focus
    assert all(one.assigned_hours <= one.capacity_hours for one in cycle.owners)
    installation.close()


def _from_command_line(home: Home) -> float:
    """Another day, so that nothing is remembered."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "nextplay", "--home", str(home.path), "decide", "--as-of", "2026-02-28", "--json"]
    subprocess.run([*command, "--limit", "10"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("partners", type=int, nargs="?", default=PARTNERS)
    arguments.add_argument("--facts", type=Path)
    arguments.add_argument("--keep", type=Path)
    main(**vars(arguments.parse_args()))
