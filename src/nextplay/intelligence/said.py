"""What stands in words beside a tile's figures, the same on the page and in print."""

from nextplay.intelligence.lifecycle_tiles import CoverageTile, DemandGaps, Passage, PassageStep
from nextplay.intelligence.tiles import MetricCard, RevenueShape
from nextplay.values import figures

# No color is the only sign of something.
TONE_WORDS = {"red": "Act now", "orange": "Watch"}
GROWTH_PARTS = "Partner-sourced deals of known amount. The four effects add up exactly, in any order."
NO_PERIOD_BEFORE = ("All time has no period before it", "Choose a period to see what changed.")
BENCHMARK = "The same measures beside each other; money per partner"
NOT_AN_EFFECT = "A difference between deals as they came, not an effect of partners: nobody drew lots who sells what."
WAITING_COUNTS = (
    "Who has not taken a step yet counts as waiting up to the day (Kaplan-Meier), so that the fast ones are not taken for all."
)
STEP_NOT_KNOWN = "Not known: the facts name nobody who took this step after the one before."
DEMAND_IS = "Demand is the mean of the share of open pipeline and of the weight in your ideal customer profile."
NO_GAP = ("No gap to speak of", "Active partners cover what customers ask for, as far as the facts say.")
NO_COVERAGE = ("No partner names any", "The column may be missing in the partners file.")
NO_STRENGTHS = "No partner strengths have been analyzed yet"
NO_SCORES = ("No 4C scores in this group yet", "Gaps appear here once at least one partner has been scored.")
# Under this many partners with revenue, a tenth of them is nobody.
FEWEST_FOR_A_TENTH = 5
# A share of fewer is told as a count.
FEWEST_FOR_A_RATE = 5


def card_value(card: MetricCard, currency: str) -> str:
    """A card's number: counts instead of a rate where cases are few, and never an empty space."""
    if card.unit == "share" and not card.enough_cases and card.numerator is not None and card.denominator is not None:
        return f"{figures.count(card.numerator)} of {figures.count(card.denominator)}"
    if card.value is None:
        return "not reached" if card.numerator and card.unit == "days" else "not known"
    return figures.written(card.value, card.unit, currency)


def card_moved(card: MetricCard) -> str:
    """The change in words; that there is no clear one, where both periods are known."""
    if card.change:
        return card.change
    return "no clear change" if card.value is not None and card.previous is not None else ""


def concentration(shape: RevenueShape) -> str:
    """How much rests on the largest tenth; empty without revenue."""
    selling = shape.selling
    if not shape.curve:
        return ""
    if selling.partners < FEWEST_FOR_A_TENTH:
        return f"{selling.partners} of your partners brought all of it: too few to speak of a tenth."
    most = figures.share(selling.top_10_pct)
    return (
        f"The largest tenth of {figures.count(selling.partners)} partners with revenue brings {most}; "
        f"it is as concentrated as {figures.count(round(selling.effective or 0))} of equal size."
    )


def long_tail(shape: RevenueShape) -> str:
    """What the smaller half brings; empty without revenue."""
    return f"The long tail: the smaller half brings {figures.share(1 - dict(shape.curve)[0.5])}." if shape.curve else ""


def coverage(tile: CoverageTile) -> str:
    """How many different partners stand behind the bars, and how many behind none."""
    note = f"{figures.count(tile.distinct)} different partners"
    if sum(row.count for row in tile.rows) > tile.distinct:
        note += "; one may count in several bars"
    if tile.none:
        note += f". {figures.count(tile.none)} {'names' if tile.none == 1 else 'name'} none"
    return f"{note}."


def step_rate(step: PassageStep) -> tuple[str, str]:
    """The share that took a step so far (empty over few), and of how many."""
    counts = f"{figures.count(step.reached)} of {figures.count(step.began)}"
    return "" if step.began < FEWEST_FOR_A_RATE else figures.share(step.rate), counts


def left_out_of_passage(passage: Passage) -> tuple[str, ...]:
    """A sentence for each step's partners that could not be counted."""
    return tuple(f"{step.label}: {figures.count(number)} {what}." for step in passage.steps for what, number in step.left_out)


def left_out_of_demand(gaps: DemandGaps) -> tuple[str, ...]:
    """A sentence for each kind of open deals that could not be placed."""
    return tuple(f"{figures.count(number)} {what}." for _, what, number in gaps.left_out)
