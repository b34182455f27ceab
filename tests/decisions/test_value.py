"""Deal sizes: shrunk towards the segment, never moved by one giant."""

from math import log

import pytest

from nextplay.decisions.value import typical_deal
from tests.stories import signals


def _sizes(*rows: dict[str, object]) -> dict[str, float]:
    return dict(typical_deal(signals(*rows)).select("partner_id", "typical_deal").iter_rows())


def _sold(partner_id: str, deals: int, size: float, **more: object) -> dict[str, object]:
    return {"partner_id": partner_id, "sized_deals": deals, "sized_value": deals * size, "log_size": log(size), **more}


def test_a_partner_without_deals_has_its_segments_size() -> None:
    sizes = _sizes(_sold("a", 40, 1000, segment="x"), _sold("b", 40, 9000, segment="y"), {"partner_id": "c", "segment": "y"})
    assert sizes["c"] == pytest.approx(9000, rel=0.15)


def test_many_deals_speak_for_themselves_and_one_does_not() -> None:
    base = [_sold(f"p{place}", 20, 1000) for place in range(5)]
    sizes = _sizes(*base, _sold("many", 40, 50_000), _sold("one", 1, 50_000))
    assert sizes["many"] > 30_000
    assert sizes["one"] < 10_000


def test_larger_companies_bring_larger_deals_where_the_facts_show_it() -> None:
    rows = [_sold(f"p{place:02d}", 5, 100.0 * 2**place, employee_count=10.0 * 2**place) for place in range(12)]
    sizes = _sizes(*rows, {"partner_id": "small", "employee_count": 20.0}, {"partner_id": "large", "employee_count": 10_000.0})
    assert sizes["large"] > 3 * sizes["small"]


def test_without_any_amount_gains_count_deals() -> None:
    assert _sizes({"partner_id": "a"}, {"partner_id": "b"}) == {"a": 1.0, "b": 1.0}


def test_one_giant_deal_does_not_lift_everybody() -> None:
    base = [_sold(f"p{place}", 10, 1000) for place in range(20)]
    plain, with_giant = _sizes(*base), _sizes(*base, _sold("giant", 1, 50_000_000))
    assert with_giant["p0"] < 3.2 * plain["p0"]
