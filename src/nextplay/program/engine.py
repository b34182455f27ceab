"""What the stage filter assumes before the program's own facts speak, in plain units: events a month, chances a month."""

from typing import Annotated

from pydantic import Field, model_validator

from nextplay.program.frozen import Frozen

Share = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(gt=0)]

STAGES = ("silent", "warming", "selling", "fading", "gone")
SELLING = STAGES.index("selling")
# What is counted a month, beside deals: name, kinds of activity, and whether a play itself produces them.
CHANNELS: dict[str, tuple[tuple[str, ...], bool]] = {
    "logins": (("portal_login",), False),
    "webinars": (("webinar_attended",), False),
    "trainings": (("training_completed", "certification_earned"), True),
    "meetings": (("meeting_held",), True),
    "lists": (("target_list_shared", "narrative_shared"), True),
    "outreach": (("outreach_sent",), True),
    "replies": (("outreach_replied",), True),
    "referrals": (("referral_submitted", "co_sell_requested"), False),
}
DEALS = "deals"


class ByStage(Frozen):
    """A number for each stage of a partner."""

    silent: Annotated[float, Field(ge=0)] = 0
    warming: Annotated[float, Field(ge=0)] = 0
    selling: Annotated[float, Field(ge=0)] = 0
    fading: Annotated[float, Field(ge=0)] = 0
    gone: Annotated[float, Field(ge=0)] = 0

    @property
    def row(self) -> tuple[float, ...]:
        """In the order of `STAGES`."""
        return tuple(float(getattr(self, stage)) for stage in STAGES)


class Passage(Frozen):
    """Chance a month of going from one stage to another, for a partner that does what it says."""

    to: dict[str, Share]

    @model_validator(mode="after")
    def _known(self) -> "Passage":
        unknown = sorted(set(self.to) - set(STAGES))
        if unknown:
            raise ValueError(f"unknown stage {', '.join(unknown)}; accepted: {', '.join(STAGES)}")
        if sum(self.to.values()) >= 1:
            raise ValueError("the chances of leaving a stage add up to less than 1: the rest stays")
        return self


class Archetype(Frozen):
    """A kind of partner, by how it differs from one that does what it says."""

    name: str
    label: str
    share: Annotated[float, Field(gt=0)]
    # Chance that it does its part of a play, and keeps a commitment; and that it says yes to a proposed step.
    keeps: Annotated[float, Field(gt=0, lt=1)]
    accepts: Annotated[float, Field(gt=0, lt=1)]
    # Factors on the rates of `rates`, by channel; 1 where none stands.
    factors: dict[str, Rate] = {}
    # Factors on the chances of warming up and starting to sell, and of fading.
    warms: Rate = 1
    fades: Rate = 1

    @model_validator(mode="after")
    def _known(self) -> "Archetype":
        unknown = sorted(set(self.factors) - {*CHANNELS, DEALS})
        if unknown:
            raise ValueError(f"unknown channel {', '.join(unknown)}; accepted: {', '.join((*CHANNELS, DEALS))}")
        return self


class Engine(Frozen):
    """Priors of the stage filter and how much each part of it weighs."""

    # Months looked back over, and months ahead over which a partner's deals are valued.
    look_back_months: Annotated[int, Field(ge=3, le=36)] = 12
    horizon_months: Annotated[int, Field(ge=1, le=24)] = 7
    # How much soft evidence counts: events of one partner come in bunches, and are recorded unevenly. Deals count in full.
    # At 0 deals and answers alone tell: so it is too where over a fifth of activities are of unknown kinds.
    tempering: Share = 0.5
    # Chance a month that a partner turns into another kind.
    turns: Share = 0.01
    # Months of partners that a prior rate weighs as, and passages that a prior chance does.
    rates_weight: Annotated[float, Field(gt=0)] = 12
    passages_weight: Annotated[float, Field(gt=0)] = 15
    # What a play is believed to reach of the effect that it states, and how sure that is (mean and standard deviation).
    effect: Annotated[float, Field(gt=0)] = 0.8
    effect_sd: Annotated[float, Field(gt=0)] = 0.45
    # Runs, the partner doing its part, that what is stated of a play at one stage weighs as.
    effect_runs: Annotated[float, Field(gt=0)] = 3
    # Least that any play is believed to do at a stage before its runs speak: chance to be selling, and deals. Not at gone.
    effect_least: Share = 0.02
    # Share of its effect that a play keeps after one in the month before; older ones tire half as much a month further back.
    back_to_back: Annotated[float, Field(gt=0, le=1)] = 0.75
    # Deals that the usual tempo weighs as against a partner's own, and promises that its kind weighs as against those it kept.
    tempo_weight: Annotated[float, Field(gt=0)] = 6
    promises_weight: Annotated[float, Field(gt=0)] = 3
    # Chances far out were picked because they are far out: the share they keep of their distance from the middle, and its
    # standard deviation.
    stretch: Annotated[float, Field(gt=0)] = 0.6
    stretch_sd: Annotated[float, Field(gt=0)] = 0.2
    # Months after which what followed a play counts for half.
    forget_months: Annotated[float, Field(gt=0)] = 10
    rates: dict[str, ByStage]
    passages: dict[str, Passage]
    start: ByStage
    archetypes: Annotated[tuple[Archetype, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _complete(self) -> "Engine":
        wanted = {*CHANNELS, DEALS}
        if set(self.rates) != wanted:
            raise ValueError(f"rates name each of {', '.join(sorted(wanted))}, and nothing else")
        if set(self.passages) - set(STAGES):
            raise ValueError(f"passages lead from one of {', '.join(STAGES)}")
        return self
