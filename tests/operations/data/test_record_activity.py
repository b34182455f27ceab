"""Facts that people enter: merged once, by the checks of an import, whatever happens in between."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from nextplay.ledger import jobs as queue
from nextplay.ledger import play_queries, recorded_facts
from nextplay.ledger.recorded_facts import ToRecord
from nextplay.operations.background.clock import Clock, Duty, duties
from nextplay.operations.background.errand import Errand
from nextplay.operations.background.jobs import run_waiting
from nextplay.operations.background.verbs import VERBS
from nextplay.operations.data.record_activity import merge_recorded, record_activity
from tests.facts.files import NOW, PARTNERS, Desk, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_roll_ups")]
ANA = "ana@program.example"
ACTIVITIES = "activity_id,partner_id,kind,occurred_at\na1,p1,meeting_held,2026-11-02\n"
MEETING = ToRecord("p1", "meeting_held", NOW, account="Stavelock Mills", play="first_selling_play", details={"minutes": 25})


@pytest.fixture
def desk(tmp_path: Path, facts_url: str) -> Iterator[Desk]:
    """Two partners and one activity of a file, on each engine in turn."""
    made = Desk(tmp_path, facts_url)
    made.load_text(partners=PARTNERS, activities=ACTIVITIES)
    yield made
    made.warehouse.close()


def _kinds(desk: Desk) -> list[tuple[Any, ...]]:
    return sorted(desk.rows("activities", "kind", "account", "play", "details"), key=str)


@pytest.mark.engine
def test_what_a_person_enters_becomes_a_fact_once(desk: Desk) -> None:
    for _ in range(2):
        record_activity([MEETING], actor=ANA, now=NOW)
    assert [one.in_facts for one in play_queries.facts_entered(partner_id="p1")] == [False]
    report, version = merge_recorded(desk.installation, now=NOW), desk.warehouse.version()
    assert report.merged == 1
    entered = ("meeting_held", "Stavelock Mills", "first_selling_play", '{"minutes": 25}')
    assert _kinds(desk) == sorted([entered, ("meeting_held", None, None, None)], key=str)
    assert merge_recorded(desk.installation, now=NOW, everything=True).merged == 1
    assert (desk.warehouse.version(), len(_kinds(desk))) == (version, 2)
    assert [one.in_facts for one in play_queries.facts_entered(partner_id="p1")] == [True]


@pytest.mark.engine
def test_replacing_all_activities_keeps_what_people_entered(desk: Desk) -> None:
    record_activity([MEETING], actor=ANA, now=NOW)
    merge_recorded(desk.installation, now=NOW)
    other = "activity_id,partner_id,kind,occurred_at\na2,p2,outreach_sent,2026-11-03\n"
    desk.load_text(activities=other, replace=True)
    assert sorted(kind for kind, *_ in _kinds(desk)) == ["meeting_held", "outreach_sent"]


@pytest.mark.engine
def test_a_partner_that_is_gone_takes_its_entries_along_and_brings_them_back(desk: Desk) -> None:
    record_activity([MEETING], actor=ANA, now=NOW)
    merge_recorded(desk.installation, now=NOW)
    without = "partner_id,name,lifecycle_stage\np2,Beta,signed\n"
    desk.load_text(partners=without, activities="activity_id,partner_id,kind,occurred_at\n", replace=True)
    assert _kinds(desk) == []
    refused = merge_recorded(desk.installation, now=NOW, everything=True).refused
    assert [reason for reason in refused.values() if "partner_id of no partner" in reason]
    assert play_queries.facts_entered()[0].refused
    desk.load_text(partners=PARTNERS)
    assert merge_recorded(desk.installation, now=NOW, everything=True).refused == {}
    assert len(_kinds(desk)) == 1
    assert not play_queries.facts_entered()[0].refused


@pytest.mark.engine
def test_what_is_taken_back_leaves_the_facts(desk: Desk) -> None:
    (kept,) = record_activity([MEETING], actor=ANA, now=NOW)
    merge_recorded(desk.installation, now=NOW)
    recorded_facts.withdraw_facts([kept.activity_id], actor=ANA, now=NOW)
    assert merge_recorded(desk.installation, now=NOW).taken_out == 1
    assert len(_kinds(desk)) == 1
    assert not play_queries.anything_to_merge()


def test_what_is_entered_anew_while_a_merge_runs_waits_for_the_next(tmp_path: Path) -> None:
    (kept,) = record_activity([MEETING], actor=ANA, now=NOW)
    recorded_facts.withdraw_facts([kept.activity_id], actor=ANA, now=NOW)
    again = replace(MEETING, details={"minutes": 40})
    record_activity([again], actor=ANA, now=NOW + timedelta(seconds=2))
    # The merge that read the first entry ends now.
    recorded_facts.mark_merged({kept.activity_id: kept.recorded_at}, {}, [], now=NOW)
    assert [one.details for one in play_queries.facts_to_merge(everything=False)] == [{"minutes": 40}]


@pytest.fixture
def one_desk(tmp_path: Path) -> Iterator[Desk]:
    """The same on DuckDB alone."""
    made = Desk(tmp_path)
    made.load_text(partners=PARTNERS, activities=ACTIVITIES)
    yield made
    made.warehouse.close()


def test_a_history_imported_after_the_first_entries_was_known_as_it_happened(tmp_path: Path) -> None:
    desk = Desk(tmp_path, f"duckdb:///{tmp_path / 'late.duckdb'}")
    desk.load_text(partners=PARTNERS)
    record_activity([MEETING], actor=ANA, now=NOW)
    merge_recorded(desk.installation, now=NOW)
    desk.load_text(activities=ACTIVITIES)
    assert dict(desk.rows("activities", "activity_id", "observed_at"))["a1"] == datetime(2026, 11, 2)
    desk.warehouse.close()


def test_what_is_entered_does_not_say_how_far_the_files_reach(one_desk: Desk) -> None:
    record_activity([MEETING], actor=ANA, now=NOW)
    merge_recorded(one_desk.installation, now=NOW)
    assert one_desk.installation.span.last_happened == date(2026, 11, 2)
    assert one_desk.installation.span.newest == NOW.date()


def test_an_entry_that_comes_to_nothing_leaves_neither_row_nor_job() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record_activity([MEETING], actor=ANA, now=NOW)
        raise ZeroDivisionError
    assert (play_queries.facts_entered(), queue.latest_jobs()) == ([], [])


def test_one_job_merges_all_that_waits(one_desk: Desk) -> None:
    record_activity([MEETING], actor=ANA, now=NOW)
    record_activity([ToRecord("p2", "outreach_sent", NOW)], actor=ANA, now=NOW)
    assert run_waiting(one_desk.installation, now=NOW)
    assert not run_waiting(one_desk.installation, now=NOW)
    assert queue.latest_jobs()[0].state == "done"
    assert len(_kinds(one_desk)) == 3


def test_a_crash_before_the_ledger_hears_of_the_merge_repeats_nothing(one_desk: Desk) -> None:
    (kept,) = record_activity([MEETING], actor=ANA, now=NOW)
    merge_recorded(one_desk.installation, now=NOW)
    recorded_facts.mark_merged({}, {}, [kept.activity_id], now=NOW)
    version = one_desk.warehouse.version()
    assert merge_recorded(one_desk.installation, now=NOW).merged == 1
    assert (one_desk.warehouse.version(), len(_kinds(one_desk))) == (version, 2)


def test_a_job_that_was_lost_is_made_good_by_the_clock(one_desk: Desk) -> None:
    record_activity([MEETING], actor=ANA, now=NOW)
    queue.take_up("a process that died", now=NOW)
    queue.mark_interrupted(now=NOW)
    Clock(one_desk.installation, duties()).tick(NOW)
    assert len(_kinds(one_desk)) == 2


def test_an_import_brings_back_what_the_facts_lost(one_desk: Desk, tmp_path: Path) -> None:
    record_activity([MEETING], actor=ANA, now=NOW)
    merge_recorded(one_desk.installation, now=NOW)
    with one_desk.warehouse.transaction() as facts:
        facts.execute("DELETE FROM activities")
    asked = {"paths": [str(path) for path in write(tmp_path / "again", partners=PARTNERS)]}
    VERBS["import_facts"](Errand(one_desk.installation, asked, ANA, NOW))
    assert len(_kinds(one_desk)) == 1


def test_a_duty_that_fails_holds_up_no_other_and_is_tried_again(one_desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    told: list[datetime] = []

    def fails(_installation: object, _now: datetime) -> None:
        raise OSError("no network")

    clock = Clock(
        one_desk.installation, [Duty("fails", 60, fails), Duty("tells", 60, lambda _installation, now: told.append(now))]
    )
    for seconds in (0, 59, 60):
        clock.tick(NOW + timedelta(seconds=seconds))
    assert told == [NOW, NOW + timedelta(seconds=60)]
    assert [record.message for record in caplog.records] == ["fails failed; it is tried again"] * 2
