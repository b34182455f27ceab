"""What the product said, beside what was true."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bench.simulate.facts import partner_ids
from bench.simulate.truth import PLAYS, Floats, Whole, World, true_gain
from nextplay.decisions.proposal import Cycle, Decision


@dataclass(frozen=True)
class DropOff:
    """Of partners that sold in 90 days, so many days before a window of 60 in which nothing may be sold.

    What was `said`, by partner; the chance that the `truth` gives; and who sold nothing (`gone`).
    """

    lead: int
    said: Floats
    truth: Floats
    gone: npt.NDArray[np.bool_]


@dataclass
class Tally:
    """Sums over the months of one program."""

    stated: float = 0.0
    true: float = 0.0
    by_play: dict[str, list[float]] = field(default_factory=dict)
    polite_hours: float = 0.0
    hours: float = 0.0
    over_capacity: int = 0
    forecasts: list[tuple[float, float]] = field(default_factory=list)
    forecasts_by_play: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    still_open: int = 0
    seconds: list[float] = field(default_factory=list)
    drop_offs: list[DropOff] = field(default_factory=list)
    # Plays of months that were decided once more on older facts, and how many of them were chosen again.
    once_more: int = 0
    chosen_again: int = 0

    def commit(self, cycle: Cycle, world: World, month: int) -> Whole:
        """Add up a month that is committed; the play of each partner."""
        row_of = {one: row for row, one in enumerate(partner_ids(len(world.joined)))}
        chosen, gain = np.full(len(world.joined), -1), true_gain(world, month)
        for one in cycle.focus:
            row, play = row_of[one.partner_id], PLAYS.index(one.play)
            chosen[row] = play
            self._count(one, float(gain[row, play]), polite=world.kinds[int(world.archetype[row])].polite)
        self.over_capacity += sum(one.assigned_hours > one.capacity_hours + 1e-6 for one in cycle.owners)
        return chosen

    def compare(self, cycle: Cycle, on_older_facts: Cycle) -> None:
        """Which plays a month keeps that is decided on facts of some days before."""
        plays, again = ({(one.partner_id, one.play) for one in told.focus} for told in (cycle, on_older_facts))
        self.once_more, self.chosen_again = self.once_more + len(plays), self.chosen_again + len(plays & again)

    def _count(self, one: Decision, true: float, *, polite: bool) -> None:
        self.stated, self.true, self.hours = self.stated + one.expected_gain, self.true + true, self.hours + one.hours
        self.polite_hours += one.hours if polite else 0
        own = self.by_play.setdefault(one.play, [0, 0.0, 0.0])
        own[0], own[1], own[2] = own[0] + 1, own[1] + one.expected_gain, own[2] + true

    def judge(self, play: str, said: float, met: bool) -> None:
        """What became of a decision."""
        self.forecasts.append((said, float(met)))
        self.forecasts_by_play.setdefault(play, []).append((said, float(met)))
