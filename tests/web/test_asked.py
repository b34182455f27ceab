from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from nextplay.web.asked import View, day_in, number_in, view_in


def asked(query: str) -> View:
    return view_in(QueryDict(query))


def test_an_address_reproduces_the_view() -> None:
    view = asked("segment=Growth&tier=Gold&period=180&as_of=2026-03-31&stages=deal")
    assert view == View("Growth", "Gold", 180, date(2026, 3, 31), "deal")


def test_without_anything_asked_everyone_is_shown_over_a_quarter() -> None:
    assert asked("") == View(None, None, 90, None, "partner")


def test_a_tier_without_a_segment_is_not_asked() -> None:
    assert asked("tier=Gold").tier is None


@pytest.mark.parametrize("query", ["period=7", "period=x", "as_of=2026-13-40", "stages=<script>", "period="])
def test_what_does_not_parse_is_not_asked(query: str) -> None:
    assert asked(query) == asked("")


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_link_carries_any_name_through_unharmed(segment: str, tier: str) -> None:
    view = View(segment, tier, 90, None, "partner")
    carried = parse_qs(urlsplit(view.address("/partners", stage="active")).query, keep_blank_values=True)
    assert carried == {"segment": [segment], "tier": [tier], "stage": ["active"]}


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "x", "", "99999999", "²"])
def test_a_number_that_is_none_falls_back(text: str) -> None:
    assert number_in(text) == 1
    assert number_in(text, otherwise=-1) == -1


def test_numbers_and_days_are_read() -> None:
    assert number_in("12") == 12
    assert day_in("2026-11-13") == date(2026, 11, 13)
    assert day_in("0001-01-01") is None
    assert day_in("9999-12-31") is None
    assert day_in("13.11.2026") is None
