"""From what the engine answered to metric cards: change in words, and a tone with its reason."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.intelligence.metrics import BY_METRIC, METRICS, Metric, rows_of
from nextplay.intelligence.noise import FEW_CASES, median_changed, rate_changed, sum_changed
from nextplay.intelligence.spread import Spread
from nextplay.intelligence.tallies import Basis, By, Tallies, Tally, grouped, placed
from nextplay.intelligence.tiles import MetricCard, Tone, Unit
from nextplay.intelligence.windows import Clock, Window
from nextplay.program.definition import Program
from nextplay.program.metrics import Card
from nextplay.values import figures


class UnknownMetric(ValueError):
    """The program names a card that nextplay does not measure."""


@dataclass(frozen=True)
class Measured:
    """What a metric came to, by window name. A rate has its cases; `cases` of a median are the partners behind it."""

    values: dict[str, float | None]
    clear: bool
    parts: dict[str, float] = field(default_factory=dict)
    wholes: dict[str, float] = field(default_factory=dict)
    left_out: tuple[tuple[str, int], ...] = ()


def metric_cards(tallies: Tallies) -> tuple[MetricCard, ...]:
    """The cards that a program shows, in its order. Raises UnknownMetric."""
    basis = tallies.basis
    unknown = [card.metric for card in basis.program.cards if card.metric not in BY_METRIC]
    if unknown:
        raise UnknownMetric(f"No metric is called {unknown[0]!r}. Cards can show: {', '.join(BY_METRIC)}.")
    measured = measure(basis.program, basis.clock, tallies.read)
    return tuple(
        _card(card, measured[card.metric], basis.clock, basis.facts.reporting.currency) for card in basis.program.cards
    )


def measure(program: Program, clock: Clock, read: Callable[[Tally], pl.DataFrame]) -> dict[str, Measured]:
    """What each card of the program came to, by metric, from the answers to its tallies."""
    measured: dict[str, Measured] = {}
    for metrics in _read_together(program):
        frame = read(_tally_of(metrics))
        for metric in metrics:
            measured[metric.name] = _median_of(frame, clock) if metric.median else _read(metric, frame, clock)
    return measured


def card_tallies(program: Program) -> list[Tally]:
    """What the cards of a program read."""
    return [_tally_of(metrics) for metrics in _read_together(program)]


def _read_together(program: Program) -> list[list[Metric]]:
    """The metrics of the program's cards: those over the same table together, a median by itself."""
    wanted = {card.metric for card in program.cards}
    together: dict[str, list[Metric]] = {}
    for metric in METRICS:
        if metric.name in wanted:
            together.setdefault(metric.name if metric.median else metric.source, []).append(metric)
    return list(together.values())


def _tally_of(metrics: list[Metric]) -> Tally:
    first = metrics[0]
    if first.median:
        return Tally(f"spread of {first.name}", ("length",), partial(_spread, first))
    return Tally(f"cards of {first.source}", (), partial(_sums, metrics))


def _sums(metrics: list[Metric], basis: Basis, by: By) -> ir.Table:
    clock, terms = basis.clock, basis.terms
    rows = rows_of(metrics[0].source, basis.facts, clock, terms)
    only = [metric.only(rows, clock) for metric in metrics if metric.only is not None]
    if len(only) == len(metrics):
        rows = rows.filter(ibis.or_(*only))
    rows = placed(basis.facts, rows, by)
    named = {f"{metric.name} {name}": value for metric in metrics for name, value in metric.read(rows, clock, terms).items()}
    return grouped(rows, by, **named)


def _spread(metric: Metric, basis: Basis, by: By) -> ir.Table:
    """One row a length: for each window, the cases that count in it."""
    clock = basis.clock
    rows = placed(basis.facts, rows_of(metric.source, basis.facts, clock, basis.terms), by)
    cases = rows.select(*by, **metric.read(rows, clock, basis.terms))
    # Without a day a case lies in no period, nor in all time.
    cases = cases.filter(cases.at.notnull())
    return grouped(cases, (*by, "length"), **{window.name: cases.count(where=window.holds(cases.at)) for window in clock.all})


def _read(metric: Metric, frame: pl.DataFrame, clock: Clock) -> Measured:
    row = frame.row(0, named=True)
    own = {name.partition(" ")[2]: value for name, value in row.items() if name.partition(" ")[0] == metric.name}
    left_out = tuple((name[5:], int(rows)) for name, rows in own.items() if name.startswith("left_") and rows)
    if metric.unit == "share":
        return _rate(own, clock, left_out)
    values = {window.name: _number(own[f"value_{window.name}"]) for window in clock.all}
    clear = clock.before is not None and sum_changed(values["now"], values["before"], _number(own["moved"]))
    return Measured(dict(values), clear, left_out=left_out)


def _rate(own: dict[str, Any], clock: Clock, left_out: tuple[tuple[str, int], ...]) -> Measured:
    parts = {window.name: _number(own[f"part_{window.name}"]) for window in clock.all}
    wholes = {window.name: _number(own[f"whole_{window.name}"]) for window in clock.all}
    values = {name: parts[name] / whole if whole else None for name, whole in wholes.items()}
    clear = clock.before is not None and rate_changed(parts["now"], wholes["now"], parts["before"], wholes["before"])
    return Measured(values, clear, parts, wholes, left_out)


def _median_of(frame: pl.DataFrame, clock: Clock) -> Measured:
    spreads = {window.name: _spread_in(frame, window) for window in clock.all}
    clear = clock.before is not None and median_changed(spreads["now"], spreads["before"])
    medians = {name: spread.median for name, spread in spreads.items()}
    return Measured(medians, clear, wholes={name: float(spread.size) for name, spread in spreads.items()})


def _spread_in(frame: pl.DataFrame, window: Window) -> Spread:
    return Spread.of(frame["length"].cast(pl.Float64).to_numpy(), frame[window.name].to_numpy())


def _number(value: Decimal | int | None) -> float:
    return float(value) if value is not None else 0.0


def _card(card: Card, measured: Measured, clock: Clock, currency: str) -> MetricCard:
    unit = BY_METRIC[card.metric].unit
    value = measured.values["now"]
    previous = measured.values.get("before")
    # A rate or a median over four cases says next to nothing; a count of four partners is just four partners.
    enough = measured.wholes.get("now", FEW_CASES) >= FEW_CASES
    tone, why = _tone(card, value, enough, unit, currency)
    return MetricCard(
        metric=card.metric,
        label=card.label,
        description=card.description,
        unit=unit,
        value=value,
        previous=previous,
        change=_change(value, previous, unit, currency) if measured.clear else "",
        tone=tone,
        why_tone=why,
        trend=_trend(measured, clock),
        numerator=measured.parts.get("now"),
        denominator=measured.wholes.get("now"),
        enough_cases=enough,
        left_out=measured.left_out,
    )


def _trend(measured: Measured, clock: Clock) -> tuple[float, ...]:
    """Ten points, none where the value itself is not known; a point without cases keeps the one before, or is left out."""
    if measured.values["now"] is None:
        return ()
    points: list[float] = []
    for window in clock.trend:
        value = measured.values[window.name]
        if value is not None:
            points.append(value)
        elif points:
            points.append(points[-1])
    return tuple(points)


def _change(value: float | None, previous: float | None, unit: Unit, currency: str) -> str:
    if value is None or previous is None or value == previous:
        return ""
    sign = "+" if value > previous else figures.MINUS
    step = abs(value - previous)
    if unit == "share":
        points = round(step * 100)
        return f"{sign}{points} {'pt' if points == 1 else 'pts'} from {figures.share(previous)}" if points else ""
    if unit == "days" and not round(step):
        return ""
    return f"{sign}{written(step, unit, currency)} from {written(previous, unit, currency)}"


def written(value: float, unit: Unit, currency: str) -> str:
    """A figure in words of its unit."""
    if unit == "money":
        return figures.money_short(value, currency)
    if unit == "share":
        return figures.share(value)
    if unit == "days":
        return f"{round(value)} {'day' if round(value) == 1 else 'days'}"
    return figures.count(value)


def _tone(card: Card, value: float | None, enough: bool, unit: Unit, currency: str) -> tuple[Tone, str]:
    if value is None:
        return "blue", "Not known: the facts hold no case in this period."
    if not enough:
        return "blue", f"Fewer than {FEW_CASES} cases: too few to judge."
    # Red comes first: what is past the line to act is past the line to watch as well.
    lines: tuple[tuple[float | None, Tone, bool], ...] = (
        (card.act, "red", False),
        (card.watch, "orange", False),
        (card.target, "green", True),
    )
    names = {"red": "the line to act", "orange": "the line to watch", "green": "the target"}
    for line, tone, good in lines:
        if line is not None and _past(value, line, good == card.higher_is_better):
            side = "At or above" if good == card.higher_is_better else "At or below"
            return tone, f"{side} {names[tone]}, {written(line, unit, currency)}."
    if card.act is None and card.watch is None and card.target is None:
        return "blue", "The program sets no line for this card."
    return "blue", "Between the lines that the program sets for this card."


def _past(value: float, line: float, upward: bool) -> bool:
    return value >= line if upward else value <= line
