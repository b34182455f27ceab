"""Where a figure of a dashboard leads: the rows behind it, under the same filter."""

from django.urls import reverse

from nextplay.intelligence.catalogue import FIGURES
from nextplay.web.asked import View


def figure_at(asked: View, figure: str, *, key: str | None = None, part: str | None = None) -> str:
    """The rows behind a figure, or behind one part of it."""
    return asked.whole_address(reverse("behind", args=[figure]), key=key, part=part)


def left_out_at(asked: View, figure: str, what: str) -> str:
    """The rows that a figure leaves out, by the name it gives them."""
    if figure not in FIGURES:
        return figure_at(asked, figure, key=what, part="left")
    # A tile names the sum of what it cannot place, and no sum of what has none.
    return figure_at(asked, figure, part="none" if what.endswith(")") else "unvalued")
