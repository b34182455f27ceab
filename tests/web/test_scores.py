"""How scores are drawn."""

import pytest

from nextplay.operations.partners.partner_analysis import DimensionRead
from nextplay.web.scores import _dimension


@pytest.mark.parametrize(
    ("score", "shown", "tone"),
    [(49.6, 49, "orange"), (50.0, 50, "blue"), (57.6, 58, "blue"), (64.6, 64, "blue"), (65.0, 65, "green")],
)
def test_what_lies_under_the_line_never_reads_as_on_it(score: float, shown: int, tone: str) -> None:
    drawn = _dimension(DimensionRead("capacity", "Capacity", score, 1.0, "", None, (), ()), 50.0, "")
    assert (drawn.score, drawn.tone) == (shown, tone)
