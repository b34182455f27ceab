"""What is left to chance, and with what propensity: hours for partners with little data, and plays held back at the margin."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.decisions.board import Board
from nextplay.decisions.chance import uniform, uniforms
from nextplay.decisions.focus import Choice
from nextplay.decisions.gain import deals_by_stage, own_pace, worth_of_a_deal
from nextplay.decisions.proposal import Lot
from nextplay.program.definition import Program
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
    """Hours by owner, in all and free."""

    capacity: Floats
    free: Floats


NOBODY = Drawn(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))


def little_data(board: Board) -> npt.NDArray[np.bool_]:
    """Partners of whom at most one trait is known and who sold on two days at most: our odds for them are mostly the prior."""
    return board.frame.select((pl.col("traits_known") <= 1) & (pl.col("selling_days") <= 2)).to_series().to_numpy()


def explore(board: Board, owners: Whole, budget: Budget, program: Program, cycle: str) -> Drawn:
    """A fair-chance share of each manager's hours for partners with little data, by Thompson draws (Thompson 1933).

    Each draw says what plays reach and where each partner stands, as likely as it is believed; the most deals an hour win.
    """
    chance, best = program.chance, board.best
    candidates = np.flatnonzero(little_data(board) & (best >= 0) & (owners >= 0))
    if not len(candidates) or not chance.exploration_share:
        return NOBODY
    key = (chance.seed, cycle)
    tables = deals_by_stage(board.prospects, program, _sizes_drawn(board, key))
    parts = []
    for owner, known_little in _by_owner(candidates, owners[candidates]):
        gain = board.usable[known_little, best[known_little]]
        rows = np.sort(known_little[np.argsort(-gain, kind="stable")[:MOST_DRAWN]])
        share, free = float(chance.exploration_share * budget.capacity[owner]), float(budget.free[owner])
        hourly, plays = _drawn_gains(board, rows, tables, key)
        parts.append(_won(board, rows, hourly, plays, (share, free), key))
    return _joined(parts)


def _by_owner(rows: Whole, owners: Whole) -> Iterator[tuple[int, Whole]]:
    """Rows of each owner, in order of owners; one sort, however many owners there are."""
    order = np.argsort(owners, kind="stable")
    each, begins = np.unique(owners[order], return_index=True)
    yield from zip(each.tolist(), np.split(rows[order], begins[1:]), strict=True)


def _sizes_drawn(board: Board, key: tuple[object, ...]) -> Floats:
    """What plays reach over what is believed, as likely as that is: (draws, plays); normal numbers by Box and Muller (1958)."""
    reach = board.prospects.reach
    first, second = np.split(uniforms([(*key, "reach", play.name) for play in board.plays], 2 * (REDRAWS + 1)), 2, axis=1)
    normal = np.sqrt(-2 * np.log(first)) * np.cos(2 * np.pi * second)
    return np.asarray(np.maximum(1 + reach.deviation / np.maximum(reach.mean, 0.01) * normal.T, 0.01))


def _drawn_gains(board: Board, rows: Whole, tables: Floats, key: tuple[object, ...]) -> tuple[Floats, Whole]:
    """Gain an hour of each partner's best open play, and which that is, by draw: shapes (rows, draws)."""
    seen, draws = board.prospects, len(tables)
    ids = board.frame["partner_id"].gather(rows).to_list()
    lots = uniforms([(*key, "explore", one) for one in ids], draws)
    belief = seen.belief[rows].reshape(len(rows), -1).cumsum(axis=1)
    stands = (belief[:, None, :-1] < lots[:, :, None] * belief[:, None, -1:]).sum(axis=2)
    deals = tables.reshape(draws, len(board.plays), -1)[np.arange(draws)[None, :], :, stands]
    worth = own_pace(seen)[rows] * worth_of_a_deal(board.frame)[rows]
    hourly = deals / board.hours * worth.reshape(-1, 1, 1)
    hourly = np.where(board.open[rows][:, None, :], hourly, -1.0)
    return hourly.max(axis=2), hourly.argmax(axis=2)


def _won(
    board: Board, rows: Whole, hourly: Floats, plays: Whole, hours_of: tuple[float, float], key: tuple[object, ...]
) -> Drawn:
    """Who wins the slots of the first draw; propensity is the share of all draws in which the same choice falls."""
    share, free = hours_of
    hours = board.hours[plays]
    # A budget under the hours of one play buys it with the chance that evens out over the months.
    owner = board.frame["owner"][int(rows[0])]
    slots = np.floor(share / hours.mean(axis=0) + uniforms([(*key, "slots", owner)], REDRAWS + 1)[0])
    order = (-hourly).argsort(axis=0, kind="stable")
    place = order.argsort(axis=0, kind="stable")
    spent = np.take_along_axis(np.take_along_axis(hours, order, axis=0).cumsum(axis=0), place, axis=0)
    taken = (place < slots) & (spent <= free + 1e-9)
    won = np.flatnonzero(taken[:, 0])
    same = taken[won] & (plays[won] == plays[won, :1])
    return Drawn(rows[won], plays[won, 0], same.mean(axis=1).round(4))


def explored_again(board: Board, owners: Whole, free: Floats, drawn: Sequence[Lot]) -> Drawn:
    """Who was drawn to learn earlier in the month and may still get that play, within what is left of each owner's hours."""
    columns = {play.name: column for column, play in enumerate(board.plays)}
    wanted = {one.partner_id: one for one in drawn if one.arm == "explored" and one.play in columns}
    rows = np.flatnonzero(board.frame["partner_id"].is_in(sorted(wanted)).to_numpy())
    told = [wanted[one] for one in board.frame["partner_id"].gather(rows)]
    plays = np.array([columns[one.play] for one in told], np.int64)
    chances = np.array([one.propensity for one in told])
    still = board.open[rows, plays] & (owners[rows] >= 0)
    rows, plays, chances = rows[still], plays[still], chances[still]
    left, fits = free.copy(), np.zeros(len(rows), np.bool_)
    for place, (owner, hours) in enumerate(zip(owners[rows], board.hours[plays], strict=True)):
        fits[place] = left[owner] >= hours
        left[owner] -= hours * fits[place]
    return Drawn(rows[fits], plays[fits], chances[fits])


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
