"""Files in, a month out: each command as its own process."""

import os
import re
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import files
from tests.running import command, done, environment, nextplay, serving, wait_for_line

TODAY = datetime.now(UTC).date()  # noqa: TID251 the commands read the real clock


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home."""
    done("init", "--home", tmp_path / "home")
    return tmp_path / "home"


def test_the_same_files_twice_change_nothing(home: Path, tmp_path: Path) -> None:
    paths = files.first_month(tmp_path, TODAY)
    first = done("import", "--home", home, *paths, "--json").answer
    again = done("import", "--home", home, *paths, "--json").answer
    assert {entry["table"]: entry["added"] for entry in first["tables"]} == {"partners": 12, "deals": 32, "activities": 72}
    assert all(entry["unchanged"] == entry["read"] for entry in again["tables"])
    assert again["facts_version"] == first["facts_version"]


def test_a_bad_row_is_told_with_its_line_and_the_good_ones_load(home: Path, tmp_path: Path) -> None:
    path = files.write(
        tmp_path / "partners.csv",
        ("partner_id", "name", "lifecycle_stage"),
        [("p1", "One", "active"), ("p2", "Two\x1b[31m", "dormant"), ("p1", "One again", "active")],
    )
    ran = done("import", "--home", home, path)
    assert "line 3" in ran.err
    assert "dormant" in ran.err
    assert "\x1b" not in ran.err + ran.out
    assert "partners.csv" in ran.out
    report = done("import", "--home", home, path, "--json").answer["tables"][0]
    assert (report["unchanged"], report["rejected"]) == (1, 2)
    assert Path(report["rejected_file"]).exists()


def test_a_preview_shows_the_guesses_and_the_problems_and_loads_nothing(home: Path, tmp_path: Path) -> None:
    path = files.write(
        tmp_path / "partners.csv",
        ("Account ID", "Account Name", "Status", "shoe_size"),
        [("p1", "One", "Active", "44"), ("p2", "Two\x1b[31m", "zzz", "45")],
    )
    ran = done("import", "--home", home, path, "--preview")
    assert re.search(r"Account Name +name +guessed +One", ran.out)
    assert re.search(r"shoe_size +not used", ran.out)
    assert "1 of the first 2 rows would load." in ran.out
    assert "line 3: Status “zzz” is no lifecycle stage" in ran.out
    assert "\x1b" not in ran.out
    assert done("partners", "--home", home, "--json").answer["everyone"] == 0
    assert not (home / "mappings").exists()
    shown = done("import", "--home", home, path, "--preview", "--json").answer["files"][0]
    assert (shown["ready"], shown["first_rows"][0]["lifecycle_stage"]) == (1, "active")


def test_an_import_tells_what_it_took_columns_for_where_the_names_differ(home: Path, tmp_path: Path) -> None:
    path = files.write(tmp_path / "partners.csv", ("Account ID", "name", "Status"), [("p1", "One", "Active")])
    told = done("import", "--home", home, path).err
    assert "partners.csv: read Account ID as partner_id, Status as lifecycle_stage" in told
    assert "name as name" not in told
    again = done("import", "--home", home, path, "--json").answer["tables"][0]
    assert again["columns"] == {"Account ID": "partner_id", "name": "name", "Status": "lifecycle_stage"}


def test_a_file_that_cannot_be_read_changes_nothing_and_says_why(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "partners.csv"
    path.write_bytes(b"partner_id,name,lifecycle_stage\np1,\xff\xfe,active\n")
    ran = nextplay("import", "--home", home, path)
    assert (ran.code, ran.out) == (1, "")
    assert "partners.csv" in ran.err
    assert "UTF-8" in ran.err


def test_a_second_day_is_decided_without_loading_what_writes_queries(home: Path, tmp_path: Path) -> None:
    done("import", "--home", home, *files.first_month(tmp_path, TODAY))
    done("decide", "--home", home, "--as-of", str(TODAY - timedelta(days=40)))
    ran = done("decide", "--home", home, "--as-of", str(TODAY - timedelta(days=41)), PYTHONPROFILEIMPORTTIME="1")
    loaded = set(re.findall(r"\| +([\w.]+)$", ran.err, flags=re.MULTILINE))
    assert {"polars", "nextplay.signals.expressions"} <= loaded
    assert not {"ibis.expr", "sqlglot", "psycopg.pq"} & loaded


def test_the_same_facts_decide_to_the_same_bytes_here_and_through_the_server(home: Path, tmp_path: Path) -> None:
    done("import", "--home", home, *files.first_month(tmp_path, TODAY))
    alone = done("decide", "--home", home, "--json")
    with serving(home):
        served = done("decide", "--home", home, "--json")
    assert alone.out == served.out
    assert alone.answer["focus"]
    assert {one["partner_id"] for one in alone.answer["next_actions"]} == {f"p{n}" for n in range(1, 13)}


def test_next_actions_are_limited_and_written_to_a_file(home: Path, tmp_path: Path) -> None:
    done("import", "--home", home, *files.first_month(tmp_path, TODAY))
    ran = done("decide", "--home", home, "--json", "--limit", "2", "--output", tmp_path / "actions.jsonl")
    assert len(ran.answer["next_actions"]) == 2
    assert len((tmp_path / "actions.jsonl").read_text(encoding="utf-8").splitlines()) == 12


def test_what_is_committed_is_met_by_the_next_months_files(home: Path, tmp_path: Path) -> None:
    done("import", "--home", home, *files.first_month(tmp_path / "a", TODAY))
    committed = done("decide", "--home", home, "--commit", "--json").answer["focus"]
    assert committed
    done("import", "--home", home, *files.next_month(tmp_path / "b", TODAY))
    profile = done("partners", "--home", home, committed[0]["partner_id"], "--json").answer
    assert [one["result"] for one in profile["decisions"]] == ["met"]


def test_a_past_month_that_is_committed_shows_at_once_what_the_facts_hold_of_it(home: Path, tmp_path: Path) -> None:
    done("import", "--home", home, *files.first_month(tmp_path / "a", TODAY), *files.next_month(tmp_path / "b", TODAY))
    then = files.day(TODAY, files.LAST_DAY)
    committed = done("decide", "--home", home, "--as-of", then, "--commit", "--json").answer["focus"]
    outcomes = done("outcomes", "--home", home, "--json").answer["outcomes"]
    assert len(outcomes) == len(committed) > 0
    assert "met" in {one["result"] for one in outcomes}


def test_import_works_while_the_server_runs_and_a_second_server_is_refused(home: Path, tmp_path: Path) -> None:
    with serving(home):
        report = done("import", "--home", home, *files.first_month(tmp_path, TODAY), "--json").answer
        assert [entry["rejected"] for entry in report["tables"]] == [0, 0, 0]
        second = nextplay("serve", "--home", home, "--port", "1")
        assert second.code == 1
    assert done("import", "--home", home, *files.first_month(tmp_path, TODAY), "--json").answer["tables"][0]["unchanged"] == 12


def test_an_import_that_is_killed_leaves_the_facts_as_they_were_or_as_they_become(home: Path, tmp_path: Path) -> None:
    done("import", "--home", home, *files.first_month(tmp_path, TODAY))
    rows = [(f"k{n}", f"p{n % 12 + 1}", "portal_login", files.day(TODAY, 60 + n % 300)) for n in range(150_000)]
    path = files.write(tmp_path / "many" / "activities.csv", ("activity_id", "partner_id", "kind", "occurred_at"), rows)
    for seconds in (0.0, 0.2):
        process = subprocess.Popen(
            command("import", "--home", home, path),
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        wait_for_line(process, "activities.csv:")
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        rows_now = done("doctor", "--home", home, "--json").answer["rows"]["activities"]
        assert rows_now in (72, 72 + 150_000)
    report = done("import", "--home", home, path, "--json").answer["tables"][0]
    assert report["added"] + report["unchanged"] == 150_000


def test_a_backup_becomes_another_home_where_there_was_none(home: Path, tmp_path: Path) -> None:
    done("import", "--home", home, *files.first_month(tmp_path, TODAY))
    decided = done("decide", "--home", home, "--commit", "--json").out
    done("backup", tmp_path / "kept.tar.gz", "--home", home)
    done("restore", tmp_path / "kept.tar.gz", "--home", tmp_path / "other")
    # No ledger but the restored one was asked for: each step of its schema is made there.
    assert done("decide", "--home", tmp_path / "other", "--json").out == decided
