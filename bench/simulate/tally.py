"""What the product said, beside what was true."""

from dataclasses import dataclass, field

from bench.simulate.truth import POLITE
from nextplay.decisions.proposal import Decision


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

    def count(self, one: Decision, true: float, archetype: int) -> None:
        """A decision, what it truly gains, and what its partner truly is."""
        self.stated, self.true, self.hours = self.stated + one.expected_gain, self.true + true, self.hours + one.hours
        self.polite_hours += one.hours if archetype == POLITE else 0
        own = self.by_play.setdefault(one.play, [0, 0.0, 0.0])
        own[0], own[1], own[2] = own[0] + 1, own[1] + one.expected_gain, own[2] + true

    def judge(self, play: str, said: float, met: bool) -> None:
        """What became of a decision."""
        self.forecasts.append((said, float(met)))
        self.forecasts_by_play.setdefault(play, []).append((said, float(met)))
