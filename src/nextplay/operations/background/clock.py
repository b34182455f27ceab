"""What the passing of time sets off: duties that the worker looks after between jobs, each by itself."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nextplay.ledger import messages, play_queries, tries
from nextplay.operations.data.record_activity import merge_recorded
from nextplay.operations.installation import Installation
from nextplay.operations.plays.invite_session import keep_sessions_right
from nextplay.operations.plays.promises import close_past_due
from nextplay.operations.program_day import days_of
from nextplay.operations.record.close_outcomes import close_outcomes
from nextplay.operations.reminders.digest import write_digests
from nextplay.operations.reminders.reminder import Reminders
from nextplay.program.load import ProgramError
from nextplay.values.origin import coming_from

_log = logging.getLogger(__name__)
# So long after its beginning a process looks for letters that nobody was there to write.
_CATCHES_UP = timedelta(hours=1)


@dataclass(frozen=True)
class Duty:
    """Something to look after every so many seconds; safe to run twice, and in two processes."""

    name: str
    every_seconds: float
    work: Callable[[Installation, datetime], None]


class Clock:
    """Runs duties when they are due. One that fails is logged, tried again at its next time, and holds up no other."""

    def __init__(self, installation: Installation, duties: Sequence[Duty]) -> None:
        self._installation, self._duties = installation, duties
        self._next: dict[str, datetime] = {}

    def tick(self, now: datetime) -> None:
        """Run what is due; every duty is due when the process starts."""
        for duty in self._duties:
            if now >= self._next.get(duty.name, now):
                self._next[duty.name] = now + timedelta(seconds=duty.every_seconds)
                self._run(duty, now)

    def _run(self, duty: Duty, now: datetime) -> None:
        try:
            with coming_from("job"):
                duty.work(self._installation, now)
        except ProgramError:
            # Every page says what is wrong with the program file.
            return
        except Exception:
            _log.exception("%s failed; it is tried again", duty.name)


def _merge_what_waits(installation: Installation, now: datetime) -> None:
    """A job that was lost between the ledger and the facts leaves its rows waiting: they are merged here."""
    if play_queries.anything_to_merge():
        merge_recorded(installation, now=now)
        close_outcomes(installation, now=now)


def _look_after_sessions(installation: Installation, now: datetime) -> None:
    keep_sessions_right(installation, now)


class _Letters:
    """Digests first: whoever gets one is not reminded that day. A process that begins makes up for what was missed."""

    def __init__(self) -> None:
        self._remind = Reminders()
        self._began: datetime | None = None

    def __call__(self, installation: Installation, now: datetime) -> None:
        self._began = self._began or now
        write_digests(installation, now, catch_up=now - self._began < _CATCHES_UP)
        self._remind(installation, now)


def _forget(_installation: Installation, now: datetime) -> None:
    messages.forget_messages(now=now)
    tries.forget_tries(now=now)


class _OutcomesByDay:
    """Looks at promises and outcomes when the program's day turned or the facts moved: windows end although nobody imports."""

    def __init__(self) -> None:
        self._looked_at: object = None

    def __call__(self, installation: Installation, now: datetime) -> None:
        standing_for = (str(installation.home.path), days_of(installation, now), installation.warehouse.version())
        if standing_for != self._looked_at:
            close_past_due(installation, now=now)
            close_outcomes(installation, now=now)
            self._looked_at = standing_for


def duties() -> tuple[Duty, ...]:
    """What time sets off between jobs, in the order in which it is looked at; sending has a thread of its own (postman)."""
    return (
        Duty("merging recorded facts", 15, _merge_what_waits),
        Duty("closing outcomes", 60, _OutcomesByDay()),
        Duty("calling off and handing over sessions", 60, _look_after_sessions),
        Duty("digests and reminders", 300, _Letters()),
        Duty("forgetting what is kept for a time", 6 * 3600, _forget),
    )
