"""All that is believed of the partners of one program on a day: stage, tempo, and what plays reach here."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.decisions.belief import Seen, forward, seasons
from nextplay.decisions.by_stage import before_runs, by_stage
from nextplay.decisions.fitting import fitted
from nextplay.decisions.history import BEGAN, History
from nextplay.decisions.reach import MOST_RUNS, Reach, assumed_reach, followed, learned
from nextplay.decisions.stages import C_DEALS, PlayEffects, StageModel, assumed, designed
from nextplay.decisions.suits import suits
from nextplay.program.definition import Program
from nextplay.program.engine import Engine
from nextplay.signals.month_counts import DAYS_OF_MONTH, MonthCounts

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

# February, or from the first Monday of most months to the next: a list a month must learn from all runs of the list before.
SHORTEST_MONTH = 28


@dataclass(frozen=True)
class Prospects:
    """`belief` (partners, C, S); `tempo` (partners): own deals against what its stages would bring."""

    model: StageModel
    effects: PlayEffects
    reach: Reach
    belief: Floats
    tempo: Floats
    # What was believed before each month, of the partners in `played` (rows, ascending).
    before: list[Floats]
    played: Whole
    # Tempo as it was known by the start of each month (months, partners): what came later must not judge what was said.
    tempo_then: Floats
    seen: Seen
    # Open deals beside those of partners that have any, one added to both; 1 where they are not known.
    load: Floats
    # How much of each play is for each partner (partners, plays), 0-1.
    suits: Floats
    # Promises that the kind of partner weighs as.
    promises: float

    def then(self, rows: Whole, ago: int) -> "Prospects":
        """Of some partners, what was believed before the play that was decided on so many months ago."""
        month = self.seen.months - 1 - ago
        tempo, place = self.tempo_then[month][rows], np.searchsorted(self.played, rows)
        # Open deals of today would tell what came of the play, and so would what it is for.
        usual, whole = np.ones(len(rows)), np.ones((len(rows), self.suits.shape[1]))
        seen = self.seen.of(rows).until(month)
        return replace(self, belief=self.before[month][place], tempo=tempo, before=[], seen=seen, load=usual, suits=whole)

    def part(self, rows: slice | Whole) -> "Prospects":
        """Of some partners, what is believed of them today."""
        then = self.tempo_then[:, rows]
        part = replace(self, belief=self.belief[rows], tempo=self.tempo[rows], seen=self.seen.of(rows), load=self.load[rows])
        return replace(part, suits=self.suits[rows], before=[], played=np.empty(0, np.int64), tempo_then=then)

    @cached_property
    def does_its_part(self) -> Floats:
        """Chance of doing its part of a play: its kind's, moved by promises kept and missed (Beta-binomial)."""
        met, missed = self.seen.counts.answers[:, :, :2].sum(axis=0, dtype=np.float64).T
        kept = (met + self.promises * self.kind_keeps) / (met + missed + self.promises)
        return np.asarray(np.round(kept, 4))

    @cached_property
    def kind_keeps(self) -> Floats:
        """Chance of doing its part by what kind of partner it seems, before any promise is looked at."""
        return np.asarray(np.einsum("ncs,c->n", self.belief, self.model.keeps))


def prospects(frame: pl.DataFrame, counts: MonthCounts, history: History, program: Program, as_of: date) -> Prospects:
    """Fit the model to the program, learn what plays reach, and say where every partner stands."""
    engine = program.engine
    seen = Seen(counts, _played(frame, counts, history, program, as_of), seasons(counts))
    stated, reach = designed(program.plays), assumed_reach(len(program.plays), engine)
    model = fitted(assumed(engine), seen, stated.times(reach.mean), engine)
    played = _played_lately(seen.played)
    ran = _old_enough(seen.of(played), played, runs(frame, history, program, as_of))
    effects, reach = taught(model, ran, stated, reach, engine)
    # Of millions of partners only those with plays are looked back at.
    passed = forward(model, seen, effects, played)
    tempo, load = _tempo(passed.usual, seen, engine.tempo_weight), _load(frame)
    learnt = model, effects, reach, passed.belief, tempo[-1], passed.before, played, tempo[:-1], seen
    return Prospects(*learnt, load, suits(frame, program.plays), engine.promises_weight)


def taught(model: StageModel, ran: Seen, stated: PlayEffects, reach: Reach, engine: Engine) -> tuple[PlayEffects, Reach]:
    """What plays do here by what followed their runs, and what they reach in all of what is stated.

    `ran`: partners with runs, all of them at least four weeks old; `reach` before any run.
    """
    if not (ran.played >= 0).any():
        return before_runs(stated.times(reach.by_others), engine), reach
    passed = forward(model, ran, stated.times(reach.mean), np.arange(ran.played.shape[1]))
    told = followed(model, ran, passed.before, _tempo(passed.usual, ran, engine.tempo_weight), stated, engine)
    reach = learned(told, stated, engine)
    return by_stage(told, stated.times(reach.by_others), engine), reach


def _played(frame: pl.DataFrame, counts: MonthCounts, history: History, program: Program, as_of: date) -> Whole:
    """Play by month and partner, -1 for none: the committed ones, in the month that followed their decision."""
    past = runs(frame, history, program, as_of).filter(pl.col("ago") < counts.months)
    played = np.full((counts.months, frame.height), -1)
    played[counts.months - 1 - past["ago"].to_numpy(), past["row"].to_numpy()] = past["column"].to_numpy()
    return played


def _old_enough(seen: Seen, rows: Whole, past: pl.DataFrame) -> Seen:
    """The same without plays of the last month that began less than four weeks ago: nothing can have followed them yet."""
    young = np.isin(rows, past.filter(pl.col("young"))["row"].to_numpy())
    return replace(seen, played=np.vstack([seen.played[:-1], np.where(young, -1, seen.played[-1])]))


def runs(frame: pl.DataFrame, history: History, program: Program, as_of: date) -> pl.DataFrame:
    """Plays begun on earlier days, oldest first: row of the partner, column of the play, months since it was committed.

    And whether it began less than four weeks ago (`young`), whether its outcome was `met`, and is `ripe`.
    """
    rows = frame.select("partner_id").with_row_index("row")
    plays = pl.DataFrame({"play": [play.name for play in program.plays], "column": np.arange(len(program.plays))})
    past = history.past.with_columns(began=BEGAN).filter((pl.col("status") == "committed") & (pl.col("began") < as_of))
    past = past.join(rows, on="partner_id", how="inner").join(plays, on="play", how="inner").sort("began", "decision_id")
    # Calendar months are not all of 30 days: the month that it mostly lay in.
    days = (pl.lit(as_of) - pl.col("began")).dt.total_days()
    ago = ((days + DAYS_OF_MONTH // 2) // DAYS_OF_MONTH - 1).clip(0).alias("ago")
    return past.select("row", "column", ago, "ripe", young=days < SHORTEST_MONTH, met=pl.col("result") == "met")


def _played_lately(played: Whole) -> Whole:
    """Rows of partners with a play, ascending; of too many those whose last play is the latest."""
    ran = played >= 0
    rows = np.flatnonzero(ran.any(axis=0))
    since = ran[::-1, rows].argmax(axis=0)
    return np.sort(rows[np.argsort(since, kind="stable")[:MOST_RUNS]])


def _tempo(usual: Floats, seen: Seen, weight: float) -> Floats:
    """Gamma-Poisson: deals brought against those expected from the stages it is believed to have been in."""
    brought = np.zeros_like(usual)
    brought[1:] = seen.counts.events[:, :, C_DEALS].cumsum(axis=0, dtype=np.float64)
    return np.asarray((brought + weight) / (usual + weight))


def _load(frame: pl.DataFrame) -> Floats:
    open_deals = frame["deals_open"].fill_null(0).to_numpy().astype(np.float64)
    usual = open_deals[open_deals > 0].sum() / max((open_deals > 0).sum(), 1)
    return np.asarray((open_deals + 1) / (usual + 1))
