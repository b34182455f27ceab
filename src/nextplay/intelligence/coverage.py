"""Partners by region, subtype, vertical and offering: who covers what, who is active, where ideal customers are short.

The ideal customer profile weighs values, it does not count partners. What it needs of a value is that value's part of all
weight, taken of the active partners that cover anything in the profile; with one partner covering several values, that is
the least it can need.
"""

from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.intelligence import findings
from nextplay.intelligence.behind import Behind, Part, measured, partner_rows
from nextplay.intelligence.lifecycle_tiles import CoverageTile
from nextplay.intelligence.metrics import active_flags
from nextplay.intelligence.tallies import PLACE, Basis, By, Tallies, Tally, grouped
from nextplay.intelligence.tiles import BarRow
from nextplay.program.definition import IdealCustomer


@dataclass(frozen=True)
class Covered:
    """A column of partners that says what they cover."""

    column: str
    title: str
    what: str
    many: bool = True


COVERED = (
    Covered("regions", "Partners by region", "a region"),
    Covered("subtype", "Partners by subtype", "a subtype", many=False),
    Covered("verticals", "Partners by vertical", "a vertical"),
    Covered("offerings", "Partners by offering", "an offering"),
)


def coverage_tiles(tallies: Tallies) -> tuple[CoverageTile, ...]:
    """The four tiles."""
    counts = {column: own for (column,), own in tallies.read(COVERAGE).group_by("covered")}
    profiles = _one(counts.get(PROFILES), "partners")
    return tuple(_tile(covered, counts, profiles, tallies.basis.program.icp) for covered in COVERED)


def _tile(covered: Covered, counts: dict[object, pl.DataFrame], profiles: int, icp: IdealCustomer) -> CoverageTile:
    any_value = counts.get(f"any {covered.column}")
    named, active = _one(any_value, "partners"), _one(any_value, "active")
    own = counts.get(covered.column)
    found = {} if own is None else {value: (partners, busy) for value, partners, busy in own.select(*_COUNTED).iter_rows()}
    rows = _rows(found, named, getattr(icp, covered.column, {}), active)
    return CoverageTile(
        name=covered.column,
        title=covered.title,
        finding=findings.of_coverage(rows, named, covered.what),
        rows=rows,
        distinct=named,
        values=len(found),
        none=profiles - named,
        active=active,
    )


def coverage_groups(basis: Basis, by: By) -> ir.Table:
    """Different partners that cover a value of a column, and the active ones of these.

    Beside the values stands for each column one row `any COLUMN`, of those that name anything there, and one row of all
    profiles.
    """
    profiles = with_activity(basis)
    parts = [_counted(profiles, PROFILES, by)]
    for covered in COVERED:
        named = profiles.filter(_names_any(profiles, covered))
        parts += [_counted(named, f"any {covered.column}", by), _covering(named, covered, by)]
    return ibis.union(*parts)


def with_activity(basis: Basis) -> ir.Table:
    """One row a partner: its place, what it covers, and whether it is active."""
    clock = replace(basis.clock, trend=basis.clock.trend[-1:], before=None)
    active = active_flags(basis.facts, clock, basis.terms.active)
    active = active.select(partner_id=active.partner_id, active=active.now)
    partners = basis.facts.partners[["partner_id", *PLACE, *(covered.column for covered in COVERED)]]
    joined = partners.left_join(active, "partner_id").drop("partner_id_right")
    return joined.mutate(active=joined.active.fill_null(False))


def behind_covered(column: str, basis: Basis, part: Part) -> Behind:
    """The partners that cover a value, marked where they are active; of `others`, once for each of these values."""
    covered = next(one for one in COVERED if one.column == column)
    profiles = with_activity(basis)
    if part.which == "others":
        return _behind_others(profiles, covered, part)
    names_any = _names_any(profiles, covered)
    test = names_any
    if part.which == "none":
        test = ~names_any
    elif part.which == "bar":
        test = (profiles[column].contains(part.key) if covered.many else profiles[column] == part.key).fill_null(False)
    chosen = partner_rows(profiles.filter(test), marked=profiles.active)
    means = f"Partners whose profile names {covered.what}, each counted once."
    return Behind("partners", chosen, "count", "count", means, mark="active")


def _behind_others(profiles: ir.Table, covered: Covered, part: Part) -> Behind:
    pairs = _pairs(profiles.filter(_names_any(profiles, covered)), covered, ("partner_id",))
    pairs = pairs.filter(part.holds(pairs.value))
    rows = measured(pairs, marked=pairs.active).select("partner_id", "amount", "marked", named="value")
    one = covered.what.rpartition(" ")[2]
    means = f"Partners of every {one} without a bar of its own, each once for each {one} that it covers."
    return Behind("partners", rows, "count", "count", means, mark="active", named=one.capitalize())


def _pairs(named: ir.Table, covered: Covered, kept: tuple[str, ...]) -> ir.Table:
    """Each value that a partner covers: one that it names twice it covers once."""
    column = named[covered.column]
    pairs = named.select("active", *kept, value=column.unique().unnest() if covered.many else column)
    return pairs.filter(pairs.value.notnull())


def _covering(named: ir.Table, covered: Covered, by: By) -> ir.Table:
    pairs = _pairs(named, covered, by)
    counts = pairs.group_by(*by, "value").agg(partners=pairs.count(), active=pairs.count(where=pairs.active))
    return counts.select(*by, covered=ibis.literal(covered.column), value="value", partners="partners", active="active")


def _counted(profiles: ir.Table, covered: str, by: By) -> ir.Table:
    counts = grouped(profiles, by, partners=profiles.count(), active=profiles.count(where=profiles.active))
    return counts.select(
        *by, covered=ibis.literal(covered), value=ibis.literal("").cast("string"), partners="partners", active="active"
    )


PROFILES = "profiles"
COVERAGE = Tally("coverage", ("covered", "value"), coverage_groups)
_COUNTED = ("value", "partners", "active")


def _one(counts: pl.DataFrame | None, column: str) -> int:
    return 0 if counts is None else int(counts[column].sum())


def _names_any(profiles: ir.Table, covered: Covered) -> ir.BooleanValue:
    column = profiles[covered.column]
    if not covered.many:
        return (column != "").fill_null(False)
    return ibis.coalesce(column.length(), 0) > 0


def _rows(found: dict[str, tuple[int, int]], named: int, weights: dict[str, float], active: int) -> tuple[BarRow, ...]:
    keys = sorted({*found, *(value for value, weight in weights.items() if weight > 0)})
    all_weight = sum(weights.values())
    rows = []
    for key in sorted(keys, key=lambda key: (-found.get(key, (0, 0))[0], key)):
        partners, busy = found.get(key, (0, 0))
        needed = round(active * weights[key] / all_weight) if key in weights and all_weight else None
        short = max((needed or 0) - busy, 0)
        rows.append(
            BarRow(
                key=key,
                label=key,
                value=float(busy),
                count=partners,
                share=partners / named if named else None,
                previous=float(needed) if needed is not None else None,
                gap=f"ICP gap {short}" if short else "",
            )
        )
    return tuple(rows)
