"""Who asks, and the one place that decides what they may see and do."""

from dataclasses import dataclass
from enum import StrEnum

from nextplay.facts.scope import Reach
from nextplay.program.definition import Program


class Role(StrEnum):
    """What a person is to the program."""

    ADMIN = "admin"
    MANAGER = "manager"
    VIEWER = "viewer"
    PARTNER = "partner"


class NotForThisViewer(PermissionError):
    """What was asked for does not exist for the one who asks. A page answers 404, as for an unknown address."""


@dataclass(frozen=True)
class Viewer:
    """A signed-in person. `partner_id` is set for the partner role only."""

    email: str
    name: str
    role: Role
    partner_id: str | None = None


# The person at the command line of the machine that holds the home folder: they own its files already.
OPERATOR = Viewer(email="operator", name="Command line", role=Role.ADMIN)


def reach_of(viewer: Viewer, program: Program) -> Reach:
    """Whose rows the viewer may see, by any door."""
    if viewer.role is Role.PARTNER:
        # A partner-role account without an organisation reaches nobody's rows.
        return Reach(partner_id=viewer.partner_id or "")
    if viewer.role is Role.MANAGER and program.managers_see == "portfolio":
        return Reach(manager_email=viewer.email)
    return Reach()


def require(viewer: Viewer, *roles: Role) -> None:
    """Raise NotForThisViewer unless the viewer has one of the roles."""
    if viewer.role not in roles:
        raise NotForThisViewer


TEAM = (Role.ADMIN, Role.MANAGER, Role.VIEWER)
DECIDERS = (Role.ADMIN, Role.MANAGER)
