"""Two people at the same decision in the same moment, on a real PostgreSQL server and on SQLite."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nextplay.home import create_home

pytestmark = pytest.mark.engine

RACE = """
import os, threading
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from nextplay.ledger import actions, queries
from tests.ledger.conftest import NOW, make_cycle, make_decision
actions.record_cycle(make_cycle(make_decision("d1")), actor="system", now=NOW)
ready, told = threading.Barrier(6), []
def decide(name):
    ready.wait()
    try:
        actions.commit_decision("d1", revision=1, actor=name, now=NOW)
        told.append("won")
    except actions.AlreadyDecided as error:
        told.append("lost" if "committed by" in str(error) else "odd")
    finally:
        connection.close()
threads = [threading.Thread(target=decide, args=(f"p{n}@x.example",)) for n in range(6)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(sorted(told), queries.decisions()[0].revision)
"""

LAST_HOURS = """
import os, threading
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from nextplay.home import open_home
from nextplay.ledger import actions, queries
from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.record.deciding import NotEnoughHours
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import OPERATOR
from tests.ledger.conftest import NOW, make_cycle, make_decision
installation = Installation(open_home(Path(os.environ["NEXTPLAY_HOME"])))
# Six plays of 7 hours each, and 24 hours.
actions.record_cycle(make_cycle(*(make_decision(f"d{n}", f"p{n}", hours=7) for n in range(6))), actor="system", now=NOW)
ready, told = threading.Barrier(6), []
def decide(name):
    ready.wait()
    try:
        commit_decision(installation, OPERATOR, name, revision=1, now=NOW)
        told.append("given")
    except NotEnoughHours:
        told.append("no room")
    finally:
        connection.close()
threads = [threading.Thread(target=decide, args=(f"d{n}",)) for n in range(6)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(sorted(told), sum(one.hours for one in queries.decisions(status="committed")))
"""

ONE_STEP = """
import os, threading
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from nextplay.ledger import actions, play_queries, steps
from nextplay.ledger.recorded_facts import ToRecord
from tests.ledger.conftest import NOW, make_cycle, make_decision
from tests.ledger.test_steps import PLANNED
actions.record_cycle(make_cycle(make_decision("d1")), actor="system", now=NOW)
actions.commit_decision("d1", revision=1, planned=PLANNED, actor="system", now=NOW)
ready, told = threading.Barrier(6), []
def log(name):
    ready.wait()
    fact = ToRecord("p1", "meeting_held", NOW, decision_id="d1", step=1, about=name)
    try:
        steps.log_step("d1", 1, revision=1, logged=steps.Logged("Done", "done"), facts=[fact], actor=name, now=NOW)
        told.append("won")
    except steps.StepMoved as error:
        told.append("lost" if "closed already" in str(error) else "odd")
    finally:
        connection.close()
threads = [threading.Thread(target=log, args=(f"p{n}@x.example",)) for n in range(6)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(sorted(told), len(play_queries.facts_entered()))
"""


SCORECARDS = """
import threading
import django
django.setup()
from datetime import date
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from nextplay.ledger import scorecards
from nextplay.ledger.records import ScorecardRecord
from tests.ledger.conftest import NOW
ready, told = threading.Barrier(6), []
def keep(name, card):
    ready.wait()
    record = ScorecardRecord("p1", 0, name, NOW, date(2026, 11, 9), card, "7", "abc", None)
    try:
        told.append(scorecards.keep_scorecard(record, actor=name, now=NOW).version)
    finally:
        connection.close()
threads = [threading.Thread(target=keep, args=(f"p{n}@x.example", {"lines": [n // 3]})) for n in range(6)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
held = [(one.version, one.card["lines"][0]) for one in scorecards.scorecards("p1")]
numbers = {number for number, _ in held}
print(len(told), len(numbers) == len(held), {line for _, line in held} == {0, 1}, set(told) == numbers)
"""


@pytest.mark.parametrize("ledger", ["sqlite", "postgres"])
def test_six_who_keep_a_partners_first_scorecard_at_once_all_get_one(
    ledger: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    assert ran_on(ledger, SCORECARDS, tmp_path, request) == "6 True True True"


@pytest.mark.parametrize("ledger", ["sqlite", "postgres"])
def test_of_six_who_log_one_step_one_wins_and_one_fact_is_kept(
    ledger: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    assert ran_on(ledger, ONE_STEP, tmp_path, request) == "['lost', 'lost', 'lost', 'lost', 'lost', 'won'] 1"


@pytest.mark.parametrize("ledger", ["sqlite", "postgres"])
def test_six_at_once_do_not_overdraw_the_last_hours(ledger: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    said = ran_on(ledger, LAST_HOURS, tmp_path, request)
    assert said == "['given', 'given', 'given', 'no room', 'no room', 'no room'] 21.0"


@pytest.mark.parametrize("ledger", ["sqlite", "postgres"])
def test_one_of_six_wins_and_five_are_told(ledger: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    assert ran_on(ledger, RACE, tmp_path, request) == "['lost', 'lost', 'lost', 'lost', 'lost', 'won'] 2"


def ran_on(ledger: str, script: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """What the script says, run as a process of its own on a fresh ledger."""
    url = str(request.getfixturevalue("postgres_url")) if ledger == "postgres" else None
    home = create_home(tmp_path / "home", ledger_url=url)
    environment = os.environ | {"NEXTPLAY_HOME": str(home.path), "DJANGO_SETTINGS_MODULE": "nextplay.settings"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    ran = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()
