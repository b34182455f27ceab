"""Estimates that simulators make, from plain arrays alone: none of them knows a world."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]

# A ridge that weighs as so many cases.
RIDGE = 10.0


def auc(score: Floats, truth: npt.NDArray[np.bool_]) -> float:
    """Chance that one that is true is ranked before one that is not; ties count half."""
    hits = int(truth.sum())
    ranks = pl.Series(score).rank("average").to_numpy()
    return float((ranks[truth].sum() - hits * (hits + 1) / 2) / max(hits * (len(truth) - hits), 1))


def ratio_of_sums(part: Floats, whole: Floats) -> tuple[float, float]:
    """Sum over sum, and its standard error over draws by leaving out one at a time; NaN with a single draw."""
    if len(part) == 1:
        return float(part[0] / whole[0]), float("nan")
    without = (part.sum() - part) / (whole.sum() - whole)
    return float(part.sum() / whole.sum()), float(np.sqrt((len(part) - 1) * np.mean((without - without.mean()) ** 2)))


def ridge_logistic(table: Floats, met: Floats) -> Floats:
    """Weights by column of a ridge logistic regression."""
    weights = np.zeros(table.shape[1])
    for _ in range(15):
        chance = 1 / (1 + np.exp(-table @ weights))
        curve = (table * (chance * (1 - chance)).reshape(-1, 1)).T @ table + RIDGE * np.eye(len(weights))
        weights = weights + np.linalg.solve(curve, table.T @ (met - chance) - RIDGE * weights)
    return weights


def thompson_draws(arms: Sequence[str], past: tuple[Floats, list[str], Floats], now: Floats, seed: int) -> Floats:
    """Rewards drawn by MABWiser's linear Thompson sampling, a row a row of `now`, a column an arm.

    `past`: what was seen, the arm that was taken and the reward, side by side.
    """
    from mabwiser.mab import MAB, LearningPolicy

    table, taken, rewards = past
    model = MAB(list(arms), LearningPolicy.LinTS(alpha=0.3, l2_lambda=RIDGE), seed=seed)
    model.fit(taken, rewards, table)
    return np.array([[one[arm] for arm in arms] for one in model.predict_expectations(now)])
