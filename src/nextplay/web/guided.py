"""Whether somebody is on their way through the first-run guide, so that other pages lead back to it."""

from django.http import HttpRequest

from nextplay.operations.admin.first_run import FirstRun, first_run
from nextplay.operations.viewer import Role
from nextplay.web.gate import appearance_of, viewer_of
from nextplay.web.here import installation


def guide_of(request: HttpRequest) -> FirstRun | None:
    """How far an admin is; None for everybody else."""
    viewer = viewer_of(request)
    return first_run(installation(), viewer, appearance_of(request)) if viewer.role is Role.ADMIN else None


def follows_guide(request: HttpRequest) -> bool:
    """Whether there is a next step, and the person did not leave the guide."""
    found = guide_of(request)
    return found is not None and not found.over and not found.left
