"""Writes of decisions: the journal beside each, repeats that add nothing, and two people at once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from nextplay.decisions.proposal import Cycle
from nextplay.ledger import actions, journal, queries
from nextplay.ledger.actions import AlreadyDecided, NothingToUndo, UnknownDecision
from nextplay.ledger.models import Decision, JournalLine
from nextplay.ledger.models.journal import JournalIsAppendOnlyError
from tests.ledger.conftest import NOW, make_cycle, make_decision, make_lot

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": "ana@program.example", "now": NOW}


def test_a_cycle_is_kept_whole(cycle: Cycle) -> None:
    assert actions.record_cycle(cycle, **BY) == 2
    kept = queries.decisions(cycle="2026-11")
    assert [one.decision_id for one in kept] == ["d1", "d2"]
    assert kept[0].evidence == [
        {"signal": "commitment_met_270", "value": 5, "window_days": 270, "text": "5 of 6 commitments kept", "speaks": "for"}
    ]
    assert queries.lots() == [("2026-11", make_lot("p9"))]


def test_a_proposal_begins_as_any_new_row_does(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    kept, blank = Decision.objects.get(pk="d1"), Decision()
    begun = ("status", "status_reason", "snoozed_until", "decided_by", "decided_at", "before", "result", "result_at")
    also = ("result_rows", "result_was", "result_note", "disputed_by", "origin", "revision")
    assert {name: getattr(kept, name) for name in begun + also} == {name: getattr(blank, name) for name in begun + also}
    assert (kept.cycle.month, kept.due, kept.predicate) == ("2026-11", cycle.focus[0].due, cycle.focus[0].outcome.predicate)


def test_a_month_of_thousands_is_replaced_whole() -> None:
    def many(play: str) -> Cycle:
        return make_cycle(*(replace(make_decision(f"{play}{n}", f"p{n}"), play=play) for n in range(6_000)))

    assert actions.record_cycle(many("first"), **BY) == 6_000
    actions.commit_decision("first7", revision=1, **BY)
    assert actions.record_cycle(many("second"), **BY) == 6_000
    kept = queries.statuses("2026-11")
    assert (len(kept), kept["first7"], "first8" in kept) == (6_001, "committed", False)


def test_proposing_twice_proposes_once(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    assert actions.record_cycle(cycle, **BY) == 0
    assert len(queries.decisions()) == 2


def test_a_newer_run_replaces_what_nobody_decided_and_leaves_the_rest(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    actions.commit_decision("d1", revision=1, **BY)
    actions.record_cycle(make_cycle(make_decision("d3", "p3")), **BY)
    assert {one.decision_id: one.status for one in queries.decisions()} == {"d1": "committed", "d3": "proposed"}


@pytest.mark.parametrize("decide", ["commit", "decline", "snooze", "undo"])
def test_the_lot_of_a_month_stands_from_the_first_decision_of_anybody_on(cycle: Cycle, decide: str) -> None:
    actions.record_cycle(cycle, **BY)
    another = replace(make_cycle(make_decision("d1"), make_decision("d4", "p4")), lots=(make_lot("p8"),))
    actions.record_cycle(another, **BY)
    assert queries.lots() == [("2026-11", make_lot("p8"))]
    match decide:
        case "commit":
            actions.commit_decision("d1", revision=1, **BY)
        case "undo":
            actions.commit_decision("d1", revision=1, **BY)
            actions.undo_decision("d1", revision=2, **BY)
        case "decline":
            actions.decline_decision("d1", revision=1, reason="no time", **BY)
        case _:
            actions.snooze_decision("d1", revision=1, until=date(2026, 12, 1), **BY)
    actions.record_cycle(cycle, **BY)
    assert queries.lots() == [("2026-11", make_lot("p8"))]


def test_lots_in_force_are_those_of_the_month_and_held_back_ones_whose_window_is_not_over(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    until = make_lot("p9").until
    assert [month for month, _ in queries.lots_in_force("2026-12", until)] == ["2026-11"]
    assert queries.lots_in_force("2026-12", until + timedelta(days=1)) == []
    assert len(queries.lots_in_force("2026-11", until + timedelta(days=1))) == 1


def test_committing_twice_commits_once(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    first = actions.commit_decision("d1", revision=1, **BY)
    again = actions.commit_decision("d1", revision=first.revision, **BY)
    assert (first.status, first.decided_by, again.revision) == ("committed", "ana@program.example", first.revision)
    assert [line.verb for line in journal.lines("decision d1")] == ["commit"]


def test_the_second_of_two_people_is_told_who_was_first(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    actions.decline_decision("d1", revision=1, reason="Their seller left", **BY)
    with pytest.raises(AlreadyDecided, match=r"declined by ana@program\.example"):
        actions.commit_decision("d1", revision=1, actor="ben@program.example", now=NOW)
    assert queries.decisions(partner_id="p1")[0].status == "declined"


def test_undo_puts_back_what_stood_before_and_only_once(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    snoozed = actions.snooze_decision("d1", revision=1, until=date(2026, 12, 1), **BY)
    undone = actions.undo_decision("d1", revision=snoozed.revision, **BY)
    assert (undone.status, undone.snoozed_until, undone.decided_by) == ("proposed", None, "")
    with pytest.raises(NothingToUndo):
        actions.undo_decision("d1", revision=undone.revision, **BY)


def test_reassigning_keeps_a_commitment(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    committed = actions.commit_decision("d1", revision=1, **BY)
    later = BY | {"now": BY["now"] + timedelta(days=40)}
    moved = actions.reassign_decision("d1", revision=committed.revision, owner="tobin@program.example", **later)
    assert (moved.status, moved.owner) == ("committed", "tobin@program.example")
    assert (moved.decided_at, moved.outcome_by) == (committed.decided_at, committed.outcome_by)
    back = actions.undo_decision("d1", revision=moved.revision, **BY)
    assert (back.status, back.owner) == ("committed", "ana@program.example")


def test_an_outcome_closes_once_and_a_changed_one_says_what_it_was(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    close: dict[str, Any] = {"decision_id": "d1", "actor": "facts", "at": NOW + timedelta(days=20)}
    actions.close_decision(result="missed", rows=[], **close)
    actions.close_decision(result="missed", rows=[], **close)
    record = actions.close_decision(result="met", rows=["deal 7"], **close)
    assert (record.result, record.result_rows) == ("met", ["deal 7"])
    outcomes = [line.details for line in journal.lines("decision d1")]
    assert [(one["was"], one["result"]) for one in outcomes] == [("missed", "met"), ("open", "missed")]


def test_an_outcome_judged_on_what_moved_since_is_not_written(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    read = actions.commit_decision("d1", revision=1, **BY)
    actions.decline_decision("d1", revision=read.revision, reason="Their seller left", **BY)
    with pytest.raises(AlreadyDecided):
        actions.close_decision("d1", result="missed", rows=[], actor="facts", at=NOW, revision=read.revision)
    kept = queries.decision("d1")
    assert kept is not None
    assert (kept.status, kept.result) == ("declined", "open")


def test_a_closed_decision_is_not_undone(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    actions.commit_decision("d1", revision=1, **BY)
    closed = actions.close_decision("d1", result="met", rows=["deal 7"], actor="facts", at=NOW)
    with pytest.raises(NothingToUndo):
        actions.undo_decision("d1", revision=closed.revision, **BY)


def test_committing_a_cycle_takes_the_waiting_ones_only(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    actions.decline_decision("d2", revision=1, reason="no", **BY)
    assert actions.commit_cycle("2026-11", ["d1", "d2"], **BY) == 1
    assert actions.commit_cycle("2026-11", ["d1", "d2"], **BY) == 0
    assert {one.decision_id: one.status for one in queries.decisions()} == {"d1": "committed", "d2": "declined"}


def test_what_does_not_exist_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownDecision):
        actions.commit_decision("nothing", revision=1, **BY)


def test_the_journal_cannot_be_rewritten(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    line = JournalLine.objects.get()
    line.actor = "somebody else"
    with pytest.raises(JournalIsAppendOnlyError):
        line.save()
    with pytest.raises(JournalIsAppendOnlyError):
        line.delete()
    with pytest.raises(JournalIsAppendOnlyError):
        JournalLine.objects.all().delete()
    with pytest.raises(JournalIsAppendOnlyError):
        JournalLine.objects.update(actor="x")


def test_a_window_is_counted_from_the_last_commitment_however_often_it_was_given_up(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    at = [NOW + timedelta(days=days) for days in (10, 11, 12)]
    first = actions.commit_decision("d1", revision=1, actor="ana@program.example", now=at[0])
    assert first.counts_after == cycle.as_of + timedelta(days=10)
    actions.decline_decision("d1", revision=None, reason="no time", actor="ana@program.example", now=at[1])
    again = actions.commit_decision("d1", revision=None, actor="ana@program.example", now=at[2])
    assert again.counts_after == cycle.as_of + timedelta(days=12)


def test_the_window_of_what_a_person_decided_does_not_move_by_the_age_of_the_list(cycle: Cycle) -> None:
    actions.record_cycle(cycle, **BY)
    decided = NOW + timedelta(days=20)
    day = decided.date()
    Decision.objects.filter(pk="d1").update(
        origin="person", first_proposed_at=decided, as_of=day, outcome_by=day + timedelta(days=46), status="declined"
    )
    committed = actions.commit_decision("d1", revision=1, actor="ana@program.example", now=decided + timedelta(days=1))
    assert committed.counts_after == day + timedelta(days=1)
