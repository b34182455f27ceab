"""The pages, the worker and the postman of a home, at the moment that a file says; served by `tests.running.serving_at`.

Everything is as it is served to users, but for the two places where a serving process reads the time.
"""

import os
from datetime import datetime, timedelta, tzinfo
from importlib import import_module
from pathlib import Path

_AHEAD = Path(os.environ["NEXTPLAY_TESTS_CLOCK"])


class _Clock:
    """Stands where `datetime` stood: real time, and the seconds ahead that the file says."""

    @staticmethod
    def now(zone: tzinfo | None = None) -> datetime:
        return datetime.now(zone) + timedelta(seconds=float(_AHEAD.read_text()))  # noqa: TID251 the clock that is set


# In this order: the threads that work by themselves read the time as soon as they are there.
vars(import_module("nextplay.operations.wall_clock"))["datetime"] = _Clock
application = import_module("nextplay.wsgi").application
vars(import_module("nextplay.web.here"))["datetime"] = _Clock
