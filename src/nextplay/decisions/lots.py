"""What is left to chance, and with what propensity: hours for partners with little data, and plays held back at the margin."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.decisions.board import Board
from nextplay.decisions.chance import uniform, uniforms
from nextplay.decisions.focus import Choice
from nextplay.program.plays import Chance

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

# Redraws that a propensity is counted over.
REDRAWS = 200
# Partners a manager's exploration hours are drawn among: those with most gain.
MOST_DRAWN = 60
# Near-equal: no more than this much better an hour than the best that was left out.
NEAR = 1.25


@dataclass(frozen=True)
class Drawn:
    """Partners that the lot fell on: row, play and propensity of each."""

    rows: Whole
    plays: Whole
    propensity: Floats


@dataclass(frozen=True)
class Budget:
    """Hours by owner, in all and free, and slots for exploration that this cycle has given away already."""

    capacity: Floats
    free: Floats
    taken: Whole


NOBODY = Drawn(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))


def little_data(board: Board) -> npt.NDArray[np.bool_]:
    """Partners of whom at most one trait is known and who sold on two days at most: our odds for them are mostly the prior."""
    return board.frame.select((pl.col("traits_known") <= 1) & (pl.col("selling_days") <= 2)).to_series().to_numpy()


def explore(board: Board, owners: Whole, budget: Budget, chance: Chance, cycle: str) -> Drawn:
    """A fair-chance share of each manager's hours, drawn among partners with little data, likelier the more they may gain."""
    usable, best = board.usable, board.best
    candidates = np.flatnonzero(little_data(board) & (best >= 0) & (owners >= 0))
    parts = []
    for owner in np.unique(owners[candidates]):
        rows = candidates[owners[candidates] == owner]
        gain = usable[rows, best[rows]]
        rows = np.sort(rows[np.argsort(-gain, kind="stable")[:MOST_DRAWN]])
        key = (chance.seed, cycle)
        share, free = float(chance.exploration_share * budget.capacity[owner]), float(budget.free[owner])
        parts.append(_lottery(board, rows, best[rows], (share, free, int(budget.taken[owner])), key))
    return _joined(parts)


def _lottery(board: Board, rows: Whole, plays: Whole, hours_of: tuple[float, float, int], key: tuple[object, ...]) -> Drawn:
    """Weighted draw without replacement (Efraimidis and Spirakis 2006): the largest log(gain) + Gumbel win the slots."""
    (share, free, gone), hours, gain = hours_of, board.hours[plays], board.usable[rows, plays]
    ids = board.frame["partner_id"].gather(rows).to_list()
    keys = np.log(gain).reshape(-1, 1) - np.log(-np.log(uniforms([(*key, "explore", one) for one in ids], REDRAWS + 1)))
    # A budget under the hours of one play buys it with the chance that evens out over the months.
    owner = board.frame["owner"][int(rows[0])]
    slots = np.floor(share / hours.mean() + uniforms([(*key, "slots", owner)], REDRAWS + 1)[0]) - gone
    place = (-keys).argsort(axis=0).argsort(axis=0)
    taken = place < slots
    won = np.flatnonzero(taken[:, 0])
    won = won[np.argsort(place[won, 0])]
    won = np.sort(won[np.cumsum(hours[won]) <= free + 1e-9])
    return Drawn(rows[won], plays[won], taken[won].mean(axis=1).round(4))


def hold_back(board: Board, choice: Choice, owners: Whole, chance: Chance, cycle: str) -> tuple[Drawn, Drawn]:
    """Those held back by lot, and those the lot spared, among plays at the margin of each manager's hours.

    A play is at the margin where another that was left out earns nearly as much an hour; then little is lost by the swap.
    Partners with a promise still open are not drawn: stopping in the middle of it would harm them.
    """
    hourly = board.usable / board.hours
    chosen = hourly[choice.rows, choice.plays]
    waiting = hourly.max(axis=1, initial=0)
    waiting[choice.rows] = 0
    next_best = np.zeros(max(owners.max(initial=0), choice.owners.max(initial=0)) + 1)
    owned = owners >= 0
    np.maximum.at(next_best, owners[owned], waiting[owned])
    margin = (chosen <= NEAR * next_best[choice.owners]) & ~_open_promise(board)[choice.rows]
    rows, plays = choice.rows[margin], choice.plays[margin]
    ids = board.frame["partner_id"].gather(rows).to_list()
    held = np.array([uniform(chance.seed, cycle, "holdout", one) < chance.holdout_share for one in ids], dtype=np.bool_)
    share = chance.holdout_share
    return (
        Drawn(rows[held], plays[held], np.full(int(held.sum()), share)),
        Drawn(rows[~held], plays[~held], np.full(int((~held).sum()), round(1 - share, 4))),
    )


def _open_promise(board: Board) -> npt.NDArray[np.bool_]:
    made, met, missed = (board.frame[f"commitment_{word}_90"].to_numpy() for word in ("made", "met", "missed"))
    return np.asarray(made > met + missed)


def _joined(parts: list[Drawn]) -> Drawn:
    if not parts:
        return NOBODY
    return Drawn(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.plays for part in parts]),
        np.concatenate([part.propensity for part in parts]),
    )
