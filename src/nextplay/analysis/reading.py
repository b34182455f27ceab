"""What an analyst found: one row a partner, and the same as the long rows that derived tables hold."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from nextplay.analysis.criteria import MEASURES
from nextplay.analysis.usual import Usual
from nextplay.program.definition import Program
from nextplay.program.rubric import DIMENSIONS, Criterion, Strength
from nextplay.values.digests import row_digests, text_digest

_EMPTY_STRENGTHS = {"partner_id": pl.String, "strength": pl.String, "score": pl.Float64, "evidence": pl.String}


@dataclass(frozen=True)
class Reading:
    """Partners as `four_c.score` leaves them, with the program and the usual they were read by."""

    frame: pl.DataFrame
    program: Program
    usual: Usual

    @property
    def partners(self) -> int:
        """How many were read."""
        return self.frame.height

    def only(self, partners: pl.Series) -> "Reading":
        """The same of some partners."""
        if len(partners) == self.frame.height:
            return self
        return Reading(self.frame.filter(pl.col("partner_id").is_in(partners.implode())), self.program, self.usual)

    def each_scores(self) -> Iterator[pl.DataFrame]:
        """By dimension, a row a partner: `dimension`, `score` (null: unknown), `coverage`, `reason`."""
        for dimension in DIMENSIONS:
            yield self.frame.select(
                "partner_id",
                dimension=pl.lit(dimension),
                score=pl.col(f"{dimension}.score"),
                coverage=pl.col(f"{dimension}.coverage"),
                reason=pl.col(f"{dimension}.reason"),
            )

    def each_criteria(self) -> Iterator[pl.DataFrame]:
        """By criterion, a row a partner with evidence: `dimension`, `criterion`, `value`, `points`, `weight`, `evidence`."""
        for dimension, criterion in self.program.rubric.named:
            key = f"{dimension}.{criterion.name}"
            yield self.frame.filter(pl.col(f"{key}.points").is_not_null()).select(
                "partner_id",
                dimension=pl.lit(dimension),
                criterion=pl.lit(criterion.name),
                value=pl.col(f"{key}.value"),
                points=pl.col(f"{key}.points"),
                weight=pl.lit(float(criterion.weight)),
                evidence=self._evidence(dimension, criterion),
            )

    def each_strengths(self) -> Iterator[pl.DataFrame]:
        """By strength, a row a partner that shows it: `strength`, `score` (the criterion's points), `evidence`."""
        yield pl.DataFrame(schema=_EMPTY_STRENGTHS)
        for strength in self.program.strengths:
            dimension, criterion = self._resting_on(strength)
            points = pl.col(f"{dimension}.{criterion.name}.points")
            yield self.frame.filter(points >= strength.from_points).select(
                "partner_id", strength=pl.lit(strength.name), score=points, evidence=self._evidence(dimension, criterion)
            )

    @property
    def scores(self) -> pl.DataFrame:
        """All of `each_scores`."""
        return pl.concat(self.each_scores())

    @property
    def criteria(self) -> pl.DataFrame:
        """All of `each_criteria`."""
        return pl.concat(self.each_criteria())

    @property
    def strengths(self) -> pl.DataFrame:
        """All of `each_strengths`."""
        return pl.concat(self.each_strengths())

    def digests(self) -> pl.DataFrame:
        """`partner_id`, `digest` of everything found and `own` of the partner's own evidence: whole numbers."""
        own = [name for name in self.frame.columns if name.endswith((".numerator", ".denominator"))]
        every = [name for name in self.frame.columns if name != "partner_id"]
        rubric = text_digest(repr((self.program.rubric, self.program.strengths)))
        return self.frame.select("partner_id", digest=row_digests(self.frame, every) ^ rubric, own=row_digests(self.frame, own))

    def _resting_on(self, strength: Strength) -> tuple[str, Criterion]:
        return next(named for named in self.program.rubric.named if named[1].name == strength.criterion)

    def _evidence(self, dimension: str, criterion: Criterion) -> pl.Expr:
        key, window = f"{dimension}.{criterion.name}", MEASURES[criterion.name](self.usual).window_days
        counts = [pl.col(f"{key}.{name}").alias(name) for name in ("numerator", "denominator")]
        return pl.struct(*counts, pl.lit(window, dtype=pl.Int64).alias("window_days")).struct.json_encode()
