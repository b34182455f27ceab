from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.web import figures

TODAY = date(2026, 11, 9)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_920_000, "$1.92M"),
        (Decimal("42100.40"), "$42.1k"),
        (310, "$310"),
        (0, "$0"),
        (-258_300, "−$258k"),
        (999_600, "$1.00M"),
        (2_400_000_000, "$2.40B"),
        (None, "–"),
    ],
)
def test_tiles_show_money_in_three_digits(value: float | None, text: str) -> None:
    assert figures.money_short(value, "USD") == text


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (Decimal(118000), "USD", "$118,000"),
        (Decimal("-1200.55"), "EUR", "−€1,201"),
        (Decimal("12.50"), "GBP", "£12.50"),
        (1000, "XYZ", "XYZ 1,000"),
    ],
)
def test_tables_show_money_in_full(value: Decimal, currency: str, text: str) -> None:
    assert figures.money(value, currency) == text


@given(st.floats(-1e12, 1e12))
def test_no_figure_shows_a_hyphen_for_minus_or_float_noise(value: float) -> None:
    for text in (figures.count(value), figures.money(value, "USD"), figures.money_short(value, "USD"), figures.share(value)):
        assert "-" not in text
        assert len(text) < 24


def test_a_rounded_zero_bears_no_sign() -> None:
    assert figures.money_short(-0.2, "USD") == "$0"
    assert figures.count(-0.01) == "0"
    assert figures.share(0.0) == "0%"


def test_what_is_there_but_small_is_not_shown_as_nothing() -> None:
    assert figures.share(0.002) == "<1%"
    assert figures.odds(0.01) == "1 in 100"
    assert figures.odds(0.0) == "none in 100"


@pytest.mark.parametrize(
    ("both", "said"),
    [
        ((0.31, 0.12), ("3 in 10", "1 in 10")),
        ((0.31, 0.27), ("31 in 100", "27 in 100")),
        ((0.06, 0.02), ("6 in 100", "2 in 100")),
        ((0.06, 0.0), ("6 in 100", "none in 100")),
    ],
)
def test_two_chances_are_told_in_one_unit_that_tells_them_apart(both: tuple[float, float], said: tuple[str, str]) -> None:
    assert figures.odds_of_both(*both) == said


@pytest.mark.parametrize(("probability", "text"), [(0.31, "3 in 10"), (0.12, "1 in 10"), (0.05, "1 in 10"), (0.99, "10 in 10")])
def test_odds_are_counts_in_ten(probability: float, text: str) -> None:
    assert figures.odds(probability) == text


def test_days_name_the_year_only_where_it_is_another() -> None:
    assert figures.day(date(2026, 11, 13), TODAY) == "Fri 13 Nov"
    assert figures.day(date(2027, 1, 29), TODAY) == "Fri 29 Jan 2027"
    assert figures.day(datetime(2026, 11, 13, 23, tzinfo=UTC), TODAY) == "Fri 13 Nov"
    assert figures.day(None, TODAY) == "–"


@pytest.mark.parametrize(
    ("then", "text"),
    [
        (TODAY, "today"),
        (date(2026, 11, 8), "1 day ago"),
        (date(2026, 10, 20), "2 weeks ago"),
        (date(2026, 4, 9), "7 months ago"),
        (date(2024, 1, 1), "2 years ago"),
        (None, "never"),
    ],
)
def test_the_past_is_told_in_the_largest_unit_that_fits(then: date | None, text: str) -> None:
    assert figures.ago(then, TODAY) == text


@pytest.mark.parametrize(
    ("name", "text"), [("Ines Quillon", "IQ"), ("ines.quillon@q.example", "IQ"), ("Marek", "M"), ("", "?"), ("<b>x</b>", "?")]
)
def test_initials_are_at_most_two_letters(name: str, text: str) -> None:
    assert figures.initials(name) == text


def test_nearly_all_is_not_all() -> None:
    assert figures.share(0.9966) == ">99%"
    assert figures.share(1.0) == "100%"
    assert figures.share(0.994) == "99%"
