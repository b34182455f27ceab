"""Drop-off risk: recency and frequency against the partner's own rhythm, moved to what followed in the program."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from bench.drop_off_bench import purchases, who_comes_back
from hypothesis import given
from hypothesis import strategies as st

from nextplay.decisions.board import lay_out
from nextplay.decisions.drop_off import (
    ASSUMED,
    STAGES_WEIGHT,
    DropOffModel,
    chance_of_sale,
    drop_off_risk,
    learn,
    silent_then,
    simple_risk,
)
from nextplay.decisions.drop_off_reason import drop_off_reason
from nextplay.decisions.history import History
from nextplay.decisions.looked_back import cases_of
from nextplay.facts.contract import VANITY_KINDS
from nextplay.program.definition import Program
from tests import real_data
from tests.decisions.boards import DAY
from tests.decisions.spread import spread
from tests.stories import signals


def _sells(partner_id: str, days: int = 6, gap: float = 30.0, since: int = 15, **more: Any) -> dict[str, Any]:
    """Sold on so many days of the year, usually so many days apart, the last so long ago."""
    usual = {"selling_90": 2, "selling_180": 4, "selling_days_365": days, "usual_gap_days": gap, "days_since_selling": since}
    return {"partner_id": partner_id, "silence": since / gap, **usual, **more}


def _by_rhythm(frame: pl.DataFrame, model: DropOffModel = ASSUMED) -> pl.DataFrame:
    """Risks where stages say the same as rhythm."""
    return drop_off_risk(frame, simple_risk(frame), model)


def _risks(*rows: dict[str, Any]) -> dict[str, float | None]:
    return dict(_by_rhythm(signals(*rows)).select("partner_id", "drop_off_risk").iter_rows())


def test_only_who_sold_in_ninety_days_can_drop_off() -> None:
    risks = _risks(_sells("sells"), {"partner_id": "silent", "selling_180": 4}, {"partner_id": "never"})
    assert risks["sells"] is not None
    assert (risks["silent"], risks["never"]) == (None, None)


def test_more_frequent_sellers_drop_off_less() -> None:
    risks = _risks(_sells("often", days=20, gap=15), _sells("seldom", days=3, gap=60))
    assert (risks["often"] or 1) < (risks["seldom"] or 0)


def test_a_silence_that_is_nothing_to_a_slow_seller_is_much_to_a_fast_one() -> None:
    risks = _risks(_sells("fast", days=30, gap=10, since=80), _sells("fast still", days=30, gap=10, since=8))
    assert (risks["fast"] or 0) > 2 * (risks["fast still"] or 1)
    slow = _risks(_sells("slow", days=4, gap=80, since=80), _sells("slow still", days=4, gap=80, since=8))
    assert (slow["slow"] or 0) < 1.5 * (slow["slow still"] or 0)


@given(st.floats(0, 60), st.floats(1, 365), st.floats(0, 365), st.floats(0, 0.2))
def test_longer_silence_and_fewer_sales_never_lower_the_risk(repeats: float, looked: float, silent: float, pace: float) -> None:
    def chance(sales: float, quiet: float) -> float:
        return float(chance_of_sale(np.array([sales]), np.array([looked]), np.array([quiet]), pace)[0])

    known = chance(repeats, silent)
    assert 0 <= known <= 1
    assert chance(repeats, silent + 30) <= known + 1e-12
    # What sold more often and fell silent is likelier gone: more sales help only where the silence is short.
    assert chance(repeats + 1, 0.0) >= chance(repeats, 0.0) - 1e-12


def test_risk_stays_a_chance_at_the_edges() -> None:
    edges = (
        _sells("a", days=365, gap=0.1, since=0),
        _sells("b", days=1, gap=60, since=90),
        {"partner_id": "c", "selling_90": 1},
    )
    assert _by_rhythm(signals(*edges))["drop_off_risk"].is_between(0, 1).all()


def _board_risk(program: Program, *rows: dict[str, Any]) -> list[float]:
    frame = signals(*rows)
    return lay_out(frame, spread(frame), History(), program, DAY).frame["drop_off_risk"].to_list()


def test_logins_trainings_and_badges_do_not_move_the_risk(program: Program) -> None:
    flood = {f"{kind}_{days}": 40 for kind in VANITY_KINDS for days in (30, 90, 180)} | {"badges_180": 160}
    plain, busy = _board_risk(program, _sells("a"), _sells("b", **flood))
    assert plain == busy


def test_of_two_with_the_same_rhythm_the_one_that_writes_and_gets_replies_is_less_likely_to_stop(program: Program) -> None:
    works = {"outreach_sent": 6, "outreach_replied": 3, "meeting_held": 4}
    more = {f"{kind}_{days}": count for kind, count in works.items() for days in (30, 90, 180)}
    silent, active = _board_risk(program, _sells("a"), _sells("b", **more))
    assert active < silent - 0.03


def test_an_empty_program_has_no_risks() -> None:
    assert _by_rhythm(signals().clear())["drop_off_risk"].dtype == pl.Float64


def _past(cases: int, seed: int = 1) -> tuple[pl.DataFrame, np.random.Generator]:
    chance = np.random.default_rng(seed)
    rows = [
        _sells(f"p{each:04}", int(chance.integers(2, 12)), 30.0, int(chance.integers(0, 85)), will_faded=float(chance.normal()))
        for each in range(cases)
    ]
    return signals(*rows), chance


def _cases(then: pl.DataFrame, sold: npt.NDArray[np.bool_]) -> pl.DataFrame:
    return then.with_columns(sold=pl.Series(sold))


def test_a_program_whose_partners_stop_more_often_than_assumed_is_told_so_in_the_middle() -> None:
    then, chance = _past(150)
    model = learn(_cases(then, chance.random(150) < 0.3), simple_risk(then))
    risks = _by_rhythm(then, model)["drop_off_risk"].to_numpy()
    assert model.happened is not None
    assert abs(risks.mean() - model.happened) < 0.08
    assert _by_rhythm(then)["drop_off_risk"].to_numpy().mean() < 0.5 < risks.mean()
    assert model.weights == ()


def test_a_model_is_used_only_where_it_is_better_on_cases_it_had_not_seen() -> None:
    then, chance = _past(600)
    will = then["will_faded"].to_numpy()
    told = learn(_cases(then, chance.random(600) < 1 / (1 + np.exp(-3 * will))), simple_risk(then))
    assert told.weights
    assert told.compared is not None
    assert told.compared.low > 0
    noise = learn(_cases(then, chance.random(600) > simple_risk(then)), simple_risk(then))
    assert noise.compared is not None
    assert noise.compared.low <= 0
    assert noise.weights == ()


def test_no_login_webinar_training_or_badge_moves_the_risk_of_a_model_that_the_program_taught() -> None:
    then, chance = _past(600)
    meets = chance.integers(0, 12, 600)
    then = then.with_columns(meeting_held_180=meets, attention_180=meets, days_since_meeting_held=60 - 5 * meets)
    then = then.with_columns(days_since_activity=pl.col("days_since_meeting_held"))
    model = learn(_cases(then, chance.random(600) < 1 / (1 + np.exp(6 - meets))), simple_risk(then))
    assert model.weights

    def told(**more: int) -> float:
        met = {"meeting_held_180": 3, "attention_180": 3, "days_since_meeting_held": 45, "days_since_activity": 45}
        return float(_by_rhythm(signals(_sells("a", **(met | more))), model)["drop_off_risk"][0])

    # Whatever signal one of those kinds is counted in, or is the latest activity of.
    flood = {f"{kind}_{days}": 40 for kind in VANITY_KINDS for days in (30, 90, 180)}
    flood |= {f"days_since_{kind}": 0 for kind in VANITY_KINDS}
    flood |= {"attention_180": 43, "badges_180": 160, "days_since_activity": 0}
    assert told(**flood) == told()
    assert told(meeting_held_180=9) < told() - 0.05


def test_the_figure_by_stages_is_dropped_where_rhythm_alone_was_right_more_often() -> None:
    then, chance = _past(600)
    rhythm = simple_risk(then)
    noise = chance.random(600)
    followed_rhythm = learn(_cases(then, chance.random(600) > rhythm), noise)
    assert followed_rhythm.mixed is not None
    assert followed_rhythm.mixed.mean < 0
    assert followed_rhythm.stages == 0
    followed_stages = learn(_cases(then, chance.random(600) > noise), noise)
    assert followed_stages.mixed is not None
    assert followed_stages.mixed.low > 0
    assert followed_stages.stages == STAGES_WEIGHT


def test_a_difference_that_may_be_luck_takes_only_part_of_the_weight_of_stages_away() -> None:
    then, _ = _past(600)
    rhythm = simple_risk(then)
    weights = []
    for seed in range(12):
        chance = np.random.default_rng(seed)
        # Both are as right: which is ahead is luck.
        near = np.clip(rhythm + chance.normal(0, 0.05, 600), 0.01, 0.99)
        told = learn(_cases(then, chance.random(600) > (rhythm + near) / 2), near)
        assert told.mixed is not None
        weights.append(told.stages)
        if told.mixed.low < 0 < told.mixed.high:
            assert told.stages > 0.05 * STAGES_WEIGHT
    assert any(0 < weight < STAGES_WEIGHT for weight in weights)


def test_what_was_believed_sixty_days_ago_knows_nothing_of_what_came_since(program: Program) -> None:
    frame = signals(_sells("a"), _sells("b"))
    counts = spread(frame)
    later = np.array(counts.events)
    later[-2:] = 8
    seen = lay_out(frame, counts, History(), program, DAY).prospects
    other = replace(seen, seen=replace(seen.seen, counts=replace(counts, events=later)))
    rows = np.arange(2)
    assert silent_then(seen, rows).tolist() == silent_then(other, rows).tolist()


def test_cases_are_those_that_were_selling_and_none_where_nothing_is_known_of_the_time_before() -> None:
    then = signals(_sells("a"), _sells("b"), {"partner_id": "c", "selling_180": 3, "meeting_held_180": 2})
    cases = cases_of(then, pl.Series(["b", "c"]))
    assert cases is not None
    assert cases.select("partner_id", "sold").rows() == [("a", False), ("b", True)]
    assert cases_of(signals(_sells("a", selling_90=3, selling_180=3)), pl.Series(["a"])) is None


def test_the_reason_names_the_numbers_it_rests_on() -> None:
    frame = signals(
        _sells("silent", days=6, gap=20.0, since=60, selling_90=1, selling_180=6),
        _sells("once", days=1, gap=60.0, since=9),
        {"partner_id": "never"},
    )
    told = dict(frame.select("partner_id", drop_off_reason()).iter_rows())
    assert told["silent"] == (
        "Sold on 6 days in the last year, the last time 60 days ago; that is 3.0 times its usual 20 days between sales. "
        "Selling events: 1 in the last 90 days, 5 in the 90 before."
    )
    assert told["once"] == "Sold on one day in the last year, the last time 9 days ago; too few sales for a rhythm of its own."
    assert told["never"] is None


def test_on_public_purchases_it_tells_who_comes_back_as_well_as_the_best_simple_rule() -> None:
    found = {name: auc for name, auc, _, _ in who_comes_back(purchases(real_data.path("cdnow", "CDNOW_sample.txt")))}
    ours = found["nextplay, recency and frequency"]
    # The set's own description: recency and frequency rank together .77, a gap z-score .69.
    assert ours >= 0.77
    assert ours > found["silence over own gap"]
