"""The classifier is what its labelled sentences make it, and a label counts only where it was right on those held out."""

from typing import get_args

import polars as pl
import pytest
from bench.text.labelled import THIRD, labelled, truth
from bench.text.train import taught, weights_of
from bench.text_bench import by_reader, scores

from nextplay.analysis.text.classifier import THRESHOLD, WEIGHTS
from nextplay.analysis.text.labels import LABELS, NAMES, in_force
from nextplay.program.rubric import LabelName


def test_a_label_counts_exactly_where_it_was_right_four_times_in_five_on_what_nobody_had_seen() -> None:
    both = [labelled().filter("held_out"), labelled(THIRD)]
    found = [scores(by_reader(rows), truth(rows)) for rows in both]
    precise = [all(p is not None and p >= 0.8 for p, _, _ in one) for one in zip(*found, strict=True)]
    assert [label.on for label in LABELS] == precise
    assert in_force() == tuple(label.name for label in LABELS if label.on)
    assert in_force(NAMES) == NAMES == get_args(LabelName)


def test_at_least_400_sentences_are_labelled_and_a_third_is_held_out() -> None:
    assert labelled(THIRD).height >= 120
    rows = labelled()
    assert rows.height >= 400
    assert rows["sentence"].is_unique().all()
    assert rows.filter("held_out").height / rows.height == pytest.approx(1 / 3, abs=0.04)
    # Enough of each label on both sides, and enough that say nothing.
    assert truth(rows.filter("held_out")).sum(axis=0).min() >= 10
    assert (~truth(rows)).all(axis=1).mean() > 0.4


@pytest.mark.parametrize("label", ["commits_to_date", "no_capacity"])
def test_the_shipped_weights_are_those_that_training_gives(label: str) -> None:
    x, true, names = taught()
    shipped = pl.read_csv(WEIGHTS, separator="\t", quote_char=None).filter(
        (pl.col("label") == label) & (pl.col("feature") != THRESHOLD)
    )
    both = shipped.join(weights_of(label, x, true, names), on="feature", how="full", coalesce=True).fill_null(0.0)
    # A weight on the edge of being left out may differ between machines, and by no more than that edge.
    apart = (both["weight"] - both["weight_right"]).abs()
    assert apart.filter(apart >= 0.05).is_empty()
