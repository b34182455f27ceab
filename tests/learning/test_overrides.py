"""What became of what people turned down, and hours that moved nobody."""

import polars as pl

from nextplay.learning.overrides import hours_spent, overrides
from tests.learning.frames import cases


def test_declined_proposals_are_told_by_reason_with_what_came_all_the_same() -> None:
    frame = pl.concat(
        [cases(6, 14), cases(9, 1, status="declined", reason="they sell anyway"), cases(0, 2, status="snoozed", reason="")]
    )
    first, second = overrides(frame)
    assert (first.status, first.reason, first.cases, first.reached) == ("declined", "they sell anyway", 10, 9)
    assert first.who_was_right == "came_by_itself"
    assert second.who_was_right == "too_early"


def test_a_small_difference_judges_nobody() -> None:
    [found] = overrides(pl.concat([cases(6, 14), cases(4, 8, status="declined", reason="no")]))
    assert found.who_was_right == "cannot_tell"


def test_what_is_not_over_is_no_override_yet() -> None:
    assert overrides(cases(0, 0, still_open=9, status="declined")) == ()


def test_hours_of_partners_that_never_moved_are_told_with_most_hours_first() -> None:
    frame = pl.concat(
        [
            cases(0, 2, partner_id="polite", hours=9.0, cycle="a"),
            cases(1, 1, partner_id="moved", hours=50.0, cycle="b"),
            cases(0, 1, partner_id="once", hours=4.0, cycle="c"),
            cases(0, 0, still_open=3, partner_id="waits", hours=4.0, cycle="d"),
        ]
    )
    found = hours_spent(frame)
    assert [(one.partner_id, one.plays, one.hours) for one in found.unmoved] == [("polite", 2, 18.0), ("once", 1, 4.0)]
    assert (found.hours, found.unmoved_hours, found.partners) == (122.0, 22.0, 3)
