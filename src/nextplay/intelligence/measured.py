"""What a metric came to in every window, from what the engine answered."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.intelligence.metric import Metric
from nextplay.intelligence.metrics import METRICS, rows_of
from nextplay.intelligence.noise import mean_changed, median_changed, rate_changed, sum_changed, survival_changed
from nextplay.intelligence.spread import Spread
from nextplay.intelligence.tallies import Basis, By, Tally, grouped, placed
from nextplay.intelligence.tiles import CardPart
from nextplay.intelligence.waits import KINDS, counted_before, survival, waits
from nextplay.intelligence.windows import Clock

LEFT = "left_"


@dataclass(frozen=True)
class Measured:
    """What a metric came to, by window name. Rates and means have their cases in `wholes`, medians too.

    `beyond` stands where a value is not reached yet: it will be more than this.
    """

    values: dict[str, float | None]
    clear: bool
    parts: dict[str, float] = field(default_factory=dict)
    wholes: dict[str, float] = field(default_factory=dict)
    left_out: tuple[tuple[str, int], ...] = ()
    steps: tuple[CardPart, ...] = ()
    remark: str = ""
    beyond: float = 0.0


def read_together() -> list[tuple[Tally, tuple[Metric, ...]]]:
    """Every metric with the tally it is read from: those over the same table together, a median by itself."""
    together: dict[str, list[Metric]] = {}
    for metric in METRICS:
        together.setdefault(metric.name if metric.median else metric.source, []).append(metric)
    return [(_tally_of(metrics), tuple(metrics)) for metrics in together.values()]


def measure(metric: Metric, frame: pl.DataFrame, basis: Basis) -> Measured:
    """A metric from the answer to its tally."""
    if metric.made == "survival":
        return _survival_of(frame, basis.clock)
    if metric.made == "median":
        return _median_of(frame, basis.clock)
    return _read(metric, frame, basis)


def _tally_of(metrics: list[Metric]) -> Tally:
    first = metrics[0]
    if first.made == "survival":
        return Tally(f"spread of {first.name}", KINDS, partial(_waits, first))
    if first.made == "median":
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
    """One row a length: for each window, the cases that count in it; under no length what could not be counted."""
    clock = basis.clock
    rows = placed(basis.facts, rows_of(metric.source, basis.facts, clock, basis.terms), by)
    if metric.only is not None:
        rows = rows.filter(metric.only(rows, clock))
    cases = rows.select(*by, **metric.read(rows, clock, basis.terms))
    lefts = [name for name in cases.columns if name.startswith(LEFT)]
    # Without a day a case lies in no period, nor in all time.
    cases = cases.filter(ibis.or_(cases.at.notnull(), *(cases[name] for name in lefts)))
    held = {window.name: cases.count(where=cases.at.notnull() & window.holds(cases.at)) for window in clock.all}
    return grouped(cases, (*by, "length"), **held, **{name: cases.count(where=cases[name]) for name in lefts})


def _waits(metric: Metric, basis: Basis, by: By) -> ir.Table:
    rows = placed(basis.facts, rows_of(metric.source, basis.facts, basis.clock, basis.terms), by)
    rows = rows.select(*by, start=rows.signed_at, reached=rows.first_at, ended=rows.ended_at)
    return waits(rows, basis.clock.all, basis.clock.now, by)


def _read(metric: Metric, frame: pl.DataFrame, basis: Basis) -> Measured:
    clock = basis.clock
    row = frame.row(0, named=True)
    own = {name.partition(" ")[2]: value for name, value in row.items() if name.partition(" ")[0] == metric.name}
    found = _divided(metric, own, clock) if metric.made in ("rate", "mean") else _total(own, clock)
    steps = metric.steps({name: _number(value) for name, value in own.items()}, clock, basis.terms) if metric.steps else ()
    return Measured(found.values, found.clear, found.parts, found.wholes, _left_out(own), steps)


def _total(own: dict[str, Any], clock: Clock) -> Measured:
    values = {window.name: _number(own[f"value_{window.name}"]) for window in clock.all}
    clear = clock.before is not None and sum_changed(values["now"], values["before"], _number(own["moved"]))
    return Measured(dict(values), clear)


def _divided(metric: Metric, own: dict[str, Any], clock: Clock) -> Measured:
    parts = {window.name: _number(own[f"part_{window.name}"]) for window in clock.all}
    wholes = {window.name: _number(own[f"whole_{window.name}"]) for window in clock.all}
    values = {name: parts[name] / whole if whole else None for name, whole in wholes.items()}
    return Measured(values, clock.before is not None and _ratio_changed(metric, own, parts, wholes), parts, wholes)


def _ratio_changed(metric: Metric, own: dict[str, Any], parts: dict[str, float], wholes: dict[str, float]) -> bool:
    if metric.made == "rate":
        return rate_changed(parts["now"], wholes["now"], parts["before"], wholes["before"])
    now, before = ((parts[name], wholes[name], _number(own[f"squares_{name}"])) for name in ("now", "before"))
    return mean_changed(now, before)


def _median_of(frame: pl.DataFrame, clock: Clock) -> Measured:
    own = frame.filter(pl.col("length").is_not_null())
    lengths = own["length"].cast(pl.Float64).to_numpy()
    spreads = {window.name: Spread.of(lengths, own[window.name].to_numpy()) for window in clock.all}
    clear = clock.before is not None and median_changed(spreads["now"], spreads["before"])
    lefts = {name: frame[name].sum() for name in frame.columns if name.startswith(LEFT)}
    sizes = {name: float(spread.size) for name, spread in spreads.items()}
    return Measured({name: spread.median for name, spread in spreads.items()}, clear, wholes=sizes, left_out=_left_out(lefts))


def _survival_of(frame: pl.DataFrame, clock: Clock) -> Measured:
    curves = {window.name: survival(frame, window, clock) for window in clock.all}
    now = curves["now"]
    before = counted_before(frame, clock.now)
    return Measured(
        values={name: curve.median for name, curve in curves.items()},
        clear=clock.before is not None and survival_changed(now, curves["before"]),
        parts={name: float(curve.happened) for name, curve in curves.items()},
        wholes={name: float(curve.cases) for name, curve in curves.items()},
        left_out=(("partners that sold before they signed", before),) if before else (),
        beyond=now.beyond,
    )


def _left_out(own: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    return tuple((name[len(LEFT) :], int(rows)) for name, rows in own.items() if name.startswith(LEFT) and rows)


def _number(value: Decimal | int | None) -> float:
    return float(value) if value is not None else 0.0
