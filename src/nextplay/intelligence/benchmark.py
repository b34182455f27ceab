"""The program's own measures for its tiers beside each other, or for its segments where none is chosen.

They are those of the metric cards, from the same answers. Money is told per partner, so that a group is not ahead by being
larger. A measure of a group is what that group does, not what its tier does to it.
"""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from nextplay.intelligence.cards import measure_all
from nextplay.intelligence.choices import Choices
from nextplay.intelligence.measured import Measured
from nextplay.intelligence.metrics import BY_METRIC
from nextplay.intelligence.noise import FEW_CASES
from nextplay.intelligence.tallies import Tallies, Tally, summed
from nextplay.intelligence.tiles import Benchmark, BenchmarkRow, Cell, FilterChoice
from nextplay.program.metrics import Card

# Beyond these, columns are too narrow to read.
MOST_GROUPS = 6


def benchmark(tallies: Tallies, choices: Choices) -> Benchmark | None:
    """The tiers of the chosen segment, else the segments; None where there are not two to compare."""
    segment = tallies.basis.facts.scope.segment
    column, groups = ("tier", choices.tiers) if segment is not None else ("segment", choices.segments)
    if len(groups) < 2:
        return None
    shown = groups[:MOST_GROUPS]
    places = [{"segment": segment} | {column: group.value} for group in shown]
    cards = [card for card in tallies.basis.program.cards if card.shown and card.metric in BY_METRIC]
    named = {card.metric for card in cards}
    alone = replace(tallies.basis, clock=tallies.basis.clock.alone)
    measures = [measure_all(alone, _group_reader(tallies, place), named) for place in places]
    rows = [_row(card, shown, [found[card.metric] for found in measures]) for card in cards]
    return Benchmark(groups_are=column, groups=shown, rows=tuple(rows))


def _group_reader(tallies: Tallies, place: dict[str, str | None]) -> Callable[[Tally], pl.DataFrame]:
    inside = [pl.col(column) == value for column, value in place.items() if value is not None]

    def read(tally: Tally) -> pl.DataFrame:
        return summed(tallies.in_segment(tally).filter(*inside), tally.keys)

    return read


def _row(card: Card, groups: tuple[FilterChoice, ...], measures: list[Measured]) -> BenchmarkRow:
    metric = BY_METRIC[card.metric]
    unit, per_partner = metric.unit, metric.unit == "money" and metric.made == "total"
    cells = [_cell(found, group.partners if per_partner else None) for group, found in zip(groups, measures, strict=True)]
    return BenchmarkRow(card.metric, f"{card.label} per partner" if per_partner else card.label, unit, tuple(cells))


def _cell(found: Measured, partners: int | None) -> Cell:
    value, whole = found.values["now"], found.wholes.get("now")
    if partners is not None:
        value = value / partners if value is not None and partners else None
    return Cell(value, found.parts.get("now"), whole, whole is None or whole >= FEW_CASES)
