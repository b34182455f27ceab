"""Both stores in PostgreSQL: the same commands, the same bytes."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import files
from tests.running import done, serving

pytestmark = pytest.mark.engine

TODAY = datetime.now(UTC).date()  # noqa: TID251 the commands read the real clock


def test_both_stores_in_postgres_answer_as_the_files_do(postgres_url: str, tmp_path: Path) -> None:
    paths = files.first_month(tmp_path, TODAY)
    done("init", "--home", tmp_path / "pg", "--facts-url", postgres_url, "--ledger-url", postgres_url)
    done("init", "--home", tmp_path / "duck")
    for home in ("pg", "duck"):
        done("import", "--home", tmp_path / home, *paths)
    decided = [done("decide", "--home", tmp_path / home, "--json").out for home in ("pg", "duck")]
    assert decided[0] == decided[1]
    shown = [
        done("dashboard", view, "--home", tmp_path / home, "--json").out
        for view in ("executive", "lifecycle")
        for home in ("pg", "duck")
    ]
    assert json.loads(shown[0]) == json.loads(shown[1])
    assert json.loads(shown[2]) == json.loads(shown[3])


def test_a_server_on_postgres_takes_commands_beside_it(postgres_url: str, tmp_path: Path) -> None:
    home = tmp_path / "pg"
    done("init", "--home", home, "--facts-url", postgres_url, "--ledger-url", postgres_url)
    with serving(home):
        done("import", "--home", home, *files.first_month(tmp_path, TODAY))
        committed = done("decide", "--home", home, "--commit", "--json").answer["focus"]
        done("import", "--home", home, *files.next_month(tmp_path / "next", TODAY))
    profile = done("partners", "--home", home, committed[0]["partner_id"], "--json").answer
    assert "met" in [one["result"] for one in profile["decisions"]]
