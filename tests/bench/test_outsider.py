"""The outsider's world is one in which it matters whom the hours go to, and its facts are what the contract asks for."""

import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from bench.kept import Kept
from bench.outsider import tables
from bench.outsider.choosers import SIMPLE, Chooser
from bench.outsider.course import Course, live
from bench.outsider.effects import HOURS
from bench.outsider.facts import write_files
from bench.outsider.learners import LEARNERS
from bench.outsider.product import Product, open_installation
from bench.outsider.scenarios import SCENARIOS, decision_day, weeks_until
from bench.outsider.world import World
from bench.outsider.year import Asked, Result, run

from nextplay.facts.contract import BY_NAME
from nextplay.facts.scope import Reach

TINY = SCENARIOS["tiny"]


@pytest.fixture(scope="module")
def years() -> dict[str, Course]:
    names = ("nothing", "random", "sensible rules", "oracle", "greedy on propensity")
    chosen: dict[str, Chooser] = {name: (SIMPLE | LEARNERS)[name] for name in names}
    return {name: live(TINY, 0, chooser) for name, chooser in chosen.items()}


def test_knowing_the_truth_beats_rules_and_rules_beat_doing_nothing(years: dict[str, Course]) -> None:
    assert years["oracle"].pipeline > years["sensible rules"].pipeline > years["nothing"].pipeline


def test_nobody_gets_more_hours_than_there_are(years: dict[str, Course]) -> None:
    for year in years.values():
        for _, plan in year.world.played:
            given = np.bincount(year.world.nature.manager[plan.partners], HOURS[plan.plays], TINY.managers)
            assert (given <= TINY.hours + 1e-9).all()
            assert len(set(plan.partners.tolist())) == plan.partners.size


def test_what_nobody_chose_is_the_same_however_one_chooses(years: dict[str, Course]) -> None:
    never = np.setdiff1d(np.arange(TINY.partners), np.concatenate([plan.partners for _, plan in years["random"].world.played]))
    for name in ("rate", "staff"):
        lived = [getattr(years[who].world, name)[never] for who in ("nothing", "random")]
        assert np.array_equal(*lived)


def test_hidden_pipeline_is_what_deals_bring_on_average() -> None:
    year = live(SCENARIOS["usual"], 0, SIMPLE["nothing"]).world
    opened = year.deals.amount[year.deals.opened >= 0].sum()
    assert 0.8 < opened / year.opened.sum() < 1.25


def _left_out(folder: Path) -> list[bool]:
    """Whether rows that the product holds on the days of the first two lists are not known of on that day."""
    product, world, left_out = Product(open_installation(folder)), World(TINY, 0), []
    for month in (0, 1):
        world.live_until(weeks_until(decision_day(month)))
        day = product.bring_in(world)
        left_out.append(product.installation.facts(day, Reach()).scope.past)
    product.installation.close()
    return left_out


def test_the_product_knows_of_the_last_month_when_it_decides(tmp_path: Path) -> None:
    # A home belongs to the process that opened it.
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert pool.submit(_left_out, tmp_path / "home").result() == [False, False]


def test_its_files_hold_what_the_contract_names_and_nothing_else(years: dict[str, Course], tmp_path: Path) -> None:
    write_files(years["sensible rules"].world, tmp_path, 0)
    for file in tmp_path.glob("*.parquet"):
        table, columns = BY_NAME[file.stem], pl.read_parquet_schema(file)
        assert columns.keys() <= {column.name for column in table.columns}
        assert {column.name for column in table.columns if column.required} <= columns.keys()
        assert pl.read_parquet(file)[table.key].is_unique().all()


def test_it_knows_nothing_of_the_first_simulator() -> None:
    files = list(Path("bench/outsider").glob("*.py"))
    assert len(files) > 10
    assert not [file.name for file in files if re.search(r"^\s*(from|import) bench\.simulate", file.read_text(), re.MULTILINE)]


def test_what_is_kept_is_what_the_course_came_to(years: dict[str, Course], tmp_path: Path) -> None:
    asked = Asked.now("tiny", 0, "sensible rules")
    run(asked, tmp_path)
    kept: Result = Kept(tmp_path).read(asdict(asked))
    course = years["sensible rules"]
    assert (kept.pipeline, kept.chosen, kept.polite) == (course.pipeline, course.chosen, course.hours_on_polite)
    assert not Kept(tmp_path).has(asdict(Asked.now("tiny", 1, "sensible rules")))


def test_only_ways_of_choosing_that_read_the_program_hang_on_its_code() -> None:
    assert not Asked.now("tiny", 0, "oracle").code
    assert Asked.now("tiny", 0, "nextplay").code == Asked.now("small", 1, "oracle under its rules").code != ""


def test_shares_go_from_nothing_to_the_oracle() -> None:
    brings = {"nothing": (100.0, 10.0), "nextplay": (150.0, 25.0), "oracle": (200.0, 30.0)}
    came = {name: [Result(pipeline, 0, 0.5) for pipeline in both] for name, both in brings.items()}
    none, own, best = (line.split(" | ")[1:4] for line in tables.table({"tiny": came})[2:])
    assert none == ["0.0% ± 0.0%", "0.0% ± 0.0%", "+62.5% ± 12.5%"]
    assert (own[0], best[0]) == ("62.5% ± 12.5%", "100.0% ± 0.0%")
