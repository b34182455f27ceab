"""Partner Lifecycle: where partners stand, and what they cover."""

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from nextplay.intelligence import said
from nextplay.intelligence.lifecycle_tiles import CoverageTile, DemandGap, DemandGaps, LifecycleDashboard, Passage, PassageStep
from nextplay.intelligence.passage import waiting_key
from nextplay.intelligence.tiles import BarRow
from nextplay.operations.dashboards.show_lifecycle import show_lifecycle
from nextplay.operations.viewer import DECIDERS, Role, require
from nextplay.web.asked import View, view_of
from nextplay.web.figure_links import figure_at
from nextplay.web.gate import viewer_of
from nextplay.web.grounds import Grounds, grounds_of
from nextplay.web.here import installation, moment
from nextplay.web.page_again import show_again
from nextplay.web.pages.customize import choices_of, offers_of
from nextplay.web.settled import filter_of, settled
from nextplay.web.surround import shell_of

NAME = "lifecycle"
OWN_TILES = (("passage", "From stage to stage"), ("gaps", "Gaps worth closing"))
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
    needed: float | None


@dataclass(frozen=True)
class Coverage:
    """A coverage tile, ready to draw."""

    name: str
    title: str
    finding: str
    rows: tuple[CoverageRow, ...]
    longest: float
    note: str
    marked: bool


@dataclass(frozen=True)
class StepRow:
    """A step, and where those are that began it, wait for it, and have waited long."""

    step: PassageStep
    all_at: str
    waiting_at: str
    overdue_at: str


@dataclass(frozen=True)
class Steps:
    """The steps, and what could not be counted: the step, what, how many, and where they are."""

    finding: str
    rows: tuple[StepRow, ...]
    left_out: tuple[tuple[str, str, int, str], ...]


@dataclass(frozen=True)
class GapRow:
    """A gap, and where the deals are that ask for it, and the partners that cover it."""

    gap: DemandGap
    pipeline_at: str
    partners_at: str


@dataclass(frozen=True)
class Gaps:
    """The gaps, and the open deals that could not be placed: what, how many, and where they are."""

    finding: str
    rows: tuple[GapRow, ...]
    left_out: tuple[tuple[str, int, str], ...]


@require_safe
def lifecycle(request: HttpRequest) -> HttpResponse:
    """Show the lifecycle that the address asks for."""
    viewer, now = viewer_of(request), moment()
    # Coverage gaps are for those who can act on them.
    require(viewer, *DECIDERS)
    asked, notices = settled(view_of(request), installation(), now.date())
    found = show_lifecycle(
        installation(),
        viewer,
        now=now,
        segment=asked.segment,
        tier=asked.tier,
        as_of=asked.as_of,
        active=asked.active,
    )
    narrowed = replace(filter_of(asked), sourced=None)
    grounds = grounds_of(found, viewer, asked, narrowed, notices, name=NAME, now=now)
    shell = shell_of(request, "lifecycle")
    return show_again(request, "nextplay/pages/lifecycle.html", grounds, lambda: _context(grounds), shell=shell)


def _context(grounds: Grounds[LifecycleDashboard]) -> dict[str, object]:
    found, asked, hidden = grounds.found.value, grounds.asked, grounds.hidden
    tiles = [("stages", "Lifecycle cards"), *OWN_TILES, *((tile.name, tile.title) for tile in found.coverage)]
    chosen = next((choice for choice in found.segments if choice.value == found.segment), None)
    return {
        "dashboard": found,
        "today": grounds.today,
        "notices": grounds.notices,
        "effects": grounds.effects,
        "first_day": grounds.first_day,
        "kept": [(name, value) for name, value in asked.kept if name != "active"],
        "definitions": (_definition(grounds),),
        "segment_label": chosen.label if chosen else found.segment,
        "segment_partners": chosen.partners if chosen else found.profiles,
        "everyone": found.everyone,
        "cards": [] if "stages" in hidden else _stages(found, asked),
        "tiles": [_coverage(tile, asked) for tile in found.coverage if tile.name not in hidden],
        "passage": None if "passage" in hidden else _passage(found.passage, asked),
        "gaps": None if "gaps" in hidden else _gaps(found.gaps, asked),
        "marked": any(row.previous is not None for tile in found.coverage for row in tile.rows),
        "said": said,
        "view": NAME,
        "charts": [(tile.name, tile.title) for tile in found.coverage if tile.name not in hidden and tile.rows],
        "choices": choices_of(tiles, [], hidden, grounds.unavailable),
        "offers": offers_of(tiles, [], grounds.unavailable) if grounds.role is Role.ADMIN else (),
    }


def _definition(grounds: Grounds[LifecycleDashboard]) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
    known = grounds.program.value.definitions.active
    return "active", "Active means", grounds.asked.active or known[0].name, tuple((one.name, one.label) for one in known)


def _stages(found: LifecycleDashboard, asked: View) -> list[Stage]:
    longest = max((card.share or 0.0 for card in found.cards), default=0.0)
    return [
        Stage(
            label=card.label,
            count=card.count,
            share=card.share or 0.0,
            longest=longest,
            tone=TONES.get(card.stage, "blue"),
            link=figure_at(asked, "stages", key=card.stage),
        )
        for card in found.cards
    ]


def _passage(found: Passage, asked: View) -> Steps:
    def left_at(step: PassageStep, what: str) -> str:
        return figure_at(asked, "passage", key=f"{step.name}:{what}", part="left")

    rows = [
        StepRow(
            step,
            all_at=figure_at(asked, "passage", key=step.name),
            waiting_at=figure_at(asked, "passage", key=waiting_key(step)),
            overdue_at=figure_at(asked, "passage", key=waiting_key(step, overdue=True)),
        )
        for step in found.steps
    ]
    left = [(step.label, what, number, left_at(step, what)) for step in found.steps for what, number in step.left_out]
    return Steps(found.finding, tuple(rows), tuple(left))


def _gaps(found: DemandGaps, asked: View) -> Gaps:
    rows = [
        GapRow(
            gap,
            pipeline_at=figure_at(asked, "demand", key=f"{gap.covered}:{gap.label}"),
            partners_at=figure_at(asked, gap.covered, key=gap.label),
        )
        for gap in found.rows
    ]
    left = [
        (what, number, figure_at(asked, "demand", key=f"{covered}:", part="none")) for covered, what, number in found.left_out
    ]
    return Gaps(found.finding, tuple(rows), tuple(left))


def _coverage(whole: CoverageTile, asked: View) -> Coverage:
    tile = whole.folded()
    rows = tuple(_covered(row, _covered_at(row, tile, asked)) for row in tile.rows)
    longest = max((max(row.count, row.needed or 0.0) for row in rows), default=0.0)
    note = said.coverage(tile)
    return Coverage(tile.name, tile.title, tile.finding, rows, longest, note, any(row.needed for row in rows))


def _covered_at(row: BarRow, tile: CoverageTile, asked: View) -> str:
    # What is folded together has no key of its own.
    return figure_at(asked, tile.name, key=row.key) if row.key else figure_at(asked, tile.name, part="others")


def _covered(row: BarRow, link: str) -> CoverageRow:
    return CoverageRow(row.label, row.count, row.value, row.gap, link, row.previous)
