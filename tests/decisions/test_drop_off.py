"""Drop-off risk: recency and frequency against the partner's own rhythm, moved to what followed in the program."""

from typing import Any

import numpy as np
import polars as pl
from bench.drop_off_bench import purchases, who_comes_back
from hypothesis import given
from hypothesis import strategies as st

from nextplay.decisions.drop_off import chance_of_sale, drop_off_risk, learn, simple_risk
from nextplay.decisions.drop_off_reason import drop_off_reason
from tests import real_data
from tests.stories import signals


def _sells(partner_id: str, days: int = 6, gap: float = 30.0, since: int = 15, **more: Any) -> dict[str, Any]:
    """Sold on so many days of the year, usually so many days apart, the last so long ago."""
    usual = {"selling_90": 2, "selling_180": 4, "selling_days_365": days, "usual_gap_days": gap, "days_since_selling": since}
    return {"partner_id": partner_id, "silence": since / gap, **usual, **more}


def _risks(*rows: dict[str, Any]) -> dict[str, float | None]:
    return dict(drop_off_risk(signals(*rows)).select("partner_id", "drop_off_risk").iter_rows())


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
    assert drop_off_risk(signals(*edges))["drop_off_risk"].is_between(0, 1).all()


def test_logins_do_not_move_the_risk() -> None:
    risks = _risks(_sells("a"), _sells("b", portal_login_90=90, badges_180=99))
    assert risks["a"] == risks["b"]


def test_an_empty_program_has_no_risks() -> None:
    assert drop_off_risk(signals().clear())["drop_off_risk"].dtype == pl.Float64


def _past(cases: int, seed: int = 1) -> tuple[pl.DataFrame, np.random.Generator]:
    chance = np.random.default_rng(seed)
    rows = [
        _sells(f"p{each:04}", int(chance.integers(2, 12)), 30.0, int(chance.integers(0, 85)), will_faded=float(chance.normal()))
        for each in range(cases)
    ]
    return signals(*rows), chance


def test_a_program_whose_partners_stop_more_often_than_assumed_is_told_so_in_the_middle() -> None:
    then, chance = _past(150)
    sold = then.filter(pl.Series(chance.random(150) < 0.3))["partner_id"]
    model = learn(then, sold)
    risks = drop_off_risk(then, model)["drop_off_risk"].to_numpy()
    assert model.happened is not None
    assert abs(risks.mean() - model.happened) < 0.08
    assert drop_off_risk(then)["drop_off_risk"].to_numpy().mean() < 0.5 < risks.mean()
    assert model.weights == ()


def test_a_model_is_used_only_where_it_is_better_on_cases_it_had_not_seen() -> None:
    then, chance = _past(600)
    will = then["will_faded"].to_numpy()
    told = learn(then, then.filter(pl.Series(chance.random(600) < 1 / (1 + np.exp(-3 * will))))["partner_id"])
    assert told.weights
    assert told.compared is not None
    assert told.compared.low > 0
    noise = learn(then, then.filter(pl.Series(chance.random(600) > simple_risk(then)))["partner_id"])
    assert noise.compared is not None
    assert noise.compared.low <= 0
    assert noise.weights == ()


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
