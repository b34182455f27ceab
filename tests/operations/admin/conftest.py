"""What backups and restores are tried on."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker


@pytest.fixture
def ledgers(db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test ledger, and room for another one beside it, which Django's own test case would refuse."""
    with django_db_blocker.unblock():
        yield
