"""From what metrics came to, to cards: change in words, and a tone with its reason."""

from collections.abc import Callable, Container, Mapping

import polars as pl

from nextplay.intelligence.derived import BY_DERIVED, DERIVED, Derived, Given, KeptDecisions
from nextplay.intelligence.measured import Measured, measure, read_together
from nextplay.intelligence.metric import Metric
from nextplay.intelligence.metrics import BY_METRIC, METRICS
from nextplay.intelligence.noise import FEW_CASES
from nextplay.intelligence.tallies import Basis, Tally
from nextplay.intelligence.tiles import MetricCard, RevenueShape, Tone, Unit
from nextplay.intelligence.windows import Clock
from nextplay.program.definition import Program
from nextplay.program.load import ProgramError
from nextplay.program.metrics import Card
from nextplay.values import figures

# What a total over a period is held against: the lines are for a quarter, as the dashboard opens with.
LINES_DAYS = 90

KNOWN: dict[str, Metric | Derived] = {each.name: each for each in (*METRICS, *DERIVED)}


class UnknownMetric(ProgramError):
    """The program names a card that nextplay does not measure."""


def cards_of(program: Program) -> tuple[Card, ...]:
    """The cards one can choose: the program's in its order, then every other metric, not shown. Raises UnknownMetric."""
    named = {card.metric for card in program.cards}
    unknown = [card.metric for card in program.cards if card.metric not in KNOWN]
    if unknown:
        raise UnknownMetric(f"No metric is called {unknown[0]!r}. Cards can show: {', '.join(KNOWN)}.")
    others = (
        Card(metric=name, label=each.label, description="", shown=False) for name, each in KNOWN.items() if name not in named
    )
    return (*program.cards, *others)


def card_tallies() -> list[Tally]:
    """What cards read."""
    return [tally for tally, _ in read_together()]


def measure_all(basis: Basis, read: Callable[[Tally], pl.DataFrame], only: Container[str] = BY_METRIC) -> dict[str, Measured]:
    """Every metric that reads facts, or `only` those named, by name, from the answers to its tallies."""
    found = {}
    for tally, together in read_together():
        metrics = [metric for metric in together if metric.name in only]
        frame = read(tally) if metrics else pl.DataFrame()
        found.update({metric.name: measure(metric, frame, basis) for metric in metrics})
    return found


def metric_cards(
    basis: Basis, measured: Mapping[str, Measured], shape: RevenueShape | None, decisions: KeptDecisions | None
) -> tuple[MetricCard, ...]:
    """Every card one can choose. Raises UnknownMetric."""
    scope, currency = basis.facts.scope, basis.facts.reporting.currency
    # A target is for a program or a segment, not for the part of it that one asker may see.
    everyone = scope.reach.partner_id is None and scope.reach.manager_email is None
    target = basis.program.targets.of(scope.segment, scope.tier) if everyone else None
    given = Given(measured, basis.clock, target, shape, decisions)
    whole = everyone and scope.segment is None and scope.tier is None
    return tuple(
        _card(
            card,
            measured[card.metric] if card.metric in BY_METRIC else BY_DERIVED[card.metric].combine(given),
            basis.clock,
            currency,
            whole=whole,
        )
        for card in cards_of(basis.program)
    )


def _card(card: Card, found: Measured, clock: Clock, currency: str, *, whole: bool) -> MetricCard:
    metric = KNOWN[card.metric]
    value, previous = found.values["now"], found.values.get("before")
    # A rate or a median over four cases says next to nothing; a count of four partners is just four partners.
    enough = found.wholes.get("now", FEW_CASES) >= FEW_CASES
    tone, why = _tone(card, found, enough, metric.unit, currency)
    beside = _beside_lines(card, clock, whole=whole)
    if beside and value is not None:
        tone, why = "blue", beside
    return MetricCard(
        metric=card.metric,
        label=card.label,
        description=card.description or metric.label,
        unit=metric.unit,
        value=value,
        previous=previous,
        change=_change(value, previous, metric.unit, currency) if found.clear else "",
        tone=tone,
        why_tone=why,
        trend=_trend(found, clock),
        numerator=found.parts.get("now"),
        denominator=found.wholes.get("now"),
        enough_cases=enough,
        left_out=found.left_out,
        parts=found.steps,
        remark=found.remark or _remark(card.metric, found),
        definition=metric.definition,
        version=metric.version,
        shown=card.shown,
    )


def _remark(name: str, found: Measured) -> str:
    """Both sides of a rate, or the cases of a mean or median."""
    whole, part = found.wholes.get("now"), found.parts.get("now")
    if not whole:
        return ""
    metric = KNOWN[name]
    made = metric.made if isinstance(metric, Metric) else "rate" if part is not None else "total"
    if made == "survival":
        rest = "; half not reached" if found.values["now"] is None else ""
        return f"{figures.count(part)} of {figures.count(whole)} have had one{rest}"
    if made == "rate":
        return f"{figures.count(part)} of {figures.count(whole)}"
    return f"over {figures.count(whole)} {'deal' if whole == 1 else 'deals'}" if made in ("mean", "median") else ""


def _trend(measured: Measured, clock: Clock) -> tuple[float, ...]:
    """Ten points, none where the value itself is not known; a point without cases keeps the one before, or is left out."""
    if measured.values["now"] is None or len(measured.values) == 1:
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
    return f"{sign}{figures.written(step, unit, currency)} from {figures.written(previous, unit, currency)}"


def _tone(card: Card, found: Measured, enough: bool, unit: Unit, currency: str) -> tuple[Tone, str]:
    # Purple is the decision layer's own, as blue is a plain fact's.
    plain: Tone = "purple" if card.metric == "decisions_kept" else "blue"
    value = found.values["now"]
    if value is None and not (found.beyond and enough):
        return plain, found.remark or "Not known: the facts hold no case in this period."
    if not enough:
        return plain, f"Fewer than {FEW_CASES} cases: too few to judge."
    if value is None:
        return _tone_beyond(card, found.beyond, unit, currency)
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
            return tone, f"{side} {names[tone]}, {figures.written(line, unit, currency)}."
    if card.act is None and card.watch is None and card.target is None:
        return plain, "The program sets no line for this card."
    return plain, "Between the lines that the program sets for this card."


def _beside_lines(card: Card, clock: Clock, *, whole: bool) -> str:
    """Why the lines of a total do not speak of what is shown: they are for all partners, and for a quarter."""
    metric = KNOWN[card.metric]
    if card.act is None and card.watch is None and card.target is None:
        return ""
    total = metric.made == "total" if isinstance(metric, Metric) else metric.unit == "daily"
    if total and not whole:
        return "The program's lines for this total are for all partners, not for a part of them."
    if isinstance(metric, Metric) and metric.flow and clock.now.days != LINES_DAYS:
        return f"The program's lines for this total are for {LINES_DAYS} days."
    return ""


def _tone_beyond(card: Card, beyond: float, unit: Unit, currency: str) -> tuple[Tone, str]:
    """The tone of a length that half have not reached yet: it is longer than the longest that was watched."""
    lines: tuple[tuple[float | None, Tone, str], ...] = ((card.act, "red", "act"), (card.watch, "orange", "watch"))
    for line, tone, name in lines:
        if line is not None and not card.higher_is_better and beyond >= line:
            return tone, f"Not reached by half, and so past the line to {name}, {figures.written(line, unit, currency)}."
    return "blue", f"Not reached by half within {figures.written(beyond, unit, currency)}."


def _past(value: float, line: float, upward: bool) -> bool:
    return value >= line if upward else value <= line
