"""Trains the second opinion of `analysis/text` from the labelled sentences that are not held out, and writes its weights.

`pip install 'nextplay[semantic]'`, then `python -m bench.text.train_opinion`: same sentences, same file.
"""

import numpy as np
import polars as pl

from bench.text.labelled import labelled, truth
from bench.text.train import Floats, cross_validated, fit
from nextplay.analysis.text.labels import NAMES
from nextplay.analysis.text.minilm import MiniLM
from nextplay.analysis.text.second_opinion import WEIGHTS

# How much an embedding, whose parts are small, weighs before training.
SIZE = 3.0
# A second opinion contradicts where it finds a sentence less likely than it does nineteen of twenty true ones.
LEAST = 0.05


def weights_of(label: str, own: Floats) -> Floats:
    """A weight for each part of the embedding, the bias, and how likely a sentence must at least be; `own` is `embedded`."""
    rows = labelled()
    true = truth(rows.filter(~pl.col("held_out")))[:, NAMES.index(label)]
    fitted = fit(own * SIZE, true.astype(float))
    least = np.quantile(cross_validated(own * SIZE, true.astype(float))[true], LEAST)
    return np.array([*fitted[:-1] * SIZE, fitted[-1], least])


def embedded() -> Floats:
    """A row a sentence of the training part."""
    rows = labelled().filter(~pl.col("held_out"))
    found: Floats = MiniLM().embed(rows["sentence"].to_list()).astype(np.float64)
    return found


if __name__ == "__main__":
    own = embedded()
    pl.DataFrame({label: weights_of(label, own).round(4) for label in NAMES}).write_csv(WEIGHTS, separator="\t")
    print(f"Weights in {WEIGHTS.name}")
