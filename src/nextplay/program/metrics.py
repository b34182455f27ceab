"""Metric cards and the definitions they rest on."""

from typing import Annotated, Literal

from pydantic import Field

from nextplay.program.frozen import Frozen

Tone = Literal["blue", "green", "purple", "orange", "red"]


class ActiveDefinition(Frozen):
    """When a partner counts as active: any of these events within `days`."""

    name: str
    version: int = 1
    label: str
    days: Annotated[int, Field(gt=0)] = 90
    kinds: tuple[str, ...] = ()
    deals_opened: bool = True
    revenue: bool = True


class SourcedDefinition(Frozen):
    """Which deals count as partner-sourced. `unlabelled` says whether a partner's deal without `sourced_by` does."""

    name: str
    version: int = 1
    label: str
    sourced_by: tuple[str, ...] = ("partner",)
    unlabelled: bool = True


class Definitions(Frozen):
    """Named, versioned definitions; the first of each is in force until switched."""

    active: Annotated[tuple[ActiveDefinition, ...], Field(min_length=1)]
    sourced: Annotated[tuple[SourcedDefinition, ...], Field(min_length=1)]


class Card(Frozen):
    """A metric card: which, and from where on it takes a tone. Without thresholds it stays blue."""

    metric: str
    label: str
    description: Annotated[str, Field(max_length=60)]
    higher_is_better: bool = True
    target: float | None = None
    watch: float | None = None
    act: float | None = None
