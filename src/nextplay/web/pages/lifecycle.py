"""Partner Lifecycle: where partners stand, and what they cover."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from nextplay.intelligence.tiles import CoverageTile, LifecycleDashboard
from nextplay.operations.preferences import hidden_items, unavailable_items
from nextplay.operations.show_lifecycle import show_lifecycle
from nextplay.operations.viewer import DECIDERS, require
from nextplay.web import figures
from nextplay.web.asked import View, view_of
from nextplay.web.frame import show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.pages.customize import choices_of
from nextplay.web.surround import shell_of

NAME = "lifecycle"
# Which filter of the partner list names the partners of a bar.
FILTERS = {"regions": "region", "subtype": "subtype", "verticals": "vertical", "offerings": "offering"}
TONES = {"active": "green", "inactive": "orange", "prospect": "purple", "applied": "purple"}


@dataclass(frozen=True)
class Stage:
    """A stage's card, ready to draw."""

    label: str
    count: int
    share: float
    longest: float
    tone: str
    link: str


@dataclass(frozen=True)
class CoverageRow:
    """A covered value: `count` partners, `value` of them active."""

    label: str
    count: int
    value: float
    gap: str
    link: str


@dataclass(frozen=True)
class Coverage:
    """A coverage tile, ready to draw."""

    name: str
    title: str
    finding: str
    rows: tuple[CoverageRow, ...]
    longest: float
    note: str


@require_safe
def lifecycle(request: HttpRequest) -> HttpResponse:
    """Show the lifecycle that the address asks for."""
    viewer, now, asked = viewer_of(request), moment(), view_of(request)
    # Coverage gaps are for those who can act on them.
    require(viewer, *DECIDERS)
    found = show_lifecycle(installation(), viewer, now=now, segment=asked.segment, tier=asked.tier, as_of=asked.as_of)
    hidden = hidden_items(viewer, NAME)
    tiles = [("stages", "Lifecycle cards"), *((tile.name, tile.title) for tile in found.coverage)]
    chosen = next((choice for choice in found.segments if choice.value == found.segment), None)
    context = {
        "dashboard": found,
        "today": now.date(),
        "segment_label": chosen.label if chosen else found.segment,
        "segment_partners": chosen.partners if chosen else found.profiles,
        "everyone": found.everyone,
        "cards": [] if "stages" in hidden else _stages(found, asked),
        "tiles": [_coverage(tile, asked) for tile in found.coverage if tile.name not in hidden],
        "view": NAME,
        "choices": choices_of(tiles, [], hidden, unavailable_items(NAME)),
    }
    return show(request, "nextplay/pages/lifecycle.html", context, shell=shell_of(request, "lifecycle"))


def _stages(found: LifecycleDashboard, asked: View) -> list[Stage]:
    longest = max((card.share or 0.0 for card in found.cards), default=0.0)
    return [
        Stage(
            label=card.label,
            count=card.count,
            share=card.share or 0.0,
            longest=longest,
            tone=TONES.get(card.stage, "blue"),
            link=asked.address(reverse("partners"), stage=card.stage),
        )
        for card in found.cards
    ]


def _coverage(tile: CoverageTile, asked: View) -> Coverage:
    rows = tuple(
        CoverageRow(
            row.label, row.count, row.value, row.gap, asked.address(reverse("partners"), **{FILTERS[tile.name]: row.key})
        )
        for row in tile.rows
    )
    note = f"{figures.count(tile.distinct)} different partners"
    if sum(row.count for row in tile.rows) > tile.distinct:
        note += "; one may count in several bars"
    if tile.none:
        note += f". {figures.count(tile.none)} {'names' if tile.none == 1 else 'name'} none"
    return Coverage(tile.name, tile.title, tile.finding, rows, max((row.count for row in rows), default=0), f"{note}.")
