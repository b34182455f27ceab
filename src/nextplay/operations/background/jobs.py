"""Long work by whoever owns the facts: handed in, run, followed, with the same answer wherever it runs."""

import logging
import os
import socket
import threading
import time
import uuid
from datetime import datetime
from typing import Any

from django.db import close_old_connections, connection

from nextplay.home import Home
from nextplay.ledger import jobs as queue
from nextplay.ledger.records import JobRecord
from nextplay.operations.background.errand import Errand
from nextplay.operations.background.verbs import VERBS, refusals
from nextplay.operations.engine_owner import owned
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer, require
from nextplay.operations.wall_clock import wall_clock
from nextplay.program.load import ProgramError
from nextplay.values.origin import coming_from
from nextplay.values.period import utc_day
from nextplay.values.progress import Progress, silent

_log = logging.getLogger(__name__)
# Told to the ledger at most this often: every write locks an SQLite file.
_TELL_SECONDS = 0.3
_POLL_SECONDS = 0.15
_LOOK_SECONDS = 5
_MACHINE = socket.gethostname()[:40]
CANCELLED = "It was cancelled. What was kept by then stays."
RUNNER = f"{_MACHINE}/{os.getpid()}-{uuid.uuid4().hex[:8]}"


class UnknownVerb(ValueError):
    """No operation has that name."""


class WorkFailed(RuntimeError):
    """The work ended with a sentence why."""


def submit(verb: str, arguments: dict[str, Any], *, actor: str, now: datetime) -> int:
    """Queue a verb for the process that owns the facts. Returns the job's id. Raises UnknownVerb."""
    if verb not in VERBS:
        raise UnknownVerb(f"{verb!r} is no verb. Accepted: {', '.join(sorted(VERBS))}.")
    return queue.hand_in(verb, arguments, actor=actor, now=now)


def job(viewer: Viewer, job_id: int) -> JobRecord:
    """How far a job is, for who handed it in and for admins. Raises NotForThisViewer."""
    try:
        found = queue.job(job_id)
    except queue.UnknownJob as error:
        raise NotForThisViewer from error
    if viewer.role is not Role.ADMIN and found.actor != viewer.email:
        raise NotForThisViewer
    return found


def cancel(viewer: Viewer, job_id: int, *, now: datetime) -> None:
    """Stop a job of the viewer's, or any as an admin: what it has not kept comes to nothing. Raises NotForThisViewer."""
    queue.cancel(job(viewer, job_id).job_id, actor=viewer.email, now=now)


def latest_jobs(viewer: Viewer, limit: int = 20) -> list[JobRecord]:
    """The newest jobs first, for admins."""
    require(viewer, Role.ADMIN)
    return queue.latest_jobs(limit)


def latest_imports(viewer: Viewer, limit: int = 20) -> list[tuple[datetime, str, dict[str, Any]]]:
    """When, who and what each import did, newest first, wherever it was started; for admins."""
    require(viewer, Role.ADMIN)
    return queue.imports(limit)


def run_verb(
    home: Home, verb: str, arguments: dict[str, Any], *, actor: str, now: datetime, progress: Progress = silent
) -> dict[str, Any]:
    """The verb's answer: run here where the facts are free, else by the process that owns them.

    Raises UnknownVerb, or WorkFailed with a sentence where another process ran it and failed.
    """
    if verb not in VERBS:
        raise UnknownVerb(f"{verb!r} is no verb. Accepted: {', '.join(sorted(VERBS))}.")
    with owned(home) as held:
        if held or not Installation(home).embedded:
            return _run_here(home, verb, arguments, actor=actor, now=now, progress=progress)
    job_id = submit(verb, arguments, actor=actor, now=now)
    return _follow(home, job_id, progress)


def run_waiting(installation: Installation, *, now: datetime, only: int | None = None) -> bool:
    """Take up one waiting job and run it to its end. False where none waits."""
    found = queue.take_up(RUNNER, now=now, only=only)
    if found is None:
        return False
    with coming_from("job"):
        _run(installation, found, now=now)
    return True


def _run(installation: Installation, found: JobRecord, *, now: datetime) -> None:
    try:
        tell = _Teller(found.job_id)
        answer = VERBS[found.verb](Errand(installation, found.arguments, found.actor, now, tell))
    except queue.WorkCancelled:
        queue.end_cancelled(found.job_id, now=wall_clock())
    except refusals() as error:
        queue.fail(found.job_id, str(error) or "That is not for you.", now=wall_clock())
    except Exception:
        _log.exception("job %s (%s) failed", found.job_id, found.verb)
        queue.fail(found.job_id, "It failed on our side; nothing was changed by halves. The log says more.", now=wall_clock())
    else:
        queue.finish(found.job_id, answer, now=wall_clock())


def interrupt_the_dead(*, now: datetime) -> int:
    """Mark what processes of this machine left running when they ended. Returns how many jobs.

    With facts on a server several processes run jobs at once: those that live, and those of other machines, are left alone.
    """
    return sum(queue.mark_interrupted(now=now, runner=runner) for runner in queue.runners() if _has_ended(runner))


class Worker(threading.Thread):
    """Runs jobs one after another, in the process that owns the facts, until it is stopped."""

    def __init__(self, installation: Installation) -> None:
        from nextplay.operations.background.clock import Clock, duties
        from nextplay.operations.dashboards.roll_up import Upkeep

        super().__init__(name="nextplay-jobs", daemon=True)
        self._installation, self._stop_asked = installation, threading.Event()
        self._upkeep, self._next_look = Upkeep(installation), 0.0
        self._duties = Clock(installation, duties())

    def run(self) -> None:
        """Take up work until stopped."""
        while not self._stop_asked.is_set():
            try:
                busy = run_waiting(self._installation, now=wall_clock())
            except Exception:
                # A ledger that cannot be reached now may be there again in a moment.
                _log.exception("the queue could not be read")
                busy = False
            if not busy:
                self._look_after_rollups()
                self._duties.tick(wall_clock())
                close_old_connections()
                self._stop_asked.wait(_POLL_SECONDS)
        connection.close()

    def _look_after_rollups(self) -> None:
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + _LOOK_SECONDS
        try:
            self._upkeep.look(today=utc_day(wall_clock()))
        except ProgramError:
            # Every page says what is wrong with the program file.
            return
        except Exception:
            _log.exception("the roll-ups could not be renewed")

    def stop(self) -> None:
        """End after the job under way."""
        self._stop_asked.set()
        self.join()


class _Teller:
    """Tells the ledger how far a job is, not too often. Raises WorkCancelled for work not done that nobody wants."""

    def __init__(self, job_id: int) -> None:
        self._job_id, self._told = job_id, 0.0

    def __call__(self, share: float, doing: str) -> None:
        moment = time.monotonic()
        # What came of it is told whenever that is.
        if share >= 1.0 or moment - self._told >= _TELL_SECONDS:
            self._told = moment
            if not queue.tell(self._job_id, share, doing) and share < 1.0:
                raise queue.WorkCancelled


def _run_here(
    home: Home, verb: str, arguments: dict[str, Any], *, actor: str, now: datetime, progress: Progress
) -> dict[str, Any]:
    installation = Installation(home)
    try:
        return VERBS[verb](Errand(installation, arguments, actor, now, progress))
    finally:
        installation.close()


def _follow(home: Home, job_id: int, progress: Progress) -> dict[str, Any]:
    while True:
        found = queue.job(job_id)
        if found.state == "done":
            progress(1.0, found.doing)
            return found.result or {}
        if found.state in ("failed", "interrupted", "cancelled"):
            raise WorkFailed(found.error or CANCELLED)
        progress(found.share, found.doing or "Waiting for the process that holds the facts")
        _run_if_free(home, found)
        time.sleep(_POLL_SECONDS)


def _run_if_free(home: Home, found: JobRecord) -> None:
    """Where the owner went away, the one who waits takes over; what the owner left running came to nothing."""
    with owned(home) as held:
        if not held:
            return
        queue.mark_interrupted(now=wall_clock())
        if found.state == "waiting":
            installation = Installation(home)
            try:
                run_waiting(installation, now=wall_clock(), only=found.job_id)
            finally:
                installation.close()


def _has_ended(runner: str) -> bool:
    machine, _, process = runner.rpartition("/")
    pid = process.partition("-")[0]
    if machine != _MACHINE or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return runner != RUNNER
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
