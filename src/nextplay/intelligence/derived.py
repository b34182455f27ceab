"""Metrics made of other metrics, of a target, of ranks or of the decisions that came to an end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nextplay.intelligence.measured import Measured
from nextplay.intelligence.metric import said_of
from nextplay.intelligence.metrics import BY_METRIC
from nextplay.intelligence.noise import rate_changed
from nextplay.intelligence.tiles import CardPart, RevenueShape, Unit
from nextplay.intelligence.windows import Clock

# Velocity's four parts, in the order in which they are multiplied; the last divides.
VELOCITY = ("open_deals", "win_rate", "average_deal_size", "average_cycle")

# Decisions met, and met or missed, by window name.
KeptDecisions = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Given:
    """What derived metrics are made of. `target`, `shape` and `decisions` are None where there are none under the filter."""

    measured: Mapping[str, Measured]
    clock: Clock
    target: float | None
    shape: RevenueShape | None
    decisions: KeptDecisions | None


@dataclass(frozen=True)
class Derived:
    """A card's figure that no single aggregate gives. The docstring of `combine` is its definition."""

    name: str
    label: str
    unit: Unit
    combine: Callable[[Given], Measured]
    version: int = 1

    @property
    def definition(self) -> str:
        """What it is, in one or two sentences."""
        return said_of(self.combine)


def velocity(given: Given) -> Measured:
    """Money a day: open deals times win rate times average deal size, by the average days of a sales cycle."""
    parts = [given.measured[name] for name in VELOCITY]
    values = {window.name: _product([part.values[window.name] for part in parts]) for window in given.clock.all}
    return Measured(
        values=values,
        # The product changed clearly where one of its parts did.
        clear=any(part.clear for part in parts),
        # As sure as the part with the fewest cases.
        wholes={"now": min(part.wholes["now"] for part in parts[1:])},
        left_out=parts[2].left_out,
        steps=tuple(
            CardPart(BY_METRIC[name].label, part.values["now"], BY_METRIC[name].unit, figure=name)
            for name, part in zip(VELOCITY, parts, strict=True)
        ),
    )


def _product(parts: list[float | None]) -> float | None:
    deals, rate, size, days = parts
    if deals is None or rate is None or size is None or not days:
        return None
    return deals * rate * size / days


def pipeline_coverage(given: Given) -> Measured:
    """Open pipeline as a multiple of what the program's target asks for in a quarter."""
    pipeline = given.measured["open_pipeline"]
    if given.target is None:
        empty: dict[str, float | None] = {window.name: None for window in given.clock.all}
        return Measured(empty, clear=False, remark="The program sets no target for this group.")
    target = given.target
    return Measured(
        values={name: value / target if value is not None else None for name, value in pipeline.values.items()},
        clear=pipeline.clear,
        left_out=pipeline.left_out,
        steps=(
            CardPart("Open pipeline", pipeline.values["now"], "money", figure="open_pipeline"),
            CardPart("Target for a quarter", target, "money"),
        ),
    )


def concentration(given: Given) -> Measured:
    """Share of the period's revenue that the largest tenth of the partners with revenue brings."""
    shape = given.shape
    if shape is None:
        return Measured({"now": None}, clear=False)
    selling = shape.selling
    parts = (
        CardPart("Partners of equal size that would be as concentrated", selling.effective, "count", figure="revenue_shares"),
    )
    return Measured(
        {"now": selling.top_10_pct},
        clear=False,
        wholes={"now": float(selling.partners)},
        steps=parts if selling.effective is not None else (),
        remark=f"of {selling.partners:,} partners with revenue",
    )


def decisions_kept(given: Given) -> Measured:
    """Decisions whose outcome arrived in time, out of those met or missed in the period."""
    counts = given.decisions
    if counts is None:
        return Measured({"now": None}, clear=False)
    parts = {name: float(met) for name, (met, _) in counts.items()}
    wholes = {name: float(settled) for name, (_, settled) in counts.items()}
    clear = "before" in counts and rate_changed(parts["now"], wholes["now"], parts["before"], wholes["before"])
    values = {name: parts[name] / whole if whole else None for name, whole in wholes.items()}
    return Measured(values, clear, parts, wholes)


DERIVED = (
    Derived("velocity", "Sales velocity", "daily", velocity),
    Derived("pipeline_coverage", "Pipeline coverage", "times", pipeline_coverage),
    Derived("concentration", "Concentration", "share", concentration),
    Derived("decisions_kept", "Decisions kept", "share", decisions_kept),
)
BY_DERIVED = {each.name: each for each in DERIVED}
