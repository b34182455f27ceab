"""Everything that is known when the month is decided: one row a partner, one column a play."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.decisions.drop_off import drop_off_risk, learned, silent_ahead
from nextplay.decisions.eligibility import Mask, conditions_met, left_alone, paused
from nextplay.decisions.gain import Gains, expected_gains, loads
from nextplay.decisions.history import History
from nextplay.decisions.outcome_record import correction, recorded
from nextplay.decisions.prospect import Prospects, prospects, runs
from nextplay.decisions.value import qualified_share, stands_still, typical_deal
from nextplay.program.definition import Program
from nextplay.program.plays import Play
from nextplay.signals.month_counts import MonthCounts
from nextplay.traits.read import TRAITS, read_traits
from nextplay.traits.verdict import badges_only, polite_hope

Floats = npt.NDArray[np.float64]

# Owner of partners nobody manages, in a program where nobody manages anybody.
UNASSIGNED = "unassigned"
# Missed plays older than this are forgiven.
REMEMBERED_DAYS = 365


@dataclass(frozen=True)
class Board:
    """Signals, traits and flags by partner (sorted by partner_id), and plays with their gains, shape (partners, plays)."""

    frame: pl.DataFrame
    plays: tuple[Play, ...]
    gains: Gains
    prospects: Prospects
    # The conditions of the play hold.
    fits: Mask
    # It fits, contact policy allows it, somebody owns the partner, and it moves the outcome enough to be worth hours.
    open: Mask

    @cached_property
    def usable(self) -> Floats:
        """Gain of open plays, 0 elsewhere. Whoever changes it takes a copy."""
        return np.where(self.open, self.gains.gain, 0.0)

    @cached_property
    def hours(self) -> Floats:
        """Hours of each play."""
        return np.array([play.hours for play in self.plays])

    @cached_property
    def best(self) -> npt.NDArray[np.int64]:
        """Column of each partner's best open play by gain an hour; -1 where none is open."""
        hourly = self.usable / self.hours
        return np.where(hourly.max(axis=1, initial=0) > 0, hourly.argmax(axis=1), -1)


def lay_out(signals: pl.DataFrame, counts: MonthCounts, history: History, program: Program, as_of: date) -> Board:
    """The board of one cycle; `counts` in the order of the signals frame."""
    growing = program.growing
    plays = growing.plays
    frame = qualified_share(stands_still(typical_deal(signals))).join(
        read_traits(signals), on="partner_id", how="left", maintain_order="left"
    )
    frame = _remembered(frame, history, program, as_of)
    frame = frame.with_columns(_owner(frame, program), *_flags(frame, history, program, as_of))
    seen = prospects(frame, counts, history, growing, as_of)
    frame = frame.with_columns(does_its_part=pl.Series(seen.does_its_part))
    frame = drop_off_risk(frame, silent_ahead(seen), learned(history.drop_offs, frame["partner_id"], seen))
    moved = correction(seen, growing, runs(frame, history, growing, as_of))
    gains = recorded(expected_gains(frame, seen, growing), moved, loads(seen, growing))
    fits = conditions_met(frame, plays)
    free = frame.select(
        (pl.col("workable") == 1)
        & pl.col("owner").is_not_null()
        & ~pl.any_horizontal("running", "left_alone", "polite_hope", "badges_only", "standing")
    ).to_series()
    moves = gains.p_with - gains.p_without >= program.capacity.least_lift
    allowed = ~paused(frame, plays, history, as_of)
    is_open = fits & allowed & moves & (gains.gain > 0) & free.to_numpy().reshape(-1, 1)
    return Board(frame, plays, gains, seen, fits, is_open)


def _remembered(frame: pl.DataFrame, history: History, program: Program, as_of: date) -> pl.DataFrame:
    missed = history.past.filter(
        (pl.col("status") == "committed")
        & (pl.col("result") == "missed")
        & ~pl.col("play").is_in([play.name for play in program.pauses])
        & (pl.col("outcome_by") >= as_of - pl.duration(days=REMEMBERED_DAYS))
    )
    counts = missed.group_by("partner_id").agg(plays_missed=pl.len().cast(pl.Int64))
    frame = frame.join(counts, on="partner_id", how="left", maintain_order="left")
    return frame.with_columns(pl.col("plays_missed").fill_null(0))


def _owner(frame: pl.DataFrame, program: Program) -> pl.Expr:
    nobody_manages = frame.filter(pl.col("workable") == 1)["manager_email"].is_null().all()
    fallback = program.capacity.unowned_to or (UNASSIGNED if nobody_manages else None)
    return pl.coalesce("manager_email", pl.lit(fallback, pl.String)).alias("owner")


def _flags(frame: pl.DataFrame, history: History, program: Program, as_of: date) -> list[pl.Expr | pl.Series]:
    under_way = history.running(as_of)
    waiting = under_way["partner_id"]
    # Whoever was told that we pause is left in peace until the window ends, beyond our last look.
    pausing = under_way.filter(pl.col("play").is_in([play.name for play in program.pauses]))["partner_id"]
    running = pl.concat([history.steps_ahead(as_of, program.step_days)["partner_id"], pausing])
    standing = pl.Series(history.placed, dtype=pl.String)
    workable = pl.col("workable") == 1
    return [
        pl.col("partner_id").is_in(running.implode()).alias("running"),
        pl.col("partner_id").is_in(waiting.implode()).alias("waiting"),
        pl.col("partner_id").is_in(standing.implode()).alias("standing"),
        pl.Series("left_alone", left_alone(frame, history, as_of)),
        (workable & polite_hope(program.stop)).alias("polite_hope"),
        (workable & badges_only() & (pl.col("fresh_or_willing") == 0)).alias("badges_only"),
        pl.sum_horizontal(pl.col(trait.name).is_not_null() for trait in TRAITS).alias("traits_known"),
    ]
