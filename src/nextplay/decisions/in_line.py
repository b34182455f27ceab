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
    best = board.best
    rows = np.flatnonzero((owners >= 0) & (best >= 0))
    rows = rows[~np.isin(rows, taken)]
    hourly = board.usable[rows, best[rows]] / board.hours[best[rows]]
    order = np.lexsort((rows, -hourly, owners[rows]))
    rows = rows[order]
    place = np.arange(len(rows)) - np.searchsorted(owners[rows], owners[rows], side="left")
    rows = rows[place < most]
    return rows, best[rows]
