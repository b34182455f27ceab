"""The Executive Dashboard."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from nextplay.intelligence import said
from nextplay.intelligence.catalogue import FIGURES
from nextplay.intelligence.tiles import BarRow, BarTile, ExecutiveDashboard, MetricCard
from nextplay.operations.dashboards.decisions_kept import settled_decisions
from nextplay.operations.dashboards.pack_executive import CHARTS
from nextplay.operations.dashboards.show_executive import show_executive
from nextplay.operations.preferences import hidden_of
from nextplay.operations.viewer import DECIDERS, TEAM, Role, require
from nextplay.web.asked import PERIODS, View, period_key, view_of
from nextplay.web.figure_links import card_at, figure_at, left_out_at
from nextplay.web.gate import viewer_of
from nextplay.web.grounds import Grounds, grounds_of
from nextplay.web.here import installation, moment
from nextplay.web.led import led_benchmark, led_direct, led_fall
from nextplay.web.page_again import show_again
from nextplay.web.pages.customize import choices_of, offers_of
from nextplay.web.settled import filter_of, settled
from nextplay.web.surround import shell_of

NAME = "executive"
TILES = (
    ("metrics", "Summary metrics"),
    ("growth", "Growth explained"),
    ("areas", "Areas to address"),
    ("strengths", "AI strengths"),
    ("stage", "Pipeline by stage"),
    ("revenue", "Revenue by industry"),
    ("industry", "Pipeline by industry"),
    ("benchmark", "Tier benchmark"),
    ("direct", "With a partner, and direct"),
    ("pareto", "Concentration"),
)
# Tiles that stand beside each other, in columns of twelve; one whose neighbor is hidden takes the whole row.
ROWS = (
    (("growth", 7), ("areas", 5)),
    (("strengths", 5), ("stage", 7)),
    (("revenue", 6), ("industry", 6)),
    (("benchmark", 7), ("pareto", 5)),
    (("direct", 12),),
)
SMALL_GROUP = 20
FIRST_STRENGTHS = 4


@dataclass(frozen=True)
class Row:
    """A bar with where it leads."""

    label: str
    detail: str
    value: float
    count: int
    share: float | None
    previous: float | None
    behind_at: str


@dataclass(frozen=True)
class Bars:
    """A tile of bars, ready to draw."""

    name: str
    finding: str
    unit: str
    rows: tuple[Row, ...]
    longest: float
    total: float
    total_at: str
    axis: str
    # What could not be placed or summed, how many rows, and where they are.
    left_out: tuple[tuple[str, int, str], ...]
    marked: bool
    one: str
    several: str
    empty: str
    empty_why: str


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the dashboard that the address asks for."""
    viewer, now = viewer_of(request), moment()
    require(viewer, *TEAM)
    asked, notices = settled(view_of(request), installation(), now.date())
    narrowed = filter_of(asked)
    found = show_executive(installation(), viewer, now=now, settled=settled_decisions(), **vars(narrowed))
    grounds = grounds_of(found, viewer, asked, narrowed, notices, name=NAME, now=now)
    shell = shell_of(request, "dashboard")
    return show_again(request, "nextplay/pages/dashboard.html", grounds, lambda: _context(grounds), shell=shell)


def _context(grounds: Grounds[ExecutiveDashboard]) -> dict[str, object]:
    found, asked = grounds.found.value, grounds.asked
    resting = frozenset(card.metric for card in found.cards if not card.shown)
    hidden = hidden_of(grounds.hidden, resting)
    parts = [(card.metric, card.label) for card in found.cards]
    return {
        "dashboard": found,
        "today": grounds.today,
        "may_analyze": grounds.role in DECIDERS,
        "address_below": grounds.program.value.rubric.address_below,
        "view": NAME,
        "charts": _charts(found, hidden),
        "notices": grounds.notices,
        "effects": grounds.effects,
        "first_day": grounds.first_day,
        "choices": choices_of(TILES, parts, hidden, grounds.unavailable, resting),
        "offers": offers_of(TILES, parts, grounds.unavailable) if grounds.role is Role.ADMIN else (),
        **_filter(found, asked),
        **_tiles(found, asked, hidden),
    }


def _charts(found: ExecutiveDashboard, hidden: frozenset[str]) -> list[tuple[str, str]]:
    """Charts that can be had by themselves: those of tiles that are shown and have something to draw."""
    shape = found.concentration
    drawn = {"growth": found.growth is not None, "concentration": shape is not None and bool(shape.curve)}
    titles = {"growth": "Growth explained", "concentration": "Concentration"}
    named = [name for name, tile in CHARTS.items() if tile not in hidden and drawn.get(name, True)]
    return [(name, titles[name] if name in titles else FIGURES[name].title) for name in named]


def _filter(found: ExecutiveDashboard, asked: View) -> dict[str, object]:
    chosen = next((choice for choice in found.segments if choice.value == found.segment), None)
    label = dict(PERIODS)[asked.period_days]
    return {
        "segment_label": chosen.label if chosen else found.segment,
        "segment_partners": chosen.partners if chosen else found.partners,
        "everyone": found.everyone,
        "small_group": bool(found.segment) and found.partners < SMALL_GROUP,
        "period": period_key(asked.period_days),
        "periods": [(period_key(days), text) for days, text in PERIODS],
        "period_label": label,
        "period_sentence": f"{label} against the {asked.period_days} days before." if asked.period_days else f"{label}.",
        "period_back": f"{asked.period_days} days ago",
        "kept": [(name, value) for name, value in asked.kept if name not in ("active", "sourced")],
        "definitions": (
            ("active", "Active means", found.active, found.active_choices),
            ("sourced", "Sourced means", found.sourced, found.sourced_choices),
        ),
        "stages": asked.stages,
    }


def _tiles(found: ExecutiveDashboard, asked: View, hidden: frozenset[str]) -> dict[str, object]:
    cards = [] if "metrics" in hidden else [card for card in found.cards if card.metric not in hidden]
    # Where there is nothing to compare with, there is no tile.
    shape = found.concentration
    absent = {
        name for name, tile in (("benchmark", found.benchmark), ("direct", found.direct), ("pareto", shape)) if tile is None
    }
    spans = {}
    for row in ROWS:
        shown = [(name, columns) for name, columns in row if name not in hidden and name not in absent]
        spans.update({name: f"s-{columns if len(shown) > 1 else 12}" for name, columns in shown})
    stage = found.pipeline_by_deal_stage if asked.stages == "deal" else found.pipeline_by_stage
    return {
        "cards": [(card, card_at(asked, card.metric), _card_says(card, found)) for card in cards],
        "spans": spans,
        "strengths": [(row, figure_at(asked, "strengths", key=row.strength)) for row in found.strengths],
        "areas": [(row, figure_at(asked, "areas", key=row.dimension)) for row in found.areas],
        "first_strengths": f":{FIRST_STRENGTHS}",
        "rest_of_strengths": f"{FIRST_STRENGTHS}:",
        "stage": _bars(stage, asked),
        "revenue": _bars(found.revenue_by_industry, asked),
        "industry": _bars(found.pipeline_by_industry, asked),
        "growth": led_fall(found.growth, asked.period_days, found.currency, asked)
        if found.growth and asked.period_days
        else (),
        "benchmark": led_benchmark(found.benchmark, found.currency, asked) if found.benchmark else None,
        "direct": led_direct(found.direct, found.currency, asked) if found.direct else None,
        "shape": shape,
        "shape_at": figure_at(asked, "revenue_shares"),
        "shape_said": said.concentration(shape) if shape else "",
        "tail": said.long_tail(shape) if shape else "",
        "said": said,
        "nothing_shown": not cards and not spans,
    }


def _card_says(card: MetricCard, found: ExecutiveDashboard) -> str:
    """Why the card has its tone, and which definition it rests on."""
    rests = {
        "active_partners": ("Active", dict(found.active_choices).get(found.active, "")),
        "new_pipeline": ("Sourced", dict(found.sourced_choices).get(found.sourced, "")),
    }
    word, label = rests.get(card.metric, ("", ""))
    return f"{card.why_tone} {word}: {label}." if label else card.why_tone


def _bars(whole: BarTile, asked: View) -> Bars:
    tile = whole.folded()
    revenue = "revenue" in tile.name
    values = [row.value for row in tile.rows] + [row.previous for row in tile.rows if row.previous is not None]
    return Bars(
        name=tile.name,
        finding=tile.finding,
        unit=tile.unit,
        rows=tuple(_row(row, tile.name, asked) for row in tile.rows),
        longest=max(values, default=0.0),
        total=tile.total,
        total_at=figure_at(asked, tile.name),
        axis=tile.axis,
        left_out=tuple((what, number, left_out_at(asked, tile.name, what)) for what, number in tile.left_out),
        marked=any(row.previous is not None for row in tile.rows),
        one="revenue row" if revenue else "deal",
        several="revenue rows" if revenue else "deals",
        empty="No revenue in this period" if revenue else "No open deals in this group",
        empty_why="Import revenue to see where it comes from."
        if revenue
        else "Open deals appear here as soon as facts hold some.",
    )


def _row(row: BarRow, tile: str, asked: View) -> Row:
    # What is folded together has no key of its own.
    address = figure_at(asked, tile, key=row.key) if row.key else figure_at(asked, tile, part="others")
    return Row(row.label, row.detail, row.value, row.count, row.share, row.previous, address)
