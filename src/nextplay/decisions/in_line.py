"""Who is next in line at each manager: the best of those that got no hours, kept with the cycle for hours that come free."""

import numpy as np
import numpy.typing as npt

from nextplay.decisions.board import Board

Whole = npt.NDArray[np.int64]

# Of each manager. After more refusals than that the month is better proposed again.
MOST = 3


def next_in_line(board: Board, owners: Whole, taken: Whole, most: int = MOST) -> tuple[Whole, Whole]:
    """Rows and plays of the next in line, by owner, most gain an hour first, `most` an owner.

    `owners`: place of each partner's owner, -1 for nobody; `taken`: rows that got hours or were held back by lot.
    """
    waiting = np.flatnonzero((owners >= 0) & (board.best >= 0))
    rows, ahead = line(board, owners, waiting[~np.isin(waiting, taken)])
    rows = rows[ahead < most]
    return rows, board.best[rows]


def line(board: Board, owners: Whole, waiting: Whole) -> tuple[Whole, Whole]:
    """Rows of those who wait, by owner, most gain an hour first; and how many of the same owner come before each.

    All of them have a best play.
    """
    best = board.best[waiting]
    hourly = board.usable[waiting, best] / board.hours[best]
    rows = waiting[np.lexsort((waiting, -hourly, owners[waiting]))]
    return rows, np.arange(len(rows)) - np.searchsorted(owners[rows], owners[rows], side="left")
