"""Signals of one partner, for those who may see it."""

from datetime import date, datetime, timedelta

import pytest

from nextplay.home import Home
from nextplay.operations.deciding.decide import decide
from nextplay.operations.installation import Installation
from nextplay.operations.partners.show_signals import show_signal_rows, show_signals
from nextplay.operations.viewer import NotForThisViewer, Viewer
from nextplay.signals.names import FROM_FACTS

pytestmark = pytest.mark.django_db


def test_every_signal_is_told_with_its_formula(sample_installation: Installation, ben: Viewer, now: datetime) -> None:
    found = show_signals(sample_installation, ben, "PTR-001", now=now)
    assert [one.name for one in found.signals] == [one.name for one in FROM_FACTS]
    assert all(one.formula for one in found.signals)
    told = found.as_json()
    assert told["signals"]["selling_90"]["value"] == next(one.value for one in found.signals if one.name == "selling_90")


def test_rows_give_the_number_and_a_formula_names_what_it_is_made_of(
    sample_installation: Installation, ben: Viewer, now: datetime
) -> None:
    counted = show_signal_rows(sample_installation, ben, "PTR-001", "selling_180", now=now)
    assert counted.counted_again == counted.signal.value
    assert {row.source for row in counted.rows} <= {"activities", "deals"}
    made = show_signal_rows(sample_installation, ben, "PTR-001", "silence", now=now)
    assert made.counted_again is None
    assert [one.name for one in made.made_of] == ["days_since_selling", "usual_gap_days"]


def test_a_partner_s_people_see_no_signals_and_a_manager_only_those_of_the_own_portfolio(
    sample_installation: Installation, cleo: Viewer, ana: Viewer, now: datetime
) -> None:
    for viewer in (cleo, ana):
        with pytest.raises(NotForThisViewer):
            show_signals(sample_installation, viewer, "PTR-001", now=now)


def test_a_signal_without_rows_and_a_partner_of_no_name_are_refused(
    sample_installation: Installation, ben: Viewer, now: datetime
) -> None:
    with pytest.raises(NotForThisViewer):
        show_signal_rows(sample_installation, ben, "PTR-001", "tier", now=now)
    with pytest.raises(NotForThisViewer):
        show_signals(sample_installation, ben, "PTR-000", now=now)


@pytest.mark.django_db
def test_a_risk_bears_the_day_it_was_seen_on_and_no_earlier_day_knows_it(sample_home: Home, ben: Viewer, now: datetime) -> None:
    day, opened = date(2026, 5, 6), Installation(sample_home)
    cycle = decide(opened, now=now, actor="t", as_of=day)
    risky = next(one for one in cycle.next_actions if one.drop_off_risk is not None)
    told = show_signals(opened, ben, risky.partner_id, now=now)
    assert (told.drop_off.risk, told.drop_off.risk_on) == (risky.drop_off_risk, day)
    assert told.as_json()["drop_off"]["risk_on"] == "2026-05-06"
    before = show_signals(opened, ben, risky.partner_id, now=now, as_of=day - timedelta(days=1))
    assert (before.drop_off.risk, before.drop_off.risk_on) == (None, None)
    opened.close()
