"""A small linear classifier over cues and words: for each label a logistic regression whose weights stand in `weights.tsv`.

Trained by `python -m bench.text.train` from our own labelled sentences. A feature is a cue that fits, a label that is
`clear` (a sign of it and nothing against it), a word or a pair of words. Set-based: a score is a sum over a join.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import polars as pl

from nextplay.analysis.text.cues import CUES, VETOES
from nextplay.analysis.text.labels import NAMES

WEIGHTS = Path(str(files("nextplay.analysis.text").joinpath("weights.tsv")))
# Rows of `weights.tsv` that are no features of a sentence.
BIAS, THRESHOLD = "(bias)", "(threshold)"
# A pattern of many parts says more than a word: how much each kind of feature weighs before training.
CUE, CLEAR, WORD = 1.0, 2.0, 0.4
_WORD_OR_MARK = r"PP|VV|QQ|\|\||[\p{L}]+|\d+|[?:]"


@dataclass(frozen=True)
class Weights:
    """`feature`, `label`, `weight` in long form; a bias and a threshold (a probability) a label."""

    rows: pl.DataFrame
    bias: dict[str, float]
    threshold: dict[str, float]


@lru_cache(maxsize=1)
def shipped() -> Weights:
    """The weights in the package."""
    rows = pl.read_csv(
        WEIGHTS, separator="\t", quote_char=None, schema={"feature": pl.String, "label": pl.String, "weight": pl.Float64}
    )
    own = {
        name: dict(rows.filter(pl.col("feature") == name).select("label", "weight").iter_rows()) for name in (BIAS, THRESHOLD)
    }
    return Weights(rows.filter(~pl.col("feature").is_in([BIAS, THRESHOLD])), own[BIAS], own[THRESHOLD])


def features(words: pl.Series) -> pl.DataFrame:
    """`row`, `feature` and `size` in long form, each once a row, of the words of `voice.told`."""
    fits = pl.DataFrame({"words": words}).select(
        **{name: pl.col("words").str.contains(pattern) for name, pattern in CUES.items()}
    )
    cues = fits.with_columns(**{f"clear {label}": clear(label) for label in NAMES}).with_row_index("row")
    long = cues.unpivot(index="row", variable_name="feature", value_name="fits").filter("fits")
    size = pl.when(pl.col("feature").str.starts_with("clear ")).then(CLEAR).otherwise(CUE)
    return pl.concat([long.select("row", "feature", size=size), _words(words)])


def clear(label: str) -> pl.Expr:
    """Whether a sign of the label fits and nothing that speaks against it, over a column a cue."""
    own = [name for name in CUES if name.startswith(f"{label}:")]
    against = [name for name in CUES if name.startswith(f"{label}!")] + list(VETOES[label])
    return pl.any_horizontal(own) & ~pl.any_horizontal(against)


def probabilities(words: pl.Series, weights: Weights) -> pl.DataFrame:
    """A row a sentence, a column a label: how likely it is; 0 where a veto rules it out."""
    seen = features(words)
    sums = (
        seen.join(weights.rows, on="feature")
        .group_by("row", "label")
        .agg(sum=(pl.col("weight") * pl.col("size")).sum())
        .pivot("label", on_columns=list(NAMES), index="row", values="sum")
    )
    every = pl.DataFrame({"row": range(len(words))}, schema={"row": pl.UInt32}).join(
        sums, on="row", how="left", maintain_order="left"
    )
    vetoes = pl.DataFrame({"words": words}).select(**{label: _vetoed(label) for label in NAMES})
    said = every.select(**{label: 1 / (1 + (-(pl.col(label).fill_null(0.0) + weights.bias[label])).exp()) for label in NAMES})
    return said.select(pl.when(vetoes[label]).then(0.0).otherwise(pl.col(label)).alias(label) for label in NAMES)


def _vetoed(label: str) -> pl.Expr:
    tests = [pl.col("words").str.contains(CUES[cue]) for cue in VETOES[label]]
    return pl.any_horizontal(tests) if tests else pl.lit(False)


def _words(words: pl.Series) -> pl.DataFrame:
    """Words and pairs of neighbors, case aside; numbers all alike."""
    tokens = (
        pl.DataFrame({"word": words.str.extract_all(_WORD_OR_MARK)})
        .with_row_index("row")
        .explode("word", empty_as_null=True, keep_nulls=True)
    )
    marks = pl.col("word").is_in(["PP", "VV", "QQ"])
    plain = pl.when(marks).then(pl.col("word")).otherwise(pl.col("word").str.to_lowercase())
    tokens = tokens.drop_nulls().with_columns(word=plain.str.replace(r"^\d+$", "#"))
    following = pl.col("word").shift(-1).over("row")
    pairs = tokens.select("row", feature=pl.col("word") + "_" + following).drop_nulls()
    every = pl.concat([tokens.rename({"word": "feature"}), pairs]).unique()
    return every.with_columns(size=pl.lit(WORD))
