"""The whole program definition. `load.py` reads it from YAML; `default.yaml` fills whatever a file does not name."""

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from nextplay.program.engine import Engine
from nextplay.program.frozen import Frozen
from nextplay.program.metrics import Card, Definitions, Targets
from nextplay.program.partner_page import PartnerSide
from nextplay.program.plays import Capacity, Chance, Play, Share, StopRule
from nextplay.program.rubric import Rubric, Strength
from nextplay.program.scorecard import ScorecardMarks

CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Segment(Frozen):
    """A part of the program and the tiers inside it, best first."""

    name: str
    label: str | None = None
    tiers: tuple[str, ...] = ()


class LifecycleStage(Frozen):
    """A step of a partner's life with the program, in order. `workable` partners can be given hours."""

    name: str
    label: str
    aliases: tuple[str, ...] = ()
    workable: bool = True
    # Signed or further: counted among the program's partners.
    member: bool = True


class DatedRate(Frozen):
    """What one unit of a currency is worth in the reporting currency from a day on."""

    since: date
    rate: Annotated[Decimal, Field(gt=0)]


class IdealCustomer(Frozen):
    """The ideal customer profile: which verticals, regions and offerings, and how much each matters."""

    verticals: dict[str, Share] = {}
    regions: dict[str, Share] = {}
    offerings: dict[str, Share] = {}


class Program(Frozen):
    """Everything that is a choice of the program rather than a fact."""

    name: str
    # None: the currency most rows of the facts use.
    currency: CurrencyCode | None = None
    # What one unit of another currency is worth in the reporting currency.
    rates: dict[CurrencyCode, Annotated[Decimal, Field(gt=0)]] = {}
    # The same from a day on: the rate of its day converts an amount; before the first day that of `rates`, else the first.
    dated_rates: dict[CurrencyCode, Annotated[tuple[DatedRate, ...], Field(min_length=1)]] = {}
    segments: tuple[Segment, ...] = ()
    lifecycle_stages: Annotated[tuple[LifecycleStage, ...], Field(min_length=1)]
    definitions: Definitions
    cards: Annotated[tuple[Card, ...], Field(min_length=1)]
    targets: Targets = Targets()
    icp: IdealCustomer = IdealCustomer()
    rubric: Rubric
    strengths: tuple[Strength, ...]
    plays: Annotated[tuple[Play, ...], Field(min_length=1)]
    capacity: Capacity
    chance: Chance
    stop: StopRule = StopRule()
    partner_page: PartnerSide = PartnerSide()
    scorecard: ScorecardMarks
    engine: Engine
    # Whether a partner manager sees only the partners they own, or everyone's.
    managers_see: Literal["portfolio", "all"] = "portfolio"

    @model_validator(mode="after")
    def _unambiguous(self) -> "Program":
        names = [stage.name for stage in self.lifecycle_stages] + [a for s in self.lifecycle_stages for a in s.aliases]
        _refuse_twice("lifecycle stage or alias", names)
        _refuse_twice("play", [play.name for play in self.plays])
        if all(play.pauses for play in self.plays):
            raise ValueError("plays: at least one that is no pause")
        _refuse_twice("segment", [segment.name for segment in self.segments])
        _refuse_twice("card", [card.metric for card in self.cards])
        for code, dated in self.dated_rates.items():
            _refuse_twice(f"day of a {code} rate", [rate.since.isoformat() for rate in dated])
        return self

    @property
    def known_currencies(self) -> frozenset[str]:
        """Currencies that the program can convert."""
        return frozenset(self.rates) | frozenset(self.dated_rates)

    @cached_property
    def version(self) -> str:
        """Short digest of the content: the same definition has the same version wherever it is read."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some values changed, and so with a version of its own."""
        copied = super().model_copy(update=update, deep=deep)
        # Pydantic copies what is cached as well.
        copied.__dict__.pop("version", None)
        return copied

    def play(self, name: str) -> Play:
        """The play of that name. Raises KeyError."""
        return {play.name: play for play in self.plays}[name]

    @property
    def pauses(self) -> tuple[Play, ...]:
        """Plays that only end the hours for a partner."""
        return tuple(play for play in self.plays if play.pauses)

    @property
    def growing(self) -> "Program":
        """The same with those plays alone that are to add something: what is weighed against hours."""
        return self.model_copy(update={"plays": tuple(play for play in self.plays if not play.pauses)}) if self.pauses else self

    @property
    def step_days(self) -> dict[str, tuple[int, int]]:
        """Days of the first and of the last step of each play."""
        return {play.name: (play.steps[0].day, max(step.day for step in play.steps)) for play in self.plays}

    @property
    def member_stages(self) -> tuple[str, ...]:
        """Stages of those who signed, or went further."""
        return tuple(stage.name for stage in self.lifecycle_stages if stage.member)

    @property
    def workable_stages(self) -> tuple[str, ...]:
        """Stages whose partners can be given hours."""
        return tuple(stage.name for stage in self.lifecycle_stages if stage.workable)


def _refuse_twice(what: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{what} named twice: {', '.join(twice)}")
