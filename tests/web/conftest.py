"""A served sample program, and people of every role who have signed in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from nextplay.home import Home
from nextplay.ledger.people import add_person
from nextplay.ledger.records import PersonRecord
from nextplay.operations.background.worker import serving_installation
from nextplay.operations.dashboards.roll_up import roll_up_where_due
from nextplay.operations.deciding.decide import decide
from nextplay.operations.installation import Installation
from nextplay.operations.partners.analyze import analyze
from tests.conftest import copied_home

PEOPLE = {
    "admin": PersonRecord("leda.marsh@quillharbor.example", "Leda Marsh", "admin", None, True),
    "manager": PersonRecord("ines.quillon@quillharbor.example", "Ines Quillon", "manager", None, True),
    "viewer": PersonRecord("halle.strand@quillharbor.example", "Halle Strand", "viewer", None, True),
    "partner": PersonRecord("marek.oyle@nordvane-systems.example", "Marek Oyle", "partner", "PTR-007", True),
}
PASSWORD = "working sessions in november"
SignedIn = Callable[[str], Client]


@pytest.fixture(scope="session")
def todays_stores(sample_stores: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample program with roll-ups of today, as a server keeps them: pages read the clock. Not to be opened."""
    stores = copied_home(sample_stores, tmp_path_factory.mktemp("today") / "sample")
    opened = Installation(stores)
    roll_up_where_due(opened, today=datetime.now(UTC).date())  # noqa: TID251 the pages read the clock themselves
    opened.warehouse.close()
    return stores.path


@pytest.fixture
def served(todays_stores: Path, tmp_path: Path, settings: Settings, db: None) -> Iterator[Installation]:
    """The pages serve a sample program of their own, with the month proposed."""
    settings.HOME = copied_home(todays_stores, tmp_path / "sample").path
    serving_installation.cache_clear()
    now = datetime.now(UTC)  # noqa: TID251 the pages read the clock themselves
    decide(serving_installation(), now=now, actor="tests")
    for person in PEOPLE.values():
        add_person(person, password=PASSWORD, actor="tests", now=now)
    yield serving_installation()
    serving_installation().close()
    serving_installation.cache_clear()


@pytest.fixture(scope="session")
def browsed_home(todays_stores: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A copy for all tests of a worker."""
    return copied_home(todays_stores, tmp_path_factory.mktemp("browsed") / "sample")


@pytest.fixture
def browsed(browsed_home: Home, settings: Settings, db: None) -> Iterator[Installation]:
    """The pages serve the sample program that all tests of a worker share, with nothing proposed: facts are never changed."""
    settings.HOME = browsed_home.path
    serving_installation.cache_clear()
    for person in PEOPLE.values():
        add_person(person, password=PASSWORD, actor="tests", now=datetime.now(UTC))  # noqa: TID251 pages read the clock
    yield serving_installation()
    serving_installation().close()
    serving_installation.cache_clear()


def browser_of(role: str) -> Client:
    """A browser of someone in a role, signed in."""
    client = Client()
    client.force_login(get_user_model().objects.get(email=PEOPLE[role].email), "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def signed_in(served: Installation) -> SignedIn:
    """A browser of someone in a role, signed in."""
    return browser_of


@pytest.fixture
def analyzed(served: Installation) -> Installation:
    """Every partner has scores."""
    analyze(served, now=datetime.now(UTC))  # noqa: TID251 the pages read the clock themselves
    return served
