"""A course of the simulator is taken once, and the ceiling that keeps to the program keeps to it."""

from collections import Counter
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from bench.kept import Kept
from bench.simulate import play_out as simulator
from bench.simulate.courses import key_of, play_out_missing
from bench.simulate.engine import Engine, Known
from bench.simulate.play_out import Course, Scenario, play_out
from bench.simulate.policies import View
from bench.simulate.tables import ahead, shares
from bench.simulate.truth import PLAYS, Whole
from bench.simulate.within import WithinProgram

from nextplay.program.load import default_program

SMALL = Scenario("usual", 12, 2, 3, 200)


def test_a_course_that_is_kept_is_not_played_out_again(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    kept.write(key_of("nothing", SMALL), "as it was kept")
    play_out_missing(kept, [("nothing", SMALL), ("sensible rules", SMALL)], workers=1)
    assert kept.read(key_of("nothing", SMALL)) == "as it was kept"
    assert kept.read(key_of("sensible rules", SMALL)) == play_out("sensible rules", SMALL)


def test_courses_of_the_product_hang_on_its_code_and_the_others_do_not() -> None:
    product, rules = (str(key_of(policy, SMALL)["code"]).split(" ")[0] for policy in ("nextplay", "sensible rules"))
    assert product != rules
    assert key_of("nextplay", SMALL)["code"] == key_of("informed filter within the program", SMALL)["code"]


def test_the_filter_within_the_program_keeps_hours_and_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[Whole] = []

    class Watched(WithinProgram):
        def choose(self, view: View, at: datetime) -> Whole:
            play = super().choose(view, at)
            hours = np.bincount(view.owners[play >= 0], view.hours[play[play >= 0]], len(view.capacity))
            assert (hours <= view.capacity + 1e-9).all()
            chosen.append(play)
            return play

    monkeypatch.setitem(simulator.PRODUCTS, "informed filter within the program", Watched)
    course = play_out("informed filter within the program", SMALL)
    assert course.hours > 0
    pauses = {play.name: play.pause_days for play in default_program().plays}
    for before, after in pairwise(chosen):
        again = {PLAYS[play] for play in after[(after == before) & (after >= 0)].tolist()}
        assert all(pauses[play] <= 31 for play in again), Counter(again)


def test_who_is_looked_back_at_is_told_by_what_was_there_on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[pl.DataFrame] = []

    class Watched(Engine):
        def _known(self, day: date, as_of: date) -> Known:
            known = super()._known(day, as_of)
            if known.history.drop_offs is not None:
                looked_at.append(known.history.drop_offs)
            return known

    monkeypatch.setitem(simulator.PRODUCTS, "nextplay", Watched)
    play_out("nextplay", SMALL)
    cases = pl.concat(looked_at)
    assert cases.height
    # Facts of the sixty days after would stand there as a silence that has not begun yet.
    assert cases["days_since_selling"].is_between(0, 89).all()


def test_a_table_takes_seeds_that_every_policy_has_and_weighs_programs_alike() -> None:
    def course(pipeline: float) -> Course:
        return Course(pipeline, pipeline, 8.0, 2.0, None)

    told = {
        (policy, "usual", seed): course(pipeline)
        for seed, pipelines in {1: (100, 150, 200), 2: (0, 100, 1000)}.items()
        for policy, pipeline in zip(("nothing", "nextplay", "oracle"), pipelines, strict=True)
    }
    told["nextplay", "usual", 3] = course(7)
    assert list(shares(told, ["nextplay"], ["usual"]))[-1] == "| nextplay | 30 (20) | 30 (20) | 25.0 % |"
    assert list(ahead(told, ["oracle"], ["usual"]))[-1] == "| oracle | **-70 (20)** | **-70 (20)** | 0.30 |"
