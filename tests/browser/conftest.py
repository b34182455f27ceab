"""A real browser on a real server."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser_path import ARGUMENTS, browser_path
from tests.running import done

PASSWORD = "a long sentence nobody guesses 7"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's browser where there is one."""
    found = browser_path()
    return {"args": ARGUMENTS} | ({"executable_path": found} if found else {})


def let_in(home: Path, email: str, role: str, *more: str) -> None:
    """Give somebody a sign-in with `PASSWORD`."""
    done("user", "add", email, "--home", home, "--role", role, *more, "--password-stdin", stdin=f"{PASSWORD}\n")


@pytest.fixture
def new_home(tmp_path: Path) -> Path:
    """A home made by the command line, with an admin."""
    home = tmp_path / "home"
    done("init", "--home", home)
    let_in(home, "ben@program.example", "admin")
    return home
