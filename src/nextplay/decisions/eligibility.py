"""Which plays are open to which partner: the program's conditions, and the contact policy."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.decisions.history import BEGAN, History
from nextplay.program.plays import Condition, Play

Mask = npt.NDArray[np.bool_]


def conditions_met(frame: pl.DataFrame, plays: tuple[Play, ...]) -> Mask:
    """Shape (partners, plays): every condition of the play holds. A signal that is not known fails every test but `unknown`."""
    met = frame.select(
        pl.all_horizontal([condition_met(condition) for condition in play.eligibility] or [pl.lit(value=True)]).alias(play.name)
        for play in plays
    )
    return np.broadcast_to(met.to_numpy(), (frame.height, len(plays))).astype(np.bool_)


def paused(frame: pl.DataFrame, plays: tuple[Play, ...], history: History, as_of: date) -> Mask:
    """Shape (partners, plays): run, declined or held back so lately that the same play is not proposed again."""
    return np.asarray(pause_ends(frame, plays, history) > np.datetime64(as_of))


def pause_ends(frame: pl.DataFrame, plays: tuple[Play, ...], history: History) -> npt.NDArray[np.datetime64]:
    """Shape (partners, plays): the day from which a play may be proposed again; NaT where nothing stands against it.

    What was run or declined pauses for the days the play states, counted from the day somebody committed or declined it; what
    the lot held back waits until its window is over.
    """
    pauses = pl.DataFrame({"play": [play.name for play in plays], "pause": [play.pause_days for play in plays]})
    ended = history.past.join(pauses, on="play", how="inner").filter(pl.col("status").is_in(["declined", "committed"]))
    ends = ended.select("partner_id", "play", ends=BEGAN + pl.duration(days=pl.col("pause")))
    last = pl.concat([ends, _windows_over(history)]).group_by("partner_id", "play").agg(pl.col("ends").max())
    columns = []
    for play in plays:
        own = last.filter(pl.col("play") == play.name).select("partner_id", "ends")
        joined = frame.select("partner_id").join(own, on="partner_id", how="left", maintain_order="left")
        columns.append(joined["ends"].cast(pl.Date).to_numpy())
    return np.column_stack(columns).astype("datetime64[D]")


def _windows_over(history: History) -> pl.DataFrame:
    """partner_id, play, and the first day after the window of each partner held back."""
    rows = [(one.partner_id, one.play, one.until + timedelta(days=1)) for one in history.barred]
    return pl.DataFrame(rows, schema={"partner_id": pl.String, "play": pl.String, "ends": pl.Date}, orient="row")


def left_alone(frame: pl.DataFrame, history: History, as_of: date) -> Mask:
    """One a partner: somebody stopped it, or said not before a day, and that day has not come."""
    return frame["partner_id"].is_in(history.left_alone(as_of)["partner_id"].implode()).to_numpy()


def silence_needed(plays: tuple[Play, ...]) -> pl.Expr:
    """Days since the last sale from which a play fits that lacks nothing else today; null where there is no such play."""
    needed = []
    for play in plays:
        silences = [days for one in play.eligibility if (days := _silence(one)) is not None]
        others = [condition_met(one) for one in play.eligibility if _silence(one) is None]
        if silences:
            lacks = pl.col("days_since_selling") < max(silences)
            needed.append(pl.when(pl.all_horizontal(lacks, *others)).then(pl.lit(max(silences), pl.Int64)))
    return pl.min_horizontal(*needed) if needed else pl.lit(None, pl.Int64)


def _silence(condition: Condition) -> int | None:
    """Days without a sale that a condition asks for; None where it asks for something else."""
    value = condition.value
    if not isinstance(value, int | float):
        return None
    if condition.signal == "days_since_selling" and condition.op in ("gte", "gt"):
        return int(value) + (condition.op == "gt")
    none_sold = {"lte": value < 1, "lt": value <= 1, "equals": value == 0}.get(condition.op, False)
    stem, _, days = condition.signal.rpartition("_")
    return int(days) if none_sold and stem == "selling" and days.isdigit() else None


def condition_met(condition: Condition) -> pl.Expr:
    """Whether one condition of a play holds, by partner."""
    signal = pl.col(condition.signal)
    if condition.op == "unknown":
        return signal.is_null()
    if condition.op == "known":
        return signal.is_not_null()
    return _compared(signal, condition).fill_null(value=False)


def _compared(signal: pl.Expr, condition: Condition) -> pl.Expr:
    value = condition.value
    if condition.op == "is_in":
        accepted = value if isinstance(value, tuple) else (value,)
        return signal.cast(pl.String).is_in([str(one) for one in accepted])
    literal = pl.lit(value)
    match condition.op:
        case "gte":
            return signal >= literal
        case "lte":
            return signal <= literal
        case "gt":
            return signal > literal
        case "lt":
            return signal < literal
    return signal == literal
