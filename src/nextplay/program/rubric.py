"""The 4C rubric and the catalogue of strengths."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from nextplay.program.frozen import Frozen

Dimension = Literal["capacity", "capability", "commitment", "customer_alignment"]
DIMENSIONS = ("capacity", "capability", "commitment", "customer_alignment")
# What nextplay can read; `analysis.criteria` says how.
CriterionName = Literal[
    "named_sellers",
    "lead_seller",
    "deals_per_seller",
    "people_and_time",
    "headcount",
    "regions_covered",
    "certified_people",
    "win_rate",
    "deals_that_move",
    "offer_in_own_words",
    "commitments_kept",
    "reply_time",
    "selling_months",
    "sponsor_seen",
    "no_doubts",
    "vertical_fit",
    "region_fit",
    "offering_fit",
    "icp_accounts",
    "no_competing_product",
]


# What a sentence can say of a partner; `analysis.text.labels` says it in words.
LabelName = Literal[
    "names_lead_seller",
    "commits_to_date",
    "customer_in_own_words",
    "asks_for_co_sell",
    "sponsor_speaks",
    "doubts",
    "competing_product",
    "no_capacity",
]


class Criterion(Frozen):
    """One thing looked at. `zero` earns no points, `full` earns all 100, straight between."""

    name: CriterionName
    label: str
    weight: Annotated[float, Field(gt=0)]
    zero: Annotated[float, Field(allow_inf_nan=False)]
    full: Annotated[float, Field(allow_inf_nan=False)]
    # Why a low value hurts, as people would say it: the reason shown for a gap.
    gap: str
    # Counts where there is evidence, and is not missed where there is none: silence in texts is no gap in what is known.
    optional: bool = False

    @model_validator(mode="after")
    def _apart(self) -> "Criterion":
        if self.zero == self.full:
            raise ValueError(f"criterion {self.name}: `zero` and `full` must differ (both are {self.zero:g})")
        return self


class Rubric(Frozen):
    """Criteria by dimension. Below `coverage_floor` (share of weight with evidence) a score is unknown."""

    coverage_floor: Annotated[float, Field(ge=0, le=1)] = 0.4
    address_below: Annotated[float, Field(ge=0, le=100)] = 50
    # Without one selling event, commitment cannot pass this.
    commitment_cap_without_selling: Annotated[float, Field(ge=0, le=100)] = 50
    # Classes of sentences that count although they were right less than four times in five when they were tested.
    read_also: tuple[LabelName, ...] = ()
    capacity: tuple[Criterion, ...]
    capability: tuple[Criterion, ...]
    commitment: tuple[Criterion, ...]
    customer_alignment: tuple[Criterion, ...]

    @property
    def named(self) -> tuple[tuple[str, Criterion], ...]:
        """Every criterion with its dimension, in order."""
        return tuple((dimension, one) for dimension in DIMENSIONS for one in getattr(self, dimension))


class Strength(Frozen):
    """A labelled strength: present where the criterion earns at least `from_points`."""

    name: str
    label: str
    description: str
    criterion: CriterionName
    from_points: Annotated[float, Field(ge=0, le=100)] = 70
