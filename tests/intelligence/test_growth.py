"""Growth explained: four effects that add up to the change, and a sentence that says no more than they do."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.intelligence.growth import Factors, finding, split
from nextplay.intelligence.tiles import ExecutiveDashboard
from nextplay.operations.installation import Installation
from tests.intelligence.test_dashboards import card, shown

_COUNT = st.integers(1, 100_000).map(float)
_MONEY = st.decimals("0.01", "1e12", places=2)


@st.composite
def periods(draw: st.DrawFn) -> Factors:
    """A period with partners, sellers and deals of value."""
    return Factors(draw(_COUNT), draw(_COUNT), draw(_COUNT), draw(_MONEY))


@given(periods(), periods())
def test_the_effects_add_up_to_the_change_to_the_cent(before: Factors, now: Factors) -> None:
    effects = [round(Decimal(driver.effect), 2) for driver in split(before, now)]
    assert sum(effects) == now.value - before.value


@given(periods(), periods())
def test_the_way_back_undoes_the_way_there(before: Factors, now: Factors) -> None:
    there, back = split(before, now), split(now, before)
    for one, other in zip(there, back, strict=True):
        assert one.effect == pytest.approx(-other.effect, abs=0.05, rel=1e-9)


@given(periods(), st.sampled_from([0.5, 2.0, 7.0]))
def test_a_change_of_one_factor_alone_is_its_own(before: Factors, times: float) -> None:
    now = Factors(before.partners * times, before.sellers * times, before.deals * times, before.value * Decimal(str(times)))
    by_name = {driver.name: driver.effect for driver in split(before, now)}
    assert by_name["partners"] == pytest.approx(float(now.value - before.value), abs=0.05)
    assert all(abs(by_name[name]) < 0.05 for name in ("activation", "deals", "size"))


def test_the_design_s_own_example_comes_out() -> None:
    before, now = Factors(152, 33, 66, Decimal(2_772_000)), Factors(184, 30, 57, Decimal(2_513_700))
    drivers = {driver.name: round(driver.effect / 1000, 1) for driver in split(before, now)}
    expected = {"partners": 504.5, "activation": -756.2, "deals": -135.5, "size": 128.8}
    assert drivers == pytest.approx(expected, abs=2.0)


def test_the_sentence_names_the_largest_effect_and_what_works_against_it() -> None:
    before, now = Factors(152, 33, 66, Decimal(2_772_000)), Factors(184, 30, 57, Decimal(2_513_700))
    said = finding(split(before, now), before, now, "USD", clear=True, lacking="")
    assert said.startswith("New pipeline is down $258k: a lower activation rate cost $75")
    assert ", more partners brought back $50" in said
    assert "chance" not in said
    assert "by chance" in finding(split(before, now), before, now, "USD", clear=False, lacking="")


def test_without_a_factor_there_is_no_split_and_the_reason_is_said(embedded: Installation) -> None:
    nobody = shown(embedded, segment="No such segment").growth
    assert nobody is not None
    assert nobody.drivers == ()
    assert nobody.finding == "No split: there were no partners in the period before."


def test_all_time_has_no_period_before(embedded: Installation) -> None:
    assert shown(embedded, period_days=None).growth is None


@pytest.mark.parametrize("segment", [None, "Growth", "Emerging"])
@pytest.mark.parametrize("days", [30, 90, 180])
def test_the_split_is_of_the_very_figure_on_the_card(embedded: Installation, segment: str | None, days: int) -> None:
    dashboard: ExecutiveDashboard = shown(embedded, segment=segment, period_days=days)
    growth, new = dashboard.growth, card(dashboard, "new_pipeline")
    assert growth is not None
    assert (growth.now, growth.before) == (new.value, new.previous)
    if growth.drivers:
        assert sum(driver.effect for driver in growth.drivers) == pytest.approx(growth.now - growth.before, abs=0.005)
        assert growth.drivers[0].now == card(dashboard, "partners").value
    assert growth.clear == bool(new.change) or growth.now == growth.before
