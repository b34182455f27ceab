"""How a figure is made: what it means, on which definitions, filter and facts it rests, and the SQL that the engine runs."""

from dataclasses import dataclass
from datetime import date, datetime

from nextplay.facts.engines import compile_sql
from nextplay.intelligence.catalogue import EXECUTIVE
from nextplay.intelligence.tallies import UNDER_THE_FILTER
from nextplay.intelligence.tiles import BarTile
from nextplay.operations.dashboards.behind_columns import first_order, shown_rows, sorted_rows
from nextplay.operations.dashboards.behind_figure import FigureAsked, Filter, Opened, number_of, opened
from nextplay.operations.dashboards.show_executive import show_executive
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import Viewer


@dataclass(frozen=True)
class Definition:
    """A definition in force: the word it defines, how, and which version of it."""

    word: str
    label: str
    version: int


@dataclass(frozen=True)
class Query:
    """A query as the engine runs it, with every value filled in."""

    what: str
    sql: str


@dataclass(frozen=True)
class Explanation:
    """How a figure is made. `left_out` names rows that could not be counted, and how many; a card says `why_tone`."""

    view: str
    title: str
    means: str
    definitions: tuple[Definition, ...]
    program_version: str
    facts_version: str
    engine: str
    as_of: date
    period_days: int | None
    narrowed: Filter
    left_out: tuple[tuple[str, int], ...]
    why_tone: str
    queries: tuple[Query, ...]


def explain_figure(installation: Installation, viewer: Viewer, asked: FigureAsked, *, now: datetime) -> Explanation:
    """How the figure is made. Raises NotForThisViewer, UnknownDefinition."""
    found = opened(installation, viewer, asked, now=now)
    clock = found.basis.clock
    left_out, why_tone = _beside(installation, viewer, asked, found, now)
    return Explanation(
        view=found.figure.view,
        title=found.figure.title,
        means=found.behind.means,
        definitions=_definitions(found),
        program_version=installation.program.version,
        facts_version=str(installation.warehouse.version()),
        engine=installation.warehouse.engine.dialect,
        as_of=found.basis.facts.scope.as_of,
        period_days=(clock.now.end - clock.now.start).days if clock.now.start else None,
        narrowed=asked.narrowed,
        left_out=left_out,
        why_tone=why_tone,
        queries=_queries(found, installation.warehouse.engine.dialect),
    )


def _definitions(found: Opened) -> tuple[Definition, ...]:
    terms = found.basis.terms
    both = (("Active", terms.active), ("Partner-sourced", terms.sourced))
    return tuple(Definition(word, one.label, one.version) for word, one in both)


def _queries(found: Opened, dialect: str) -> tuple[Query, ...]:
    behind, facts = found.behind, found.basis.facts
    rows = sorted_rows(shown_rows(behind, facts), behind, first_order(behind), descending=True)
    asked = (
        ("The number, from its rows", number_of(behind)),
        ("The rows", rows),
        ("What the dashboard asks, in one pass with its neighbors", found.figure.tally.groups(found.basis, UNDER_THE_FILTER)),
    )
    return tuple(Query(what, compile_sql(query, dialect)) for what, query in asked)


def _beside(
    installation: Installation, viewer: Viewer, asked: FigureAsked, found: Opened, now: datetime
) -> tuple[tuple[tuple[str, int], ...], str]:
    """What the tile says beside the figure: what it leaves out, and why its card has its tone."""
    if found.figure.view != EXECUTIVE:
        return (), ""
    shown = show_executive(installation, viewer, now=now, **vars(asked.narrowed))
    tile = getattr(shown, asked.figure, None)
    if isinstance(tile, BarTile):
        return tile.left_out, ""
    return next(((card.left_out, card.why_tone) for card in shown.cards if card.metric == asked.figure), ((), ""))
