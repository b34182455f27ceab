"""What a trait is made of: signals, a score, and the minimum under which it is not known."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Trait:
    """A tendency of selling behavior. `score` is 0-100 over signal columns; null, never 50, where `known` is false."""

    name: str
    label: str
    formula: str
    minimum: str
    rests_on: tuple[str, ...]
    score: pl.Expr
    known: pl.Expr

    @property
    def reading(self) -> pl.Expr:
        """The score to one decimal, or null."""
        return pl.when(self.known).then(self.score.clip(0, 100).round(1)).otherwise(None).alias(self.name)


def rate_score(per_month: pl.Expr, full: float) -> pl.Expr:
    """50 at `full` events a month, 100 never quite: doubling from there earns less each time."""
    return 100 * per_month / (per_month + full)
