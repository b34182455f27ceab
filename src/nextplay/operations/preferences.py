"""What each person sees: theme, and which tiles and cards of a view."""

from datetime import datetime

from nextplay.ledger import people as ledger
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer, require

THEMES = ("", "light", "dark")
KEYS = ("on", "off")
# No tile, card or view has a longer name: whoever sends one made it up.
LONGEST_NAME = 40


def appearance_of(viewer: Viewer) -> dict[str, str]:
    """How pages look for the viewer: `theme` and `keys`."""
    return ledger.appearance(viewer.email)


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


def hide_items(viewer: Viewer, view: str, items: frozenset[str], *, now: datetime) -> frozenset[str]:
    """Hide exactly these items of a view, for the viewer only. Raises NotForThisViewer for names that nothing bears."""
    if any(len(name) > LONGEST_NAME for name in (view, *items)):
        raise NotForThisViewer
    return ledger.hide_items(viewer.email, view, items, now=now)


def offer_items(viewer: Viewer, view: str, unavailable: frozenset[str], *, now: datetime) -> None:
    """Take items out of a view for everybody. Raises NotForThisViewer for anybody but admins."""
    require(viewer, Role.ADMIN)
    ledger.offer_items(view, unavailable, actor=viewer.email, now=now)
