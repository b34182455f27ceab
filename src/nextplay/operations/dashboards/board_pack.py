"""A dashboard for the board pack: PDF, PNG or SVG, and each chart by itself, under the asker's own scope and choice."""

import json
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from typing import Literal

import typst

from nextplay.intelligence.catalogue import EXECUTIVE, LIFECYCLE
from nextplay.intelligence.lifecycle_tiles import LifecycleDashboard
from nextplay.intelligence.tiles import ExecutiveDashboard
from nextplay.operations.dashboards.behind_figure import LIFECYCLE_FILTER, Filter
from nextplay.operations.dashboards.decisions_kept import settled_decisions
from nextplay.operations.dashboards.pack_executive import Shown, executive_cards, executive_tiles
from nextplay.operations.dashboards.pack_lifecycle import STAGES, lifecycle_cards, lifecycle_tiles
from nextplay.operations.dashboards.pack_parts import Pack, settable
from nextplay.operations.dashboards.show_executive import show_executive
from nextplay.operations.dashboards.show_lifecycle import show_lifecycle
from nextplay.operations.installation import Installation
from nextplay.operations.preferences import hidden_and_unavailable, hidden_of
from nextplay.operations.viewer import DECIDERS, TEAM, NotForThisViewer, Viewer, require
from nextplay.values import figures

PackKind = Literal["pdf", "png", "svg"]
# By the ending of a file.
PACK_KINDS: dict[str, PackKind] = {".pdf": "pdf", ".png": "png", ".svg": "svg"}
PACK_MEDIA_TYPE = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}
# The name under which all metric cards are hidden together.
METRICS = "metrics"
# Pictures inside are sampled where they happen to lie: at fewer dots, a row of letters may lose its edge.
_DOTS_PER_INCH = 216


def board_pack(installation: Installation, viewer: Viewer, view: str, narrowed: Filter, *, now: datetime) -> Pack:
    """What the pack of a view says: what the viewer sees of it, without what they hid or nobody is offered.

    Raises NotForThisViewer, UnknownDefinition.
    """
    require(viewer, *TEAM)
    if view not in (EXECUTIVE, LIFECYCLE):
        raise NotForThisViewer
    if view == LIFECYCLE:
        require(viewer, *DECIDERS)
    kept, _ = hidden_and_unavailable(viewer, view)
    named = vars(narrowed)
    if view == EXECUTIVE:
        found = show_executive(installation, viewer, now=now, settled=settled_decisions(), **named)
        return _executive(Shown(found, installation.program.rubric.address_below), kept)
    own = {name: value for name, value in named.items() if name in LIFECYCLE_FILTER}
    return _lifecycle(show_lifecycle(installation, viewer, now=now, **own), kept)


def printed(pack: Pack, kind: PackKind) -> bytes:
    """The pack as a file. Text goes in as data: no name can be read as markup."""
    source = files("nextplay.operations.dashboards").joinpath("board_pack.typ").read_bytes()
    inputs = {"pack": json.dumps(settable(asdict(pack) | {"paged": kind == "pdf"}))}
    made = typst.compile(source, format=kind, ppi=_DOTS_PER_INCH, sys_inputs=inputs)
    if not isinstance(made, bytes):
        raise TypeError(f"a pack of one page came as {type(made).__name__}")
    return made


def _executive(shown: Shown, kept: frozenset[str]) -> Pack:
    found = shown.found
    hidden = hidden_of(kept, frozenset(card.metric for card in found.cards if not card.shown))
    period = f"last {found.period_days} days" if found.period_days else "all time"
    active, sourced = dict(found.active_choices).get(found.active, ""), dict(found.sourced_choices).get(found.sourced, "")
    means = f" Active: {active}. Sourced: {sourced}." if active and sourced else ""
    cards = tuple(card for name, card in executive_cards(found) if name not in hidden and METRICS not in hidden)
    tiles = tuple(tile for tile in executive_tiles(shown) if tile.item not in hidden)
    return Pack(
        "Executive Dashboard", _said(found, f"{period}, {figures.many(found.partners, 'partner')}") + means, cards, tiles
    )


def _lifecycle(found: LifecycleDashboard, kept: frozenset[str]) -> Pack:
    hidden = hidden_of(kept, frozenset())
    cards = () if STAGES in hidden else lifecycle_cards(found)
    tiles = tuple(tile for tile in lifecycle_tiles(found) if tile.item not in hidden)
    return Pack("Partner Lifecycle", _said(found, figures.many(found.profiles, "partner profile")), cards, tiles)


def _said(shown: ExecutiveDashboard | LifecycleDashboard, about: str) -> str:
    narrowed = ", ".join(part for part in (shown.segment, shown.tier) if part) or "everyone"
    until = f" Partner data up to {shown.data_until.isoformat()}." if shown.data_until else ""
    return f"As of {shown.as_of.isoformat()}, {narrowed}, {about}. Facts version {shown.facts_version}.{until}"
