"""How this month's list came about, with its own numbers: who is looked at, whose hours, what chance does, what is learned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from nextplay.decisions.proposal import PlayDoes
from nextplay.decisions.track_record import TrackRecord
from nextplay.operations.deciding.focus_page import FocusPage, FocusRow
from nextplay.operations.deciding.show_focus import show_focus
from nextplay.operations.installation import Installation
from nextplay.operations.record.close_outcomes import outcomes_on
from nextplay.operations.record.cycles import latest_cycle
from nextplay.operations.record.history import past_of
from nextplay.operations.viewer import TEAM, Viewer, require
from nextplay.program.plays import Chance, Play


@dataclass(frozen=True)
class PlayMade:
    """A play, how often it is on the list, and what its chances rest on.

    `cases` are closed outcomes, `met` of them came. `said_with` and `said_without` are the means of what the list says of the
    outcome with and without the play; None where it is not on the list. `does` is what it was believed to do when the month was
    decided; None before.
    """

    play: Play
    on_list: int
    cases: int
    met: int
    said_with: float | None
    said_without: float | None
    does: PlayDoes | None


@dataclass(frozen=True)
class HowMade:
    """The page under a viewer's scope. `focus.state` is no_cycle until a month was decided: then the counts are empty."""

    focus: FocusPage
    plays: tuple[PlayMade, ...]
    chance: Chance
    # Share of what plays state that they are taken to reach before this program's own runs speak.
    effect: float
    # On the list: all, drawn by lot to learn, and hours these take.
    listed: int
    drawn: int
    drawn_hours: float
    hours: float
    capacity: float
    program_version: str


def show_how(installation: Installation, viewer: Viewer, *, now: datetime) -> HowMade:
    """How the list was made. Raises NotForThisViewer for the partner role."""
    require(viewer, *TEAM)
    focus, program = show_focus(installation, viewer, now=now), installation.program
    rows = focus.listed
    cycle = latest_cycle(installation.home)
    believed = {one.play: one for one in cycle.believed} if cycle else {}
    record = past_of(focus.as_of, outcomes_on(installation, focus.as_of)).record if focus.as_of else TrackRecord()
    return HowMade(
        focus=focus,
        plays=tuple(
            _made(play, [row for row in rows if row.play == play.name], record, believed.get(play.name))
            for play in program.plays
        ),
        chance=program.chance,
        effect=program.engine.effect,
        listed=len(rows),
        drawn=sum(row.exploration for row in rows),
        drawn_hours=sum(row.hours for row in rows if row.exploration),
        hours=sum(row.hours for row in rows),
        capacity=sum(owner.capacity for owner in focus.owners),
        program_version=program.version,
    )


def _made(play: Play, rows: Sequence[FocusRow], record: TrackRecord, does: PlayDoes | None) -> PlayMade:
    known = record.of(play.name)
    said = [fmean(one) for one in zip(*((row.probability, row.probability_without) for row in rows), strict=True)]
    with_it, without = said or (None, None)
    return PlayMade(play, len(rows), known.cases, known.met, with_it, without, does)
