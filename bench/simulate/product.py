"""The product as a policy: files in, the month decided and committed, all through its public operations."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

import yaml

from bench.simulate.facts import Tables
from bench.simulate.policies import View
from bench.simulate.tally import Tally
from bench.simulate.truth import Whole
from nextplay.home import create_home
from nextplay.operations.installation import Installation


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
        from nextplay.operations.admin.set_up import prepare_ledger

        prepare_ledger()
        self.installation = Installation(home)
        self.tally, self.folder, self.loaded = Tally(), folder, 0

    def load(self, tables: Tables, at: datetime) -> None:
        """Bring a folder of files in; every row must be good."""
        from nextplay.operations.data.import_facts import import_facts

        self.loaded += 1
        files = self.folder / f"files-{self.loaded}"
        files.mkdir()
        for name, frame in tables.items():
            frame.write_csv(files / f"{name}.csv")
        report = import_facts(self.installation, [files], actor="bench", now=at, observed_at=at)
        refused = [table for table in report.tables if table.rejected]
        assert not refused, refused[0].rejected_rows[:1]

    def choose(self, view: View, at: datetime) -> Whole:
        """Decide and commit the month; the play of each partner."""
        from nextplay.operations.deciding.decide import decide

        began = perf_counter()
        cycle = decide(self.installation, now=at, actor="bench", as_of=at.date(), commit=True)
        self.tally.seconds.append(perf_counter() - began)
        return self.tally.commit(cycle, view.world, view.month)

    def close(self, at: datetime) -> None:
        """Close what the facts show, and compare what was forecast with what became of it."""
        from nextplay.ledger import queries
        from nextplay.operations.record.close_outcomes import close_outcomes

        close_outcomes(self.installation, now=at)
        over = [one for one in queries.decisions(status="committed") if one.outcome_by < at.date() - timedelta(days=5)]
        for one in over:
            if one.result == "open":
                self.tally.still_open += 1
                continue
            self.tally.judge(one.play, one.probability, one.result == "met")
        self.installation.close()
