"""Where one can go, and who sees the way there. A page that does not exist yet has no entry."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from nextplay.operations.viewer import DECIDERS, TEAM, Role

# Loading facts changes what everybody sees.
MAY_IMPORT = (Role.ADMIN,)


@dataclass(frozen=True)
class Place:
    """A page of the menu. `route` names its address; `key` is the letter after G."""

    route: str
    label: str
    short: str
    icon: str
    roles: tuple[Role, ...]
    key: str = ""
    tab: bool = True
    # How much waits there, and what that is.
    count: int = 0
    counted: str = ""


@dataclass(frozen=True)
class Group:
    """Places under one heading."""

    label: str
    places: tuple[Place, ...]


MENU = (
    Group(
        "Decide",
        (
            Place("focus", "Focus this month", "Focus", "target", TEAM, key="F"),
            Place("meeting", "Decision meeting", "Meeting", "decide", DECIDERS, key="M", tab=False),
            Place("week", "My week", "My week", "week", TEAM, key="W"),
            Place("learning", "Outcomes and learning", "Outcomes", "learn", DECIDERS, key="O", tab=False),
        ),
    ),
    Group(
        "Intelligence",
        (
            Place("dashboard", "Executive Dashboard", "Dashboard", "grid", TEAM, key="D"),
            Place("lifecycle", "Partner Lifecycle", "Lifecycle", "stages", DECIDERS, key="L", tab=False),
        ),
    ),
    Group(
        "Program",
        (
            Place("partners", "Partners", "Partners", "people", TEAM, key="P"),
            Place("data", "Data", "Data", "upload", MAY_IMPORT, key="I", tab=False),
            Place("settings", "Settings", "Settings", "gear", MAY_IMPORT, key="S", tab=False),
            Place("journal", "Journal", "Journal", "clock", DECIDERS, key="J", tab=False),
        ),
    ),
    Group("Your organization", (Place("home", "What we see", "Home", "people", (Role.PARTNER,)),)),
)


COUNTED = {"focus": "to decide", "week": "late or due this week"}


def menu_for(role: Role, counts: Mapping[str, int]) -> tuple[Group, ...]:
    """The menu of a role, without empty groups; `counts` by route says how much waits there."""
    groups = (Group(group.label, tuple(_counted(one, counts) for one in group.places if role in one.roles)) for group in MENU)
    return tuple(group for group in groups if group.places)


def tabs_for(role: Role) -> tuple[Place, ...]:
    """What a phone shows at the bottom."""
    return tuple(place for group in menu_for(role, {}) for place in group.places if place.tab)


def _counted(place: Place, counts: Mapping[str, int]) -> Place:
    if place.route not in COUNTED:
        return place
    return replace(place, count=counts.get(place.route, 0), counted=COUNTED[place.route])
