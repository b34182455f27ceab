"""Which tiles and cards of a view a person sees."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from nextplay.operations.preferences import hide_items
from nextplay.web.asked import back_to
from nextplay.web.gate import viewer_of
from nextplay.web.here import moment


@dataclass(frozen=True)
class Choice:
    """A tile or card and whether it is shown."""

    key: str
    label: str
    shown: bool


@dataclass(frozen=True)
class ChoiceGroup:
    """Choices of one kind."""

    label: str
    choices: tuple[Choice, ...]

    @property
    def shown(self) -> int:
        """How many are shown."""
        return sum(choice.shown for choice in self.choices)


def choices_of(
    tiles: Iterable[tuple[str, str]],
    cards: Iterable[tuple[str, str]],
    hidden: frozenset[str],
    unavailable: frozenset[str] = frozenset(),
) -> tuple[ChoiceGroup, ...]:
    """The switches of a view: key and label of every tile and card that the program offers, shown unless hidden."""
    made = []
    for label, parts in (("Tiles", tiles), ("Metric cards", cards)):
        offered = tuple(Choice(key, name, key not in hidden) for key, name in parts if key not in unavailable)
        if offered:
            made.append(ChoiceGroup(label, offered))
    return tuple(made)


@require_POST
def customize(request: HttpRequest, view: str) -> HttpResponse:
    """Keep what the viewer wants to see of a view; nobody else's changes."""
    known, shown = request.POST.getlist("known"), set(request.POST.getlist("shown"))
    hidden = frozenset() if request.POST.get("reset") else frozenset(known) - shown
    hide_items(viewer_of(request), view, hidden, now=moment())
    return back_to(request, "home")
