"""Puts the frame of the signed-in person together."""

from django.http import HttpRequest

from nextplay.operations.data.remove_sample import holds_sample
from nextplay.operations.plays.nav_counts import nav_counts
from nextplay.web.frame import Shell, shell_for
from nextplay.web.gate import appearance_of, viewer_of
from nextplay.web.here import installation, moment


def shell_of(request: HttpRequest, current: str) -> Shell:
    """The frame for whoever asks, with the place they are at."""
    viewer = viewer_of(request)
    waiting = nav_counts(installation(), viewer, now=moment())
    return shell_for(
        viewer,
        current=current,
        appearance=appearance_of(request),
        sample=holds_sample(installation()),
        counts={"focus": waiting.decisions, "week": waiting.steps},
    )
