"""What cannot be done is one sentence: what, where, how to mend it; and nothing has changed."""

from pathlib import Path

import pytest

from tests.running import done, nextplay

PARTNERS = "partner_id,name,lifecycle_stage\nP1,One,active\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one partner; no test changes it."""
    folder = tmp_path_factory.mktemp("refusals")
    (folder / "partners.csv").write_text(PARTNERS, encoding="utf-8")
    done("init", "--home", folder / "h")
    done("import", folder / "partners.csv", "--home", folder / "h")
    return folder / "h"


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "9999-12-31"])
@pytest.mark.parametrize("asked", [("decide",), ("dashboard", "executive"), ("export", "partners", "--output", "o.csv")])
def test_a_day_no_facts_can_be_about_is_refused(home: Path, asked: tuple[str, ...], day: str) -> None:
    ran = nextplay(*asked, "--as-of", day, "--home", home)
    assert (ran.code, ran.out) == (1, "")
    assert f"Error: {day} is out of reach. Name a day from 1970-01-01 to " in ran.err
    assert not Path("o.csv").exists()


def test_what_is_learned_in_the_far_future_is_refused_and_nothing_loads(home: Path, tmp_path: Path) -> None:
    (tmp_path / "partners.csv").write_text(PARTNERS.replace("P1", "P2"), encoding="utf-8")
    ran = nextplay("import", tmp_path / "partners.csv", "--observed-at", "2190-01-01", "--home", home)
    assert ran.code == 1
    assert "2190-01-01 is out of reach" in ran.err
    assert done("partners", "--json", "--home", home).answer["everyone"] == 1


@pytest.mark.parametrize(
    ("output", "said"), [("o.txt", "has to end in .csv or .xlsx"), ("no/o.csv", "There is no folder"), ("", "is a folder")]
)
def test_an_export_to_where_it_cannot_be_says_so_before_any_work(home: Path, tmp_path: Path, output: str, said: str) -> None:
    ran = nextplay("export", "partners", "--output", tmp_path / output, "--home", home)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert not list(tmp_path.iterdir())


def test_an_order_that_is_none_is_not_taken_for_another(home: Path) -> None:
    ran = nextplay("partners", "--sort", "shoe_size", "--home", home)
    assert (ran.code, ran.out) == (2, "")
    assert "last_activity" in ran.err


def test_nobody_to_analyze_says_how_to_find_somebody(home: Path) -> None:
    ran = nextplay("analyze", "--partner", "P9", "--home", home)
    assert (ran.code, ran.out) == (1, "")
    assert "There is no partner 'P9'. nextplay partners --search" in ran.err


@pytest.mark.parametrize("option", ["--facts-url", "--ledger-url"])
def test_an_address_of_no_store_makes_no_home_and_shows_no_password(tmp_path: Path, option: str) -> None:
    ran = nextplay("init", option, "mysql://me:secret@db/x", "--home", tmp_path / "h")
    assert (ran.code, ran.out) == (1, "")
    assert "postgresql://user@host/name" in ran.err
    assert "secret" not in ran.err
    assert not (tmp_path / "h").exists()


def test_facts_and_ledger_that_do_not_answer_are_named(tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    done("init", "--facts-url", nowhere, "--home", tmp_path / "f")
    facts = nextplay("partners", "--home", tmp_path / "f")
    ledger = nextplay("init", "--ledger-url", nowhere, "--home", tmp_path / "l")
    assert (facts.code, ledger.code) == (1, 1)
    assert facts.err.startswith("Error: The facts cannot be reached: ")
    assert "Error: The ledger cannot be used: " in ledger.err
    assert all("settings.toml" in ran.err and "--debug" not in ran.err for ran in (facts, ledger))


def test_a_facts_file_that_is_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    done("init", "--home", tmp_path / "h")
    (tmp_path / "h" / "facts.duckdb").write_bytes(b"not a database" * 1000)
    ran = nextplay("partners", "--home", tmp_path / "h")
    assert ran.code == 1
    assert "facts.duckdb" in ran.err
    assert "--debug" not in ran.err
    assert (tmp_path / "h" / "facts.duckdb").read_bytes().startswith(b"not a database")


def test_a_new_home_is_its_owners_alone(tmp_path: Path) -> None:
    done("init", "--home", tmp_path / "h")
    assert (tmp_path / "h").stat().st_mode & 0o077 == 0
