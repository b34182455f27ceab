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


@pytest.mark.parametrize("ledger", ["sqlite", "postgres"])
def test_one_of_six_wins_and_five_are_told(ledger: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = str(request.getfixturevalue("postgres_url")) if ledger == "postgres" else None
    home = create_home(tmp_path / "home", ledger_url=url)
    environment = os.environ | {"NEXTPLAY_HOME": str(home.path), "DJANGO_SETTINGS_MODULE": "nextplay.settings"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    ran = subprocess.run(
        [sys.executable, "-c", RACE], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.stdout.strip() == "['lost', 'lost', 'lost', 'lost', 'lost', 'won'] 2", ran.stderr
