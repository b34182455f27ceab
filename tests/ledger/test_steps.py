"""Steps of a play: made with the commitment, logged once, taken back whole, and never lost behind a decision."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from nextplay.decisions.proposal import Cycle
from nextplay.ledger import actions, journal, play_queries, promises, steps
from nextplay.ledger.actions import NothingToUndo
from nextplay.ledger.promises import ToPromise
from nextplay.ledger.recorded_facts import ToRecord, record_facts
from nextplay.ledger.records import StepOutcomeRecord
from nextplay.ledger.steps import Logged, PlannedStep, StepMoved, UnknownStep
from tests.ledger.conftest import NOW

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": "ana@program.example", "now": NOW}
ENDS = (
    StepOutcomeRecord("done", "Done", "done", ("meeting_held",), "go_on"),
    StepOutcomeRecord("not_done", "Not done", "missed", (), "go_on"),
)
PLANNED = (
    PlannedStep(1, "Working session", "us", "session", 1, date(2026, 11, 13), ENDS),
    PlannedStep(2, "Send the list", "partner", "task", 2, date(2026, 11, 16), ENDS),
)


@pytest.fixture
def committed(cycle: Cycle) -> int:
    """d1 committed with two steps; its revision."""
    actions.record_cycle(cycle, **BY)
    return actions.commit_decision("d1", revision=1, planned=PLANNED, **BY).revision


def _states() -> list[str]:
    return [one.state for one in play_queries.steps(decision_ids=["d1"])]


def _log(number: int = 1, revision: int | None = 1, now: datetime = NOW) -> None:
    fact = ToRecord("p1", "meeting_held", now, play="first_selling_play", decision_id="d1", step=number)
    steps.log_step(
        "d1", number, revision=revision, logged=Logged("Done", "done"), facts=[fact], actor="ana@program.example", now=now
    )


def test_a_commitment_puts_its_steps_under_way(committed: int) -> None:
    first, second = play_queries.steps(owner="ANA@program.example")
    assert (first.name, first.turn, first.due, first.partner_id, first.outcomes) == (
        "Working session",
        "us",
        date(2026, 11, 13),
        "p1",
        ENDS,
    )
    assert (second.number, second.turn, second.week, second.state) == (2, "partner", 2, "open")


def test_committing_a_cycle_puts_steps_under_way_too(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    actions.commit_cycle("2026-11", ["d1", "d2"], planned={"d1": PLANNED, "d2": PLANNED[:1]}, **BY)
    assert [(one.decision_id, one.number) for one in play_queries.steps()] == [("d1", 1), ("d1", 2), ("d2", 1)]


def test_taking_a_commitment_back_takes_its_steps_along(committed: int) -> None:
    actions.undo_decision("d1", revision=committed, **BY)
    assert play_queries.steps() == []


def test_a_commitment_whose_work_has_begun_is_not_taken_back(committed: int) -> None:
    _log()
    with pytest.raises(NothingToUndo, match="has begun"):
        actions.undo_decision("d1", revision=committed, **BY)
    assert _states() == ["done", "open"]


def test_declining_what_is_begun_skips_the_rest_and_undo_opens_it_again(committed: int) -> None:
    _log()
    declined = actions.decline_decision("d1", revision=committed, reason="Their seller left", **BY)
    assert _states() == ["done", "skipped"]
    actions.undo_decision("d1", revision=declined.revision, planned=PLANNED, **BY)
    assert _states() == ["done", "open"]


def test_snoozing_what_is_not_begun_leaves_no_steps_and_undo_brings_them_back(committed: int) -> None:
    snoozed = actions.snooze_decision("d1", revision=committed, until=date(2026, 12, 1), **BY)
    assert play_queries.steps() == []
    actions.undo_decision("d1", revision=snoozed.revision, planned=PLANNED, **BY)
    assert _states() == ["open", "open"]


def test_reassigning_keeps_steps_and_hands_them_over(committed: int) -> None:
    actions.reassign_decision("d1", revision=committed, owner="tobin@program.example", **BY)
    assert [one.owner for one in play_queries.steps()] == ["tobin@program.example"] * 2


def test_of_two_who_log_a_step_one_wins_and_the_other_is_told(committed: int) -> None:
    _log()
    with pytest.raises(StepMoved, match=r"closed already: Done by ana@program\.example"):
        steps.log_step("d1", 1, revision=1, logged=Logged("Not done", "missed"), actor="ben@program.example", now=NOW)
    assert _states() == ["done", "open"]


def test_logging_twice_logs_once_and_records_its_fact_once(committed: int) -> None:
    _log()
    _log()
    assert len(play_queries.facts_entered(partner_id="p1")) == 1
    assert [line.verb for line in journal.lines("decision d1")] == ["log", "commit"]


def test_taking_a_log_back_takes_its_fact_and_the_kept_promise_back(committed: int) -> None:
    asked = ToPromise("p1", "partner", "Send the list by Friday", date(2026, 11, 13), decision_id="d1", step=1)
    made = promises.make_promise(asked, **BY)
    _log()
    assert [one.state for one in play_queries.promises(partner_id="p1")] == ["met"]
    steps.reopen_step("d1", 1, revision=2, **BY)
    assert _states() == ["open", "open"]
    assert play_queries.facts_entered() == []
    assert [(one.promise_id, one.state) for one in play_queries.promises()] == [(made.promise_id, "open")]


def test_what_was_entered_before_a_log_outlives_its_undo(committed: int) -> None:
    output = ToRecord("p1", "target_list_shared", NOW - timedelta(minutes=5), decision_id="d1", step=1)
    record_facts([output], actor="ana@program.example", now=NOW - timedelta(minutes=5))
    _log()
    steps.reopen_step("d1", 1, revision=2, **BY)
    assert [one.kind for one in play_queries.facts_entered(decision_id="d1")] == ["target_list_shared"]


def test_an_early_win_ends_the_play_and_says_why(committed: int) -> None:
    _log()
    actions.close_decision("d1", result="met", rows=["deal 7"], note="A deal opened on Nov 12.", actor="facts", at=NOW)
    last = play_queries.steps()[1]
    assert (last.state, last.result, last.note) == ("skipped", "The outcome is in: met", "A deal opened on Nov 12.")


def test_an_outcome_that_opens_again_opens_what_it_ended_and_nothing_else(committed: int) -> None:
    _log()
    actions.close_decision("d1", result="met", rows=["deal 7"], actor="facts", at=NOW)
    record = actions.close_decision("d1", result="open", rows=[], actor="facts", at=NOW)
    assert (_states(), record.result_was) == (["done", "open"], "met")


def test_a_moved_step_says_so_to_whoever_looked_before(committed: int) -> None:
    steps.move_step("d1", 2, revision=1, due=date(2026, 11, 20), reason="Fair week", **BY)
    with pytest.raises(StepMoved, match="was changed since"):
        _log(2, revision=1)


def test_no_step_of_that_number_is_told() -> None:
    with pytest.raises(UnknownStep):
        steps.move_step("d1", 9, revision=1, due=date(2026, 11, 20), **BY)
