"""A second opinion on what the reader found: sentence embeddings, which can contradict it and find nothing of their own.

There only where the extra `nextplay[semantic]` is installed. For each label a logistic regression over the embedding, with
weights in `second_opinion.tsv`, made by `python -m bench.text.train_opinion` from the training part of our labelled sentences.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from nextplay.analysis.text.labels import NAMES
from nextplay.analysis.text.minilm import WIDTH, MiniLM, NotInstalled, OtherWeights

# A row a part of the embedding, then the bias, then how likely a label must at least be; a column a label.
WEIGHTS = Path(str(files("nextplay.analysis.text").joinpath("second_opinion.tsv")))


class SecondOpinion:
    """What embeddings say of sentences. `version` moves with the weights."""

    def __init__(self, model: MiniLM) -> None:
        """Over a model that is open."""
        raw = WEIGHTS.read_bytes()
        self._model = model
        self._weights: NDArray[np.float64] = pl.read_csv(raw, separator="\t").select(NAMES).to_numpy()
        self.version = f"minilm-{hashlib.sha256(raw).hexdigest()[:8]}"

    def contradicts(self, sentences: Sequence[str], labels: Sequence[str]) -> NDArray[np.bool_]:
        """Of each sentence with its label, whether it is less likely than nineteen of twenty true ones were in training.

        A sentence with several labels is read once.
        """
        each = sorted(set(sentences))
        place = {sentence: at for at, sentence in enumerate(each)}
        likely = 1 / (1 + np.exp(-(self._model.embed(each) @ self._weights[:WIDTH] + self._weights[WIDTH])))
        column = np.array([NAMES.index(label) for label in labels], dtype=int)
        row = np.array([place[sentence] for sentence in sentences], dtype=int)
        contradicted: NDArray[np.bool_] = likely[row, column] < self._weights[-1][column]
        return contradicted


@lru_cache(maxsize=1)
def second_opinion() -> SecondOpinion | None:
    """The one that is installed, opened once a process; None where none is, or its weights are not those published."""
    try:
        return SecondOpinion(MiniLM())
    except (NotInstalled, OtherWeights):
        return None
