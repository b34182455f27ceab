"""The worlds: how many partners and managers, how loud they are, what changes, and the calendar."""

from dataclasses import dataclass
from datetime import date, timedelta

# Week 0 of the facts begins on this Monday; the hidden truth has been running for a while by then.
BEGINNING = date(2024, 1, 1)
BURN_IN = 60
MONTHS = 12
# Weeks counted after the last month, in which no play begins: what a late play brings must count too.
TAIL = 26


@dataclass(frozen=True)
class Scenario:
    """One world. Rates are factors on the usual ones, shares are 0 to 1."""

    name: str
    partners: int
    managers: int
    hours: float = 24.0
    # Factor on everything that is not a deal: a quiet program records little of what happens.
    loudness: float = 1.0
    # Share of activities that nobody writes down, and events a week that mean nothing.
    lost: float = 0.0
    junk: float = 0.0
    # The market shrinks and plays change their worth in the middle of the year.
    drifts: bool = False
    # Share of partners that join within the last months before the first list, or during the year.
    newcomers: float = 0.2


SCENARIOS = {
    one.name: one
    for one in (
        Scenario("usual", 160, 6),
        Scenario("quiet", 160, 6, loudness=0.35),
        Scenario("noisy", 160, 6, loudness=1.3, lost=0.25, junk=0.5),
        Scenario("drift", 160, 6, drifts=True),
        Scenario("cold", 160, 6, newcomers=0.6),
        Scenario("small", 60, 3),
        Scenario("large", 640, 10),
        Scenario("tiny", 24, 2),
    )
}


def decision_day(month: int) -> date:
    """First Sunday of the month, 0 being January after a year of facts: the facts reach to its evening."""
    first = date(BEGINNING.year + 1 + month // 12, month % 12 + 1, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7)


def weeks_until(day: date) -> int:
    """Whole weeks that are over on the evening of a Sunday."""
    return ((day - BEGINNING).days + 1) // 7


LAST_WEEK = weeks_until(decision_day(MONTHS)) + TAIL
# In the drifting world, from this week on.
DRIFT_WEEK = weeks_until(decision_day(5))
