"""The hidden truth of a week: drive, trust, skill, sellers and the habit of selling, and the deals they make likely.

Arrays may have leading axes (what if this play, what if that one): the last axis is always one entry a partner.
"""

import math
from dataclasses import dataclass, fields

import numpy as np

from bench.outsider.nature import READY, Floats, Nature
from bench.outsider.scenarios import DRIFT_WEEK, Scenario

# What a play can add to; it comes in two steps, so that most of it is felt after 3 to 12 weeks.
ADDS = ("drive", "trust", "skill", "habit", "sellers", "deals")
PREPARING, ARRIVING = 1 / 3, 1 / 4
# Share of deals that get to a proposal: where nothing blocks them, and where something does.
REACHES, REACHES_BLOCKED = 0.75, 0.15
SIZE_SPREAD = 0.6


@dataclass
class Latent:
    """`known`: the best its habit has been; `pool`: fitting accounts not worked yet; `tired`: of plays lately.

    `waiting` and `arriving` hold what plays have begun and is not felt yet, by `ADDS` on the second last axis.
    """

    drive: Floats
    trust: Floats
    skill: Floats
    sellers: Floats
    habit: Floats
    known: Floats
    pool: Floats
    tired: Floats
    waiting: Floats
    arriving: Floats

    def tiled(self, times: int) -> "Latent":
        """So many copies along a new first axis."""
        return Latent(**{one.name: np.repeat(getattr(self, one.name)[None], times, 0) for one in fields(self)})


@dataclass(frozen=True)
class Weather:
    """Chance of one week, the same for every way of choosing: normal draws, and uniform ones for what comes and goes."""

    drive: Floats
    trust: Floats
    shock: Floats
    leaves: Floats
    comes: Floats

    @classmethod
    def of(cls, rng: np.random.Generator, n: int) -> "Weather":
        """Drawn in a fixed order."""
        return cls(rng.standard_normal(n), rng.standard_normal(n), rng.random(n), rng.random(n), rng.random(n))


def first_latent(nature: Nature) -> Latent:
    """As if just joined, at home."""
    n = nature.home.size
    zero = np.zeros(n)
    return Latent(
        drive=nature.home.copy(),
        trust=nature.trust_home.copy(),
        skill=nature.skill_home.copy(),
        sellers=np.clip(np.round(np.log10(nature.employees)), 0, 4),
        habit=np.where(nature.home > 0, 0.3, 0.0),
        known=zero.copy(),
        pool=nature.reach.copy(),
        tired=zero.copy(),
        waiting=np.zeros((len(ADDS), n)),
        arriving=np.zeros((len(ADDS), n)),
    )


def squash(x: Floats) -> Floats:
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


def manned(sellers: Floats) -> Floats:
    """How much of its tempo a partner can work at with so many sellers."""
    return 0.15 + 0.85 * (1 - np.exp(-0.7 * sellers))


def does_its_part(now: Latent, nature: Nature) -> Floats:
    """Chance that what was promised is done."""
    return squash(READY[nature.kind] + 0.8 * now.drive + 0.4 * now.trust)


def season(week: int) -> float:
    """More in spring and autumn, little in August and at the turn of the year."""
    of_year = week % 52
    dip = 0.6 if 30 <= of_year <= 34 else 0.35 if of_year in (50, 51, 0) else 1.0
    return dip * (1 + 0.15 * math.cos(4 * math.pi * (of_year - 14) / 52))


def deals_a_week(now: Latent, nature: Nature, scenario: Scenario, week: int) -> Floats:
    """Expected deals opened in the week, but for those that a sprint brings."""
    market = 0.65 if scenario.drifts and week >= DRIFT_WEEK else 1.0
    pull = np.exp(0.8 * now.drive + 0.35 * np.minimum(now.trust, 1)) * np.sqrt(nature.fit)
    wish = nature.tempo * (0.06 + 0.94 * now.habit) * manned(now.sellers) * pull
    return np.asarray(wish / (1 + wish / 0.8) * season(week) * market * (nature.joined <= week))


def blocked_share(skill: Floats) -> Floats:
    """Share of its deals that something stands in the way of."""
    return 0.6 - 0.45 * skill


def qualified_share(skill: Floats) -> Floats:
    """Share of its deals that get to a proposal when nobody steps in."""
    blocked = blocked_share(skill)
    return (1 - blocked) * REACHES + blocked * REACHES_BLOCKED


def deal_size(nature: Nature) -> Floats:
    """Expected amount of a deal."""
    return np.exp(nature.log_size + SIZE_SPREAD**2 / 2)


def step(now: Latent, nature: Nature, scenario: Scenario, week: int, weather: Weather | None) -> tuple[Latent, Floats]:
    """The latent a week later, and the deals expected in this week; without weather, the mean course."""
    felt = ARRIVING * now.arriving
    drive_up, trust_up, skill_up, habit_up, sellers_up, deals_up = np.moveaxis(felt, -2, 0)
    rate = deals_a_week(now, nature, scenario, week) + deals_up * season(week)
    here = nature.joined <= week
    drive = now.drive + 0.08 * (nature.home_in(week) - now.drive) + drive_up
    trust = now.trust + 0.03 * (nature.trust_home - now.trust) + trust_up
    if weather is None:
        trust = trust - 0.006 * 1.3
    else:
        drive = drive + 0.22 * weather.drive * here
        trust = trust + (0.1 * weather.trust - 1.3 * (weather.shock < 0.006)) * here
    habit = now.habit + here * (0.16 * rate * (1 - now.habit) - 0.014 * now.habit) + habit_up
    after = Latent(
        drive=drive,
        trust=trust,
        skill=np.clip(now.skill + 0.006 * (nature.skill_home - now.skill) + 0.02 * rate + skill_up, 0, 1),
        sellers=_sellers(now, nature, sellers_up, weather),
        habit=np.clip(habit, 0, 1),
        known=np.maximum(0.997 * now.known, now.habit * here),
        pool=now.pool + 0.03 * (nature.reach - now.pool),
        tired=0.88 * now.tired,
        waiting=(1 - PREPARING) * now.waiting,
        arriving=(1 - ARRIVING) * now.arriving + PREPARING * now.waiting,
    )
    return after, rate


def _sellers(now: Latent, nature: Nature, added: Floats, weather: Weather | None) -> Floats:
    """People leave, sooner where trust is lost, and come, sooner where there is drive."""
    leave = 1 - (1 - 0.012 * (1 + (now.trust < -1))) ** now.sellers
    come = 0.02 * np.log10(nature.employees) * squash(now.drive) * (now.sellers < 5) + added
    if weather is None:
        return np.maximum(now.sellers - leave + come, 0)
    return np.maximum(now.sellers - (weather.leaves < leave), 0) + (weather.comes < come)
