"""Which keys stand twice in a file, found among tens of millions with eight bytes a row."""

import polars as pl

from nextplay.facts.intake.check import SOURCE_LINE


class Repeats:
    """Collects the hash and the line of every row; equal hashes are only candidates, to be read again and compared."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        self._hashes: list[pl.Series] = []
        self._lines: list[pl.Series] = []

    def add(self, keys: pl.Series, lines: pl.Series) -> None:
        """See more rows."""
        self._hashes.append(keys.hash().alias("hash"))
        self._lines.append(lines.alias(SOURCE_LINE))

    def candidates(self) -> pl.Series:
        """Lines of rows whose key may stand twice; mostly none."""
        if not self._hashes:
            return pl.Series(SOURCE_LINE, [], dtype=pl.Int64)
        hashes = pl.concat(self._hashes)
        if hashes.n_unique() == len(hashes):
            return pl.Series(SOURCE_LINE, [], dtype=pl.Int64)
        return pl.concat(self._lines).filter(hashes.is_duplicated())
