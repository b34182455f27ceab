"""Outcomes close by the clock: over month ends, in the program's zone, once, and a late import says that it changed one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from nextplay.decisions.proposal import OutcomePredicate
from nextplay.facts.warehouse import move_version
from nextplay.home import Home, create_home
from nextplay.ledger import actions, journal, play_queries, queries, steps
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.background.clock import Clock, duties
from nextplay.operations.deciding.commit_decision import Terms, commit_decision
from nextplay.operations.deciding.decide_ad_hoc import AdHoc, NotADueDay, decide_ad_hoc
from nextplay.operations.installation import Installation
from nextplay.operations.learning.learning_cases import cases_of
from nextplay.operations.plays.show_team_week import show_team_week
from nextplay.operations.viewer import OPERATOR
from tests.ledger.conftest import make_cycle, make_decision, make_lot
from tests.stories import activity, deal, document, load, partner

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 16, 9, tzinfo=UTC)
# The window ends with January.
BY = date(2026, 1, 31)
PREDICATE = {"event": "deal_opened", "kinds": [], "stages": [], "at_least": 1, "window_days": 15}


def _opened(home: Home) -> Installation:
    """One partner, one committed play, and facts until the middle of January."""
    opened = Installation(home)
    load(opened.warehouse, "partners", partner("p1"))
    load(opened.warehouse, "deals", deal("early", "p1", datetime(2026, 1, 15)))
    proposed = replace(make_decision("d1"), outcome=OutcomePredicate("A deal opened", PREDICATE, BY), due=date(2026, 1, 23))
    cycle = replace(make_cycle(proposed, month="2026-01"), as_of=date(2026, 1, 16), lots=())
    actions.record_cycle(cycle, actor="tests", now=START)
    commit_decision(opened, OPERATOR, "d1", revision=1, now=START)
    return opened


@pytest.fixture
def running(home: Home) -> Iterator[Installation]:
    """A play whose window ends on January 31, in UTC."""
    opened = _opened(home)
    yield opened
    opened.close()


@pytest.fixture
def in_auckland(tmp_path: Path) -> Iterator[Installation]:
    """The same for a program thirteen hours ahead."""
    yield from _in_zone(tmp_path, "Pacific/Auckland")


@pytest.fixture
def in_new_york(tmp_path: Path) -> Iterator[Installation]:
    """The same for a program five hours behind."""
    yield from _in_zone(tmp_path, "America/New_York")


def _in_zone(tmp_path: Path, name: str) -> Iterator[Installation]:
    home = create_home(tmp_path / "elsewhere")
    opened = _opened(replace(home, held={**home.held, "time_zone": name}))
    yield opened
    opened.close()


def _ticked(installation: Installation, at: datetime) -> DecisionRecord:
    Clock(installation, duties()).tick(at)
    record = queries.decision("d1")
    assert record is not None
    return record


def _later_facts(installation: Installation) -> None:
    ours = deal("later", "p1", datetime(2026, 2, 1, 8), sourced_by="influenced")
    load(installation.warehouse, "deals", ours)


def test_a_window_that_ends_with_the_month_is_over_on_the_first(running: Installation) -> None:
    _later_facts(running)
    assert _ticked(running, datetime(2026, 1, 31, 23, 59, tzinfo=UTC)).result == "open"
    closed = _ticked(running, datetime(2026, 2, 1, 0, 1, tzinfo=UTC))
    assert (closed.result, closed.result_rows) == ("missed", [])
    assert "the facts reach past it" in closed.result_note


def test_only_rows_of_the_kind_that_is_waited_for_say_that_a_window_was_seen(running: Installation) -> None:
    moved = {"change_id": "import:1", "entity": "partner", "entity_id": "p1", "field": "tier", "new": "gold"}
    after = datetime(2026, 2, 2)
    load(running.warehouse, "changes", moved | {"changed_at": after, "observed_at": after})
    load(running.warehouse, "documents", document("t1", "p1", "A plan", written_at=after, observed_at=after))
    assert running.span.last_happened == date(2026, 1, 15)
    assert running.span.newest == after.date()
    load(running.warehouse, "activities", activity("p1", "portal_login", after))
    assert running.span.last_happened == after.date()
    # Deals of the end of January may still come.
    assert _ticked(running, datetime(2026, 2, 3, tzinfo=UTC)).result == "open"
    load(running.warehouse, "deals", deal("next", "p1", after))
    assert _ticked(running, datetime(2026, 2, 4, tzinfo=UTC)).result == "missed"


def test_a_row_dated_ahead_says_nothing_of_a_window_neither_here_nor_in_learning(running: Installation) -> None:
    ahead = deal("ahead", "p1", datetime(2026, 3, 1), sourced_by="influenced", observed_at=datetime(2026, 1, 20))
    load(running.warehouse, "deals", ahead)
    now = datetime(2026, 2, 3, tzinfo=UTC)
    assert _ticked(running, now).result == "open"
    assert cases_of(running, OPERATOR, now=now)["ripe"].to_list() == [False]


def test_a_window_is_over_when_its_day_is_over_for_the_program_and_in_the_facts(in_auckland: Installation) -> None:
    _later_facts(in_auckland)
    # Already February there; rows of January 31, which is a UTC day, may still come.
    assert _ticked(in_auckland, datetime(2026, 1, 31, 11, 1, tzinfo=UTC)).result == "open"
    assert _ticked(in_auckland, datetime(2026, 2, 1, 0, 1, tzinfo=UTC)).result == "missed"


def test_west_of_greenwich_the_day_of_the_program_counts(in_new_york: Installation) -> None:
    _later_facts(in_new_york)
    assert _ticked(in_new_york, datetime(2026, 2, 1, 4, 59, tzinfo=UTC)).result == "open"
    assert _ticked(in_new_york, datetime(2026, 2, 1, 5, 1, tzinfo=UTC)).result == "missed"


def test_west_of_greenwich_an_evening_import_closes_its_own_outcomes(in_new_york: Installation) -> None:
    # Half past eight in the evening of January 20: observed on the 21st.
    evening = datetime(2026, 1, 21, 1, 30, tzinfo=UTC)
    load(in_new_york.warehouse, "deals", deal("won", "p1", datetime(2026, 1, 19), observed_at=evening.replace(tzinfo=None)))
    assert _ticked(in_new_york, evening).result_rows == ["won"]


def test_a_row_of_the_last_morning_does_not_reach_past_the_window(running: Installation) -> None:
    load(running.warehouse, "deals", deal("morning", "p1", datetime(2026, 1, 31, 8), sourced_by="influenced"))
    assert _ticked(running, datetime(2026, 2, 2, tzinfo=UTC)).result == "open"


def test_late_data_is_no_miss_until_the_clock_says_that_none_will_come(running: Installation) -> None:
    assert _ticked(running, datetime(2026, 3, 2, 12, tzinfo=UTC)).result == "open"
    closed = _ticked(running, datetime(2026, 3, 3, 0, 1, tzinfo=UTC))
    assert closed.result == "missed"
    assert closed.result_note == (
        "The window ended on Sat 31 Jan 2026, and no facts came in since Thu 15 Jan 2026. A late import can change this."
    )
    assert [step.result for step in play_queries.steps(state="skipped")] == ["The outcome is in: missed"] * 4


def test_a_play_committed_on_old_facts_gets_its_window_from_that_day(home: Home) -> None:
    opened = Installation(home)
    load(opened.warehouse, "partners", partner("p1"))
    load(opened.warehouse, "deals", deal("early", "p1", datetime(2026, 1, 15)))
    proposed = replace(make_decision("d1"), outcome=OutcomePredicate("A deal opened", PREDICATE, BY))
    cycle = replace(make_cycle(proposed, month="2026-01"), as_of=date(2026, 1, 16), lots=())
    late = datetime(2026, 6, 1, 9, tzinfo=UTC)
    actions.record_cycle(cycle, actor="tests", now=late)
    commit_decision(opened, OPERATOR, "d1", revision=1, now=late)
    # Fifteen days of window from June 1, and thirty of grace.
    assert _ticked(opened, datetime(2026, 7, 16, 12, tzinfo=UTC)).result == "open"
    assert _ticked(opened, datetime(2026, 7, 17, 12, tzinfo=UTC)).result == "missed"
    opened.close()


def test_it_closes_once_however_often_the_clock_ticks_and_processes_start(running: Installation) -> None:
    for hours in range(3):
        _ticked(running, datetime(2026, 3, 3, hours, tzinfo=UTC))
    assert [line.verb for line in journal.lines("decision d1")].count("outcome") == 1


def test_an_early_win_ends_the_play_and_says_when(running: Installation) -> None:
    load(running.warehouse, "deals", deal("deal-7", "p1", datetime(2026, 1, 20)))
    closed = _ticked(running, datetime(2026, 1, 21, tzinfo=UTC))
    assert (closed.result, closed.result_rows) == ("met", ["deal-7"])
    assert closed.result_note == "Reached on Tue 20 Jan 2026, before the window ends on Sat 31 Jan 2026."
    steps = play_queries.steps(decision_ids=["d1"])
    assert {(step.state, step.note) for step in steps} == {("skipped", closed.result_note)}


def test_a_late_import_changes_an_outcome_and_says_what_it_was(running: Installation) -> None:
    _later_facts(running)
    _ticked(running, datetime(2026, 2, 3, tzinfo=UTC))
    load(running.warehouse, "deals", deal("late", "p1", datetime(2026, 1, 28), observed_at=datetime(2026, 2, 4)))
    record = _ticked(running, datetime(2026, 2, 5, tzinfo=UTC))
    assert (record.result, record.result_was, record.result_rows) == ("met", "missed", ["late"])
    told = [(line.details["was"], line.details["result"]) for line in journal.lines("decision d1") if line.verb == "outcome"]
    assert told == [("missed", "met"), ("open", "missed")]


def test_steps_of_a_play_committed_late_count_from_that_day(home: Home) -> None:
    opened = Installation(home)
    load(opened.warehouse, "partners", partner("p1"))
    actions.record_cycle(make_cycle(make_decision("d1")), actor="tests", now=START)
    late = datetime(2026, 11, 27, 9, tzinfo=UTC)
    commit_decision(opened, OPERATOR, "d1", revision=1, now=late)
    days = [step.due for step in play_queries.steps(decision_ids=["d1"])]
    # Five days on is a Wednesday; the others keep their distance, and none falls on a weekend.
    assert days == [date(2026, 12, 2), date(2026, 12, 7), date(2026, 12, 9), date(2026, 12, 16)]
    assert all(day >= late.date() + timedelta(days=5) for day in days)
    opened.close()


def test_an_outcome_names_rows_that_are_there(running: Installation) -> None:
    load(running.warehouse, "deals", deal("first", "p1", datetime(2026, 1, 18)), deal("second", "p1", datetime(2026, 1, 20)))
    met = _ticked(running, datetime(2026, 1, 21, tzinfo=UTC))
    with running.warehouse.transaction() as transaction:
        transaction.execute("DELETE FROM deals WHERE deal_id = 'first'")
        move_version(transaction, "facts")
    again = _ticked(running, datetime(2026, 1, 22, tzinfo=UTC))
    assert (met.result_rows, again.result_rows) == (["first", "second"], ["second"])
    assert (again.result, again.result_was, again.result_at) == ("met", "", met.result_at)


def _proposed(home: Home) -> Installation:
    """Proposed on January 16; on the 20th the partner opens a deal, and nobody has committed."""
    opened = Installation(home)
    load(opened.warehouse, "partners", partner("p1"))
    load(opened.warehouse, "deals", deal("early", "p1", datetime(2026, 1, 15)), deal("between", "p1", datetime(2026, 1, 20)))
    proposed = replace(make_decision("d1"), outcome=OutcomePredicate("A deal opened", PREDICATE, BY))
    lot = replace(make_lot("p1", "2026-01"), arm="offered", as_of=date(2026, 1, 16), until=BY, predicate=PREDICATE)
    cycle = replace(make_cycle(proposed, month="2026-01"), as_of=date(2026, 1, 16), lots=(lot,))
    actions.record_cycle(cycle, actor="tests", now=START)
    return opened


def test_what_came_before_anybody_committed_is_no_success_of_the_play_and_is_said_at_once(home: Home) -> None:
    opened = _proposed(home)
    committed = commit_decision(opened, OPERATOR, "d1", revision=1, now=START + timedelta(days=9))
    assert committed.result_note == (
        "A deal opened: on 2026-01-20 already, before anybody committed. "
        "That does not count here; what comes after 2026-01-25 does."
    )
    # Its window is as long as that of a proposal that is taken at once.
    assert committed.outcome_by == BY + timedelta(days=9)
    assert _ticked(opened, START + timedelta(days=10)).result == "open"
    load(opened.warehouse, "deals", deal("after", "p1", datetime(2026, 1, 27)))
    assert _ticked(opened, START + timedelta(days=12)).result_rows == ["after"]
    opened.close()


def test_a_first_step_may_be_due_until_the_window_ends_that_the_commitment_moves(home: Home) -> None:
    opened = _proposed(home)
    late, last = START + timedelta(days=9), BY + timedelta(days=9)
    with pytest.raises(NotADueDay):
        commit_decision(opened, OPERATOR, "d1", revision=1, terms=Terms(due=last + timedelta(days=1)), now=late)
    committed = commit_decision(opened, OPERATOR, "d1", revision=1, terms=Terms(due=last), now=late)
    assert (committed.due, committed.outcome_by) == (last, last)
    opened.close()


def test_rates_count_from_the_commitment_and_lots_from_their_own_day(home: Home) -> None:
    opened = _proposed(home)
    commit_decision(opened, OPERATOR, "d1", revision=1, now=START + timedelta(days=9))
    cases = cases_of(opened, OPERATOR, now=START + timedelta(days=9)).sort("kind")
    assert dict(zip(cases["kind"], cases["result"], strict=True)) == {"decision": "open", "lot": "met"}
    opened.close()


def test_undo_of_a_late_commitment_puts_the_window_back_and_reassigning_keeps_it(home: Home) -> None:
    opened = _proposed(home)
    late = START + timedelta(days=9)
    committed = commit_decision(opened, OPERATOR, "d1", revision=1, now=late)
    moved = actions.reassign_decision(
        "d1", revision=2, owner="ben@program.example", actor="tests", now=late + timedelta(days=4)
    )
    assert moved.counts_after == committed.counts_after == date(2026, 1, 25)
    actions.undo_decision("d1", revision=3, actor="tests", now=late)
    left = actions.decline_decision("d1", revision=4, reason="Not now", actor="tests", now=late)
    assert left.result_note == ""
    opened.close()


def test_what_is_committed_on_the_day_it_is_proposed_says_nothing(running: Installation) -> None:
    record = _ticked(running, START)
    assert (record.result_note, record.counts_after, record.outcome_by) == ("", date(2026, 1, 16), BY)


def _overdue(installation: Installation, at: datetime) -> int:
    return show_team_week(installation, OPERATOR, now=at).everyone.overdue


def test_a_step_is_overdue_when_its_day_is_over_where_the_program_is(in_auckland: Installation) -> None:
    # Due on January 21, which ends there thirteen hours before it ends here.
    assert _overdue(in_auckland, datetime(2026, 1, 21, 10, 59, tzinfo=UTC)) == 0
    assert _overdue(in_auckland, datetime(2026, 1, 21, 11, 1, tzinfo=UTC)) == 1


def test_a_day_after_clocks_went_forward_ends_an_hour_earlier(tmp_path: Path) -> None:
    home = create_home(tmp_path / "berlin")
    opened = _opened(replace(home, held={**home.held, "time_zone": "Europe/Berlin"}))
    for number, day in ((1, date(2026, 3, 27)), (2, date(2026, 3, 30)), (3, date(2026, 5, 4)), (4, date(2026, 5, 4))):
        steps.move_step("d1", number, revision=None, due=day, actor="tests", now=START)
    # Friday ends in winter time, Monday in summer time.
    assert [_overdue(opened, datetime(2026, 3, 27, hour, 1, tzinfo=UTC)) for hour in (22, 23)] == [0, 1]
    assert [_overdue(opened, datetime(2026, 3, 30, hour, 1, tzinfo=UTC)) for hour in (21, 22)] == [1, 2]
    opened.close()


def test_steps_that_nobody_did_count_against_follow_through_after_the_play_ended_too(running: Installation) -> None:
    _later_facts(running)
    assert _ticked(running, datetime(2026, 2, 1, 0, 1, tzinfo=UTC)).result == "missed"
    # Three were due by then; the review of February 4 was skipped before its day.
    found = show_team_week(running, OPERATOR, now=datetime(2026, 2, 9, 9, tzinfo=UTC)).everyone
    assert (found.follow_through, sum(due for _, due in found.trend), found.overdue) == (0.0, 3, 0)


@pytest.mark.parametrize(("zone", "until"), [("UTC", date(2026, 12, 1)), ("Pacific/Auckland", date(2027, 1, 1))])
def test_a_stop_holds_until_the_month_is_over_where_the_program_is(tmp_path: Path, zone: str, until: date) -> None:
    home = create_home(tmp_path / "home")
    opened = Installation(replace(home, held={**home.held, "time_zone": zone}))
    load(opened.warehouse, "partners", partner("p1"))
    last_night = datetime(2026, 11, 30, 11, 30, tzinfo=UTC)
    stop = decide_ad_hoc(opened, OPERATOR, AdHoc("p1", "", "", "Sold to a rival", verdict="stop"), now=last_night)
    assert (stop.cycle, stop.snoozed_until) == (f"{until.replace(day=1) - timedelta(days=1):%Y-%m}", until)
    opened.close()
