"""The pages, the worker and the postman of a home, at the moment that a file says; served by `tests.running.serving_at`.

Everything is as it is served to users, but for the two places where a serving process reads the time.
"""

import os
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from nextplay.operations import wall_clock

_AHEAD = Path(os.environ["NEXTPLAY_TESTS_CLOCK"])


class _Clock:
    """Stands where `datetime` stood: real time, and the seconds ahead that the file says."""

    @staticmethod
    def now(zone: tzinfo | None = None) -> datetime:
        return datetime.now(zone) + timedelta(seconds=float(_AHEAD.read_text()))  # noqa: TID251 the clock that is set


# Before anything works by it.
setattr(wall_clock, "datetime", _Clock)  # noqa: B010 the type says that it is another class

from nextplay.web import here  # noqa: E402 it needs Django
from nextplay.wsgi import application  # noqa: E402

setattr(here, "datetime", _Clock)  # noqa: B010 as above

__all__ = ["application"]
