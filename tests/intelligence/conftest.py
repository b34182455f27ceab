"""A small program with everything that goes wrong in real files, brought in through the real import on either engine."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from nextplay.home import create_home
from nextplay.operations.data.import_facts import import_facts
from nextplay.operations.installation import Installation

TODAY = datetime(2026, 11, 9, tzinfo=UTC)
PROGRAM = """\
currency: EUR
rates: {USD: 0.9}
segments:
  - {name: Growth, label: Growth partners, tiers: [Gold, Silver]}
  - {name: Emerging, tiers: [Silver]}
icp: {verticals: {Retail: 1, Energy: 1, Mining: 0.5}}
"""


def _day(drawn: random.Random, *, maybe: bool = True) -> datetime | None:
    if maybe and drawn.random() < 0.15:
        return None
    return TODAY.replace(tzinfo=None) - timedelta(days=drawn.randint(1, 400), hours=drawn.randint(0, 23))


def _partners(drawn: random.Random) -> pl.DataFrame:
    stages = ["prospect", "signed", "onboarding", "active", "inactive"]
    rows = [
        {
            "partner_id": f"p{number:02}",
            "name": f"Partner {number}",
            "segment": segment,
            "tier": {"Growth": drawn.choice(["Gold", "Silver"]), "Emerging": "Silver"}.get(segment or ""),
            "lifecycle_stage": drawn.choice(stages),
            "subtype": drawn.choice([None, "boutique", "integrator"]),
            "regions": drawn.sample(["North", "South", "East"], drawn.randint(0, 3)),
            "verticals": drawn.sample(["Retail", "Energy", "Health"], drawn.randint(0, 2)),
            "manager_email": drawn.choice(["ana@program.example", "eve@program.example", None]),
            "signed_at": _day(drawn),
        }
        for number in range(40)
        for segment in [drawn.choice(["Growth", "Growth", "Emerging", "Unlisted", None])]
    ]
    return pl.DataFrame(rows)


def _deals(drawn: random.Random) -> pl.DataFrame:
    stages = ["prospecting", "qualification", "proposal", "negotiation", "won", "won", "lost"]
    rows = []
    for number in range(300):
        opened, stage = _day(drawn), drawn.choice(stages)
        closed = opened + timedelta(days=10) if opened and stage in ("won", "lost") else None
        rows.append(
            {
                "deal_id": f"d{number:03}",
                "partner_id": None if drawn.random() < 0.1 else f"p{drawn.randrange(40):02}",
                "industry": drawn.choice(["Retail", "Energy", "Health", None]),
                "stage": stage,
                "amount": None if drawn.random() < 0.1 else f"{drawn.randint(1, 900_000) / 100:.2f}",
                "currency": drawn.choice(["EUR", "USD"]),
                "sourced_by": drawn.choice(["partner", "influenced", None]),
                "opened_at": opened,
                "closed_at": closed if closed and closed < TODAY.replace(tzinfo=None) else None,
            }
        )
    return pl.DataFrame(rows)


def _revenue(drawn: random.Random) -> pl.DataFrame:
    rows = [
        {
            "revenue_id": f"r{number:03}",
            "partner_id": f"p{drawn.randrange(25):02}",
            "industry": drawn.choice(["Retail", "Energy", None]),
            "amount": f"{drawn.randint(-20_000, 500_000) / 100:.2f}",
            "currency": drawn.choice(["EUR", "USD"]),
            "recognized_at": _day(drawn, maybe=False),
        }
        for number in range(250)
    ]
    return pl.DataFrame(rows)


def _activities(drawn: random.Random) -> pl.DataFrame:
    kinds = ["deal_registered", "meeting_held", "commitment_met", "commitment_missed", "portal_login"]
    rows = [
        {
            "activity_id": f"a{number:03}",
            "partner_id": f"p{drawn.randrange(40):02}",
            "kind": drawn.choice(kinds),
            "occurred_at": _day(drawn, maybe=False),
        }
        for number in range(300)
    ]
    return pl.DataFrame(rows)


def bring(installation: Installation, folder: Path) -> None:
    """Import the small program."""
    drawn = random.Random(7)  # noqa: S311
    tables = {"partners": _partners, "deals": _deals, "revenue": _revenue, "activities": _activities}
    files = []
    for name, make in tables.items():
        files.append(folder / f"{name}.parquet")
        make(drawn).write_parquet(files[-1])
    installation.home.program_file.write_text(PROGRAM, encoding="utf-8")
    report = import_facts(installation, files, actor="test", now=TODAY + timedelta(hours=8))
    assert sum(table.rejected for table in report.tables) == 0


@pytest.fixture
def small(facts_url: str, tmp_path: Path) -> Iterator[Installation]:
    """The small program, on each engine in turn."""
    opened = Installation(create_home(tmp_path / "small", facts_url=facts_url))
    bring(opened, tmp_path)
    yield opened
    opened.warehouse.close()


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The small program on the embedded engine, shared by all tests of a worker that only read."""
    folder = tmp_path_factory.mktemp("small")
    opened = Installation(create_home(folder / "home"))
    bring(opened, folder)
    yield opened
    opened.warehouse.close()
