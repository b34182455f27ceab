"""Who comes back: our drop-off risk on a public record of purchases, beside what simple rules reach.

Run with `python -m bench.drop_off_bench CDNOW_sample.txt`: the CDNOW sample of Fader and Hardie, 2,357 customers, January 1997
to June 1998. A customer stands for a partner and a day of purchase for a selling day; only days enter, never amounts.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.decisions.drop_off import (
    AHEAD_DAYS,
    ASSUMED,
    WORK_KINDS,
    DropOffModel,
    chance_of_sale,
    drop_off_risk,
    learn,
    silent_ahead,
)
from nextplay.decisions.history import History
from nextplay.decisions.prospect import prospects
from nextplay.decisions.stages import C_DEALS
from nextplay.program.load import default_program
from nextplay.signals.month_counts import ANSWERS, COUNTED, DAYS_OF_MONTH, MonthCounts

Floats = npt.NDArray[np.float64]

# The same days are told so long before the window in which nobody buys begins.
LEAD_DAYS = 40
# Thirty-nine weeks to look at, thirty-nine to come back in: the classic split.
SPLIT, SPLIT_AHEAD = date(1997, 10, 1), 273
DAYS = (date(1997, 7, 1), date(1997, 10, 1), date(1998, 1, 1), date(1998, 4, 1))
REDRAWS = 1000


def main(path: str) -> None:
    """Print both tables."""
    bought = purchases(Path(path))
    print(f"Back within {SPLIT_AHEAD} days of {SPLIT}, all customers")
    for name, auc, low, high in who_comes_back(bought):
        print(f"  {name:38} AUC {auc:.3f} ({low:.3f} to {high:.3f})")
    print(f"No purchase within {AHEAD_DAYS} days, of those who bought in the last 90; moved by what followed the day before")
    for line in drop_offs(bought):
        print(f"  {line}")


def purchases(path: Path) -> pl.DataFrame:
    """Customer and day of every purchase, each once."""
    rows = [line.split() for line in path.read_text(encoding="ascii").splitlines() if line.strip()]
    frame = pl.DataFrame({"partner_id": [row[0] for row in rows], "day": [row[2] for row in rows]})
    return frame.with_columns(pl.col("day").str.to_date("%Y%m%d")).unique().sort("partner_id", "day")


def signals_on(bought: pl.DataFrame, day: date) -> pl.DataFrame:
    """The signals that the risk reads, as `signals.compute` makes them, by the evening of a day."""
    ago = (pl.lit(day) - pl.col("day")).dt.total_days()
    past = bought.filter(pl.col("day") <= day).with_columns(ago=ago)
    year = past.filter(pl.col("ago") < 365)
    frame = year.group_by("partner_id").agg(
        selling_90=(pl.col("ago") < 90).sum().cast(pl.Int64),
        selling_180=(pl.col("ago") < 180).sum().cast(pl.Int64),
        selling_days_365=pl.len().cast(pl.Int64),
        days_since_selling=pl.col("ago").min(),
        span=pl.col("ago").max() - pl.col("ago").min(),
    )
    before = pl.col("selling_180") - pl.col("selling_90")
    nothing = (pl.lit(0.0).alias(name) for name in ("will_faded", "meeting_held_180", "commitments_kept_270"))
    never = (pl.lit(None, pl.Int64).alias(f"days_since_{kind}") for kind in WORK_KINDS if kind != "deal_registered")
    return frame.sort("partner_id").with_columns(
        *nothing,
        *never,
        usual_gap_days=(pl.col("span") + 60) / (pl.col("selling_days_365") + 1),
        selling_faded=pl.col("selling_90") + before / 4,
        momentum=(pl.col("selling_90") - before) / (pl.col("selling_90") + before + 2),
        days_since_deal_registered=pl.col("days_since_selling"),
    )


def stages_on(bought: pl.DataFrame, frame: pl.DataFrame, day: date) -> Floats:
    """What the stage filter says of a day, a purchase standing for a deal; every prior as the shipped program has it."""
    program = default_program()
    months = program.engine.look_back_months
    rows = frame.select("partner_id").with_row_index("row")
    past = bought.filter(pl.col("day") <= day).join(rows, on="partner_id").with_columns(days=(pl.lit(day) - pl.col("day")))
    past = past.with_columns(ago=pl.col("days").dt.total_days() // DAYS_OF_MONTH)
    lately, events = past.filter(pl.col("ago") < months), np.zeros((months, frame.height, len(COUNTED)), np.float32)
    at = months - 1 - lately["ago"].to_numpy(), lately["row"].to_numpy()
    np.add.at(events[..., C_DEALS], at, 1)
    age = past.group_by("row").agg(pl.col("ago").max()).sort("row")["ago"].to_numpy().astype(np.float32) + 1
    counts = MonthCounts(events, np.zeros((months, frame.height, len(ANSWERS)), np.float32), age)
    return silent_ahead(prospects(frame.with_columns(deals_open=pl.lit(0)), counts, History(), program, day))


def back_after(bought: pl.DataFrame, day: date, ahead: int) -> pl.Series:
    """Who bought in so many days after a day."""
    return bought.filter((pl.col("day") > day) & (pl.col("day") <= day + timedelta(days=ahead)))["partner_id"].unique()


def who_comes_back(bought: pl.DataFrame) -> list[tuple[str, float, float, float]]:
    """Name, AUC and its 95 % interval by bootstrap, of each rule."""
    day = SPLIT - timedelta(days=1)
    frame = signals_on(bought, day)
    back = frame["partner_id"].is_in(back_after(bought, day, SPLIT_AHEAD).implode()).to_numpy()
    repeats = frame["selling_days_365"].to_numpy().astype(np.float64) - 1
    silent = frame["days_since_selling"].to_numpy().astype(np.float64)
    looked = frame["span"].to_numpy() + silent
    ours = chance_of_sale(repeats, looked, silent, float(repeats.sum() / looked.sum()), SPLIT_AHEAD)
    gap = frame["usual_gap_days"].to_numpy()
    rules = {
        "nextplay, recency and frequency": ours,
        "rank of recency plus rank of frequency": _rank(repeats) + _rank(-silent),
        "frequency alone": repeats,
        "recency alone": -silent,
        "silence over own gap": -silent / gap,
    }
    return [(name, *_interval(score, back)) for name, score in rules.items()]


def drop_offs(bought: pl.DataFrame) -> list[str]:
    """A line a day: AUC, what was said and what happened, Brier skill; the day before it taught the program's own shift."""
    lines, model = [], ASSUMED
    for day in DAYS:
        frame = signals_on(bought, day)
        silent, back = stages_on(bought, frame, day), back_after(bought, day, AHEAD_DAYS)
        if model is not ASSUMED:
            told = drop_off_risk(frame, silent, model).filter(pl.col("drop_off_risk").is_not_null())
            lines.append(_line(day, told, back, model))
            lines.append(f"  {LEAD_DAYS} days ahead of the window: {_ahead(bought, day, told)}")
        selling = frame["selling_90"] > 0
        cases = frame.with_columns(sold=pl.col("partner_id").is_in(back.implode())).filter(selling)
        model = learn(cases, silent[selling.to_numpy()])
    return lines


def _line(day: date, told: pl.DataFrame, back: pl.Series, model: DropOffModel) -> str:
    risk = told["drop_off_risk"].to_numpy()
    gone = ~told["partner_id"].is_in(back.implode()).to_numpy()
    auc, low, high = _interval(risk, gone)
    brier, base = ((risk - gone) ** 2).mean(), gone.mean() * (1 - gone.mean())
    return (
        f"{day}: {len(risk)} customers, AUC {auc:.3f} ({low:.3f} to {high:.3f}), said {risk.mean():.1%}, "
        f"happened {gone.mean():.1%}, Brier skill {1 - brier / base:.3f}, "
        f"{'a model' if model.weights else f'stages weigh {model.stages:.2f}'}"
    )


def _ahead(bought: pl.DataFrame, day: date, told: pl.DataFrame) -> str:
    """The risk of a day against who buys nothing in a window that begins later."""
    begins = day + timedelta(days=LEAD_DAYS)
    if bought.filter(pl.col("day") >= begins + timedelta(days=AHEAD_DAYS)).is_empty():
        return "the record does not reach so far"
    gone = ~told["partner_id"].is_in(back_after(bought, begins, AHEAD_DAYS).implode()).to_numpy()
    auc, low, high = _interval(told["drop_off_risk"].to_numpy(), gone)
    return f"AUC {auc:.3f} ({low:.3f} to {high:.3f})"


def _rank(values: Floats) -> Floats:
    return pl.Series(values).rank("average").to_numpy()


def _auc(score: Floats, truth: npt.NDArray[np.bool_]) -> float:
    hits = int(truth.sum())
    return float((_rank(score)[truth].sum() - hits * (hits + 1) / 2) / (hits * (len(truth) - hits)))


def _interval(score: Floats, truth: npt.NDArray[np.bool_]) -> tuple[float, float, float]:
    chance = np.random.default_rng(7)
    picks = (chance.integers(0, len(truth), len(truth)) for _ in range(REDRAWS))
    drawn = [_auc(score[pick], truth[pick]) for pick in picks]
    return _auc(score, truth), float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


if __name__ == "__main__":
    main(*sys.argv[1:])
