"""Where a line of the Activation Scorecard is on target, and from where on it is a red flag."""

from pydantic import model_validator

from nextplay.program.frozen import Frozen


class Mark(Frozen):
    """Target and red-flag floor of one line, in its own unit. A target below the floor means that less is better."""

    target: float
    floor: float

    @model_validator(mode="after")
    def _apart(self) -> "Mark":
        if self.target == self.floor:
            raise ValueError("`target` and `floor` must differ: between them a line is on the way")
        return self


class TraitMarks(Frozen):
    """The six traits, 0 to 100."""

    keeps_selling: Mark
    has_a_named_seller: Mark
    builds_lists_and_outreach: Mark
    answers_fast: Mark
    speaks_in_own_words: Mark
    keeps_commitments: Mark


class ActivationMarks(Frozen):
    """What a partner does on its way to a first deal and a second one."""

    # Sessions with the named lead seller, or of a play, in 90 days.
    lead_seller_session: Mark
    # Offers in the partner's own words in 180 days.
    offer_in_own_words: Mark
    # Target lists in 180 days.
    joint_target_list: Mark
    # Accounts that a message went to in 90 days.
    outreach_sprint: Mark
    # Days to an answer, open proposals counted.
    reply_time: Mark
    # Share of commitments met in nine months.
    commitments_met: Mark
    # Deals brought so far.
    first_deal: Mark
    # Of those after the first, the ones that nobody of ours helped with.
    second_deal_alone: Mark


class ScorecardMarks(Frozen):
    """Every line of the Activation Scorecard."""

    traits: TraitMarks
    activation: ActivationMarks
