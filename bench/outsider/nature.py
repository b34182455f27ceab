"""What a partner is and never shows: its kind, where its drive is at home, how large and how fitting its business is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.outsider.scenarios import BURN_IN, LAST_WEEK, Scenario

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

KINDS = ("doer", "ordinary", "quiet", "badge", "polite", "dormant")
BADGE, POLITE = KINDS.index("badge"), KINDS.index("polite")
SHARES = (0.28, 0.30, 0.10, 0.12, 0.12, 0.08)
# Drive at home (mean, spread), readiness to do its part of a play (logit), and how often it says yes, by kind.
HOME = np.array([(0.6, 0.4), (-0.2, 0.5), (0.3, 0.4), (-1.8, 0.3), (-2.2, 0.3), (-2.0, 0.4)])
READY = np.array([1.2, 0.4, 0.8, -0.5, -1.2, -0.5])
SAYS_YES = np.array([0.85, 0.75, 0.65, 0.85, 0.95, 0.5])
# Of those that could sell: share that rises and share that fades, and by how much within a year.
RISES, FADES = 0.15, 0.15


@dataclass(frozen=True)
class Nature:
    """One entry a partner. `tempo`: deals a week at best; `log_size`: of a deal; `reach`: accounts that fit; `joined`: when."""

    kind: Whole
    home: Floats
    slope: Floats
    turns_in: Whole
    tempo: Floats
    employees: Floats
    log_size: Floats
    fit: Floats
    reach: Floats
    trust_home: Floats
    skill_home: Floats
    joined: Whole
    manager: Whole

    @property
    def says_yes(self) -> Floats:
        """Chance of accepting what is proposed, where trust is not lost."""
        return SAYS_YES[self.kind]

    def home_in(self, week: int) -> Floats:
        """Where drive is drawn to: it turns once, for those that rise or fade."""
        return self.home + self.slope * np.clip((week - self.turns_in) / 52, 0, 1)


def draw_nature(scenario: Scenario, seed: int) -> Nature:
    """The partners of a world; the same for every way of choosing."""
    rng, n = np.random.default_rng([seed, 1]), scenario.partners
    kind = rng.choice(len(KINDS), n, p=SHARES)
    home = HOME[kind, 0] + HOME[kind, 1] * rng.standard_normal(n)
    lot, can_sell = rng.random(n), kind < BADGE
    slope = np.where(can_sell & (lot < RISES), 1.4, 0.0) - np.where(can_sell & (lot > 1 - FADES), 2.2, 0.0)
    employees: Floats = np.rint(np.exp(rng.normal(4.2, 1.1, n))) + 2
    return Nature(
        kind=kind,
        home=home - np.where(slope > 0, 0.9, 0.0),
        slope=slope,
        turns_in=rng.integers(10, 90, n),
        tempo=0.15 * np.exp(0.5 * rng.standard_normal(n)),
        employees=employees,
        log_size=10.0 + 0.45 * rng.standard_normal(n) + 0.2 * (np.log(employees) - 4.2),
        fit=rng.beta(3, 2, n),
        reach=1 + rng.gamma(2, 1.2, n),
        trust_home=rng.normal(0.3, 0.5, n),
        skill_home=rng.beta(4, 5, n),
        joined=_joined(scenario, rng),
        manager=rng.permutation(n) % scenario.managers,
    )


def _joined(scenario: Scenario, rng: np.random.Generator) -> Whole:
    long_ago = rng.integers(-BURN_IN - 100, 30, scenario.partners)
    lately = rng.integers(40, LAST_WEEK - 50, scenario.partners)
    return np.where(rng.random(scenario.partners) < scenario.newcomers, lately, long_ago)
