"""Reads documents sentence by sentence: what each says of its partner, with the exact quote and where it stands."""

import hashlib
from collections.abc import Iterable
from importlib.resources import files

import polars as pl

from nextplay.analysis.text.classifier import probabilities, shipped
from nextplay.analysis.text.labels import NAMES
from nextplay.analysis.text.second_opinion import SecondOpinion
from nextplay.analysis.text.sentences import LONGEST, cut
from nextplay.analysis.text.voice import told

# Moves with what is read out of a text, so that texts read by another version are read again: by itself with cues and weights,
# by hand with the code.
_LEARNED = b"".join(files("nextplay.analysis.text").joinpath(name).read_bytes() for name in ("cues.toml", "weights.tsv"))
_CORE = f"core-3-{hashlib.sha256(_LEARNED).hexdigest()[:8]}"
# Between the reader and whose second opinion was asked.
BESIDE = "+"
FOUND = pl.Schema(
    {
        "partner_id": pl.String,
        "document_id": pl.String,
        "label": pl.String,
        "quote": pl.String,
        "start": pl.Int64,
        "end": pl.Int64,
        "score": pl.Float64,
        "reader": pl.String,
    }
)
# What no person writes to a person: characters nobody sees, and words to a machine. Such sentences say nothing of a partner.
_HIDDEN = r"[\p{Cc}\p{Cf}\p{Co}--[\t\n\r\u{00ad}]]"
_TO_A_MACHINE = (
    r"(?i)\b(?:ignore|disregard|forget|override)\b[^.]{0,40}\b(?:instructions?|rubric|rules|prompt|above|previous|guidelines)\b"
    r"|\b(?:system prompt|language model|as an ai|chatgpt|llm|assistant)\b|\brubric\b"
    r"|\b(?:give|award|assign|set|score|rate|grant)\b[^.]{0,40}\b(?:100|full marks|maximum|highest|top marks|ten out of ten)\b"
    r"|[{\[]\s*[\"'][\w ]+[\"']\s*[:,]|<\/?\w+[^>]*>|```|\b(?:score|points|commitment|capacity|capability)\s*[:=]\s*\d"
)


def version(opinion: SecondOpinion | None) -> str:
    """Of the reader, and of the second opinion beside it: a text read with another is read again."""
    return f"{_CORE}{BESIDE}{opinion.version}" if opinion else _CORE


def read(documents: pl.DataFrame, *, ours: Iterable[str] = (), opinion: SecondOpinion | None = None) -> pl.DataFrame:
    """`FOUND`, sorted, of `document_id`, `partner_id`, `author` (partner, us or null) and `text`.

    `ours`: given names of our own people, whose promises are not the partner's. `opinion`: what it contradicts is not found.
    """
    sentences = cut(documents).join(
        documents.select("document_id", "partner_id", "author"), on="document_id", maintain_order="left"
    )
    rows = found(sentences.filter(legible()), ours)
    if opinion and not rows.is_empty():
        rows = rows.filter(pl.Series(~opinion.contradicts(rows["quote"].to_list(), rows["label"].to_list())))
    return rows.with_columns(reader=pl.lit(version(opinion)))


def legible() -> pl.Expr:
    """Whether a sentence is one that a person wrote for people."""
    sentence = pl.col("sentence")
    return (sentence.str.len_chars() <= LONGEST) & ~sentence.str.contains(_HIDDEN) & ~sentence.str.contains(_TO_A_MACHINE)


def found(sentences: pl.DataFrame, ours: Iterable[str]) -> pl.DataFrame:
    """`FOUND` of sentences with their document, author and place; a sentence said twice in a document counts once."""
    weights = shipped()
    said = probabilities(told(sentences, ours)["words"], weights)
    marked = sentences.with_columns(said.get_columns())
    rows = marked.unpivot(
        NAMES, index=["partner_id", "document_id", "sentence", "start", "end"], variable_name="label", value_name="score"
    )
    sure = pl.col("score") >= pl.col("label").replace_strict(weights.threshold, return_dtype=pl.Float64)
    rows = rows.filter(sure).unique(["document_id", "label", "sentence"], keep="first", maintain_order=True)
    rows = rows.rename({"sentence": "quote"}).with_columns(pl.col("score").round(3), reader=pl.lit(_CORE))
    return rows.select(pl.col(name).cast(kind) for name, kind in FOUND.items()).sort("document_id", "start", "label")
