"""What is left to chance, and with what propensity: hours for partners with little data, and plays held back at the margin."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.decisions.board import Board
from nextplay.decisions.chance import uniform, uniforms
from nextplay.decisions.focus import Choice
from nextplay.decisions.gain import deals_by_stage, freed, fresh, own_pace, worth_of_a_deal
from nextplay.decisions.proposal import Lot
from nextplay.program.definition import Program
from nextplay.program.plays import Chance
from nextplay.values.figures import many

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

# Redraws that a propensity is counted over.
REDRAWS = 200
# Partners a manager's exploration hours are drawn among: those with most gain.
MOST_DRAWN = 60
# Little is known of a partner with no more traits known than this, fewer than half, and no more selling days.
FEW_TRAITS, FEW_DAYS = 2, 2
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
    """Partners of whom few traits are known and who sold on few days: our odds for them are mostly the prior."""
    few = (pl.col("traits_known") <= FEW_TRAITS) & (pl.col("selling_days") <= FEW_DAYS)
    return board.frame.select(few).to_series().to_numpy()


def explore(board: Board, owners: Whole, budget: Budget, program: Program, cycle: str) -> Drawn:
    """A fair-chance share of each manager's hours for partners with little data, by Thompson draws (Thompson 1933).

    Each draw says what plays reach and where each partner stands, as likely as it is believed; the most deals an hour win.
    """
    chance, best, candidates = program.chance, board.best, _candidates(board, owners)
    if not len(candidates) or not chance.exploration_share:
        return NOBODY
    key = (chance.seed, cycle)
    tables = deals_by_stage(board.prospects, program, _sizes_drawn(board, key))
    parts, lot = [], uniforms([(*key, "slots")], REDRAWS + 1)[0]
    due = np.zeros(REDRAWS + 1)
    for owner, known_little in _by_owner(candidates, owners[candidates]):
        gain = board.usable[known_little, best[known_little]]
        rows = np.sort(known_little[np.argsort(-gain, kind="stable")[:MOST_DRAWN]])
        due += float(chance.exploration_share * budget.capacity[owner])
        won, given = _won(
            board, rows, _drawn_gains(board, rows, tables, program.growing, key), (due, lot), float(budget.free[owner])
        )
        parts.append(won)
        # What one manager's hours do not buy whole runs on to the next, but never more than one play.
        due = np.minimum(due - given, board.hours.max())
    return _joined(parts)


def _candidates(board: Board, owners: Whole) -> Whole:
    """Rows of those with little data that a play is open to, and that somebody manages."""
    return np.flatnonzero(little_data(board) & (board.best >= 0) & (owners >= 0))


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


def _drawn_gains(board: Board, rows: Whole, tables: Floats, program: Program, key: tuple[object, ...]) -> tuple[Floats, Whole]:
    """Gain an hour of each partner's best open play, and which that is, by draw: shapes (rows, draws)."""
    seen, draws = board.prospects, len(tables)
    ids = board.frame["partner_id"].gather(rows).to_list()
    lots = uniforms([(*key, "explore", one) for one in ids], draws)
    belief = seen.belief[rows].reshape(len(rows), -1).cumsum(axis=1)
    stands = (belief[:, None, :-1] < lots[:, :, None] * belief[:, None, -1:]).sum(axis=2)
    deals = tables.reshape(draws, len(board.plays), -1)[np.arange(draws)[None, :], :, stands]
    worth = own_pace(seen)[rows] * worth_of_a_deal(board.frame)[rows]
    own = seen.part(rows)
    money = deals * (worth.reshape(-1, 1) * own.suits * fresh(own, program))[:, None, :]
    money += (freed(own, program) * board.frame["stalled_counted"].to_numpy()[rows].reshape(-1, 1))[:, None, :]
    hourly = money / board.hours
    hourly = np.where(board.open[rows][:, None, :], hourly, -1.0)
    return hourly.max(axis=2), hourly.argmax(axis=2)


def _won(
    board: Board, rows: Whole, drawn: tuple[Floats, Whole], hours_due: tuple[Floats, Floats], free: float
) -> tuple[Drawn, Floats]:
    """Who wins in the first draw, and the hours given in each; propensity is the share of all draws with the same choice.

    `drawn` as `_drawn_gains` gives them. `hours_due` by draw, and what part of a play's hours must be due for it to be given:
    drawn evenly, so that hours too few for a play buy it as often as they are a part of it.
    """
    hourly, plays = drawn
    due, lot = hours_due
    order = (-hourly).argsort(axis=0, kind="stable")
    hours = np.take_along_axis(board.hours[plays], order, axis=0)
    spent = hours.cumsum(axis=0)
    fits = (due - (spent - hours) >= lot * hours) & (spent <= free + 1e-9)
    first = np.logical_and.accumulate(fits, axis=0)
    taken = np.take_along_axis(first, order.argsort(axis=0, kind="stable"), axis=0)
    won = np.flatnonzero(taken[:, 0])
    same = taken[won] & (plays[won] == plays[won, :1])
    return Drawn(rows[won], plays[won, 0], same.mean(axis=1).round(4)), (hours * first).sum(axis=0)


def kept_for_them(board: Board, owners: Whole, budget: Budget, share: float, given: float) -> str:
    """How the hours kept for partners with little data fell short by more than one play, and why; empty where they did not.

    `given`: hours that went to such partners.
    """
    hours = float(budget.capacity.sum())
    kept = share * hours
    if not kept or given + board.hours.max() > kept:
        return ""
    candidates = _candidates(board, owners)
    theirs = np.unique(owners[candidates])
    begins = (
        f"{kept:g} of {hours:g} hours ({share:.0%}) may go to partners with little data (at most {FEW_TRAITS} of six traits "
        f"known, sold on at most {FEW_DAYS} days), and {given:g} do"
    )
    if not len(candidates):
        return f"{begins}: no such partner is open to a play. Their hours go where they add most."
    if budget.free[theirs].sum() < board.hours.min():
        return f"{begins}: their managers have no hours left."
    found = many(len(candidates), "such partner is", "such partners are")
    return f"{begins}: {found} open to a play, with {len(theirs)} of {len(budget.capacity)} managers."


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
