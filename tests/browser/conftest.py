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


@pytest.fixture
def new_home(tmp_path: Path) -> Path:
    """A home made by the command line, with one sign-in per role that a story needs."""
    home = tmp_path / "home"
    done("init", "--home", home)
    for email, role, more in (
        ("ben@program.example", "admin", ()),
        ("ana@program.example", "manager", ()),
        ("cleo@partner.example", "partner", ("--partner", "p1")),
    ):
        done("user", "add", email, "--home", home, "--role", role, *more, "--password-stdin", stdin=f"{PASSWORD}\n")
    return home
