"""Months played out under one policy: history first, then month by month, with the same hidden draws for each policy."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from bench.simulate.facts import Books, write_month, write_partners
from bench.simulate.policies import BASELINES, View
from bench.simulate.product import Product, Tally
from bench.simulate.truth import HORIZON, PLAYS, Floats, advance, create_world
from nextplay.program.load import default_program

START = datetime(2025, 1, 1)
HISTORY = 12


@dataclass(frozen=True)
class Scenario:
    """Size of a program and how long it is watched."""

    partners: int
    managers: int
    months: int
    seed: int

    @property
    def emails(self) -> list[str]:
        """One address a manager."""
        return [f"manager{number}@program.example" for number in range(self.managers)]

    @property
    def hours(self) -> list[float]:
        """Hours by manager, from one to the next another."""
        return [16.0 + 4 * (number % 4) for number in range(self.managers)]


def play_out(policy: str, scenario: Scenario) -> tuple[float, Tally | None]:
    """Expected pipeline of the months and of the horizon after them, and the product's tally."""
    with tempfile.TemporaryDirectory(prefix="simulate-") as name:
        return _played(policy, scenario, Path(name))


def _played(policy: str, scenario: Scenario, folder: Path) -> tuple[float, Tally | None]:
    world, books = create_world(scenario.partners, scenario.seed, HISTORY), Books(START)
    product = Product(folder, scenario.emails, scenario.hours) if policy == "nextplay" else None
    owners = np.arange(scenario.partners) % scenario.managers
    last, idle = np.full(scenario.partners, -99), np.full(scenario.partners, -1)
    write_partners(world, scenario.emails, books, folder)
    hours, capacity = _hours(), np.array(scenario.hours)
    history, pipeline = folder / "history", 0.0
    for month in range(HISTORY):
        gone = advance(world, month, idle)
        (history / f"{month:02}").mkdir(parents=True)
        write_month(world, gone, month, idle, books, history / f"{month:02}")
        world = gone.world
    if product:
        _load_history(product, folder, history, _at(books, HISTORY))
    for month in range(HISTORY, HISTORY + scenario.months):
        view = View(world, books, month, owners, capacity, hours, last)
        play = product.choose(view, _at(books, month)) if product else BASELINES[policy](view)
        last = np.where(play >= 0, month, last)
        gone = advance(world, month, play)
        files = folder / f"month-{month}"
        files.mkdir()
        write_month(world, gone, month, play, books, files)
        world, pipeline = gone.world, pipeline + float(gone.pipeline.sum())
        if product:
            product.load(files, _at(books, month + 1) - timedelta(hours=4))
    for month in range(HISTORY + scenario.months, HISTORY + scenario.months + HORIZON):
        gone = advance(world, month, idle)
        world, pipeline = gone.world, pipeline + float(gone.pipeline.sum())
    if product:
        product.close(_at(books, HISTORY + scenario.months))
    return pipeline, product.tally if product else None


def _at(books: Books, month: int) -> datetime:
    """When a month is decided: the morning of its first day."""
    return books.day(month).replace(hour=6, tzinfo=UTC)


def _hours() -> Floats:
    stated = {play.name: play.hours for play in default_program().plays}
    return np.array([stated[name] for name in PLAYS])


def _load_history(product: Product, folder: Path, history: Path, at: datetime) -> None:
    """Months of the past in one load: deals as they stand, every activity."""
    import polars as pl

    files = folder / "brought"
    files.mkdir()
    for table in ("partners", "contacts"):
        (folder / f"{table}.csv").rename(files / f"{table}.csv")
    parts = [pl.read_csv(part, infer_schema=False) for part in sorted(history.glob("*/activities.csv"))]
    pl.concat(parts).write_csv(files / "activities.csv")
    deals = pl.concat([pl.read_csv(part, infer_schema=False) for part in sorted(history.glob("*/deals.csv"))])
    deals.unique("deal_id", keep="last", maintain_order=True).write_csv(files / "deals.csv")
    product.load(files, at - timedelta(hours=4))
