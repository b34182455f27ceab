"""Where a figure of a dashboard leads: the rows behind it, under the same filter."""

from django.urls import reverse

from nextplay.intelligence.catalogue import FIGURES
from nextplay.intelligence.derived import BY_DERIVED
from nextplay.web.asked import View


def figure_at(asked: View, figure: str, *, key: str | None = None, part: str | None = None) -> str:
    """The rows behind a figure, or behind one part of it."""
    return asked.whole_address(reverse("behind", args=[figure]), key=key, part=part)


def card_at(asked: View, metric: str) -> str:
    """The rows behind a card, or what it is made of where no single sum gives it."""
    if metric in BY_DERIVED:
        return asked.whole_address(reverse("made-of", args=[metric]))
    return figure_at(asked, metric)


def left_out_at(asked: View, figure: str, what: str) -> str:
    """The rows that a figure leaves out, by the name it gives them."""
    if figure not in FIGURES:
        return figure_at(asked, figure, key=what, part="left")
    # A tile names the sum of what it cannot place, and no sum of what has none.
    return figure_at(asked, figure, part="none" if what.endswith(")") else "unvalued")
