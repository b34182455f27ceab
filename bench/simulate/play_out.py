"""Months played out under one policy: history first, then month by month, with the same hidden draws for each policy."""

import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from bench.simulate.engine import Engine
from bench.simulate.facts import Books, Tables, month_of, profiles
from bench.simulate.informed import informed
from bench.simulate.learners import bandit, propensity
from bench.simulate.policies import BASELINES, View
from bench.simulate.product import Product
from bench.simulate.tally import Tally
from bench.simulate.truth import HORIZON, PLAYS, SCENARIOS, Floats, Whole, World, advance, true_gain
from bench.simulate.within import WithinProgram
from bench.simulate.worlds import create_world
from nextplay.program.load import default_program

LEARNERS = {"greedy on propensity": propensity, "linear Thompson bandit": bandit}
POLICIES = BASELINES | LEARNERS | {"informed filter": informed}
# Policies that stand on the product's code.
PRODUCTS: dict[str, type[Engine | Product]] = {
    "nextplay": Engine,
    "nextplay, whole": Product,
    "informed filter within the program": WithinProgram,
}
START = datetime(2025, 1, 1)
HISTORY = 12


@dataclass(frozen=True)
class Scenario:
    """Which world, size of a program and how long it is watched."""

    kind: str
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


@dataclass(frozen=True)
class Course:
    """What a policy came to: expected pipeline of the months and of the horizon after them, and the product's tally.

    `worth`: true gain of what was chosen, summed; it hangs less on luck than the pipeline.
    """

    pipeline: float
    worth: float
    hours: float
    polite_hours: float
    tally: Tally | None


def play_out(policy: str, scenario: Scenario) -> Course:
    """The course of one program under one policy."""
    # One core a program: threads that wait for each other cost more than they bring.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory(prefix="simulate-") as name:
        return _played(policy, scenario, Path(name))


def _played(policy: str, scenario: Scenario, folder: Path) -> Course:
    world = create_world(scenario.partners, SCENARIOS[scenario.kind], scenario.seed, HISTORY)
    books = Books(START)
    product = PRODUCTS[policy](folder, scenario.emails, scenario.hours) if policy in PRODUCTS else None
    owners, capacity, hours = np.arange(scenario.partners) % scenario.managers, np.array(scenario.hours), hours_of_plays()
    world, brought = _before(world, scenario, books)
    idle = np.full(scenario.partners, -1)
    if product:
        product.load(_together(brought), _at(books, HISTORY) - timedelta(hours=4))
    pipeline, spent, last, plays = 0.0, np.zeros(3), np.full(scenario.partners, -99), list[Whole]()
    for month in range(HISTORY, HISTORY + scenario.months):
        view = View(world, books, month, owners, capacity, hours, last, brought, plays)
        play = product.choose(view, _at(books, month)) if product else POLICIES[policy](view)
        spent += _spent(view, play)
        last = np.where(play >= 0, month, last)
        plays.append(play)
        gone = advance(world, month, play)
        told = month_of(world, gone, month, play, books)
        brought.append(told)
        world, pipeline = gone.world, pipeline + float(gone.pipeline.sum())
        if product:
            product.load(told, _at(books, month + 1) - timedelta(hours=4))
    for month in range(HISTORY + scenario.months, HISTORY + scenario.months + HORIZON):
        gone = advance(world, month, idle)
        world, pipeline = gone.world, pipeline + float(gone.pipeline.sum())
    if product:
        product.close(_at(books, HISTORY + scenario.months))
    worth, given, polite = spent.tolist()
    return Course(pipeline, worth, given, polite, product.tally if product else None)


def _before(world: World, scenario: Scenario, books: Books) -> tuple[World, list[Tables]]:
    """The months before anybody plays: the world after them, and the files they left."""
    brought, idle = [profiles(world, scenario.emails, books)], np.full(scenario.partners, -1)
    for month in range(HISTORY):
        gone = advance(world, month, idle)
        brought.append(month_of(world, gone, month, idle, books))
        world = gone.world
    return world, brought


def _spent(view: View, play: Whole) -> Floats:
    """True gain of a month's plays, their hours, and those of them that went to polite partners."""
    rows = np.flatnonzero(play >= 0)
    polite = np.array([one.polite for one in view.world.kinds])[view.world.archetype[rows]]
    hours = view.hours[play[rows]]
    return np.array([true_gain(view.world, view.month)[rows, play[rows]].sum(), hours.sum(), hours[polite].sum()])


def _at(books: Books, month: int) -> datetime:
    """When a month is decided: the morning of its first day."""
    return books.day(month).replace(hour=6, tzinfo=UTC)


def hours_of_plays() -> Floats:
    stated = {play.name: play.hours for play in default_program().plays}
    return np.array([stated[name] for name in PLAYS])


def _together(months: list[Tables]) -> Tables:
    """Months of the past in one load: deals as they stand, every activity."""
    names = {name for tables in months for name in tables}
    joined = {name: pl.concat([tables[name] for tables in months if name in tables]) for name in sorted(names)}
    return joined | {"deals": joined["deals"].unique("deal_id", keep="last", maintain_order=True)}
