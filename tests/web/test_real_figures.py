"""The figures of the real data sets as pages show them, beside what plain SQL finds."""

from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from nextplay.home import create_home
from nextplay.ledger.people import add_person
from nextplay.operations.background.worker import serving_installation
from nextplay.operations.data.import_facts import import_facts
from nextplay.values import figures
from tests import real_data
from tests.web.conftest import PASSWORD, PEOPLE

SETS = {
    "maven": (("maven", "facts"), "2017-12-31"),
    "olist_dev_2018-05-31": (("olist", "facts_2018-05-31"), "2018-05-31"),
}
NOW = datetime(2026, 11, 9, 9, tzinfo=UTC)


@pytest.fixture(params=list(SETS))
def looked_at(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Settings, db: None
) -> Iterator[tuple[dict[str, Any], Client, str]]:
    """What plain SQL finds, a viewer's browser on the same facts, and the address of all time at the set's day."""
    parts, day = SETS[request.param]
    files = sorted(real_data.path(*parts).glob("*.parquet"))
    home = create_home(tmp_path / "home")
    settings.HOME = home.path
    serving_installation.cache_clear()
    import_facts(serving_installation(), files, actor="test", now=NOW)
    add_person(PEOPLE["admin"], password=PASSWORD, actor="test", now=NOW)
    client = Client()
    user = get_user_model().objects.get(email=PEOPLE["admin"].email)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    truths = {name: one["value"] for name, one in real_data.ground_truth()[request.param].items()}
    yield truths, client, f"as_of={day}&period=all"
    serving_installation().close()
    serving_installation.cache_clear()


def test_pages_show_what_plain_sql_finds(looked_at: tuple[dict[str, Any], Client, str]) -> None:
    truths, client, narrowed = looked_at
    currency = serving_installation().reporting.currency
    dashboard = unescape(client.get(f"/dashboard?{narrowed}").content.decode())
    revenue, pipeline = truths["revenue_total"], truths["open_pipeline_total"]
    won, closed = truths["win_rate"]["won"], truths["win_rate"]["won"] + truths["win_rate"]["lost"]
    assert f'metric-value">{figures.money_short(revenue["amount"], currency)}<' in dashboard
    assert f'metric-value">{figures.money_short(pipeline["amount"], currency)}<' in dashboard
    assert f"{figures.count(won)} of {figures.count(closed)}" in dashboard
    sums = {
        "revenue": figures.money_exact(revenue["amount"], currency),
        "open_pipeline": figures.money_exact(pipeline["amount"], currency),
        "win_rate": f"{figures.count(won)} of {figures.count(closed)}",
    }
    for figure, said in sums.items():
        page = unescape(client.get(f"/figures/{figure}?{narrowed}").content.decode())
        assert f'id="sum">{said}<' in page, figure


def test_the_lifecycle_shows_what_plain_sql_finds(looked_at: tuple[dict[str, Any], Client, str]) -> None:
    truths, client, narrowed = looked_at
    page = unescape(client.get(f"/lifecycle?{narrowed}").content.decode())
    for row in truths["lifecycle_cards"]:
        assert f'metric-value">{figures.count(row["n"])}<' in page, row
    for row in truths["coverage_regions"][:10]:
        assert f'bar-label">{row["v"]}<' in page, row
