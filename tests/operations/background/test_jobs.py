"""Long work: handed in, run once, told how far it is, ended with an answer or a sentence."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from nextplay.ledger import jobs as queue
from nextplay.operations.background.jobs import (
    RUNNER,
    UnknownVerb,
    interrupt_the_dead,
    job,
    latest_jobs,
    run_verb,
    run_waiting,
    submit,
)
from nextplay.operations.engine_owner import EngineOwner, owned, owner_pid
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import NotForThisViewer, Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def partners_file(tmp_path: Path) -> Path:
    file = tmp_path / "partners.csv"
    file.write_text("partner_id,name,lifecycle_stage\np1,Alder,active\np2,Birch,nonsense\n", encoding="utf-8")
    return file


def test_a_job_runs_once_and_keeps_its_answer(
    installation: Installation, partners_file: Path, ben: Viewer, now: datetime
) -> None:
    handed = submit("import_facts", {"paths": [str(partners_file)]}, actor=ben.email, now=now)
    assert job(ben, handed).state == "waiting"
    assert run_waiting(installation, now=now)
    assert not run_waiting(installation, now=now)
    done = job(ben, handed)
    assert (done.state, done.share) == ("done", 1.0)
    assert done.result is not None
    assert [(one["added"], one["rejected"]) for one in done.result["tables"]] == [(1, 1)]
    assert [actor for _, actor, _ in queue.imports()] == [ben.email]


def test_a_file_that_cannot_be_read_fails_with_a_sentence(
    installation: Installation, tmp_path: Path, ben: Viewer, now: datetime
) -> None:
    empty = tmp_path / "partners.csv"
    empty.touch()
    handed = submit("import_facts", {"paths": [str(empty)]}, actor=ben.email, now=now)
    run_waiting(installation, now=now)
    failed = job(ben, handed)
    assert failed.state == "failed"
    assert "partners.csv" in failed.error
    assert installation.warehouse.version().facts == 0


def test_what_breaks_on_our_side_shows_no_traceback(
    installation: Installation, ben: Viewer, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    handed = submit("import_facts", {"paths": 7}, actor=ben.email, now=now)
    run_waiting(installation, now=now)
    assert job(ben, handed).error == "It failed on our side; nothing was changed by halves. The log says more."
    assert "TypeError" in caplog.text


def test_a_verb_that_does_not_exist_is_refused(installation: Installation, now: datetime) -> None:
    with pytest.raises(UnknownVerb, match="import_facts"):
        submit("drop_everything", {}, actor="x", now=now)
    with pytest.raises(UnknownVerb):
        run_verb(installation.home, "drop_everything", {}, actor="x", now=now)


def test_others_work_is_seen_by_admins_only(
    installation: Installation, ana: Viewer, ben: Viewer, dan: Viewer, now: datetime
) -> None:
    handed = submit("analyze", {}, actor=ana.email, now=now)
    assert job(ana, handed).verb == job(ben, handed).verb == "analyze"
    with pytest.raises(NotForThisViewer):
        job(dan, handed)
    with pytest.raises(NotForThisViewer):
        job(ben, handed + 1)
    with pytest.raises(NotForThisViewer):
        latest_jobs(ana)


def test_what_a_dead_process_left_running_is_marked_and_the_rest_is_not(ben: Viewer, now: datetime) -> None:
    left, waiting = (submit("analyze", {}, actor=ben.email, now=now) for _ in range(2))
    assert queue.take_up("dead", now=now, only=left) is not None
    assert queue.mark_interrupted(now=now) == 1
    assert (job(ben, left).state, job(ben, waiting).state) == ("interrupted", "waiting")
    assert "start it again" in job(ben, left).error


def test_the_command_runs_a_verb_itself_where_the_facts_are_free(
    installation: Installation, partners_file: Path, now: datetime
) -> None:
    told: list[float] = []
    answer = run_verb(
        installation.home,
        "import_facts",
        {"paths": [str(partners_file)]},
        actor="operator",
        now=now,
        progress=lambda share, _doing: told.append(share),
    )
    assert answer["tables"][0]["added"] == 1
    assert told[-1] == 1.0
    assert not queue.latest_jobs()


def test_only_one_at_a_time_owns_the_facts(installation: Installation) -> None:
    first, second = EngineOwner(installation.home), EngineOwner(installation.home)
    assert first.take()
    assert not second.take()
    with owned(installation.home) as held:
        assert not held
    assert owner_pid(installation.home) is not None
    first.give_back()
    assert second.take()
    second.give_back()


HOLDER = """
import sys, time
from pathlib import Path
from nextplay.home import open_home
from nextplay.operations.engine_owner import EngineOwner
print(EngineOwner(open_home(Path(sys.argv[1]))).take(), flush=True)
time.sleep(600)
"""


@pytest.fixture
def holder(installation: Installation) -> Iterator["subprocess.Popen[str]"]:
    """Another process that owns the facts, until it is killed."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    program = [sys.executable, "-c", HOLDER, str(installation.home.path)]
    with subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        yield process
        process.kill()


def test_another_process_owns_the_facts_until_it_is_killed(installation: Installation, holder: "subprocess.Popen[str]") -> None:
    assert owner_pid(installation.home) == holder.pid
    with owned(installation.home) as held:
        assert not held
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with owned(installation.home) as held:
        assert held


def test_the_one_who_waits_takes_over_when_the_owner_is_killed(
    installation: Installation, holder: "subprocess.Popen[str]", partners_file: Path, ben: Viewer, now: datetime
) -> None:
    def told(_share: float, _doing: str) -> None:
        holder.kill()
        holder.wait()

    asked = {"paths": [str(partners_file)]}
    answer = run_verb(installation.home, "import_facts", asked, actor=ben.email, now=now, progress=told)
    assert answer["tables"][0]["added"] == 1
    (handed,) = latest_jobs(ben)
    assert (handed.state, handed.actor) == ("done", ben.email)


def test_only_what_ended_processes_of_this_machine_ran_is_marked(ben: Viewer, now: datetime) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    machine = RUNNER.rpartition("/")[0]
    runners = {
        f"{machine}/{ended.pid}-aaaa": "interrupted",
        RUNNER: "running",
        f"{machine}/{os.getppid()}-bbbb": "running",
        f"another-{machine}/{ended.pid}-cccc": "running",
        "unreadable": "running",
    }
    jobs = {}
    for runner in runners:
        jobs[runner] = submit("analyze", {}, actor=ben.email, now=now)
        assert queue.take_up(runner, now=now, only=jobs[runner]) is not None
    assert interrupt_the_dead(now=now) == 1
    assert {runner: job(ben, job_id).state for runner, job_id in jobs.items()} == runners
