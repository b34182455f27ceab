"""From an empty home to the first commit: each step shows when it is done, the guide can be left, and it ends."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import Settings

from nextplay.home import Home
from nextplay.ledger.people import add_person
from nextplay.operations.background.worker import serving_installation
from nextplay.operations.installation import Installation
from tests.web.conftest import PASSWORD, PEOPLE, SignedIn, browser_of


@pytest.fixture
def empty(home: Home, settings: Settings, db: None) -> Iterator[Installation]:
    """The pages serve a home without facts."""
    settings.HOME = home.path
    serving_installation.cache_clear()
    for person in PEOPLE.values():
        add_person(person, password=PASSWORD, actor="tests", now=datetime.now(UTC))  # noqa: TID251 pages read the clock
    yield serving_installation()
    serving_installation().close()
    serving_installation.cache_clear()


def _done(client: Client) -> str:
    found = re.search(r"(\d of \d) done", client.get("/").content.decode())
    return found[1] if found else ""


def test_an_empty_home_says_what_to_do_to_those_who_can_and_to_nobody_else(empty: Installation) -> None:
    assert _done(browser_of("admin")) == "1 of 6"
    for role in ("manager", "viewer"):
        page = browser_of(role).get("/").content.decode()
        assert "Ask an admin to import files" in page
        assert "Load the sample" not in page
        for step in ("name", "answers", "mark"):
            assert step == "name" or browser_of(role).post(f"/start/{step}", {"step": "left"}).status_code == 404


def test_answers_go_into_the_program_file_and_bad_ones_are_said(empty: Installation) -> None:
    admin = browser_of("admin")
    sent = {"program": "Ours: it's #1", "hours": "18,5", "holdout": "0.2", "based_on": empty.program.version}
    for bad in ({"hours": "many"}, {"hours": "-1"}, {"hours": "nan"}, {"holdout": "7"}):
        assert admin.post("/start/answers", {**sent, **bad}).status_code == 422, bad
    assert not empty.home.program_file.exists()
    assert admin.post("/start/answers", sent).status_code == 303
    program = empty.program
    assert (program.name, program.capacity.default_hours, program.chance.holdout_share) == ("Ours: it's #1", 18.5, 0.2)
    # What was not changed is not written down: it stays the shipped program's.
    assert "plays" not in empty.home.program_file.read_text(encoding="utf-8")
    assert _done(admin) == "2 of 6"
    assert admin.post("/start/answers", {**sent, "hours": "20"}).status_code == 409


def test_a_first_win_is_what_the_first_play_is_measured_by(empty: Installation) -> None:
    admin, before = browser_of("admin"), empty.program
    sent = {"program": "Ours", "hours": "18", "holdout": "0.2", "first_win": "60", "based_on": before.version}
    assert admin.post("/start/answers", sent).status_code == 303
    first, *others = empty.program.plays
    assert (first.outcome.name, first.outcome.predicate.window_days) == ("A first deal opened within 60 days", 60)
    assert others == list(before.plays[1:])
    page = admin.get("/").content.decode()
    assert '<option value="60" selected>' in page
    sent |= {"first_win": "7", "based_on": empty.program.version}
    assert admin.post("/start/answers", sent).status_code == 303
    assert empty.program.plays[0] == first


def test_a_partner_cannot_call_themselves_like_one_of_us(empty: Installation) -> None:
    assert browser_of("partner").post("/start/name", {"name": "Leda Marsh"}).status_code == 404
    assert browser_of("viewer").post("/start/name", {"name": "Halle"}).status_code == 303


def test_a_name_is_said_once_and_shown(empty: Installation) -> None:
    admin = browser_of("admin")
    assert admin.post("/start/name", {"name": "  Leda   of Marsh "}).status_code == 303
    assert "Welcome, Leda." in admin.get("/").content.decode()


def test_the_guide_can_be_left_and_taken_up_and_is_gone_when_it_is_done(signed_in: SignedIn) -> None:
    admin = signed_in("admin")
    assert _done(admin) == "3 of 6"
    assert "Go on with the guide" in admin.get("/data").content.decode()
    admin.post("/start/mark", {"step": "left"})
    assert "Go on with the guide" not in admin.get("/data").content.decode()
    assert admin.get("/")["Location"] == "/dashboard"
    assert "Take up the guide" in admin.get("/settings").content.decode()
    admin.post("/start/mark", {"step": "left", "undo": "yes"})
    for step in ("checked", "answered"):
        admin.post("/start/mark", {"step": step})
    assert _done(admin) == "5 of 6"
    page = admin.get("/focus").content.decode()
    decision, revision = re.search(r'action="/focus/([^/]+)/commit".*?name="revision" value="(\d+)"', page, re.DOTALL).groups()  # type: ignore[union-attr]
    admin.post(f"/focus/{decision}/commit", {"revision": revision})
    assert admin.get("/")["Location"] == "/dashboard"
    assert "Take up the guide" not in admin.get("/settings").content.decode()
    assert admin.post("/start/mark", {"step": "nonsense"}).status_code == 404
