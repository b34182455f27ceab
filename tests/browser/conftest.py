"""A real browser on a real server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_path import ARGUMENTS, browser_path
from tests.running import done, serving

# A page may take its time on a machine that is shared: milliseconds that a claim and a step wait.
expect.set_options(timeout=60_000)
PATIENCE = 90_000
PASSWORD = "a long sentence nobody guesses 7"
BEN, ANA, DAN = "ben@program.example", "ana@program.example", "dan@program.example"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's browser where there is one."""
    found = browser_path()
    return {"args": ARGUMENTS} | ({"executable_path": found} if found else {})


def let_in(home: Path, email: str, role: str, *more: str) -> None:
    """Give somebody a sign-in with `PASSWORD`."""
    done("user", "add", email, "--home", home, "--role", role, *more, "--password-stdin", stdin=f"{PASSWORD}\n")


def sign_in(page: Page, email: str, to: str = "/sign-in") -> None:
    """Sign in with `PASSWORD` by the keyboard; the address field has the focus from the start."""
    page.context.set_default_timeout(PATIENCE)
    page.goto(to)
    expect(page.locator("input[name=username]")).to_be_focused()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def copied(sample_stores: Path, folder: Path) -> Path:
    """A home of its own with the sample program."""
    home = folder / "home"
    done("init", "--home", home)
    for name in ("facts.duckdb", "program.yaml"):
        (home / name).write_bytes((sample_stores / name).read_bytes())
    return home


@pytest.fixture
def new_home(tmp_path: Path) -> Path:
    """A home made by the command line, with an admin."""
    home = tmp_path / "home"
    done("init", "--home", home)
    let_in(home, "ben@program.example", "admin")
    return home


@pytest.fixture(scope="session")
def address(sample_stores: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server on the sample program for all who only look at it: Ben is an admin, Ana and Dan are viewers."""
    home = copied(sample_stores, tmp_path_factory.mktemp("browsed"))
    for email, role in ((BEN, "admin"), (ANA, "viewer"), (DAN, "viewer")):
        let_in(home, email, role)
    with serving(home) as at:
        yield at


@pytest.fixture(scope="session")
def signed_in(address: str, browser: Browser) -> dict[str, Any]:
    """What a browser keeps of each person who signed in by the keyboard: a new context starts from it."""
    kept = {}
    for email in (BEN, ANA, DAN):
        context = browser.new_context(base_url=address)
        page = context.new_page()
        sign_in(page, email)
        kept[email] = context.storage_state()
        context.close()
    return kept


@pytest.fixture
def pages(address: str, browser: Browser, signed_in: dict[str, Any]) -> Iterator[dict[str, Page]]:
    """A page of each person."""
    contexts = {email: browser.new_context(base_url=address, storage_state=state) for email, state in signed_in.items()}
    for context in contexts.values():
        context.set_default_timeout(PATIENCE)
    yield {email: context.new_page() for email, context in contexts.items()}
    for context in contexts.values():
        context.close()
