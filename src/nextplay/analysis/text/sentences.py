"""Cuts documents into sentences and keeps where each stood, so that a quote can be checked word for word.

Set-based: every step is one pass over all sentences at once.
"""

import polars as pl

# A sentence this long is a pasted page and no sentence: it is not read.
LONGEST = 600

# Up to the end mark with its closing quotes and the space behind, or up to a new line. The pieces tile the text.
_PIECE = r"(?s)(?:[^\n]+?(?:[.!?…]+[”\"’'»)\]]*(?:[ \t\r]+|\n\s*|$)|\n\s*|$)|\n\s*)"
_ABBREVIATED = (
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|No|Nr|vs|approx|Inc|Ltd|Co|Corp|dept|est|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    r"|e\.g|i\.e|z\.B|a\.m|p\.m|Abs|ca|resp|incl|tel|ext)|\b[A-Z])\.\s+$"
)


def cut(documents: pl.DataFrame) -> pl.DataFrame:
    """A row a sentence of `document_id` and `text`: `document_id`, `start`, `end`, `sentence`.

    `text[start:end]` is the sentence, counted in characters (code points), without the space around it.
    """
    pieces = (
        documents.select("document_id", "text", piece=pl.col("text").str.extract_all(_PIECE))
        .explode("piece", empty_as_null=True, keep_nulls=True)
        .drop_nulls("piece")
    )
    joined = pieces.with_columns(part=_part()).group_by("document_id", "part", maintain_order=True)
    whole = joined.agg(sentence=pl.col("piece").str.join(""))
    length = pl.col("sentence").str.len_chars().cast(pl.Int64)
    whole = whole.with_columns(begins=length.cum_sum().over("document_id") - length)
    inside = pl.col("sentence").str.strip_chars()
    before = length - pl.col("sentence").str.strip_chars_start().str.len_chars().cast(pl.Int64)
    placed = whole.with_columns(start=pl.col("begins") + before, sentence=inside)
    placed = placed.with_columns(end=pl.col("start") + pl.col("sentence").str.len_chars().cast(pl.Int64))
    return placed.filter(pl.col("end") > pl.col("start")).select("document_id", "start", "end", "sentence")


def _part() -> pl.Expr:
    """Number of the sentence in its document: a piece goes on with the one before after an abbreviation or in an open quote."""
    document = "document_id"
    opened, closed = (pl.col("piece").str.count_matches(mark).cast(pl.Int64) for mark in ("“", "”"))
    straight = pl.col("piece").str.count_matches('"').cast(pl.Int64)
    # Quotes that never close would swallow the rest: only where all of a document's do, they hold sentences together.
    balanced = (opened - closed).sum().over(document) == 0
    even = straight.sum().over(document) % 2 == 0
    curly = balanced & ((opened - closed).cum_sum().over(document) > 0)
    plain = even & (straight.cum_sum().over(document) % 2 == 1)
    goes_on = curly | plain | pl.col("piece").str.contains(_ABBREVIATED)
    begins = ~goes_on.shift(1, fill_value=False).over("document_id")
    return begins.cast(pl.Int64).cum_sum().over("document_id")
