"""nextplay as a way of choosing: a home of its own, fed month by month, that decides and commits by its public operations.

Each home needs a process of its own: Django takes its ledger from the environment once.
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import django
import numpy as np
import polars as pl

from bench.outsider.choosers import within_hours
from bench.outsider.effects import PLAYS, Plan
from bench.outsider.facts import write_files
from bench.outsider.nature import Flags, Floats
from bench.outsider.scenarios import BEGINNING
from bench.outsider.world import World
from nextplay.decisions.eligibility import conditions_met
from nextplay.decisions.proposal import Cycle
from nextplay.facts.scope import Reach
from nextplay.home import create_home
from nextplay.operations.installation import Installation
from nextplay.signals.compute import compute

ACTOR = "chief@program.example"


def open_installation(folder: Path) -> Installation:
    """A fresh home under the shipped program, with its ledger."""
    home = create_home(folder)
    os.environ |= {"NEXTPLAY_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "nextplay.settings"}
    django.setup()
    from nextplay.operations.admin.set_up import prepare_ledger

    prepare_ledger()
    return Installation(home)


@dataclass
class Product:
    """Decides a month as the command line would, and keeps what it said.

    `lines`: a frame a month of what it committed; `risks`: drop-off risk of every partner, NaN where it says none;
    `eligible`: plays that its conditions leave open to each partner, pauses of its own plays counted.
    """

    installation: Installation
    lines: list[pl.DataFrame] = field(default_factory=list)
    risks: list[Floats] = field(default_factory=list)
    eligible: list[Flags] = field(default_factory=list)
    batches: int = 0

    def bring_in(self, world: World) -> date:
        """Import the month's files; the day they reach."""
        from nextplay.operations.data.import_facts import import_facts

        day = BEGINNING + timedelta(weeks=world.week, days=-1)
        folder = self.installation.home.path / "files" / day.isoformat()
        self.batches = write_files(world, folder, self.batches)
        report = import_facts(self.installation, [folder], actor=ACTOR, now=evening(day))
        assert not report.rejected_files, [table.rejected_rows for table in report.tables]
        return day

    def __call__(self, world: World) -> Plan:
        """The plan of the month."""
        day = self.bring_in(world)
        self.eligible.append(self.open_plays(world, day))
        return self.decided(world, day)

    def decided(self, world: World, day: date) -> Plan:
        """What the operation decides and commits."""
        from nextplay.operations.deciding.decide import decide

        cycle = decide(self.installation, now=morning_after(day), actor=ACTOR, as_of=day, commit=True)
        self.lines.append(lines_of(cycle, len(self.lines)))
        self.risks.append(risks_of(cycle, world.scenario.partners))
        return Plan(self.lines[-1]["partner"].to_numpy(), self.lines[-1]["play"].to_numpy())

    def open_plays(self, world: World, day: date) -> Flags:
        """Partner x play: what the conditions of the program leave open, but for what was run too lately."""
        program, n = self.installation.program, world.scenario.partners
        signals = compute(self.installation.warehouse, self.installation.facts(day, Reach()), program)
        plays = tuple(next(play for play in program.plays if play.name == name) for name in PLAYS)
        open_to = np.zeros((n, len(PLAYS)), np.bool_)
        open_to[number_of(signals["partner_id"])] = conditions_met(signals, plays)
        for lines in self.lines:
            pause = pl.Series([play.pause_days for play in plays]).gather(lines["play"])
            still = lines.filter(pl.col("as_of") + pl.duration(days=pl.lit(pause)) > day)
            open_to[still["partner"], still["play"]] = False
        return open_to


class RuledOracle(Product):
    """Knows every latent, and keeps the program's conditions and pauses: what no list under these rules can be far ahead of."""

    def decided(self, world: World, day: date) -> Plan:
        """The most that the hours can give of what is open."""
        plan = within_hours(np.where(self.eligible[-1], world.gain(), 0), world)
        self.lines.append(pl.DataFrame({"as_of": day, "partner": plan.partners, "play": plan.plays}))
        return plan


def number_of(ids: pl.Series) -> pl.Series:
    """Positions of partners by id."""
    return ids.str.strip_prefix("P-").cast(pl.Int64)


def lines_of(cycle: Cycle, month: int) -> pl.DataFrame:
    """What was committed, a row a decision."""
    rows = [
        {
            "month": month,
            "as_of": cycle.as_of,
            "partner_id": one.partner_id,
            "play": PLAYS.index(one.play),
            "probability": float(one.probability),
            "without": float(one.probability_without),
            "stated": float(one.expected_gain),
            "exploration": one.exploration,
            "event": one.outcome.predicate["event"],
            "wanted": [*one.outcome.predicate.get("kinds", ()), *one.outcome.predicate.get("stages", ())],
            "at_least": float(one.outcome.predicate["at_least"]),
            "by": one.outcome.by,
        }
        for one in cycle.focus
    ]
    frame = pl.DataFrame(rows, schema_overrides={"wanted": pl.List(pl.String)})
    return frame.with_columns(partner=number_of(frame["partner_id"]))


def risks_of(cycle: Cycle, n: int) -> Floats:
    """Drop-off risk of every partner; NaN where none is told."""
    told = pl.DataFrame(
        [(one.partner_id, one.drop_off_risk) for one in cycle.next_actions], schema=["id", "risk"], orient="row"
    )
    risk = np.full(n, np.nan)
    risk[number_of(told["id"])] = told["risk"].cast(pl.Float64).to_numpy()
    return risk


def evening(day: date) -> datetime:
    """When the day's facts are brought in: what is observed only the next day was not known on the day."""
    return datetime.combine(day, time(20), UTC)


def morning_after(day: date) -> datetime:
    """When a month is decided."""
    return datetime.combine(day, time(6), UTC) + timedelta(days=1)
