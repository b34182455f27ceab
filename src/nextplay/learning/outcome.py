"""How a decision ended: met as soon as the facts hold enough, missed only once the facts reach past the window."""

from datetime import date

import polars as pl


def judged(counted: pl.DataFrame, today: date) -> pl.DataFrame:
    """Adds `result` (met, missed, open), `result_on`, and `ripe`: the window is over and the facts reach past it.

    Only ripe outcomes may be counted: what is met shows early, what is missed only at the end, and a rate of those that have
    shown so far would be mostly met ones.

    `counted` holds decision_id, by, reached_on, facts_until (last day of the table that would tell of it; null: no rows). A
    window that is over is not missed while no such row reaches past it, and one of its last morning does not: late data must
    not turn into a miss.
    """
    reached = pl.col("reached_on").is_not_null()
    over = pl.col("by") < today
    seen = (pl.col("by") < pl.col("facts_until")).fill_null(value=False)
    result = pl.when(reached).then(pl.lit("met")).when(over & seen).then(pl.lit("missed")).otherwise(pl.lit("open"))
    result_on = pl.when(reached).then(pl.col("reached_on")).when(over & seen).then(pl.col("by"))
    return counted.with_columns(result=result, result_on=result_on, ripe=over & seen)
