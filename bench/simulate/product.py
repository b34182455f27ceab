"""The product as a policy: files in, the month decided and committed, all through its public operations."""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
import yaml

from bench.simulate.facts import partner_ids
from bench.simulate.policies import View
from bench.simulate.truth import PLAYS, Whole, true_gain
from nextplay.home import create_home
from nextplay.operations.installation import Installation


@dataclass
class Tally:
    """What the product said, beside what was true."""

    stated: float = 0.0
    true: float = 0.0
    by_play: dict[str, list[float]] = field(default_factory=dict)
    polite_hours: float = 0.0
    hours: float = 0.0
    over_capacity: int = 0
    forecasts: list[tuple[float, float]] = field(default_factory=list)
    forecasts_by_play: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    still_open: int = 0
    seconds: list[float] = field(default_factory=list)


class Product:
    """An installation in a folder of its own. One a process: Django reads its home once."""

    def __init__(self, folder: Path, managers: list[str], hours: list[float]) -> None:
        home = create_home(folder / "home")
        os.environ["NEXTPLAY_HOME"] = str(home.path)
        os.environ["DJANGO_SETTINGS_MODULE"] = "nextplay.settings"
        told = [{"email": email, "hours": own} for email, own in zip(managers, hours, strict=True)]
        home.program_file.write_text(yaml.safe_dump({"capacity": {"managers": told}}), encoding="utf-8")
        import django

        django.setup()
        from nextplay.operations.set_up import prepare_ledger

        prepare_ledger()
        self.installation = Installation(home)
        self.tally = Tally()

    def load(self, files: Path, at: datetime) -> None:
        """Bring a folder of files in; every row must be good."""
        from nextplay.operations.import_facts import import_facts

        report = import_facts(self.installation, [files], actor="bench", now=at, observed_at=at)
        refused = [table for table in report.tables if table.rejected]
        assert not refused, refused[0].rejected_rows[:1]

    def choose(self, view: View, at: datetime) -> Whole:
        """Decide and commit the month; the play of each partner."""
        from nextplay.operations.decide import decide

        began = perf_counter()
        cycle = decide(self.installation, now=at, actor="bench", as_of=at.date(), commit=True)
        self.tally.seconds.append(perf_counter() - began)
        row_of = {one: row for row, one in enumerate(partner_ids(len(view.owners)))}
        chosen, gain = np.full(len(view.owners), -1), true_gain(view.world)
        for one in cycle.focus:
            row, play = row_of[one.partner_id], PLAYS.index(one.play)
            chosen[row] = play
            self._count(one.play, one.expected_gain, float(gain[row, play]), one.hours, int(view.world.archetype[row]))
        self.tally.over_capacity += sum(one.assigned_hours > one.capacity_hours + 1e-6 for one in cycle.owners)
        return chosen

    def _count(self, play: str, stated: float, true: float, hours: float, archetype: int) -> None:
        tally = self.tally
        tally.stated, tally.true, tally.hours = tally.stated + stated, tally.true + true, tally.hours + hours
        tally.polite_hours += hours if archetype == 1 else 0
        own = tally.by_play.setdefault(play, [0, 0.0, 0.0])
        own[0], own[1], own[2] = own[0] + 1, own[1] + stated, own[2] + true

    def close(self, at: datetime) -> None:
        """Close what the facts show, and compare what was forecast with what became of it."""
        from nextplay.ledger import queries
        from nextplay.operations.close_outcomes import close_outcomes

        close_outcomes(self.installation, now=at)
        over = [one for one in queries.decisions(status="committed") if one.outcome_by < at.date() - timedelta(days=5)]
        for one in over:
            if one.result == "open":
                self.tally.still_open += 1
                continue
            pair = (one.probability, float(one.result == "met"))
            self.tally.forecasts.append(pair)
            self.tally.forecasts_by_play.setdefault(one.play, []).append(pair)
        self.installation.close()
