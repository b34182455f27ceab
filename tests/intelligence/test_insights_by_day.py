"""Which run of the analysis a dashboard rests on: that of the latest day not after the one it shows."""

from datetime import UTC, date, datetime, timedelta

import pytest

from nextplay.intelligence.tiles import ExecutiveDashboard
from nextplay.operations.dashboards.show_executive import show_executive
from nextplay.operations.installation import Installation
from nextplay.operations.partners.analyze import analyze
from nextplay.operations.partners.partner_analysis import partner_analysis
from nextplay.operations.viewer import OPERATOR
from tests.stories import activity, deal, load, partner

NOW = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


def _ago(days: int) -> datetime:
    return NOW.replace(tzinfo=None) - timedelta(days=days)


@pytest.fixture
def selling(installation: Installation) -> Installation:
    """One partner that began to sell and to keep promises two months ago."""
    load(installation.warehouse, "partners", partner("p1", employee_count=50.0))
    load(
        installation.warehouse,
        "contacts",
        {"contact_id": "c1", "partner_id": "p1", "role": "lead_seller", "observed_at": _ago(900)},
    )
    won = [deal(f"d{n}", "p1", _ago(15 * n), stage="won", closed_at=_ago(15 * n - 5)) for n in range(1, 5)]
    load(installation.warehouse, "deals", *won)
    load(installation.warehouse, "activities", *(activity("p1", "commitment_met", _ago(9 * n)) for n in range(1, 7)))
    return installation


def _shown(installation: Installation, day: date) -> ExecutiveDashboard:
    return show_executive(installation, OPERATOR, now=NOW, as_of=day)


def test_a_day_does_not_know_the_run_of_the_day_after(selling: Installation) -> None:
    analyze(selling, now=NOW)
    assert _shown(selling, TODAY).analyzed == 1
    assert _shown(selling, TODAY).strengths
    eve = _shown(selling, TODAY - timedelta(days=1))
    assert eve.analyzed == 0
    assert eve.strengths == ()


def test_a_run_for_a_past_day_does_not_replace_todays(selling: Installation) -> None:
    analyze(selling, now=NOW)
    before = _shown(selling, TODAY)
    replayed = analyze(selling, now=NOW + timedelta(hours=1), as_of=TODAY - timedelta(days=300))
    after = _shown(selling, TODAY)
    assert (after.strengths, after.areas) == (before.strengths, before.areas)
    profile = partner_analysis(selling, "p1")
    assert profile is not None
    assert profile.reading.run_id != replayed.run_id


def test_a_past_day_shows_the_run_that_was_made_for_it_later(selling: Installation) -> None:
    analyze(selling, now=NOW)
    past = TODAY - timedelta(days=300)
    analyze(selling, now=NOW + timedelta(hours=1), as_of=past)
    shown = _shown(selling, past + timedelta(days=5))
    assert shown.analyzed == 1
    assert shown.strengths == ()


def test_the_newer_of_two_runs_for_a_day_counts(selling: Installation) -> None:
    analyze(selling, now=NOW)
    assert any(row.strength == "keeps_promises" for row in _shown(selling, TODAY).strengths)
    load(selling.warehouse, "activities", *(activity("p1", "commitment_missed", _ago(5 * n)) for n in range(1, 30)))
    analyze(selling, now=NOW + timedelta(hours=1))
    assert not any(row.strength == "keeps_promises" for row in _shown(selling, TODAY).strengths)
