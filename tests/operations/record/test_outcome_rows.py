"""The rows an outcome rests on are told as they counted."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from nextplay.decisions.proposal import OutcomePredicate
from nextplay.home import Home
from nextplay.ledger import actions, queries
from nextplay.operations.background.clock import Clock, duties
from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.installation import Installation
from nextplay.operations.record.outcome_rows import OutcomeRow, outcome_rows
from nextplay.operations.viewer import OPERATOR
from tests.ledger.conftest import make_cycle, make_decision
from tests.stories import deal, load, partner

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 16, 9, tzinfo=UTC)
PREDICATE = {
    "event": "deal_stage_reached",
    "kinds": [],
    "stages": ["proposal", "negotiation"],
    "at_least": 1,
    "window_days": 15,
}


@pytest.mark.parametrize(("waited", "stage", "day"), [(0, "proposal", 20), (6, "negotiation", 24)])
def test_a_deal_that_moved_on_is_told_by_the_stage_that_counted(home: Home, waited: int, stage: str, day: int) -> None:
    opened = Installation(home)
    load(opened.warehouse, "partners", partner("p1"))
    moved = deal("d7", "p1", datetime(2026, 1, 2), stage="negotiation", stage_changed_at=datetime(2026, 1, 24), account="Acme")
    load(opened.warehouse, "deals", moved)
    entered = [("qualification", "proposal", 20), ("proposal", "negotiation", 24)]
    rows = [
        {
            "change_id": f"c{on}",
            "entity": "deal",
            "entity_id": "d7",
            "field": "stage",
            "old": old,
            "new": new,
            "changed_at": datetime(2026, 1, on),
            "observed_at": datetime(2026, 1, on),
        }
        for old, new, on in entered
    ]
    load(opened.warehouse, "changes", *rows)
    outcome = OutcomePredicate("A deal reaches proposal", PREDICATE, date(2026, 1, 31))
    cycle = make_cycle(replace(make_decision("d1"), outcome=outcome), month="2026-01")
    actions.record_cycle(replace(cycle, as_of=date(2026, 1, 16), lots=()), actor="tests", now=START)
    commit_decision(opened, OPERATOR, "d1", revision=1, now=START + timedelta(days=waited))
    Clock(opened, duties()).tick(datetime(2026, 1, 25, tzinfo=UTC))
    record = queries.decision("d1")
    assert record is not None
    assert f"{day} Jan 2026" in record.result_note
    assert outcome_rows(opened, record) == (OutcomeRow("d7", stage, "Acme", date(2026, 1, day)),)
    opened.close()
