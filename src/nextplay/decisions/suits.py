"""How much of each play is for each partner: the parts that the program file leaves where a play has less to bring."""

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.decisions.eligibility import condition_met
from nextplay.program.plays import Play

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def suits(frame: pl.DataFrame, plays: tuple[Play, ...]) -> Floats:
    """Shape (partners, plays), 0-1 to four digits: the product of what every entry that holds leaves; 1 where none does."""
    left = np.ones((frame.height, len(plays)))
    for column, play in enumerate(plays):
        for one in play.less_for:
            holds = frame.select(pl.lit(value=True).and_(*map(condition_met, one.where))).to_series()
            left[:, column] *= np.where(holds.to_numpy(), one.leaves, 1.0)
    return np.asarray(np.round(left, 4))


def why_less(frame: pl.DataFrame, plays: tuple[Play, ...], columns: Whole) -> pl.Series:
    """Of partners with a play each, its column in `columns`: why it is worth less for them; empty where it is not."""
    own = pl.lit(pl.Series(columns))
    reasons = [
        pl.when((own == column).and_(*map(condition_met, one.where))).then(pl.lit(one.because))
        for column, play in enumerate(plays)
        for one in play.less_for
    ]
    if not reasons:
        return pl.Series([""] * frame.height, dtype=pl.String)
    return frame.select(pl.concat_str(*reasons, separator=", and ", ignore_nulls=True)).to_series()
