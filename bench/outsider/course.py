"""One year under one way of choosing, and what came of it."""

from dataclasses import dataclass, field

import numpy as np

from bench.outsider.choosers import Chooser
from bench.outsider.effects import HOURS
from bench.outsider.nature import BADGE, POLITE, Floats
from bench.outsider.scenarios import MONTHS, Scenario, decision_day, weeks_until
from bench.outsider.world import World


@dataclass
class Course:
    """`true`: the true gain of every play of each partner, month by month, on the day of the list."""

    world: World
    true: list[Floats] = field(default_factory=list)

    @property
    def pipeline(self) -> float:
        """Expected qualified pipeline of the year and the tail."""
        return float(self.world.pipeline[:, weeks_until(decision_day(0)) :].sum())

    @property
    def chosen(self) -> float:
        """True gain of all that was chosen."""
        pairs = zip(self.true, self.world.played, strict=True)
        return float(sum(true[plan.partners, plan.plays].sum() for true, (_, plan) in pairs))

    @property
    def hours(self) -> float:
        """Hours given in all."""
        return float(sum(HOURS[plan.plays].sum() for _, plan in self.world.played))

    @property
    def hours_on_polite(self) -> float:
        """Share of hours on partners that never act: polite ones and badge collectors."""
        never = np.isin(self.world.nature.kind, (POLITE, BADGE))
        given = sum(HOURS[plan.plays][never[plan.partners]].sum() for _, plan in self.world.played)
        return float(given / max(self.hours, 1))


def live(scenario: Scenario, seed: int, chooser: Chooser) -> Course:
    """Twelve months of lists, and the weeks after in which the last of them tell."""
    course = Course(World(scenario, seed))
    for month in range(MONTHS):
        course.world.live_until(weeks_until(decision_day(month)))
        course.true.append(course.world.gain())
        course.world.play(chooser(course.world))
    course.world.live_until(course.world.pipeline.shape[1])
    return course
