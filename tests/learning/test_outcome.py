"""How a decision ends: met at once, missed only when the facts reach past its window."""

from datetime import date

import polars as pl

from nextplay.learning.outcome import judged

BY, TODAY = date(2026, 4, 30), date(2026, 6, 1)


def _result(reached_on: date | None, facts_until: date | None, today: date = TODAY) -> tuple[str, date | None]:
    counted = pl.DataFrame(
        {"decision_id": ["d1"], "by": [BY], "reached_on": [reached_on], "facts_until": [facts_until]},
        schema={"decision_id": pl.String, "by": pl.Date, "reached_on": pl.Date, "facts_until": pl.Date},
    )
    row = judged(counted, today).row(0, named=True)
    return row["result"], row["result_on"]


def test_enough_rows_are_a_met_outcome_before_the_window_ends() -> None:
    assert _result(date(2026, 4, 9), date(2026, 4, 10), date(2026, 4, 11)) == ("met", date(2026, 4, 9))


def test_nothing_in_the_window_is_a_miss_once_facts_reach_past_it() -> None:
    assert _result(None, date(2026, 5, 2)) == ("missed", BY)


def test_late_facts_are_no_miss() -> None:
    assert _result(None, date(2026, 4, 20)) == ("open", None)
    # Something of the last day, which has an evening too.
    assert _result(None, BY) == ("open", None)
    assert _result(None, None) == ("open", None)


def test_a_window_that_still_runs_is_no_miss() -> None:
    assert _result(None, date(2026, 5, 2), today=BY) == ("open", None)
