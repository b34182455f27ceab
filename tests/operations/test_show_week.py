"""My week as one person has it."""

from datetime import UTC, date, datetime

import pytest

from nextplay.ledger import queries
from nextplay.operations.decide import decide
from nextplay.operations.installation import Installation
from nextplay.operations.show_week import show_week
from nextplay.operations.viewer import OPERATOR
from tests.stories import load, partner

pytestmark = pytest.mark.django_db


def test_only_proposals_of_the_list_in_force_wait(installation: Installation) -> None:
    rows = [partner(f"p{place}", enabled_at=datetime(2026, 2, 27)) for place in range(6)]
    load(installation.warehouse, "partners", *rows)
    now = datetime(2026, 4, 10, 8, tzinfo=UTC)
    for day in (date(2026, 3, 31), now.date()):
        decide(installation, now=now, actor="tests", as_of=day)
    assert queries.decisions(cycle="2026-03", status="proposed")
    week = show_week(installation, OPERATOR, owner="ana@program.example", now=now)
    assert {one.decision_id for one in week.waiting} == {one.decision_id for one in queries.decisions(cycle="2026-04")}
