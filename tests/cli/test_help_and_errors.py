"""What a user reads who asks for help, or asks wrongly."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from nextplay.program.load import default_text
from tests.architecture.reference import commands
from tests.running import done, environment, nextplay

HEAVY = ("django", "ibis", "polars", "duckdb", "pyarrow", "numpy", "pydantic")


def test_asking_for_help_loads_nothing_heavy() -> None:
    asked = f"import sys, nextplay.cli.main; print([name for name in {HEAVY!r} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", asked], env=environment(), capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_has_help_with_an_example(name: str) -> None:
    ran = done(*name.split()[1:], "--help")
    assert "Example:" in ran.out
    assert f"  {name}" in ran.out.partition("Example:")[2]


@pytest.mark.parametrize(
    "arguments", [("frobnicate",), ("import",), ("import", ".", "--observed-at", "yesterday"), ("program", "check", "/no/such")]
)
def test_asking_wrongly_exits_2_and_answers_nothing(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ran = nextplay("--home", tmp_path, *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert "Traceback" not in ran.err


def test_a_time_that_is_none_says_how_one_is_written(tmp_path: Path) -> None:
    assert "Write it as 2026-11-13T09:00:00Z" in nextplay("import", ".", "--home", tmp_path, "--observed-at", "13.11.2026").err


def test_a_folder_that_is_no_home_says_how_to_make_one(tmp_path: Path) -> None:
    ran = nextplay("import", tmp_path, "--home", tmp_path / "nowhere")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert f"nextplay init --home {tmp_path / 'nowhere'}" in ran.err


def test_the_trace_is_shown_to_those_who_ask_for_it(tmp_path: Path) -> None:
    assert "Traceback" not in nextplay("import", tmp_path, "--home", tmp_path).err
    assert "Traceback" in nextplay("import", tmp_path, "--home", tmp_path, "--debug").err


def test_a_wrong_program_file_changes_nothing_and_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "program.yaml"
    file.write_text("name: Ours\ncapacity:\n  default_hours: -1\n", encoding="utf-8")
    checked = nextplay("program", "check", file, "--home", tmp_path / "h")
    assert checked.code == 1
    assert f"{file}, line 3" in checked.err
    assert nextplay("program", "check", file, "--json").answer["valid"] is False
    assert nextplay("init", "--home", tmp_path / "h", "--program", file).code == 1
    assert not (tmp_path / "h").exists()


def test_a_program_that_tests_a_signal_wrongly_is_refused_before_a_month_is_decided(tmp_path: Path) -> None:
    file = tmp_path / "program.yaml"
    file.write_text(
        default_text().replace("signal: silence, op: lte, value: 1.5", "signal: silence, op: lte, value: high"), "utf-8"
    )
    checked = nextplay("program", "check", file, "--home", tmp_path / "h")
    assert checked.code == 1
    assert f"{file}: play reactivation: less_for tests the signal 'silence'" in checked.err
    assert len(nextplay("program", "check", file, "--json").answer["problems"]) == 1


def test_a_rejected_row_is_told_once_with_its_place_and_value(tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    file.write_text("partner_id,name,lifecycle_stage\nP1,A,Sleeping\nP2\nP3,C,Active\n", encoding="utf-8")
    done("init", "--home", tmp_path / "h")
    told = done("import", file, "--home", tmp_path / "h").err
    assert "partners.csv, line 2, lifecycle_stage: “Sleeping” is no lifecycle stage" in told
    assert "partners.csv, line 3: This line has 1 value where" in told
    assert told.count("Sleeping") == 1
    assert "2 rejected rows of partners.csv" in told
    assert "None" not in told


def test_a_home_made_twice_keeps_what_is_not_named(tmp_path: Path) -> None:
    file = tmp_path / "program.yaml"
    file.write_text("name: Ours\n", encoding="utf-8")
    assert done("init", "--home", tmp_path / "h", "--program", file, "--json").answer["created"] is True
    assert done("init", "--home", tmp_path / "h", "--json").answer["created"] is False
    assert done("program", "show", "--home", tmp_path / "h", "--json").answer["name"] == "Ours"


def test_the_home_may_be_named_before_the_verb_after_it_or_by_the_environment(tmp_path: Path) -> None:
    done("init", "--home", tmp_path / "h")
    shown = {
        done("--home", tmp_path / "h", "program", "show").out,
        done("program", "show", "--home", tmp_path / "h").out,
        done("program", "show", NEXTPLAY_HOME=str(tmp_path / "h")).out,
    }
    assert len(shown) == 1


def test_a_port_that_is_taken_is_named_without_a_trace(tmp_path: Path) -> None:
    done("init", "--home", tmp_path / "h")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = nextplay("serve", "--home", tmp_path / "h", "--port", str(taken.getsockname()[1]))
    assert ran.code == 1
    assert "--port" in ran.err
    assert "Traceback" not in ran.err
