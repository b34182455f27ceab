"""Partners by segment, tier and stage: what the filters offer, and who is in scope. One query for all of it."""

from dataclasses import dataclass

import ibis.expr.types as ir
import polars as pl

from nextplay.intelligence.tallies import Basis, By, Tally, grouped
from nextplay.intelligence.tiles import FilterChoice
from nextplay.program.definition import Program, Segment


@dataclass(frozen=True)
class Choices:
    """Segments, the tiers inside the chosen one, and partners by stage in the chosen scope.

    `everyone` counts without any filter; partners without a segment are in it and in no choice.
    """

    segments: tuple[FilterChoice, ...]
    tiers: tuple[FilterChoice, ...]
    everyone: int
    by_stage: dict[str, int]

    @property
    def partners(self) -> int:
        """Partners in the chosen scope."""
        return sum(self.by_stage.values())


def partner_groups(basis: Basis, by: By) -> ir.Table:
    """Partners by lifecycle stage: how many, and how many of them signed."""
    partners = basis.facts.partners
    return grouped(partners, (*by, "lifecycle_stage"), partners=partners.count(), signed=partners.signed_at.count())


PARTNERS = Tally("partners", ("lifecycle_stage",), partner_groups)


def choices_of(
    groups: pl.DataFrame, program: Program, *, segment: str | None, tier: str | None, stages: tuple[str, ...] | None = None
) -> Choices:
    """Choices from `PARTNERS` by place, in the program's order, then by name. `stages` limits who is counted."""
    counted = groups if stages is None else groups.filter(pl.col("lifecycle_stage").is_in(stages))
    inside = counted.filter(pl.col("segment") == segment) if segment is not None else counted
    scope = inside.filter(pl.col("tier") == tier) if tier is not None else inside
    known = {part.name: part for part in program.segments}
    own = known.get(segment or "", Segment(name=""))
    return Choices(
        segments=_choices(counted, "segment", [(part.name, part.label or part.name) for part in program.segments]),
        tiers=_choices(inside, "tier", [(name, name) for name in own.tiers]) if segment is not None else (),
        everyone=int(counted["partners"].sum()),
        by_stage=_counts(scope, "lifecycle_stage"),
    )


def _choices(frame: pl.DataFrame, column: str, named: list[tuple[str, str]]) -> tuple[FilterChoice, ...]:
    counts = _counts(frame, column)
    labels = {name: label for name, label in named if name in counts}
    others = sorted(set(counts) - set(labels))
    return tuple(FilterChoice(name, labels.get(name, name), counts[name]) for name in (*labels, *others))


def _counts(frame: pl.DataFrame, column: str) -> dict[str, int]:
    sums = frame.filter(pl.col(column).is_not_null()).group_by(column).agg(pl.col("partners").sum())
    return {str(name): int(partners) for name, partners in sums.iter_rows()}
