"""A dashboard for the board pack: PDF, PNG or SVG, and each chart by itself, under the asker's own scope."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any, Literal

import typst

from nextplay.intelligence.catalogue import EXECUTIVE, LIFECYCLE
from nextplay.intelligence.tiles import BarTile, CoverageTile, ExecutiveDashboard, LifecycleDashboard, MetricCard
from nextplay.operations.behind_figure import Filter
from nextplay.operations.chart_svg import bars_svg
from nextplay.operations.installation import Installation
from nextplay.operations.show_executive import show_executive
from nextplay.operations.show_lifecycle import show_lifecycle
from nextplay.operations.viewer import DECIDERS, TEAM, NotForThisViewer, Viewer, require
from nextplay.values import figures

PackKind = Literal["pdf", "png", "svg"]
# By the ending of a file.
PACK_KINDS: dict[str, PackKind] = {".pdf": "pdf", ".png": "png", ".svg": "svg"}
PACK_MEDIA_TYPE = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}
_DOTS_PER_INCH = 144


@dataclass(frozen=True)
class PackCard:
    """A card of the pack, as text."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Chart:
    """A chart of the pack, by the name of its tile."""

    name: str
    title: str
    finding: str
    svg: str


@dataclass(frozen=True)
class Pack:
    """What a pack says: its title, day, filter and facts version, its cards and its charts."""

    title: str
    said: str
    cards: tuple[PackCard, ...]
    charts: tuple[Chart, ...]


def board_pack(installation: Installation, viewer: Viewer, view: str, narrowed: Filter, *, now: datetime) -> Pack:
    """What the pack of a view says. Raises NotForThisViewer, UnknownDefinition."""
    require(viewer, *TEAM)
    if view == EXECUTIVE:
        return _executive(show_executive(installation, viewer, now=now, **vars(narrowed)))
    if view != LIFECYCLE:
        raise NotForThisViewer
    require(viewer, *DECIDERS)
    named = {name: value for name, value in vars(narrowed).items() if name in ("segment", "tier", "as_of", "active")}
    return _lifecycle(show_lifecycle(installation, viewer, now=now, **named))


def printed(pack: Pack, kind: PackKind) -> bytes:
    """The pack as a file. Text goes in as data: no name can be read as markup."""
    source = files("nextplay.operations").joinpath("board_pack.typ").read_bytes()
    inputs = {"pack": json.dumps(asdict(pack) | {"paged": kind == "pdf"})}
    made = typst.compile(source, format=kind, ppi=_DOTS_PER_INCH, sys_inputs=inputs)
    if not isinstance(made, bytes):
        raise TypeError(f"a pack of one page came as {type(made).__name__}")
    return made


def _executive(shown: ExecutiveDashboard) -> Pack:
    period = f"last {shown.period_days} days" if shown.period_days else "all time"
    said = _said(shown, f"{period}, {figures.count(shown.partners)} partners")
    cards = tuple(PackCard(card.label, _value(card, shown.currency), card.description) for card in shown.cards)
    tiles = (
        shown.pipeline_by_stage,
        shown.pipeline_by_deal_stage,
        shown.revenue_by_industry,
        shown.pipeline_by_industry,
    )
    return Pack("Executive Dashboard", said, cards, tuple(_bars(tile, shown.currency) for tile in tiles))


def _lifecycle(shown: LifecycleDashboard) -> Pack:
    said = _said(shown, f"{figures.count(shown.profiles)} partner profiles")
    cards = tuple(PackCard(card.label, figures.count(card.count), figures.share(card.share)) for card in shown.cards)
    return Pack("Partner Lifecycle", said, cards, tuple(_covered(tile) for tile in shown.coverage))


def _said(shown: ExecutiveDashboard | LifecycleDashboard, about: str) -> str:
    narrowed = ", ".join(part for part in (shown.segment, shown.tier) if part) or "everyone"
    return f"As of {shown.as_of.isoformat()}, {narrowed}, {about}. Facts version {shown.facts_version}."


def _value(card: MetricCard, currency: str) -> str:
    if card.unit == "share" and not card.enough_cases:
        return f"{figures.count(card.numerator)} of {figures.count(card.denominator)}"
    if card.value is None:
        return "not known"
    written: dict[str, Any] = {
        "money": lambda: figures.money_short(card.value, currency),
        "share": lambda: figures.share(card.value),
        "days": lambda: f"{figures.count(round(card.value or 0))} days",
    }
    return str(written.get(card.unit, lambda: figures.count(card.value))())


def _bars(tile: BarTile, currency: str) -> Chart:
    rows = [(row.label, row.value, None, figures.money_short(row.value, currency)) for row in tile.folded().rows]
    title = f"{tile.title}, {tile.axis[:1].lower()}{tile.axis[1:]}"
    return Chart(tile.name, title, tile.finding, bars_svg(title, rows))


def _covered(tile: CoverageTile) -> Chart:
    rows = [
        (row.label, float(row.count), row.value, f"{figures.count(row.count)}, {figures.count(row.value)} active")
        for row in tile.rows
    ]
    return Chart(tile.name, tile.title, tile.finding, bars_svg(tile.title, rows))
