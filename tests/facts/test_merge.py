"""What an import does to stored rows, on both engines."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from nextplay.facts.merge import RowsLeftBehind
from nextplay.facts.scope import Reach
from tests.facts.files import DEALS, PARTNERS, Desk

pytestmark = pytest.mark.engine

ALWAYS = datetime(1970, 1, 1)
JAN31, FEB28, MAR31 = (datetime(2026, month, day, 23, tzinfo=UTC) for month, day in ((1, 31), (2, 28), (3, 31)))
HEAD = "deal_id,partner_id,stage,amount,currency,opened_at,stage_changed_at,closed_at\n"


def test_the_same_file_twice_changes_nothing(each_desk: Desk) -> None:
    first = each_desk.load_text(partners=PARTNERS, deals=DEALS)
    held = each_desk.everything()
    again = each_desk.load_text(partners=PARTNERS, deals=DEALS)
    assert [table.added for table in first.tables] == [2, 2]
    assert [(table.added, table.updated, table.unchanged) for table in again.tables] == [(0, 0, 2), (0, 0, 2)]
    assert again.facts_version == first.facts_version
    assert each_desk.everything() == held


def test_an_update_changes_what_differs_and_nothing_that_the_file_does_not_name(each_desk: Desk) -> None:
    each_desk.load_text(
        partners="partner_id,name,lifecycle_stage,tier,regions\np1,Alpha,active,Gold,DACH;UK\np2,Beta,signed,,\n"
    )
    report = each_desk.load_text(partners="partner_id,name,lifecycle_stage\np1,Alpha AG,active\np2,Beta,signed\n")
    assert (report.tables[0].updated, report.tables[0].unchanged) == (1, 1)
    assert each_desk.rows("partners", "partner_id", "name", "tier", "regions")[0] == ("p1", "Alpha AG", "Gold", ["DACH", "UK"])
    assert report.facts_version == "2.0"


def test_an_empty_cell_of_a_column_that_is_there_empties_the_stored_value(each_desk: Desk) -> None:
    each_desk.load_text(partners="partner_id,name,lifecycle_stage,tier\np1,Alpha,active,Gold\n")
    each_desk.load_text(partners="partner_id,name,lifecycle_stage,tier\np1,Alpha,active,\n")
    assert each_desk.rows("partners", "tier") == [(None,)]


def test_replace_makes_the_table_equal_to_the_file(each_desk: Desk) -> None:
    each_desk.load_text(partners=PARTNERS, deals=DEALS)
    report = each_desk.load_text(deals="deal_id,stage\nd1,proposal\nd3,won\n", replace=True)
    assert each_desk.rows("deals", "deal_id", "partner_id", "amount") == [("d1", None, None), ("d3", None, None)]
    assert (report.tables[0].added, report.tables[0].updated, report.tables[0].removed) == (1, 1, 1)
    assert each_desk.load_text(deals="deal_id,stage\nd1,proposal\nd3,won\n", replace=True).facts_version == report.facts_version


def test_replace_keeps_a_stored_row_whose_line_was_rejected(each_desk: Desk) -> None:
    each_desk.load_text(partners=PARTNERS, deals=DEALS)
    each_desk.load_text(deals="deal_id,stage\nd1,nonsense\nd3,won\n", replace=True)
    assert each_desk.rows("deals", "deal_id", "stage") == [("d1", "proposal"), ("d3", "won")]


def test_replace_never_leaves_rows_without_their_partner(each_desk: Desk) -> None:
    each_desk.load_text(partners=PARTNERS, deals=DEALS)
    held = each_desk.everything()
    with pytest.raises(RowsLeftBehind, match="1 partners that 1 rows of deals"):
        each_desk.load_text(partners="partner_id,name,lifecycle_stage\np1,Alpha,active\n", replace=True)
    assert each_desk.everything() == held


def test_a_first_load_counts_as_observed_when_it_happened(each_desk: Desk) -> None:
    each_desk.load_text(partners=PARTNERS, deals=DEALS + "d3,p1,proposal,,,\n", observed_at=MAR31)
    assert {row[0] for row in each_desk.rows("partners", "observed_at")} == {ALWAYS}
    observed = dict(each_desk.rows("deals", "deal_id", "observed_at"))
    assert observed == {"d1": datetime(2026, 1, 10), "d2": datetime(2026, 2, 10), "d3": ALWAYS}


def test_later_rows_count_as_observed_when_the_import_says_else_at_its_time(each_desk: Desk) -> None:
    each_desk.load_text(partners=PARTNERS, deals=DEALS)
    each_desk.load_text(deals="deal_id,stage,opened_at\nd3,won,2026-01-05\n", observed_at=FEB28)
    each_desk.load_text(deals="deal_id,stage,opened_at\nd4,won,2026-01-05\n")
    each_desk.load_text(deals="deal_id,stage,opened_at,observed_at\nd5,won,2026-01-05,2026-04-01\n", observed_at=FEB28)
    observed = dict(each_desk.rows("deals", "deal_id", "observed_at"))
    assert observed["d3"] == datetime(2026, 2, 28, 23)
    assert observed["d4"] == datetime(2026, 11, 9, 9)
    assert observed["d5"] == datetime(2026, 4, 1)


def test_an_update_keeps_the_time_a_row_was_first_observed(each_desk: Desk) -> None:
    each_desk.load_text(partners=PARTNERS, deals=DEALS)
    each_desk.load_text(deals=DEALS.replace("proposal", "won"), observed_at=MAR31)
    assert dict(each_desk.rows("deals", "deal_id", "observed_at"))["d1"] == datetime(2026, 1, 10)


def test_a_tracked_field_that_changes_is_written_down_and_an_untouched_one_is_not(each_desk: Desk) -> None:
    each_desk.load_text(partners=PARTNERS, deals=HEAD + "d1,p1,proposal,100,USD,2026-01-10,2026-01-10,\n")
    each_desk.load_text(deals=HEAD + "d1,p1,won,120,USD,2026-01-10,2026-02-20,2026-02-20\n", observed_at=FEB28)
    changes = each_desk.rows("changes", "entity_id", "field", "old", "new", "changed_at", "observed_at")
    seen = datetime(2026, 2, 28, 23)
    assert changes == [
        ("d1", "amount", "100.0000", "120.0000", seen, seen),
        ("d1", "stage", "proposal", "won", datetime(2026, 2, 20), seen),
    ]


def test_a_change_is_never_dated_ahead_of_the_import_nor_before_the_last_one_known(each_desk: Desk) -> None:
    each_desk.load_text(partners=PARTNERS, deals=HEAD + "d1,p1,proposal,,,2026-01-10,,\n")
    each_desk.load_text(deals=HEAD + "d1,p1,negotiation,,,2026-01-10,2026-09-09,\n", observed_at=FEB28)
    each_desk.load_text(deals=HEAD + "d1,p1,won,,,2026-01-10,2026-09-10,\n", observed_at=JAN31)
    changed = [row[0] for row in sorted(each_desk.rows("changes", "changed_at"))]
    assert changed == [datetime(2026, 2, 28, 23), datetime(2026, 2, 28, 23, 0, 0, 1)]


def test_a_stage_reached_is_dated_by_its_own_column(each_desk: Desk) -> None:
    head = "partner_id,name,lifecycle_stage,signed_at,enabled_at,tier,tier_assigned_at\n"
    each_desk.load_text(partners=head + "p1,Alpha,signed,2026-01-05,,Silver,2026-01-05\n")
    each_desk.load_text(partners=head + "p1,Alpha,enabled,2026-01-05,2026-02-14,Gold,2026-02-15\n", observed_at=FEB28)
    changed = dict(each_desk.rows("changes", "field", "changed_at"))
    assert changed == {"lifecycle_stage": datetime(2026, 2, 14), "tier": datetime(2026, 2, 15)}


def test_month_by_month_imports_read_back_as_each_day_knew_them(each_desk: Desk) -> None:
    each_desk.load_text(
        partners=PARTNERS, deals=HEAD + "d1,p1,qualification,100,USD,2026-01-10,2026-01-10,\n", observed_at=JAN31
    )
    second = HEAD + "d1,p1,proposal,200,USD,2026-01-10,2026-02-05,\nlate,p2,proposal,50,USD,2026-01-20,,\n"
    each_desk.load_text(deals=second, observed_at=FEB28)
    third = HEAD + "d1,p1,won,300,USD,2026-01-10,2026-03-05,2026-03-05\nlate,p2,lost,50,USD,2026-01-20,,2026-02-25\n"
    each_desk.load_text(deals=third, observed_at=MAR31)
    assert _known(each_desk, date(2026, 1, 9)) == {}
    assert _known(each_desk, date(2026, 1, 31)) == {"d1": ("qualification", Decimal(100), None)}
    february = _known(each_desk, date(2026, 2, 28))
    assert february == {"d1": ("proposal", Decimal(200), None), "late": ("proposal", Decimal(50), None)}
    march = _known(each_desk, date(2026, 3, 31))
    assert march["d1"] == ("won", Decimal(300), datetime(2026, 3, 5))
    assert march["late"] == ("lost", Decimal(50), datetime(2026, 2, 25))


def test_what_is_learned_later_never_changes_what_a_past_day_knew(each_desk: Desk) -> None:
    each_desk.load_text(partners=PARTNERS, deals=DEALS)
    before = _known(each_desk, date(2026, 2, 15))
    each_desk.load_text(deals=HEAD + "d1,p1,won,900,USD,2026-01-10,2026-02-01,2026-02-01\nd9,p1,won,1,USD,2026-01-02,,\n")
    assert _known(each_desk, date(2026, 2, 15)) == before


def test_a_users_own_changes_stand_beside_those_an_import_writes(each_desk: Desk) -> None:
    each_desk.load_text(partners=PARTNERS, deals=HEAD + "d1,p1,qualification,,,2026-01-10,,\n")
    each_desk.load_text(deals=HEAD + "d1,p1,won,,,2026-01-10,,\n", observed_at=MAR31)
    own = "change_id,entity,entity_id,field,old,new,changed_at\nc1,deal,d1,stage,qualification,proposal,2026-01-20\n"
    each_desk.load_text(changes=own)
    assert _known(each_desk, date(2026, 1, 15))["d1"][0] == "qualification"
    # History brought along, although the import before had written a change of its own.
    assert dict(each_desk.rows("changes", "change_id", "observed_at"))["c1"] == datetime(2026, 1, 20)


def test_one_bad_file_among_good_ones_changes_nothing(each_desk: Desk, tmp_path: Path) -> None:
    each_desk.load_text(partners=PARTNERS)
    held, version = each_desk.everything(), each_desk.warehouse.version()
    with pytest.raises(ValueError, match=r"deals\.csv: has no column for deal_id"):
        each_desk.load_text(partners=PARTNERS.replace("Alpha", "Changed"), deals="name,stage\nx,won\n")
    assert (each_desk.everything(), each_desk.warehouse.version()) == (held, version)


def _known(desk: Desk, day: date) -> dict[str, tuple[str | None, Decimal | None, datetime | None]]:
    facts = desk.installation.facts(day, Reach())
    read = desk.warehouse.read(facts.deals)
    return {row["deal_id"]: (row["stage"], row["value"], row["closed_at"]) for row in read.iter_rows(named=True)}
