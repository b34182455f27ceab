"""The rows behind a signal give its number."""

import math
from datetime import datetime

import polars as pl
import pytest

from nextplay.facts.scope import Reach, Reporting, Scope, ScopedFacts
from nextplay.facts.warehouse import Warehouse
from nextplay.operations.installation import Installation
from nextplay.program.definition import Program
from nextplay.signals.behind import BEHIND, ROW, rows_behind
from nextplay.signals.compute import compute
from nextplay.signals.names import BY_NAME, FROM_FACTS
from tests.conftest import MOMENT
from tests.stories import activity, days_before, load, partner

DAY = datetime(2026, 6, 30, 12)
# Fields of the partner itself: there is no row but its own.
OWN_FIELDS = {
    "name",
    "segment",
    "tier",
    "lifecycle_stage",
    "manager_email",
    "workable",
    "member",
    "employee_count",
    "days_since_signed",
    "days_since_enabled",
    "days_in_program",
}


def test_every_signal_but_the_partner_s_own_fields_has_rows_behind_it() -> None:
    assert {signal.name for signal in FROM_FACTS} - BEHIND.keys() == OWN_FIELDS
    assert BEHIND.keys() <= BY_NAME.keys()


def test_what_a_signal_is_made_of_are_signals() -> None:
    assert {name for behind in BEHIND.values() for name in behind.made_of} <= BY_NAME.keys()


def test_rows_counted_again_give_every_number_of_the_sample(sample_installation: Installation) -> None:
    day = MOMENT.date()
    facts, read = sample_installation.facts(day, Reach()), sample_installation.warehouse.read
    frame = compute(sample_installation.warehouse, facts, sample_installation.program)
    # The one with most to tell, whoever that is.
    told = frame.sort("selling_180", "attention_180", "proposals_180", descending=True).head(1)
    for name, behind in BEHIND.items():
        if behind.count is None:
            continue
        for row in told.iter_rows(named=True):
            rows = rows_behind(facts, name, row["partner_id"])
            assert rows is not None
            assert math.isclose(behind.count(read(rows)), row[name], abs_tol=0.005), name


@pytest.mark.engine
def test_rows_of_a_window_leave_out_what_is_older_what_is_another_s_and_what_a_play_asked_for(
    warehouse: Warehouse, program: Program
) -> None:
    load(warehouse, "partners", partner("p1"), partner("p2"))
    load(
        warehouse,
        "activities",
        activity("p1", "outreach_sent", days_before(DAY, 3)),
        activity("p1", "outreach_sent", days_before(DAY, 40)),
        activity("p1", "outreach_sent", days_before(DAY, 4), play="first_selling_play"),
        activity("p2", "outreach_sent", days_before(DAY, 3)),
    )
    facts = ScopedFacts(Scope(DAY.date(), past=True), Reporting("USD"))
    expression = rows_behind(facts, "outreach_sent_30", "p1")
    assert expression is not None
    rows = warehouse.read(expression)
    assert tuple(rows.columns) == ROW
    assert rows["at"].to_list() == [days_before(DAY, 3)]
    frame = compute(warehouse, facts, program).filter(pl.col("partner_id") == "p1")
    assert frame["outreach_sent_30"].item() == rows.height


def test_a_field_of_the_partner_has_no_rows_and_an_unknown_name_no_answer() -> None:
    facts = ScopedFacts(Scope(DAY.date()), Reporting("USD"))
    assert rows_behind(facts, "tier", "p1") is None
    with pytest.raises(KeyError):
        rows_behind(facts, "luck", "p1")
