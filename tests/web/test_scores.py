"""How scores are drawn."""

from typing import Any

import pytest

from nextplay.operations.partners.partner_analysis import CriterionRead, DimensionRead
from nextplay.program.load import default_program
from nextplay.web.pages.validity import _line
from nextplay.web.scores import _dimension, counted_said


@pytest.mark.parametrize(
    ("score", "shown", "tone"),
    [(49.6, 49, "orange"), (50.0, 50, "blue"), (57.6, 58, "blue"), (64.6, 64, "blue"), (65.0, 65, "green")],
)
def test_what_lies_under_the_line_never_reads_as_on_it(score: float, shown: int, tone: str) -> None:
    drawn = _dimension(DimensionRead("capacity", "Capacity", score, 1.0, "", None, (), ()), 50.0, "")
    assert (drawn.score, drawn.tone) == (shown, tone)


@pytest.mark.parametrize(
    ("name", "numerator", "denominator", "window", "words"),
    [
        ("deals_per_seller", 3, 2, None, "3 open deals, 2 sellers"),
        ("deals_per_seller", 1, 1, None, "1 open deal, 1 seller"),
        ("lead_seller", 2, 9, 63, "2 of 9 weeks in 63 days"),
        ("commitments_kept", 4, 5, 270, "4 of 5 in 270 days"),
        ("named_sellers", 2, None, None, "2"),
    ],
)
def test_counts_of_a_criterion_say_of_what_where_they_are_no_part_of_a_whole(
    name: str, numerator: float, denominator: float | None, window: int | None, words: str
) -> None:
    read = CriterionRead(name, "", 1.0, 50.0, 1.0, numerator, denominator, window, 0.0, 1.0, "", "")
    assert counted_said(read) == words


def test_a_criterion_without_a_case_has_no_share_that_brought_pipeline() -> None:
    program = default_program()
    found: dict[str, Any] = dict.fromkeys(("concordance", "naive", "better", "rate_high", "mean_high"))
    counts = {"base_rate": 0.0, "brought": 0, "cases": 0}
    none = {**found, **counts, "name": "capacity.score", "verdict": "too few cases"}
    assert _line(none, program, "USD").base == "–"
    assert _line({**none, "base_rate": 0.5, "brought": 2, "cases": 4}, program, "USD").base == "50% (2 of 4)"
