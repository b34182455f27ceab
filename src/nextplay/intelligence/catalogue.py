"""Every figure of both dashboards by name, with the rows behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from nextplay.intelligence.behind import Behind, NoFigure, Part, behind_metric
from nextplay.intelligence.cards import card_tallies, cards_of
from nextplay.intelligence.choices import PARTNERS
from nextplay.intelligence.concentration import SHARES, behind_shares
from nextplay.intelligence.coverage import COVERAGE, COVERED, behind_covered
from nextplay.intelligence.demand import DEMAND, behind_demand
from nextplay.intelligence.direct import DIRECT, behind_direct
from nextplay.intelligence.growth import SELLERS, behind_sellers
from nextplay.intelligence.insights import LOW_SCORES, STRENGTHS, behind_area, behind_strength
from nextplay.intelligence.lifecycle import behind_stage
from nextplay.intelligence.metrics import BY_METRIC
from nextplay.intelligence.passage import PASSAGE, behind_passage
from nextplay.intelligence.pipeline import BY_DEAL_STAGE, BY_INDUSTRY, BY_PARTNER_STAGE, PIPELINE, behind_pipeline
from nextplay.intelligence.revenue import BY_INDUSTRY as REVENUE_BY_INDUSTRY
from nextplay.intelligence.revenue import REVENUE, behind_revenue
from nextplay.intelligence.tallies import Basis, Tally
from nextplay.program.definition import Program

EXECUTIVE, LIFECYCLE = "executive", "lifecycle"


@dataclass(frozen=True)
class Figure:
    """A tile's figures: the view they stand on, its title, the rows behind a part of it, and the query that answers it."""

    view: str
    title: str
    behind: Callable[[Basis, Part], Behind]
    tally: Tally


FIGURES: dict[str, Figure] = {
    BY_PARTNER_STAGE.name: Figure(
        EXECUTIVE, "Pipeline by partner stage", partial(behind_pipeline, "lifecycle_stage"), PIPELINE
    ),
    BY_DEAL_STAGE.name: Figure(EXECUTIVE, "Pipeline by deal stage", partial(behind_pipeline, "stage"), PIPELINE),
    BY_INDUSTRY.name: Figure(EXECUTIVE, BY_INDUSTRY.title, partial(behind_pipeline, "industry"), PIPELINE),
    REVENUE_BY_INDUSTRY.name: Figure(EXECUTIVE, REVENUE_BY_INDUSTRY.title, behind_revenue, REVENUE),
    "strengths": Figure(EXECUTIVE, "AI strengths", behind_strength, STRENGTHS),
    "areas": Figure(EXECUTIVE, "Areas to address", behind_area, LOW_SCORES),
    "revenue_shares": Figure(EXECUTIVE, "Concentration", behind_shares, SHARES),
    "sellers": Figure(EXECUTIVE, "Partners that brought new pipeline", behind_sellers, SELLERS),
    "direct_deals": Figure(EXECUTIVE, "Direct deals", behind_direct, DIRECT),
    "stages": Figure(LIFECYCLE, "Partners by lifecycle stage", behind_stage, PARTNERS),
    "passage": Figure(LIFECYCLE, "From stage to stage", behind_passage, PASSAGE),
    "demand": Figure(LIFECYCLE, "Demand", behind_demand, DEMAND),
    **{
        covered.column: Figure(LIFECYCLE, covered.title, partial(behind_covered, covered.column), COVERAGE)
        for covered in COVERED
    },
}


def figure_of(name: str, program: Program) -> Figure:
    """A tile's figure or a card's. Raises NoFigure."""
    found = FIGURES.get(name)
    if found is not None:
        return found
    card = next((card for card in cards_of(program) if card.metric == name), None)
    if card is None or name not in BY_METRIC:
        raise NoFigure(name)
    return Figure(EXECUTIVE, card.label, partial(behind_metric, name), _tally_with(name))


def _tally_with(metric: str) -> Tally:
    source = BY_METRIC[metric].source
    named = (f"spread of {metric}", f"cards of {source}")
    return next(tally for name in named for tally in card_tallies() if tally.name == name)
