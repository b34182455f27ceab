"""A desk on DuckDB, and one on each engine in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.facts.files import Desk


@pytest.fixture(autouse=True)
def _facts_alone(no_roll_ups: None) -> None:
    """Nobody looks at a dashboard here."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty desk on DuckDB."""
    made = Desk(tmp_path)
    yield made
    made.warehouse.close()


@pytest.fixture
def each_desk(tmp_path: Path, facts_url: str) -> Iterator[Desk]:
    """An empty desk on each engine in turn."""
    made = Desk(tmp_path, facts_url)
    yield made
    made.warehouse.close()
