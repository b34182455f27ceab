"""How this month's list came about, with its own numbers: who is looked at, whose hours, what chance does, what is learned."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from nextplay.operations.close_outcomes import outcomes_on
from nextplay.operations.decide import past_of
from nextplay.operations.focus_page import FocusPage
from nextplay.operations.installation import Installation
from nextplay.operations.show_focus import show_focus
from nextplay.operations.viewer import TEAM, Viewer, require
from nextplay.program.plays import Chance, Play


@dataclass(frozen=True)
class PlayMade:
    """A play, how often it is on the list, and what its chances rest on. `cases` are closed outcomes; `met` of them came."""

    play: Play
    on_list: int
    cases: int
    met: int

    @property
    def assumed_share(self) -> float:
        """How much of the chance with the play is still the program file's assumption, 0-1."""
        return self.play.prior.weight / (self.play.prior.weight + self.cases)


@dataclass(frozen=True)
class HowMade:
    """The page under a viewer's scope. `focus.state` is no_cycle until a month was decided: then the counts are empty."""

    focus: FocusPage
    plays: tuple[PlayMade, ...]
    chance: Chance
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
    rows = [row for row in (*focus.waiting, *focus.running) if row.cycle == focus.cycle]
    record = past_of(focus.as_of, outcomes_on(installation, focus.as_of)).record if focus.as_of else None
    chosen = Counter(row.play for row in rows)
    known = {play.name: record.of(play.name) for play in program.plays} if record else {}
    return HowMade(
        focus=focus,
        plays=tuple(
            PlayMade(
                play,
                chosen[play.name],
                known[play.name].cases if play.name in known else 0,
                known[play.name].met if play.name in known else 0,
            )
            for play in program.plays
        ),
        chance=program.chance,
        listed=len(rows),
        drawn=sum(row.exploration for row in rows),
        drawn_hours=sum(row.hours for row in rows if row.exploration),
        hours=sum(row.hours for row in rows),
        capacity=sum(owner.capacity for owner in focus.owners),
        program_version=program.version,
    )
