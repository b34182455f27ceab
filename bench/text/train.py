"""Trains the classifier of `analysis/text` from the labelled sentences that are not held out, and writes its weights.

`python -m bench.text.train`: same sentences, same file. Thresholds come from six-fold cross-validation within the same part.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.text.labelled import OURS, labelled, truth
from nextplay.analysis.text.classifier import BIAS, THRESHOLD, WEIGHTS, features
from nextplay.analysis.text.labels import NAMES
from nextplay.analysis.text.voice import told

Floats = NDArray[np.float64]

FOLDS = 6
# Strength of the pull of every weight towards zero.
PENALTY = 1.0
# The lowest precision in cross-validation that sets a threshold; where none reaches it, the label needs 0.5.
PRECISION = 0.9
# Cues were written with these very sentences in sight, so that cross-validation flatters: no threshold under one half.
_GRID = np.round(np.arange(0.50, 0.91, 0.02), 2)
# Weights smaller than this move nothing and would only make the file long.
_SMALLEST = 0.04


def fit(x: Floats, y: Floats, penalty: float = PENALTY) -> Floats:
    """Weights of a logistic regression with an unpenalized bias in the last place, by Newton's method on the dual-sized system.

    With fewer sentences than features the step is solved among sentences (Woodbury), which costs milliseconds.
    """
    rows, columns = x.shape
    ones = np.hstack([x, np.ones((rows, 1))])
    inverse = np.full(columns + 1, 1.0 / penalty)
    # A bias is not pulled: a very weak prior stands for none.
    inverse[-1] = 1e4
    weights = np.zeros(columns + 1)
    for _ in range(40):
        said = 1 / (1 + np.exp(-ones @ weights))
        spread = np.maximum(said * (1 - said), 1e-6)
        response = ones @ weights + (y - said) / spread
        scaled = ones * inverse
        inner = scaled @ ones.T + np.diag(1 / spread)
        step = scaled.T @ np.linalg.solve(inner, response)
        if np.abs(step - weights).max() < 1e-7:
            return step
        weights = step
    return weights


def matrix(seen: pl.DataFrame, rows: int, names: list[str]) -> Floats:
    """A dense row a sentence, a column a feature."""
    place = {name: at for at, name in enumerate(names)}
    known = seen.filter(pl.col("feature").is_in(names))
    x = np.zeros((rows, len(names)))
    x[known["row"].to_numpy(), known["feature"].replace_strict(place, return_dtype=pl.Int64).to_numpy()] = known[
        "size"
    ].to_numpy()
    return x


def threshold(said: Floats, true: NDArray[np.bool_]) -> float:
    """The threshold that finds the most while cross-validated precision holds."""
    found = [((said >= at) & true).sum() for at in _GRID]
    claimed = [max((said >= at).sum(), 1) for at in _GRID]
    good = [(hits, -at, at) for hits, all_said, at in zip(found, claimed, _GRID, strict=True) if hits / all_said >= PRECISION]
    return float(max(good)[2]) if good else 0.5


def cross_validated(x: Floats, y: Floats, penalty: float = PENALTY) -> Floats:
    """For each sentence what a model says that was trained without it."""
    said = np.zeros(len(y))
    fold = np.arange(len(y)) % FOLDS
    for one in range(FOLDS):
        weights = fit(x[fold != one], y[fold != one], penalty)
        said[fold == one] = 1 / (1 + np.exp(-(x[fold == one] @ weights[:-1] + weights[-1])))
    return said


def train() -> pl.DataFrame:
    """`feature`, `label`, `weight`, sorted; with a bias and a threshold a label."""
    rows = told(labelled().filter(~pl.col("held_out")), OURS)
    seen = features(rows["words"])
    # What one sentence alone has teaches nothing about others.
    counted = seen.group_by("feature").len().filter(pl.col("len") >= 2)
    names = sorted(counted["feature"])
    x, y = matrix(seen, rows.height, names), truth(rows)
    parts = []
    for at, label in enumerate(NAMES):
        weights = fit(x, y[:, at].astype(float))
        cut = threshold(cross_validated(x, y[:, at].astype(float)), y[:, at])
        kept = np.abs(weights[:-1]) >= _SMALLEST
        listed = [name for name, keep in zip(names, kept, strict=True) if keep]
        values = [*weights[:-1][kept], weights[-1], cut]
        parts.append(pl.DataFrame({"feature": [*listed, BIAS, THRESHOLD], "label": label, "weight": values}))
    return pl.concat(parts).with_columns(pl.col("weight").round(3)).sort("label", "feature")


if __name__ == "__main__":
    trained = train()
    trained.write_csv(WEIGHTS, separator="\t", quote_style="never")
    print(f"{trained.height} weights in {WEIGHTS.name}")
