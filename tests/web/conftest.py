"""A served sample program, and people of every role who have signed in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from nextplay.home import Home
from nextplay.ledger.people import add_person
from nextplay.ledger.records import PersonRecord
from nextplay.operations.analyze import analyze
from nextplay.operations.decide import decide
from nextplay.operations.installation import Installation
from nextplay.operations.worker import serving_installation

PEOPLE = {
    "admin": PersonRecord("leda.marsh@quillharbor.example", "Leda Marsh", "admin", None, True),
    "manager": PersonRecord("ines.quillon@quillharbor.example", "Ines Quillon", "manager", None, True),
    "viewer": PersonRecord("halle.strand@quillharbor.example", "Halle Strand", "viewer", None, True),
    "partner": PersonRecord("marek.oyle@nordvane-systems.example", "Marek Oyle", "partner", "PTR-007", True),
}
PASSWORD = "working sessions in november"
SignedIn = Callable[[str], Client]


@pytest.fixture
def served(sample_home: Home, settings: Settings, db: None) -> Iterator[Installation]:
    """The pages serve a sample program of their own, with the month proposed."""
    settings.HOME = sample_home.path
    serving_installation.cache_clear()
    now = datetime.now(UTC)  # noqa: TID251 the pages read the clock themselves
    decide(serving_installation(), now=now, actor="tests")
    for person in PEOPLE.values():
        add_person(person, password=PASSWORD, actor="tests", now=now)
    yield serving_installation()
    serving_installation().close()
    serving_installation.cache_clear()


@pytest.fixture
def browsed(sample_installation: Installation, settings: Settings, db: None) -> Iterator[Installation]:
    """The pages serve the sample program that all tests of a worker share, with nothing proposed: facts are never changed."""
    settings.HOME = sample_installation.home.path
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
