"""The Executive Dashboard."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from nextplay.intelligence.tiles import BarRow, BarTile, ExecutiveDashboard, MetricCard
from nextplay.operations.preferences import hidden_items, unavailable_items
from nextplay.operations.show_executive import show_executive
from nextplay.operations.viewer import DECIDERS, TEAM, require
from nextplay.program.metrics import ActiveDefinition, SourcedDefinition
from nextplay.web.asked import DEFAULT_PERIOD, PERIODS, View, view_of
from nextplay.web.frame import show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.pages.customize import choices_of
from nextplay.web.surround import shell_of

NAME = "executive"
TILES = (
    ("metrics", "Summary metrics"),
    ("strengths", "AI strengths"),
    ("areas", "Areas to address"),
    ("stage", "Pipeline by stage"),
    ("revenue", "Revenue by industry"),
    ("industry", "Pipeline by industry"),
)
# Tiles that stand beside each other; one whose neighbor is hidden takes the whole row.
PAIRS = (("strengths", "areas"), ("stage",), ("revenue", "industry"))
SMALL_GROUP = 20
FIRST_STRENGTHS = 6


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
    axis: str
    left_out: tuple[tuple[str, int], ...]
    marked: bool
    one: str
    several: str
    empty: str
    empty_why: str


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the dashboard that the address asks for."""
    viewer, now, asked = viewer_of(request), moment(), view_of(request)
    require(viewer, *TEAM)
    found = show_executive(
        installation(),
        viewer,
        now=now,
        segment=asked.segment,
        tier=asked.tier,
        as_of=asked.as_of,
        period_days=asked.period_days,
        active=_named(asked.active, installation().program.definitions.active),
        sourced=_named(asked.sourced, installation().program.definitions.sourced),
    )
    hidden = hidden_items(viewer, NAME)
    context = {
        "dashboard": found,
        "today": now.date(),
        "may_analyze": viewer.role in DECIDERS,
        "address_below": installation().program.rubric.address_below,
        "view": NAME,
        "choices": choices_of(TILES, [(card.metric, card.label) for card in found.cards], hidden, unavailable_items(NAME)),
        **_filter(found, asked),
        **_tiles(found, asked, hidden),
    }
    return show(request, "nextplay/pages/dashboard.html", context, shell=shell_of(request, "dashboard"))


def _named(asked: str | None, definitions: Iterable[ActiveDefinition | SourcedDefinition]) -> str | None:
    """The definition asked for, where the program has it."""
    return asked if asked in {one.name for one in definitions} else None


def _filter(found: ExecutiveDashboard, asked: View) -> dict[str, object]:
    chosen = next((choice for choice in found.segments if choice.value == found.segment), None)
    label = dict(PERIODS)[asked.period_days]
    return {
        "segment_label": chosen.label if chosen else found.segment,
        "segment_partners": chosen.partners if chosen else found.partners,
        "everyone": found.everyone,
        "small_group": bool(found.segment) and found.partners < SMALL_GROUP,
        "period": asked.period_days,
        "periods": PERIODS,
        "period_label": label,
        "period_sentence": f"{label} against the {asked.period_days} days before.",
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
    spans = {}
    for pair in PAIRS:
        shown = [name for name in pair if name not in hidden]
        spans.update({name: "s-6" if len(shown) == 2 else "s-12" for name in shown})
    stage = found.pipeline_by_deal_stage if asked.stages == "deal" else found.pipeline_by_stage
    return {
        "cards": [(card, _card_link(card, asked), _card_says(card, found)) for card in cards],
        "spans": spans,
        "strengths": [(row, asked.address(reverse("partners"), strength=row.strength)) for row in found.strengths],
        "areas": [(row, asked.address(reverse("partners"), low=row.dimension)) for row in found.areas],
        "first_strengths": f":{FIRST_STRENGTHS}",
        "rest_of_strengths": f"{FIRST_STRENGTHS}:",
        "stage": _bars(stage, asked),
        "revenue": _bars(found.revenue_by_industry, asked),
        "industry": _bars(found.pipeline_by_industry, asked),
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


def _card_link(card: MetricCard, asked: View) -> str:
    """Where a card's partners are."""
    return asked.address(
        reverse("partners"),
        sort="open_pipeline" if card.unit == "money" else None,
        descending="1" if card.unit == "money" else None,
    )


def _bars(tile: BarTile, asked: View) -> Bars:
    revenue = "revenue" in tile.name
    values = [row.value for row in tile.rows] + [row.previous for row in tile.rows if row.previous is not None]
    return Bars(
        name=tile.name,
        finding=tile.finding,
        unit=tile.unit,
        rows=tuple(_row(row, tile.name, asked) for row in tile.rows),
        longest=max(values, default=0.0),
        total=tile.total,
        axis=tile.axis,
        left_out=tile.left_out,
        marked=any(row.previous is not None for row in tile.rows),
        one="revenue row" if revenue else "deal",
        several="revenue rows" if revenue else "deals",
        empty="No revenue in this period" if revenue else "No open deals in this group",
        empty_why="Import revenue to see where it comes from."
        if revenue
        else "Open deals appear here as soon as facts hold some.",
    )


def _row(row: BarRow, tile: str, asked: View) -> Row:
    period = str(asked.period_days) if asked.period_days != DEFAULT_PERIOD else None
    day = asked.as_of.isoformat() if asked.as_of else None
    # What is folded together has no key of its own.
    address = asked.address(reverse("behind", args=[tile]), key=row.key, period=period, as_of=day) if row.key else ""
    return Row(row.label, row.detail, row.value, row.count, row.share, row.previous, address)
