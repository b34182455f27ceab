"""The monthly roll-up: whole months of thirty days back from the day, without what a play produced."""

from datetime import datetime

import numpy as np
import pytest

from nextplay.facts.scope import Reach
from nextplay.operations.installation import Installation
from nextplay.signals.compute import compute
from nextplay.signals.month_counts import ANSWERS, COUNTED, MonthCounts
from nextplay.signals.months import month_counts
from nextplay.values.period import utc_day
from tests.stories import activity, days_before, deal, load, partner

END = datetime(2026, 3, 31, 12)


def _counts(told: Installation) -> MonthCounts:
    facts = told.facts(utc_day(END), Reach())
    return month_counts(told.warehouse, facts, compute(told.warehouse, facts, told.program), 12)


@pytest.fixture
def told(installation: Installation) -> Installation:
    """Two partners: one that works, and one of whom nothing is known."""
    load(installation.warehouse, "partners", partner("a"), partner("b"))
    load(
        installation.warehouse,
        "activities",
        *(activity("a", "outreach_sent", days_before(END, days)) for days in (1, 5, 40)),
        activity("a", "outreach_sent", days_before(END, 6), play="first_selling_play"),
        activity("a", "commitment_met", days_before(END, 7), play="first_selling_play"),
        *(activity("a", "portal_login", days_before(END, 0.1 * n)) for n in range(1, 30)),
        activity("a", "outreach_sent", days_before(END, 400)),
        activity("a", "deal_registered", days_before(END, 33)),
    )
    load(installation.warehouse, "deals", deal("d1", "a", days_before(END, 33)), deal("d2", "a", days_before(END, 34)))
    return installation


def test_each_month_holds_its_own(told: Installation) -> None:
    counts = _counts(told)
    outreach = counts.events[:, 0, COUNTED.index("outreach")]
    assert outreach.tolist() == [0] * 10 + [1, 2]
    assert counts.events[:, 1].sum() == 0


def test_what_a_play_made_is_left_out_but_its_promises_count(told: Installation) -> None:
    counts = _counts(told)
    assert counts.events[-1, 0, COUNTED.index("outreach")] == 2
    assert counts.answers[-1, 0, ANSWERS.index("met")] == 1


def test_a_deal_that_was_registered_is_one_deal(told: Installation) -> None:
    assert _counts(told).events[-2, 0, COUNTED.index("deals")] == 2


def test_machines_that_log_in_are_cut_off(told: Installation) -> None:
    assert _counts(told).events[-1, 0, COUNTED.index("logins")] == 8


def test_who_did_something_was_there(told: Installation) -> None:
    assert _counts(told).age.tolist() == [pytest.approx(14), pytest.approx(0)]


def test_months_read_one_by_one_are_the_same(told: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _counts(told)
    monkeypatch.setattr("nextplay.signals.months.MOST_AT_ONCE", 1)
    single = _counts(told)
    assert np.array_equal(whole.events, single.events)
    assert np.array_equal(whole.answers, single.answers)
