"""How well sentences are read: precision and recall on the third that was held out, beside two baselines, and the speed.

`python -m bench.text_bench`. Nothing here is tuned: the held-out third was split off before there was a reader.
"""

import argparse
import time
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.text.keywords import KEYWORDS
from bench.text.labelled import FRESH, OURS, THIRD, labelled, truth
from bench.text.train import Floats, cross_validated, fit
from nextplay.analysis.text.labels import BY_NAME, NAMES
from nextplay.analysis.text.reader import read
from nextplay.analysis.text.second_opinion import SecondOpinion

Marks = NDArray[np.bool_]
SPEED_SENTENCES = 60_000


def as_documents(rows: pl.DataFrame) -> pl.DataFrame:
    """A document a sentence."""
    ids = pl.int_range(pl.len()).cast(pl.String)
    return rows.select(document_id=ids, partner_id=pl.lit("p"), author="author", text="sentence")


def by_reader(held: pl.DataFrame, opinion: SecondOpinion | None = None) -> Marks:
    """What the built-in reader marks, with a second opinion or without."""
    found = read(as_documents(held), ours=OURS, opinion=opinion)
    marks = np.zeros((held.height, len(NAMES)), dtype=bool)
    for document, label in found.select(pl.col("document_id").cast(pl.Int64), "label").iter_rows():
        marks[document, NAMES.index(label)] = True
    return marks


def by_keywords(held: pl.DataFrame) -> Marks:
    """A list of words a label, as a first idea would have it."""
    lower = held["sentence"].str.to_lowercase()
    return np.column_stack([lower.str.contains_any(list(KEYWORDS[label])).to_numpy() for label in NAMES])


def by_tf_idf(train: pl.DataFrame, held: pl.DataFrame) -> Marks:
    """TF-IDF of words and pairs with the same regression; thresholds of the best cross-validated F1, which is kinder to it."""
    terms = [_terms(sentence) for sentence in train["sentence"]]
    counts: dict[str, int] = {}
    for one in terms:
        for term in set(one):
            counts[term] = counts.get(term, 0) + 1
    place = {term: at for at, term in enumerate(sorted(term for term, often in counts.items() if often >= 2))}
    weight = np.array([np.log((1 + len(terms)) / (1 + counts[term])) + 1 for term in place])
    x = _tf_idf(terms, place, weight)
    z = _tf_idf([_terms(sentence) for sentence in held["sentence"]], place, weight)
    marks = np.zeros((held.height, len(NAMES)), dtype=bool)
    for at, label in enumerate(NAMES):
        y = train[label].to_numpy()
        # Unit vectors are small: the usual strength of one would learn nothing.
        model = fit(x, y.astype(float), penalty=0.1)
        at_least = _best_f1(cross_validated(x, y.astype(float), penalty=0.1), y)
        marks[:, at] = 1 / (1 + np.exp(-(z @ model[:-1] + model[-1]))) >= at_least
    return marks


def _best_f1(said: Floats, true: Marks) -> float:
    grid = np.round(np.arange(0.05, 0.95, 0.01), 2)
    return float(max(grid, key=lambda at: 2 * ((said >= at) & true).sum() / ((said >= at).sum() + true.sum())))


def _terms(sentence: str) -> list[str]:
    words = "".join(letter if letter.isalnum() else " " for letter in sentence.lower()).split()
    return [*words, *(f"{one} {other}" for one, other in pairwise(words))]


def _tf_idf(terms: list[list[str]], place: dict[str, int], weight: Floats) -> Floats:
    x = np.zeros((len(terms), len(place)))
    for row, one in enumerate(terms):
        for term in one:
            if term in place:
                x[row, place[term]] += weight[place[term]]
    unit: Floats = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)
    return unit


def scores(marks: Marks, true: Marks) -> list[tuple[float | None, float, int]]:
    """Precision (None where nothing is marked), recall and how many are true, a label."""
    hits = (marks & true).sum(axis=0)
    said, held = marks.sum(axis=0), true.sum(axis=0)
    return [(float(h / s) if s else None, float(h / n), int(n)) for h, s, n in zip(hits, said, held, strict=True)]


def table(methods: dict[str, Marks], true: Marks) -> str:
    """A Markdown table, a row a label."""
    read_as = {name: scores(marks, true) for name, marks in methods.items()}
    lines = ["| says that the partner | true | " + " | ".join(f"{name}: precision, recall" for name in methods) + " | counts |"]
    lines.append("|---|--:|" + "--:|" * len(methods) + "---|")
    for at, label in enumerate(NAMES):
        cells = [f"{'-' if p is None else f'{p:.2f}'}, {r:.2f}" for p, r, _ in (read_as[name][at] for name in methods)]
        true_ones = read_as["reader"][at][2]
        lines.append(f"| {BY_NAME[label].says} | {true_ones} | {' | '.join(cells)} | {'yes' if BY_NAME[label].on else 'no'} |")
    return "\n".join(lines)


def fresh_sentence() -> str:
    """Precision and recall over all labels together, of sentences written when the reader was done."""
    rows = labelled(FRESH)
    marks, true = by_reader(rows), truth(rows)
    hits = (marks & true).sum()
    told = f"precision {hits / marks.sum():.2f}, recall {hits / true.sum():.2f}"
    return f"{rows.height} sentences written afterwards, {true.sum()} labels together: {told}."


def speed(rows: pl.DataFrame) -> float:
    """Sentences a second of processor time, in documents of five."""
    many = pl.concat([rows] * (SPEED_SENTENCES // rows.height + 1)).head(SPEED_SENTENCES)
    # Every sentence with a number of its own: none may be known from before.
    texts = many.select("author", text=pl.col("sentence") + " No. " + pl.int_range(pl.len()).cast(pl.String) + "\n")
    documents = (
        texts.with_columns(document_id=(pl.int_range(pl.len()) // 5).cast(pl.String))
        .group_by("document_id")
        .agg(pl.col("author").first(), text=pl.col("text").str.join(""))
    )
    began = time.process_time()
    read(documents.with_columns(partner_id=pl.lit("p")), ours=OURS)
    return SPEED_SENTENCES / (time.process_time() - began)


def main() -> None:
    """Print both tables."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    rows = labelled()
    train, held = rows.filter(~pl.col("held_out")), rows.filter(pl.col("held_out"))
    print(f"{rows.height} sentences, {held.height} held out.\n")
    for sentences in (held, labelled(THIRD)):
        methods = {
            "reader": by_reader(sentences),
            "TF-IDF": by_tf_idf(train, sentences),
            "keywords": by_keywords(sentences),
        }
        print(f"{sentences.height} sentences, {int((~truth(sentences)).all(axis=1).sum())} of them say nothing:\n")
        print(f"{table(methods, truth(sentences))}\n")
    print(fresh_sentence())
    print(f"\n{speed(rows):,.0f} sentences a second of processor time.")


if __name__ == "__main__":
    main()
