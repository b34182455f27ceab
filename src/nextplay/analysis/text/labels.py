"""What a sentence can say of a partner, and whether the reader is sure enough of it to count it unasked."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """One class. `promise`: counts only as the partner's own, present word, so negation, hedging and hearsay rule it out."""

    name: str
    says: str
    promise: bool = False
    # Off where precision lies under 0.8 on sentences that nobody had seen (docs/benchmarks.md): counted where a program asks.
    on: bool = True
    # The same with the second opinion of `nextplay[semantic]`.
    on_with_opinion: bool = True


LABELS = (
    Label("names_lead_seller", "names the person who leads the selling with us", promise=True),
    Label("commits_to_date", "commits to something by a date", promise=True, on=False, on_with_opinion=False),
    Label("customer_in_own_words", "describes a customer or its problem in own words", promise=True),
    Label("asks_for_co_sell", "asks us to sell together", promise=True),
    Label("sponsor_speaks", "has an executive who speaks up or acts for the partnership", promise=True),
    Label("doubts", "doubts the offer, the customers or the partnership", on=False, on_with_opinion=False),
    Label("competing_product", "sells or is offered a competing product", on=False, on_with_opinion=False),
    Label("no_capacity", "has no people or time for it", on=False),
)
BY_NAME = {label.name: label for label in LABELS}
NAMES = tuple(BY_NAME)


def in_force(also: Collection[str] = ()) -> tuple[str, ...]:
    """Labels that count as evidence: those sure enough, and those that a program asks for `also`."""
    return tuple(label.name for label in LABELS if label.on or label.name in also)


def in_force_with_opinion() -> tuple[str, ...]:
    """Labels that count in texts on which the second opinion was asked too."""
    return tuple(label.name for label in LABELS if label.on_with_opinion)
