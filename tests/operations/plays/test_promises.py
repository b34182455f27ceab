"""Promises become facts with what caused them, are closed once by the clock, and count as a file's would, never twice."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from nextplay.facts.scope import Reach
from nextplay.ledger import actions, journal, play_queries, promises, steps
from nextplay.ledger.promises import ToPromise
from nextplay.ledger.records import PromiseRecord, Turn
from nextplay.ledger.steps import Logged
from nextplay.operations.data.record_activity import merge_recorded
from nextplay.operations.plays.promises import GRACE_DAYS, close_past_due, take_back_promise
from nextplay.operations.viewer import OPERATOR
from nextplay.signals.compute import compute
from tests.facts.files import PARTNERS, Desk
from tests.ledger.conftest import make_cycle, make_decision
from tests.ledger.test_steps import PLANNED

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 9, 9, tzinfo=UTC)
DUE = NOW.date() + timedelta(days=3)
ANA = "ana@program.example"
AFTER_GRACE = NOW + timedelta(days=3 + GRACE_DAYS + 1)
ACTIVITIES = "activity_id,partner_id,kind,occurred_at\na1,p1,meeting_held,2026-11-02\n"


@pytest.fixture
def desk(tmp_path: Path, facts_url: str) -> Iterator[Desk]:
    """A play under way, on each engine in turn."""
    made = Desk(tmp_path, facts_url)
    made.load_text(partners=PARTNERS, activities=ACTIVITIES)
    _commit()
    yield made
    made.warehouse.close()


@pytest.fixture
def one_desk(tmp_path: Path) -> Iterator[Desk]:
    """The same on DuckDB alone."""
    made = Desk(tmp_path)
    made.load_text(partners=PARTNERS, activities=ACTIVITIES)
    _commit()
    yield made
    made.warehouse.close()


def _commit() -> None:
    actions.record_cycle(make_cycle(make_decision("d1")), actor=ANA, now=NOW)
    actions.commit_decision("d1", revision=1, planned=PLANNED, actor=ANA, now=NOW)


def _promised(by: Turn = "partner", text: str = "Name a lead seller", step: int | None = None) -> PromiseRecord:
    asked = ToPromise("p1", by, text, DUE, decision_id="d1", step=step)
    return promises.make_promise(asked, actor=ANA, now=NOW)


def _accepted(at: datetime = NOW) -> PromiseRecord:
    """The second step of the play, which is the partner's, promised."""
    made = _promised(text="Send the list", step=2)
    return promises.answer_promise(made.promise_id, revision=None, answer="accepted", actor="link", now=at)


def _entered() -> list[str]:
    return sorted(one.kind for one in play_queries.facts_entered(partner_id="p1"))


def _in_facts(desk: Desk) -> list[str]:
    merge_recorded(desk.installation, now=NOW)
    return sorted(kind for kind, *_ in desk.rows("activities", "kind") if kind != "meeting_held")


def _signals(desk: Desk, at: datetime) -> dict[str, float]:
    merge_recorded(desk.installation, now=at)
    frame = compute(desk.warehouse, desk.installation.facts(at.date(), Reach()), desk.installation.program)
    return frame.filter(pl.col("partner_id") == "p1").row(0, named=True)


@pytest.mark.engine
def test_a_promise_kept_here_counts_as_one_of_a_file_does(desk: Desk) -> None:
    made = _promised()
    assert _signals(desk, NOW)["commitments_open_90"] == 1
    promises.close_promise(made.promise_id, revision=1, state="met", actor=ANA, now=NOW)
    told = _signals(desk, NOW)
    assert (told["commitment_met_270"], told["commitment_missed_270"], told["commitments_open_90"]) == (1, 0, 0)


def test_what_we_promise_is_kept_apart_from_what_the_partner_keeps(one_desk: Desk) -> None:
    made = _promised("us")
    promises.close_promise(made.promise_id, revision=1, state="missed", actor=ANA, now=NOW)
    assert _entered() == ["our_commitment_made", "our_commitment_missed"]
    assert _signals(one_desk, NOW)["commitment_missed_270"] == 0


def test_taking_back_what_became_of_a_promise_takes_its_fact_back(one_desk: Desk) -> None:
    made = _promised()
    promises.close_promise(made.promise_id, revision=1, state="met", actor=ANA, now=NOW)
    assert _in_facts(one_desk) == ["commitment_made", "commitment_met"]
    promises.reopen_promise(made.promise_id, revision=2, actor=ANA, now=NOW)
    assert _in_facts(one_desk) == ["commitment_made"]
    promises.close_promise(made.promise_id, revision=3, state="withdrawn", actor=ANA, now=NOW)
    assert _in_facts(one_desk) == []


def test_a_step_is_promised_by_a_yes_and_met_when_it_is_logged() -> None:
    _commit()
    made = _promised(text="Send the list", step=2)
    assert _entered() == []
    promises.answer_promise(made.promise_id, revision=None, answer="accepted", actor="link", now=NOW)
    assert _entered() == ["commitment_made"]
    steps.log_step("d1", 2, revision=1, logged=Logged("Done", "done"), actor=ANA, now=NOW + timedelta(hours=1))
    assert _entered() == ["commitment_made", "commitment_met"]
    steps.reopen_step("d1", 2, revision=2, actor=ANA, now=NOW + timedelta(hours=2))
    assert _entered() == ["commitment_made"]


def test_a_no_to_a_step_is_no_promise() -> None:
    _commit()
    promises.answer_promise(
        _promised(step=2).promise_id, revision=None, answer="declined", reason="No time", actor="link", now=NOW
    )
    assert _entered() == []


def test_a_play_that_ends_withdraws_what_is_open_and_one_that_opens_again_brings_it_back() -> None:
    _commit()
    _accepted()
    _promised()
    actions.close_decision("d1", result="met", rows=["deal 7"], actor="nextplay", at=NOW)
    assert {(one.state, one.reason) for one in play_queries.promises()} == {("withdrawn", "The outcome is in: met")}
    assert _entered() == []
    actions.close_decision("d1", result="open", rows=[], actor="nextplay", at=NOW)
    assert {one.state for one in play_queries.promises()} == {"open"}
    assert _entered() == ["commitment_made", "commitment_made"]


def test_the_clock_closes_what_is_past_due_once_after_a_stated_grace(one_desk: Desk) -> None:
    theirs, ours = _promised(), _promised("us")
    assert close_past_due(one_desk.installation, now=AFTER_GRACE - timedelta(days=1)) == 0
    assert close_past_due(one_desk.installation, now=AFTER_GRACE) == 2
    assert close_past_due(one_desk.installation, now=AFTER_GRACE) == 0
    assert _entered() == ["commitment_made", "commitment_missed", "our_commitment_made", "our_commitment_missed"]
    assert [line.verb for line in journal.lines("partner p1")].count("missed") == 2
    for one in (theirs, ours):
        take_back_promise(one_desk.installation, OPERATOR, one.promise_id, revision=2, now=AFTER_GRACE)
    assert close_past_due(one_desk.installation, now=AFTER_GRACE + timedelta(days=30)) == 0


def test_a_step_put_on_another_day_takes_its_promise_along(one_desk: Desk) -> None:
    _accepted()
    steps.move_step("d1", 2, revision=1, due=DUE + timedelta(days=20), actor=ANA, now=NOW)
    assert close_past_due(one_desk.installation, now=AFTER_GRACE) == 0


def test_another_day_for_a_step_opens_the_promise_that_the_clock_closed_and_looks_at_it_anew(one_desk: Desk) -> None:
    _accepted()
    close_past_due(one_desk.installation, now=AFTER_GRACE)
    steps.move_step("d1", 2, revision=1, due=AFTER_GRACE.date() + timedelta(days=10), actor=ANA, now=AFTER_GRACE)
    assert ([one.state for one in play_queries.promises()], _entered()) == (["open"], ["commitment_made"])
    assert close_past_due(one_desk.installation, now=AFTER_GRACE + timedelta(days=10 + GRACE_DAYS + 1)) == 1
    assert _entered() == ["commitment_made", "commitment_missed"]


def test_the_facts_hold_the_day_that_was_agreed_last(one_desk: Desk) -> None:
    made, moved = _accepted(), DUE + timedelta(days=4)
    _in_facts(one_desk)
    steps.move_step("d1", 2, revision=1, due=moved, actor=ANA, now=NOW)
    _in_facts(one_desk)
    again = moved + timedelta(days=1)
    told = one_desk.rows("activities", "kind", "details")
    assert [json.loads(details)["due"] for kind, details in told if kind == "commitment_made"] == [moved.isoformat()]
    promises.answer_promise(made.promise_id, revision=None, answer="other_date", due=again, actor="link", now=NOW)
    assert [one.details["due"] for one in play_queries.facts_entered()] == [again.isoformat()]


def test_what_is_past_its_day_when_a_play_ends_is_missed_and_the_rest_withdrawn() -> None:
    _commit()
    _accepted()
    asked = ToPromise("p1", "us", "Write the offer", DUE + timedelta(days=9), decision_id="d1")
    promises.make_promise(asked, actor=ANA, now=NOW)
    at = NOW + timedelta(days=5)
    actions.close_decision("d1", result="missed", rows=[], actor="nextplay", at=at)
    assert {one.text: one.state for one in play_queries.promises()} == {
        "Send the list": "missed",
        "Write the offer": "withdrawn",
    }
    assert _entered() == ["commitment_made", "commitment_missed"]
    actions.close_decision("d1", result="open", rows=[], actor="nextplay", at=at)
    assert {(one.state, one.lapsed) for one in play_queries.promises()} == {("open", False)}


def test_a_promise_whose_day_is_not_over_everywhere_is_withdrawn_with_its_play() -> None:
    _commit()
    _promised()
    morning = datetime(DUE.year, DUE.month, DUE.day, 11, tzinfo=UTC) + timedelta(days=1)
    actions.close_decision("d1", result="met", rows=["deal 7"], actor="nextplay", at=morning)
    assert [one.state for one in play_queries.promises()] == ["withdrawn"]


@pytest.mark.engine
def test_what_a_file_tells_of_too_counts_once_and_as_often_as_both_say_at_most(desk: Desk) -> None:
    for text in ("Name a lead seller", "Send the list"):
        made = _promised(text=text)
        promises.close_promise(made.promise_id, revision=1, state="met", actor=ANA, now=NOW)
    assert _signals(desk, NOW)["commitment_met_270"] == 2
    same = "activity_id,partner_id,kind,occurred_at\ncrm-7,p1,commitment_met,2026-11-09T16:00\n"
    desk.load_text(activities=same)
    merge_recorded(desk.installation, now=NOW, everything=True)
    assert _signals(desk, NOW)["commitment_met_270"] == 2
    assert [one.refused for one in play_queries.facts_entered() if one.refused] == [
        "A file brings the same: this partner, this kind, this day."
    ]
    desk.load_text(activities=ACTIVITIES, replace=True)
    merge_recorded(desk.installation, now=NOW, everything=True)
    assert _signals(desk, NOW)["commitment_met_270"] == 2


@pytest.mark.engine
def test_beside_a_file_kept_promises_count_alike_whether_they_are_merged_together_or_one_by_one(desk: Desk) -> None:
    desk.load_text(activities="activity_id,partner_id,kind,occurred_at\ncrm-7,p1,commitment_met,2026-11-09T16:00\n")
    made = [_promised(text=text) for text in ("Name a lead seller", "Send the list")]
    counted = []
    for hours, one in enumerate(made):
        at = NOW + timedelta(hours=hours)
        promises.close_promise(one.promise_id, revision=1, state="met", actor=ANA, now=at)
        counted.append(_signals(desk, at)["commitment_met_270"])
    assert counted == [1, 2]
    promises.reopen_promise(made[0].promise_id, revision=2, actor=ANA, now=NOW)
    one_by_one = _signals(desk, NOW)["commitment_met_270"]
    merge_recorded(desk.installation, now=NOW, everything=True)
    assert one_by_one == _signals(desk, NOW)["commitment_met_270"] == 1


def test_what_is_entered_again_and_taken_back_before_the_merge_leaves_the_facts(one_desk: Desk) -> None:
    made = _promised()
    assert _in_facts(one_desk) == ["commitment_made"]
    promises.close_promise(made.promise_id, revision=1, state="withdrawn", actor=ANA, now=NOW)
    promises.reopen_promise(made.promise_id, revision=2, actor=ANA, now=NOW)
    promises.close_promise(made.promise_id, revision=3, state="withdrawn", actor=ANA, now=NOW)
    assert _in_facts(one_desk) == []
