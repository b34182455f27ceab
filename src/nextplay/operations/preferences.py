"""What each person sees: theme, and which tiles and cards of a view."""

from datetime import datetime

from nextplay.ledger import people as ledger
from nextplay.operations.viewer import TEAM, NotForThisViewer, Role, Viewer, require

THEMES = ("", "light", "dark")
KEYS = ("on", "off")
# Marks, among what is kept of a person, what rests unless switched on.
ON = "+"
VIEWS = ("executive", "lifecycle")
# As long as the ledger keeps the name of a tile or card.
LONGEST_ITEM = 80


def change_appearance(viewer: Viewer, *, theme: str | None = None, keys: str | None = None, now: datetime) -> dict[str, str]:
    """Keep a theme, and whether single keys act; anything not accepted is left as it was."""
    named = (("theme", theme, THEMES), ("keys", keys, KEYS))
    changed = {name: value for name, value, accepted in named if value is not None and value in accepted}
    return ledger.change_appearance(viewer.email, changed, now=now)


def hidden_items(viewer: Viewer, view: str) -> frozenset[str]:
    """Tiles and cards of a view that the viewer does not see."""
    return ledger.hidden_items(viewer.email, view)


def unavailable_items(view: str) -> frozenset[str]:
    """Tiles and cards of a view that nobody sees."""
    return ledger.unavailable_items(view)


def hidden_and_unavailable(viewer: Viewer, view: str) -> tuple[frozenset[str], frozenset[str]]:
    """What the viewer does not see of a view for either reason, and the part of it that nobody sees."""
    own, unavailable = ledger.hidden_and_unavailable(viewer.email, view)
    return own | unavailable, unavailable


def hidden_of(kept: frozenset[str], resting: frozenset[str]) -> frozenset[str]:
    """What a person does not see, from what is kept of them: what they hid, and what rests and they did not switch on."""
    return frozenset(item for item in kept if not item.startswith(ON)) | {item for item in resting if ON + item not in kept}


def hide_items(viewer: Viewer, view: str, items: frozenset[str], *, now: datetime) -> frozenset[str]:
    """Hide exactly these items of a view, for the viewer only; what was hidden before. Raises NotForThisViewer for no view."""
    _check(viewer, view, items)
    before, _ = ledger.hidden_and_unavailable(viewer.email, view)
    ledger.hide_items(viewer.email, view, items, now=now)
    return before


def choose_items(viewer: Viewer, view: str, *, known: frozenset[str], shown: frozenset[str], now: datetime) -> frozenset[str]:
    """Show and hide, of what was offered to the viewer; what was not offered stays as it was chosen. What was hidden before."""
    own, _ = ledger.hidden_and_unavailable(viewer.email, view)
    return hide_items(viewer, view, (known - shown) | (own - known), now=now)


def offer_items(viewer: Viewer, view: str, unavailable: frozenset[str], *, now: datetime) -> frozenset[str]:
    """Take exactly these items out of a view for everybody; what was out before. Raises NotForThisViewer but for admins."""
    require(viewer, Role.ADMIN)
    _check(viewer, view, unavailable)
    before = ledger.unavailable_items(view)
    ledger.offer_items(view, unavailable, actor=viewer.email, now=now)
    return before


def _check(viewer: Viewer, view: str, items: frozenset[str]) -> None:
    require(viewer, *TEAM)
    if view not in VIEWS or any(len(item) > LONGEST_ITEM for item in items):
        raise NotForThisViewer
