"""What would change our mind about each partner: the fewest facts that would turn its verdict, worked out, not guessed.

A promise more or less moves a gain by a known factor (`prospect.Prospects.does_its_part`), so how many it takes can be said.
"""

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.decisions.board import Board
from nextplay.decisions.eligibility import condition_met, pause_ends, silence_needed
from nextplay.decisions.history import History
from nextplay.decisions.in_line import line
from nextplay.program.plays import Condition, Play
from nextplay.signals.names import BY_NAME

Floats = npt.NDArray[np.float64]

# Why a partner gets no hours at all.
NOT_SIGNED = "Not signed yet"
STAGE_WITHOUT_HOURS = "Lifecycle stage gets no hours"
# More promises than this nobody waits for.
MOST_PROMISES = 8
_DAY = "%-d %B %Y"
_OPS = {"gte": "at least", "lte": "at most", "gt": "more than", "lt": "less than", "equals": "is", "is_in": "one of"}
_AFTER_A_LOT = (
    "The next cycle: nothing speaks against this partner. The play it was held back from waits until the window ends."
)
A_SALE = "A deal, a referral or a co-sell request"


def kept_until(gain: Floats, worth: Floats, met: Floats, missed: Floats, kind: Floats, usual: float) -> Floats:
    """More kept promises until a gain reaches `worth`; infinity where no number of them does, or hours are not short.

    `kind`: chance of its kind, which weighs as `usual` promises.
    """
    weight = met + missed + usual
    needed = (met + usual * kind) / weight * worth / np.maximum(gain, 1e-9)
    more = (needed * weight - met - usual * kind) / np.maximum(1 - needed, 1e-9)
    return np.asarray(np.where((needed < 1) & (gain > 0) & (worth > 0), np.maximum(np.ceil(more - 1e-9), 1), np.inf))


def missed_until(gain: Floats, worth: Floats, met: Floats, missed: Floats, usual: float) -> Floats:
    """More missed promises until a gain falls under `worth`; infinity where nothing else is worth as much."""
    over = np.maximum(gain / np.maximum(worth, 1e-9) - 1, 0)
    return np.asarray(np.where((worth > 0) & (gain >= worth), np.floor((met + missed + usual) * over + 1e-9) + 1, np.inf))


def change_our_mind(frame: pl.DataFrame, board: Board, history: History, as_of: date, least_lift: float) -> pl.Series:
    """A sentence a row. `frame` as `standing` places it, with what an hour of each owner earns and how many are left there."""
    told = frame.with_columns(*_promises(frame, board), *_line(frame, board), *_running(board.plays)).join(
        _put_off(history, as_of), on="partner_id", how="left", maintain_order="left"
    )
    told = told.with_columns(
        missing=_missing_conditions(frame, board.plays), unmoved=_unmoved(board, history, as_of, least_lift)
    )
    reason, placement = pl.col("reason"), pl.col("placement")
    cases = (
        (placement == "focus", _while_chosen()),
        (
            placement == "holdout",
            pl.lit(_AFTER_A_LOT),
        ),
        (placement == "stop", _after_a_stop()),
        (
            reason == "Play under way",
            pl.format("Missing by {}: {}.", pl.col("running_until").dt.strftime(_DAY), _lower(pl.col("running_outcome"))),
        ),
        (
            reason == "Paused by us",
            pl.format("{}. Else the pause ends on {}.", pl.lit(A_SALE), pl.col("running_until").dt.strftime(_DAY)),
        ),
        (reason == "Left alone by us", pl.format("The day it was put off to: {}.", pl.col("put_off").dt.strftime(_DAY))),
        (reason == NOT_SIGNED, pl.lit("A signature.")),
        (reason == STAGE_WITHOUT_HOURS, pl.lit("Another lifecycle stage.")),
        (reason == "No partner manager", pl.lit("A partner manager with hours.")),
        (pl.col("best_play").is_not_null(), _in_line()),
        (
            (reason == "Selling without help") & silence_needed(board.plays).is_not_null(),
            pl.format("Nothing sold for {} days.", silence_needed(board.plays)),
        ),
        (pl.col("badges_only"), pl.lit("One proposed step accepted, list shared, outreach or commitment kept; or a deal.")),
        (pl.col("any_fit"), pl.col("unmoved")),
    )
    said = pl.col("missing")
    for test, sentence in reversed(cases):
        said = pl.when(test).then(sentence).otherwise(said)
    return told.select(said.fill_null(f"{A_SALE}.")).to_series()


def _promises(frame: pl.DataFrame, board: Board) -> list[pl.Series]:
    """How many promises, kept or missed, would turn it; null where no sensible number does."""
    met, missed = board.prospects.seen.counts.answers[:, :, :2].sum(axis=0, dtype=np.float64).T
    hours, line, price = (frame[name].to_numpy() for name in ("focus_hours", "next_hourly", "hour_price"))
    losing = missed_until(frame["focus_gain"].to_numpy(), line * hours, met, missed, board.prospects.promises)
    best, rows = board.best, np.arange(frame.height)
    gain = board.gains.gain[rows, best]
    winning = kept_until(gain, price * board.hours[best], met, missed, board.prospects.kind_keeps, board.prospects.promises)
    return [_sensible("losing", losing), _sensible("winning", winning)]


def _line(frame: pl.DataFrame, board: Board) -> list[pl.Series]:
    """Of partners in line: hours that have to come free until it is their turn, and how many of the same owner come first."""
    best, hours, ahead = board.best, np.zeros(frame.height), np.zeros(frame.height, np.int64)
    owners = frame["owner"].cast(pl.Categorical).to_physical().fill_null(0).cast(pl.Int64).to_numpy()
    rows = np.flatnonzero(((frame["placement"] == "left_out") & frame["owner"].is_not_null()).to_numpy() & (best >= 0))
    rows, first = line(board, owners, rows)
    taken = np.append(0.0, board.hours[best[rows]].cumsum())
    needed = taken[1:] - taken[np.arange(len(rows)) - first] - frame["spare"].to_numpy()[rows]
    hours[rows] = np.where(needed > 0, needed, board.hours[best[rows]])
    ahead[rows] = first
    return [pl.Series("line_hours", np.round(hours, 2)), pl.Series("line_ahead", ahead)]


def _sensible(name: str, number: Floats) -> pl.Series:
    few = np.isfinite(number) & (number <= MOST_PROMISES)
    return pl.Series(name, np.where(few, number, 0)).cast(pl.Int64).set(pl.Series(~few), None)


def _while_chosen() -> pl.Expr:
    missing = pl.format("Missing by {}: {}.", pl.col("focus_by").dt.strftime(_DAY), _lower(pl.col("focus_outcome")))
    promises = pl.format(" Or {} missed: then the hours earn more elsewhere.", _commitments("losing"))
    return pl.concat_str(missing, promises.fill_null(""))


def _in_line() -> pl.Expr:
    hours = many(pl.col("line_hours"), "hour that comes free", "hours that come free")
    others = many(pl.col("line_ahead"), "partner comes", "partners come")
    first = pl.when(pl.col("line_ahead") > 0).then(pl.format(" ({} first)", others)).otherwise(pl.lit(""))
    promises = pl.format(", or {} kept", _commitments("winning"))
    return pl.concat_str(hours, first, promises.fill_null(""), pl.lit("."))


def _commitments(column: str) -> pl.Expr:
    return many(pl.col(column), "more commitment", "more commitments")


def many(number: pl.Expr, one: str, several: str) -> pl.Expr:
    """`1 partner comes`, `12 partners come`; whole hours without a point."""
    written = number.cast(pl.String).str.strip_suffix(".0")
    return pl.format("{} {}", written, pl.when(number == 1).then(pl.lit(one)).otherwise(pl.lit(several)))


def _after_a_stop() -> pl.Expr:
    """What ends `traits.verdict.polite_hope`: a sale, or as many kept and accepted as outweigh what was not."""
    met, missed = pl.col("commitment_met_270"), pl.col("commitment_missed_270")
    refused = pl.col("proposals_180") - pl.col("step_accepted_180")
    kept = pl.when(pl.col("stop_missed")).then(many(missed - met + 1, "more commitment kept", "more commitments kept"))
    steps = many(refused - pl.col("step_accepted_180") + 1, "new step accepted", "new steps accepted")
    both = pl.concat_str(kept, pl.when(pl.col("stop_refused")).then(steps), separator=" and ", ignore_nulls=True)
    otherwise = pl.when(~pl.col("stop_plays")).then(pl.format("; or {}", both)).otherwise(pl.lit(""))
    return pl.concat_str(pl.lit(A_SALE), otherwise, pl.lit("."))


def _lower(text: pl.Expr) -> pl.Expr:
    return pl.concat_str(text.str.slice(0, 1).str.to_lowercase(), text.str.slice(1))


def _running(plays: tuple[Play, ...]) -> list[pl.Expr]:
    named = {play.name: play.outcome.name for play in plays}
    return [
        pl.col("running_play").replace_strict(named, default="its outcome", return_dtype=pl.String).alias("running_outcome")
    ]


def _put_off(history: History, as_of: date) -> pl.DataFrame:
    return history.left_alone(as_of).rename({"until": "put_off"})


def _unmoved(board: Board, history: History, as_of: date, least_lift: float) -> pl.Series:
    """Of partners that a play fits, but none is open: a pause that ends, or the lift that is not reached."""
    lift = np.where(board.fits, board.gains.p_with - board.gains.p_without, -1.0)
    place = lift.argmax(axis=1)
    best = lift[np.arange(len(lift)), place]
    labels = np.array([play.label for play in board.plays], dtype=object)[place]
    ends = pause_ends(board.frame, board.plays, history)
    told = board.frame.select(
        label=pl.Series(labels.tolist(), dtype=pl.String),
        now=pl.Series((100 * best).round(1)),
        ends=pl.Series(ends[np.arange(len(ends)), place]).cast(pl.Date),
    )
    paused = pl.format(
        "The end of its pause: the {} may be proposed again on {}.", _lower(pl.col("label")), pl.col("ends").dt.strftime(_DAY)
    )
    weak = pl.format(
        f"The {{}}, once it lifts the chance of its outcome by {100 * least_lift:g} in a hundred; it is {{}} now.",
        _lower(pl.col("label")),
        pl.col("now"),
    )
    return told.select(pl.when(pl.col("ends") > as_of).then(paused).otherwise(weak)).to_series()


def _missing_conditions(frame: pl.DataFrame, plays: tuple[Play, ...]) -> pl.Series:
    """What the play that fits best still lacks, with today's numbers; null for partners that some play fits."""
    rows = frame.with_row_index("row").filter(~pl.col("any_fit") & (pl.col("workable") == 1))
    lacking = [
        [
            pl.when(~condition_met(one)).then(_asked(one, frame.schema[one.signal]))
            for one in play.eligibility
            if one.signal != "workable"
        ]
        for play in plays
    ]
    named = [
        pl.format(
            "The {}: {}.",
            pl.lit(play.label[:1].lower() + play.label[1:]),
            pl.concat_str(*asked, separator=", ", ignore_nulls=True),
        )
        for play, asked in zip(plays, lacking, strict=True)
        if asked
    ]
    counts = [pl.sum_horizontal(*(one.is_not_null() for one in asked)) for asked in lacking if asked]
    if not named or rows.is_empty():
        return pl.Series("missing", [None] * frame.height, dtype=pl.String)
    fewest = pl.concat_list(*counts).list.arg_min()
    found = rows.select("row", missing=pl.concat_list(*named).list.get(fewest))
    return frame.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row")).join(
        found, on="row", how="left", maintain_order="left"
    )["missing"]


def _asked(condition: Condition, dtype: pl.DataType) -> pl.Expr:
    """`selling in 90 days at most 0 (3 now)`."""
    window = BY_NAME[condition.signal].window_days
    name = condition.signal.removesuffix(f"_{window}").replace("_", " ") + (f" in {window} days" if window else "")
    if condition.op in ("known", "unknown"):
        return pl.lit(f"{name} {condition.op}")
    value = " or ".join(map(str, condition.value)) if isinstance(condition.value, tuple) else condition.value
    shown = pl.col(condition.signal).round(2) if dtype.is_float() else pl.col(condition.signal)
    wanted = f"{value:g}" if isinstance(value, float) else str(value)
    return pl.format(f"{name} {_OPS[condition.op]} {wanted} ({{}} now)", shown.cast(pl.String).fill_null("not known"))
