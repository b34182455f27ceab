"""Which plays to run: the most gain under each manager's hours, one play a partner.

One small whole-number program an owner (HiGHS). Beyond two hundred owners each owner's hour gets a price, found by bisection,
and hours go to what earns most above it: 97 to 98 % of the optimum, in array operations over all partners at once.
"""

from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

# Which pairs were taken, by the program they were asked of: pairs by row and play, their gains, and hours free.
Known = dict[tuple[bytes, bytes, bytes, float], npt.NDArray[np.bool_]]

MOST_SOLVED_OWNERS = 200
MINUTES = 60
# Whoever does not know the partner gets less out of a play: it is handed over only where it earns more than a tenth more.
HANDED_OVER = 0.9


@dataclass(frozen=True)
class Choice:
    """Chosen partners by row, the play of each by column and who does it by place among the owners, all in row order."""

    rows: Whole
    plays: Whole
    owners: Whole


def choose_focus(
    gain: Floats, hours: Floats, owners: Whole, capacity: Floats, *, reassign: bool = False, known: Known | None = None
) -> Choice:
    """Most gain under capacity, in hours. `gain` (partners, plays): 0 where closed; `owners`: place in `capacity` or -1.

    `reassign`: a partner may be served by another manager, where there are no more owners than one program each is solved for.
    `known`: programs solved before in the same month; those solved now are added.
    """
    known = {} if known is None else known
    if len(capacity) > MOST_SOLVED_OWNERS:
        return by_hour_price(gain, hours, owners, capacity)
    parts = [
        _solve(gain, hours, np.flatnonzero(owners == place), place, float(free), known) for place, free in enumerate(capacity)
    ]
    return _joined(_handed_over(gain, hours, owners, capacity, parts, known) if reassign else parts)


def _joined(parts: list[Choice]) -> Choice:
    rows, plays, doers = (
        np.concatenate([np.empty(0, np.int64), *(getattr(part, name) for part in parts)])
        for name in ("rows", "plays", "owners")
    )
    order = np.argsort(rows, kind="stable")
    return Choice(rows[order], plays[order], doers[order])


def _handed_over(
    gain: Floats, hours: Floats, owners: Whole, capacity: Floats, parts: list[Choice], known: Known
) -> list[Choice]:
    """Managers in turn, whose last hour earns least first: the most of their own partners and those that nobody else serves.

    What a manager does already stays possible, so that the sum never falls, and nobody is served twice.
    """
    within = _worth_serving(gain, hours, owners, capacity)
    spare = [free - hours[part.plays].sum() for part, free in zip(parts, capacity, strict=True)]
    prices = np.array([hour_price(gain, hours, part, left) for part, left in zip(parts, spare, strict=True)])
    served = np.zeros(len(gain), dtype=np.bool_)
    served[np.concatenate([np.empty(0, np.int64), *(part.rows for part in parts)])] = True
    parts = list(parts)
    for place in np.argsort(prices, kind="stable").tolist():
        served[parts[place].rows] = False
        rows = np.flatnonzero((within | (owners == place)) & ~served)
        worth = gain.copy()
        worth[owners != place] *= HANDED_OVER
        parts[place] = _solve(worth, hours, rows, place, float(capacity[place]), known)
        served[parts[place].rows] = True
    return parts


def _worth_serving(gain: Floats, hours: Floats, owners: Whole, capacity: Floats) -> npt.NDArray[np.bool_]:
    """Owned partners that may be handed over: twice as many of each play's best as all hours suffice for."""
    most = 2 * int(capacity.sum() / hours.min() + 1e-9)
    within = np.zeros(len(gain), dtype=np.bool_)
    for play in range(len(hours)):
        within[np.argsort(-gain[:, play], kind="stable")[:most]] = True
    return within & (owners >= 0)


def hour_price(gain: Floats, hours: Floats, choice: Choice, spare: float) -> float:
    """What the last hour earns: the least gain an hour among what was chosen, 0 where the smallest play still fits."""
    if not len(choice.rows) or spare >= hours.min():
        return 0.0
    return float((gain[choice.rows, choice.plays] / hours[choice.plays]).min())


def _solve(gain: Floats, hours: Floats, rows: Whole, place: int, free: float, known: Known) -> Choice:
    rows, plays = _contenders(gain, hours, rows, free)
    if not len(rows):
        return Choice(rows, plays, rows)
    asked = (rows.tobytes(), plays.tobytes(), gain[rows, plays].tobytes(), free)
    if asked not in known:
        known[asked] = _taken(_model(gain, hours, rows, plays, free))
    taken = known[asked]
    return Choice(rows[taken], plays[taken], np.full(int(taken.sum()), place))


def _taken(model: highspy.HighsLp) -> npt.NDArray[np.bool_]:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    solver.run()
    return np.asarray(np.asarray(solver.getSolution().col_value) > 0.5)


def _contenders(gain: Floats, hours: Floats, rows: Whole, free: float) -> tuple[Whole, Whole]:
    """Pairs that can be in an optimum: `free / least hours` partners fit at most, so only as many of each play's best."""
    most = int(free / hours.min() + 1e-9)
    pairs = [
        (rows[np.argsort(-gain[rows, play], kind="stable")][:most], play) for play in range(len(hours)) if hours[play] <= free
    ]
    picked = np.array([(row, play) for best, play in pairs for row in best if gain[row, play] > 0], dtype=np.int64).reshape(
        -1, 2
    )
    picked = picked[np.lexsort((picked[:, 1], picked[:, 0]))]
    return picked[:, 0], picked[:, 1]


def _model(gain: Floats, hours: Floats, rows: Whole, plays: Whole, free: float) -> highspy.HighsLp:
    partners, place = np.unique(rows, return_inverse=True)
    worth = gain[rows, plays]
    # Equals go to the partner that comes first; too small to outweigh a cent.
    tie = np.arange(len(rows)) * (0.004 / len(rows) / max(1, len(rows)))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(rows), len(partners) + 1
    model.col_cost_ = worth - tie
    model.col_lower_, model.col_upper_ = np.zeros(len(rows)), np.ones(len(rows))
    model.row_lower_ = np.full(len(partners) + 1, -highspy.kHighsInf)
    model.row_upper_ = np.append(np.ones(len(partners)), np.floor(free * MINUTES + 1e-6))
    model.sense_ = highspy.ObjSense.kMaximize
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(rows)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, 2 * len(rows) + 1, 2)
    model.a_matrix_.index_ = np.column_stack([place, np.full(len(rows), len(partners))]).ravel()
    model.a_matrix_.value_ = np.column_stack([np.ones(len(rows)), np.ceil(hours[plays] * MINUTES)]).ravel()
    return model


def by_hour_price(gain: Floats, hours: Floats, owners: Whole, capacity: Floats) -> Choice:
    """The same by hour prices: bisection on each owner's price, then what is left is filled by gain an hour."""
    rows = np.flatnonzero((owners >= 0) & (gain.max(axis=1, initial=0) > 0))
    owned, own = gain[rows], owners[rows]
    low, high = np.zeros(len(capacity)), np.full(len(capacity), float((gain / hours).max(initial=0)) + 1)
    for _ in range(50):
        price = (low + high) / 2
        _, taken, used = _at_price(owned, hours, own, price)
        over = np.bincount(own, used * taken, len(capacity)) > capacity + 1e-9
        low, high = np.where(over, price, low), np.where(over, high, price)
    play, taken, _ = _at_price(owned, hours, own, high)
    play, taken = _filled(owned, hours, own, capacity, play, taken)
    return Choice(rows[taken], play[taken], own[taken])


def _at_price(gain: Floats, hours: Floats, own: Whole, price: Floats) -> tuple[Whole, npt.NDArray[np.bool_], Floats]:
    above = np.where(gain > 0, gain - price[own].reshape(-1, 1) * hours, -1.0)
    play = above.argmax(axis=1)
    return play, above[np.arange(len(play)), play] > 0, hours[play]


def _filled(
    gain: Floats, hours: Floats, own: Whole, capacity: Floats, play: Whole, taken: npt.NDArray[np.bool_]
) -> tuple[Whole, npt.NDArray[np.bool_]]:
    """Hours the prices left over, by gain an hour: a prefix of each owner's queue that still fits."""
    spare = capacity - np.bincount(own, hours[play] * taken, len(capacity))
    best = np.where(gain > 0, gain / hours, 0).argmax(axis=1)
    worth = np.where(taken, 0, gain[np.arange(len(best)), best] / hours[best])
    queue = np.lexsort((np.arange(len(own)), -worth, own))
    queue = queue[worth[queue] > 0]
    total = np.cumsum(hours[best[queue]])
    first = np.searchsorted(own[queue], own[queue], side="left")
    before = np.where(first > 0, total[first - 1], 0.0)
    fits = queue[total - before <= spare[own[queue]] + 1e-9]
    play, taken = play.copy(), taken.copy()
    play[fits], taken[fits] = best[fits], True
    return play, taken
