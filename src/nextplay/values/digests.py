"""One number for the values of a row, the same in every version of every library: it is kept, and compared years later."""

import hashlib
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

_WHOLE = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
# Stands for a value that is not there; no score has these bits.
_NOTHING = np.uint64(_WHOLE)


def row_digests(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """A whole number a row for its numbers, truths and texts: each mixed under its own place.

    The mixing is that of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
    """
    total = np.zeros(frame.height, dtype=np.uint64)
    for place, name in enumerate(columns, start=1):
        total ^= _mixed(_mixed(_bits(frame[name])) + np.uint64(place * _GOLDEN & _WHOLE))
    return pl.Series(total.view(np.int64), dtype=pl.Int64)


def text_digest(text: str) -> int:
    """A whole number from 0 to 2 to the 63rd for a text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1


def _bits(column: pl.Series) -> NDArray[np.uint64]:
    if column.dtype == pl.String:
        # Texts repeat: each is digested once.
        known = {text: text_digest(text) for text in column.drop_nulls().unique()}
        found = column.replace_strict(known, default=None, return_dtype=pl.UInt64)
        return found.fill_null(int(_NOTHING)).to_numpy()
    # Adding zero makes one of both zeros.
    numbers = column.cast(pl.Float64).fill_null(0.0).to_numpy() + 0.0
    return np.where(column.is_null().to_numpy(), _NOTHING, numbers.view(np.uint64))


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    once = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    twice = (once ^ (once >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return twice ^ (twice >> np.uint64(31))
