"""Plays, the outcome predicates that close them, and the hours there are to run them."""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from nextplay.program.engine import ByStage
from nextplay.program.frozen import Frozen

Share = Annotated[float, Field(ge=0, le=1)]
# To tell a partner, and to look again.
MOST_PAUSE_HOURS = 1.0


class Condition(Frozen):
    """One test on a signal of a partner; a signal that is not known fails every test but `unknown`."""

    signal: str
    op: Literal["gte", "lte", "gt", "lt", "equals", "is_in", "unknown", "known"]
    value: float | str | tuple[str, ...] | None = None


class Predicate(Frozen):
    """What must be in the facts, after the decision and within `window_days`, for an outcome to count as met."""

    event: Literal["activity", "deal_opened", "deal_stage_reached", "deal_won", "revenue"]
    # For activities: which kinds count, of those that files bring; what is entered here while the play runs is no outcome of
    # it. For deal_stage_reached: which stages.
    kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    at_least: Annotated[float, Field(gt=0)] = 1
    window_days: Annotated[int, Field(gt=0, le=366)]

    @model_validator(mode="after")
    def _named(self) -> "Predicate":
        if self.event == "activity" and not self.kinds:
            raise ValueError("an outcome read from activities names the kinds that count")
        if self.event == "deal_stage_reached" and not self.stages:
            raise ValueError("an outcome read from deal stages names the stages that count")
        return self

    @cached_property
    def told(self) -> dict[str, Any]:
        """As a JSON object, the same one for all who hold it."""
        return self.model_dump(mode="json")

    @property
    def reads_stages(self) -> bool:
        """Whether its chances follow from where partners stand; those of any other outcome are assumed by hand."""
        return self.event == "deal_opened" or (self.event == "activity" and "deal_registered" in self.kinds)


class Outcome(Frozen):
    """A result a person would call progress, and its predicate."""

    name: str
    predicate: Predicate


class StepOutcome(Frozen):
    """One way a step ends, as its button says it."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: str
    state: Literal["done", "missed"] = "done"
    # Kinds of activities that logging it adds to the facts.
    facts: tuple[str, ...] = ()
    # What a review leads to: another play for the partner, another approach, or nothing more than the play itself.
    then: Literal["go_on", "double_down", "change_course"] = "go_on"


class Step(Frozen):
    """One dated step of a play."""

    name: str
    day: Annotated[int, Field(ge=0, le=180)]
    turn: Literal["us", "partner"]
    # What its page holds: nothing of its own, a 25-minute session with its outputs, an outreach sprint, or a review.
    form: Literal["task", "session", "outreach", "review"] = "task"
    # How it can end, best first; empty: done, or not done.
    outcomes: tuple[StepOutcome, ...] = ()

    @property
    def ends(self) -> tuple[StepOutcome, ...]:
        """How it can end, best first."""
        return self.outcomes or _DONE_OR_NOT

    @property
    def week(self) -> int:
        """Week that it is due in, counted from the day the play begins, from 1."""
        return self.day // 7 + 1


_DONE_OR_NOT = (
    StepOutcome(name="done", label="Done"),
    StepOutcome(name="not_done", label="Not done", state="missed"),
)


class Prior(Frozen):
    """What is assumed by hand before this program's own outcomes speak: chance of the outcome with and without the play.

    Only read where chances do not follow from where partners stand.
    """

    with_play: Share
    without: Share
    # How many outcomes of this program the assumption weighs as.
    weight: Annotated[float, Field(gt=0)] = 20


class Effect(Frozen):
    """What a play is designed to do to a partner that does its part, by the stage it is in."""

    # Chance that the partner is selling afterwards.
    moves: ByStage = ByStage()
    # Deals that it brings at once.
    adds: ByStage = ByStage()
    # Chance that the largest of the partner's deals that stand still moves, which would not have moved without it.
    frees: Share = 0


class LessFor(Frozen):
    """Partners for whom a play is worth only a part of what it does: those of whom every test of `where` holds.

    A signal that is not known fails its test: who is not known to be one of them gets the whole.
    """

    leaves: Share
    where: Annotated[tuple[Condition, ...], Field(min_length=1)]
    # Why, as a manager would say it: "a seller is at work already".
    because: str


class Play(Frozen):
    """A short, dated sequence of steps with an outcome that facts can show."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: str
    description: str
    # `stop`: a pause. It asks nothing of the partner, takes next to no hours, and is worth nothing by itself.
    verdict: Literal["invest", "change_approach", "stop"]
    hours: Annotated[float, Field(ge=0)]
    eligibility: tuple[Condition, ...]
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    outcome: Outcome
    # Needed where the outcome is read off something else than deals opened or registered, or no effect is stated.
    prior: Prior | None = None
    # Nothing: the deals that the prior promises, whatever stage the partner is in.
    effect: Effect | None = None
    # For whom it is worth less than that: each entry that holds leaves its part of gain and chances.
    less_for: tuple[LessFor, ...] = ()
    # Days after it was decided on, or declined, before the same play is proposed to the partner again.
    pause_days: Annotated[int, Field(ge=0)] = 90
    # Expected deals an outcome is worth; only read where the play states no effect.
    deals_per_outcome: Annotated[float, Field(gt=0)] = 1

    @model_validator(mode="after")
    def _assumes_something(self) -> "Play":
        if self.prior is None and (self.effect is None or not self.outcome.predicate.reads_stages):
            raise ValueError(
                "a play without an effect, or whose outcome is no deal opened or registered, states a prior: with_play, without"
            )
        return self

    @model_validator(mode="after")
    def _fits_its_verdict(self) -> "Play":
        if self.verdict != "stop":
            if not self.hours:
                raise ValueError("a play takes hours; only one whose verdict is stop takes none")
            return self
        if self.hours > MOST_PAUSE_HOURS:
            raise ValueError(f"a play whose verdict is stop takes at most {MOST_PAUSE_HOURS:g} hour: it is there to free hours")
        if any(step.turn == "partner" for step in self.steps):
            raise ValueError("a play whose verdict is stop asks nothing of the partner: every step is our turn")
        if self.effect or self.prior is None or self.prior.with_play > self.prior.without:
            raise ValueError("a play whose verdict is stop promises nothing: no effect, and a prior that is no better with it")
        return self

    @property
    def pauses(self) -> bool:
        """Whether it only ends the hours for a partner; then it is never weighed against plays that add something."""
        return self.verdict == "stop"

    @property
    def by_hand(self) -> Prior | None:
        """The chances assumed by hand; None where they follow from where partners stand and what the play does there."""
        return None if self.effect and self.outcome.predicate.reads_stages else self.prior


class Manager(Frozen):
    """A partner manager and the hours for plays in a month."""

    email: str
    name: str | None = None
    hours: Annotated[float, Field(ge=0)] | None = None


class Capacity(Frozen):
    """Hours for plays, by manager; those not named have the stated default."""

    default_hours: Annotated[float, Field(ge=0)] = 24
    managers: tuple[Manager, ...] = ()
    # Partners without a manager are proposed to this one; empty: they are left out, and said so, unless nobody has a manager.
    unowned_to: Annotated[str, StringConstraints(to_lower=True)] | None = None
    # A play may go to another manager with hours left, where it earns clearly more there; in programs of up to 200 managers.
    reassign: bool = False
    # An hour is not spent on a play that moves the chance of its outcome by less than this.
    least_lift: Share = 0.01

    def name_of(self, email: str) -> str:
        """What to call one manager: the name the program file gives, else the address."""
        for manager in self.managers:
            if manager.email.lower() == email.lower() and manager.name:
                return manager.name
        return email

    def hours_of(self, email: str) -> float:
        """Hours a month of one manager."""
        for manager in self.managers:
            if manager.email.lower() == email.lower() and manager.hours is not None:
                return manager.hours
        return self.default_hours


class Chance(Frozen):
    """How much is left to chance, so that the program can learn."""

    # Share of each manager's hours drawn among partners with little data.
    exploration_share: Share = 0.1
    # Chance that a play at the margin of a manager's hours is left out, where another is worth nearly as much.
    holdout_share: Share = 0.1
    # With fewer partners to give hours to, holding one back costs more than it tells: then nobody is.
    holdout_from_partners: Annotated[int, Field(ge=0)] = 100
    seed: int = 0


class StopRule(Frozen):
    """Polite hope: attention without selling. All of these together end the hours for a partner."""

    meetings_at_least: Annotated[int, Field(gt=0)] = 6
    # Days in the program before anybody is given up.
    days_in_program: Annotated[int, Field(ge=0)] = 180
    # Commitments missed in nine months, proposed steps not accepted in 180 days, or plays that ended without their outcome:
    # each is enough, where it outweighs what was kept or accepted.
    missed_commitments: Annotated[int, Field(gt=0)] = 2
    refused_steps: Annotated[int, Field(gt=0)] = 4
    missed_plays: Annotated[int, Field(gt=0)] = 2
