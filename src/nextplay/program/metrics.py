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


class ActivatedDefinition(Frozen):
    """When a partner counts as activated: a first deal within `days` of signing."""

    name: str = "deal_90"
    version: int = 1
    label: str = "A first deal within 90 days of signing"
    days: Annotated[int, Field(gt=0)] = 90


class Definitions(Frozen):
    """Named, versioned definitions; the first of each is in force until switched."""

    active: Annotated[tuple[ActiveDefinition, ...], Field(min_length=1)]
    sourced: Annotated[tuple[SourcedDefinition, ...], Field(min_length=1)]
    activated: ActivatedDefinition = ActivatedDefinition()


class Card(Frozen):
    """A metric card: which, and from where on it takes a tone. Without thresholds it stays blue.

    The thresholds of a total are for all partners, those of a total over a period for 90 days; under a filter it stays blue.
    `shown` False: it can be chosen, and is not on the dashboard until somebody does.
    """

    metric: str
    label: str
    description: Annotated[str, Field(max_length=60)]
    higher_is_better: bool = True
    target: float | None = None
    watch: float | None = None
    act: float | None = None
    shown: bool = True


class Targets(Frozen):
    """What a quarter of 91 days is to bring through partners, in the reporting currency: in all, and by segment."""

    revenue: Annotated[float, Field(gt=0)] | None = None
    segments: dict[str, Annotated[float, Field(gt=0)]] = {}

    def of(self, segment: str | None, tier: str | None) -> float | None:
        """The target under a filter; None where the program sets none for it."""
        if tier is not None:
            return None
        return self.revenue if segment is None else self.segments.get(segment)
