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
    """Weights of a logistic regression, the bias last, by Newton's method.

    With fewer sentences than features every step is solved among sentences; how alike they are is worked out once.
    """
    ones = np.hstack([x, np.ones((len(x), 1))])
    prior = np.full(ones.shape[1], 1.0 / penalty)
    # A bias is not pulled: a very weak pull stands for none.
    prior[-1] = 1e4
    scaled = ones * prior
    alike = scaled @ ones.T
    margin, share = np.zeros(len(y)), np.zeros(len(y))
    for _ in range(40):
        said = 1 / (1 + np.exp(-margin))
        spread = np.maximum(said * (1 - said), 1e-6)
        share = np.linalg.solve(alike + np.diag(1 / spread), margin + (y - said) / spread)
        moved = alike @ share
        done = np.abs(moved - margin).max() < 1e-6
        margin = moved
        if done:
            break
    weights: Floats = scaled.T @ share
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


def taught() -> tuple[Floats, NDArray[np.bool_], list[str]]:
    """What there is to learn from: features of the sentences that are not held out, what is true of them, and feature names."""
    rows = told(labelled().filter(~pl.col("held_out")), OURS)
    seen = features(rows["words"])
    # What one sentence alone has teaches nothing about others.
    counted = seen.group_by("feature").len().filter(pl.col("len") >= 2)
    names = sorted(counted["feature"])
    return matrix(seen, rows.height, names), truth(rows), names


def weights_of(label: str, x: Floats, true: NDArray[np.bool_], names: list[str]) -> pl.DataFrame:
    """`feature`, `label`, `weight` of one label, with its bias."""
    weights = fit(x, true[:, NAMES.index(label)].astype(float))
    kept = np.abs(weights[:-1]) >= _SMALLEST
    listed = [name for name, keep in zip(names, kept, strict=True) if keep]
    return pl.DataFrame({"feature": [*listed, BIAS], "label": label, "weight": [*weights[:-1][kept], weights[-1]]})


def train() -> pl.DataFrame:
    """`feature`, `label`, `weight`, sorted; with a bias and a threshold a label."""
    x, true, names = taught()
    parts = []
    for at, label in enumerate(NAMES):
        cut = threshold(cross_validated(x, true[:, at].astype(float)), true[:, at])
        parts.append(weights_of(label, x, true, names))
        parts.append(pl.DataFrame({"feature": [THRESHOLD], "label": label, "weight": [cut]}))
    return pl.concat(parts).with_columns(pl.col("weight").round(3)).sort("label", "feature")


if __name__ == "__main__":
    trained = train()
    trained.write_csv(WEIGHTS, separator="\t", quote_style="never")
    print(f"{trained.height} weights in {WEIGHTS.name}")
