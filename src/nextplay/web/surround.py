"""Puts the frame of the signed-in person together."""

from functools import lru_cache

from django.http import HttpRequest

from nextplay.facts.sample.program import sample_program_text
from nextplay.program.load import read_program
from nextplay.web.frame import Shell, shell_for
from nextplay.web.gate import appearance_of, viewer_of
from nextplay.web.here import installation


def shell_of(request: HttpRequest, current: str) -> Shell:
    """The frame for whoever asks, with the place they are at."""
    viewer = viewer_of(request)
    return shell_for(
        viewer,
        current=current,
        appearance=appearance_of(request),
        sample=installation().program.version == _sample_version(),
    )


@lru_cache(maxsize=1)
def _sample_version() -> str:
    return read_program(sample_program_text(), "sample").version
