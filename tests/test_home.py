"""The home folder."""

import shutil
from pathlib import Path

import pytest

from nextplay.home import NoHome, create_home, home_folder, open_home


def test_a_home_made_twice_keeps_its_secret_and_its_addresses(tmp_path: Path) -> None:
    first = create_home(tmp_path / "h", facts_url="postgresql://db/facts")
    again = create_home(tmp_path / "h")
    assert again == first
    assert again.facts_url == "postgresql://db/facts"


def test_two_homes_do_not_share_a_secret(tmp_path: Path) -> None:
    assert create_home(tmp_path / "a").secret_key != create_home(tmp_path / "b").secret_key


def test_others_on_the_machine_cannot_read_the_secret(tmp_path: Path) -> None:
    create_home(tmp_path / "h")
    assert (tmp_path / "h" / "settings.toml").stat().st_mode & 0o077 == 0


def test_a_folder_that_is_no_home_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NoHome, match="nextplay init --home"):
        open_home(tmp_path)


def test_the_environment_wins_over_the_settings_file(tmp_path: Path) -> None:
    create_home(tmp_path / "h")
    opened = open_home(tmp_path / "h", {"NEXTPLAY_FACTS_URL": "postgresql://elsewhere/f"})
    assert opened.facts_url == "postgresql://elsewhere/f"
    assert opened.ledger_url.startswith("sqlite:///")


def test_a_path_with_quotes_and_backslashes_survives(tmp_path: Path) -> None:
    odd = tmp_path / 'a "quoted" \\ name'
    assert create_home(odd).ledger_url == f"sqlite:///{odd / 'ledger.sqlite3'}"


def test_a_folder_that_was_copied_finds_its_own_stores(tmp_path: Path) -> None:
    create_home(tmp_path / "first")
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    second = open_home(tmp_path / "second", {})
    assert second.facts_url == f"duckdb:///{tmp_path / 'second' / 'facts.duckdb'}"
    assert second.ledger_url == f"sqlite:///{tmp_path / 'second' / 'ledger.sqlite3'}"


def test_a_store_named_in_full_stays_where_it_is(tmp_path: Path) -> None:
    create_home(tmp_path / "first", facts_url=f"duckdb:///{tmp_path / 'elsewhere.duckdb'}")
    (tmp_path / "first").rename(tmp_path / "second")
    assert open_home(tmp_path / "second", {}).facts_url == f"duckdb:///{tmp_path / 'elsewhere.duckdb'}"


def test_the_folder_comes_from_the_environment_or_is_the_users_own() -> None:
    assert home_folder({"NEXTPLAY_HOME": "/srv/np"}) == Path("/srv/np")
    assert home_folder({}) == Path.home() / ".nextplay"
