"""Which tiles and cards of a view a person sees."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from nextplay.operations.preferences import ON, choose_items, hide_items, offer_items
from nextplay.web.asked import back_to
from nextplay.web.frame import PutBack, Toast, say_later
from nextplay.web.gate import viewer_of
from nextplay.web.here import moment


@dataclass(frozen=True)
class Choice:
    """A tile or card and whether it is shown."""

    key: str
    label: str
    shown: bool
    # Off until somebody switches it on; what is kept of a person is then that it is on.
    resting: bool = False


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
    resting: frozenset[str] = frozenset(),
) -> tuple[ChoiceGroup, ...]:
    """The switches of a view: key and label of every tile and card that the program offers, shown unless hidden."""
    made = []
    for label, parts in (("Tiles", tiles), ("Metric cards", cards)):
        offered = tuple(Choice(key, name, key not in hidden, key in resting) for key, name in parts if key not in unavailable)
        if offered:
            made.append(ChoiceGroup(label, offered))
    return tuple(made)


def offers_of(
    tiles: Iterable[tuple[str, str]], cards: Iterable[tuple[str, str]], unavailable: frozenset[str]
) -> tuple[ChoiceGroup, ...]:
    """The switches by which an admin offers tiles and cards to everybody: shown where they are offered."""
    return choices_of(tiles, cards, unavailable)


@require_POST
def customize(request: HttpRequest, view: str) -> HttpResponse:
    """Keep what the viewer wants to see of a view; nobody else's changes."""
    viewer, now, sent = viewer_of(request), moment(), request.POST
    if sent.get("undo"):
        hide_items(viewer, view, frozenset(sent.getlist("item")), now=now)
        say_later(request, Toast("Taken back. This view is as it was."))
        return back_to(request, "home")
    if sent.get("reset"):
        before = hide_items(viewer, view, frozenset(), now=now)
    else:
        known, shown, resting = (frozenset(sent.getlist(name)) for name in ("known", "shown", "resting"))
        # Of what rests it is kept that it is on, of everything else that it is off.
        known = (known - resting) | {ON + item for item in resting}
        shown = (shown - resting) | {ON + item for item in resting - shown}
        before = choose_items(viewer, view, known=known, shown=shown, now=now)
    put_back = PutBack(request.path, tuple(sorted(before)), sent.get("next", ""))
    say_later(request, Toast("Saved for you, for this view.", put_back=put_back))
    return back_to(request, "home")


@require_POST
def offer(request: HttpRequest, view: str) -> HttpResponse:
    """Keep which tiles and cards of a view everybody is offered."""
    viewer, now, sent = viewer_of(request), moment(), request.POST
    if sent.get("undo"):
        offer_items(viewer, view, frozenset(sent.getlist("item")), now=now)
        say_later(request, Toast("Taken back. Everybody is offered what was offered before."))
        return back_to(request, "home")
    taken = frozenset(sent.getlist("known")) - frozenset(sent.getlist("offered"))
    before = offer_items(viewer, view, taken, now=now)
    put_back = PutBack(request.path, tuple(sorted(before)), sent.get("next", ""))
    say_later(request, Toast("Saved for everybody.", put_back=put_back))
    return back_to(request, "home")
