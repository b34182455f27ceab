"""The promises of a cycle: hours are never exceeded, everybody is counted once, and the same inputs give the same answer."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.decisions.history import History
from nextplay.decisions.proposal import Cycle
from nextplay.decisions.propose import propose
from nextplay.decisions.prospect import prospects
from nextplay.operations.record.cycle_json import cycle_text
from nextplay.program.definition import Program
from nextplay.program.load import default_program
from nextplay.program.plays import Capacity, Manager
from tests.decisions.boards import DAY, OCCASION, PROMISING, SIZED, chosen, decide, past, reason
from tests.decisions.spread import spread
from tests.stories import signals

_SMALL = st.integers(0, 12)


@st.composite
def partners(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to forty partners of three managers or none, in any state."""
    rows = []
    for place in range(draw(st.integers(1, 40))):
        near, sold = draw(_SMALL), draw(st.booleans())
        rows.append(
            {
                "partner_id": f"p{place:02d}",
                "manager_email": draw(st.sampled_from(["ana@x", "ben@x", "cy@x", None])),
                "workable": draw(st.sampled_from([1, 1, 1, 0])),
                "selling_90": near if sold else 0,
                "selling_180": near + draw(_SMALL) if sold else 0,
                "opened_90": near if sold else 0,
                "opened_180": near + draw(_SMALL) if sold else 0,
                "selling_days": 1 + near if sold else 0,
                "days_since_selling": draw(st.integers(0, 400)) if sold else None,
                "silence": draw(st.floats(0, 9)) if sold else None,
                "stalled_deals": draw(st.sampled_from([0, 0, 1, 5])),
                "commitment_met_270": draw(_SMALL),
                "commitment_missed_270": draw(_SMALL),
                "attention_180": draw(_SMALL),
                "days_in_program": draw(st.integers(0, 900)),
                "sized_deals": draw(_SMALL),
                "log_size": draw(st.floats(3, 13)),
                "sized_value": draw(st.floats(0, 1e7)),
            }
        )
    return rows


def _with_hours(hours: float) -> Program:
    return default_program().model_copy(update={"capacity": Capacity(default_hours=hours)})


@given(partners(), st.sampled_from([0.0, 2.0, 5.5, 24.0, 60.0]))
def test_no_manager_is_given_more_hours_than_there_are(rows: list[dict[str, Any]], hours: float) -> None:
    cycle = decide(_with_hours(hours), *rows)
    assert all(owner.assigned_hours <= owner.capacity_hours for owner in cycle.owners)
    spent = {owner.email: 0.0 for owner in cycle.owners}
    for decision in cycle.focus:
        spent[decision.owner] += decision.hours
    assert spent == {owner.email: owner.assigned_hours for owner in cycle.owners}


@given(partners(), st.sampled_from([0.0, 5.5, 24.0]))
def test_work_handed_over_stays_within_hours_and_says_whose_it_was(rows: list[dict[str, Any]], hours: float) -> None:
    capacity = Capacity(default_hours=hours, reassign=True, managers=(Manager(email="idle@x", hours=12),))
    cycle = decide(default_program().model_copy(update={"capacity": capacity}), *rows)
    assert all(owner.assigned_hours <= owner.capacity_hours for owner in cycle.owners)
    own = {row["partner_id"]: row["manager_email"] for row in rows}
    instead = {action.partner_id: action.instead_of for action in cycle.next_actions}
    for decision in cycle.focus:
        assert instead[decision.partner_id] == (
            own[decision.partner_id] if decision.owner == "idle@x" else instead[decision.partner_id]
        )
        assert (instead[decision.partner_id] is None) == (own[decision.partner_id] in (decision.owner, None))


def test_nobody_does_the_work_of_another_unless_the_program_says_so(program: Program) -> None:
    rows = [{"partner_id": f"p{place}", **PROMISING, **SIZED, "manager_email": "ana@x"} for place in range(8)]
    hours = Capacity(default_hours=10, managers=(Manager(email="idle@x", hours=10),))
    alone = decide(program.model_copy(update={"capacity": hours}), *rows)
    shared = decide(program.model_copy(update={"capacity": hours.model_copy(update={"reassign": True})}), *rows)
    assert {one.owner for one in alone.focus} == {"ana@x"}
    assert {one.owner for one in shared.focus} == {"ana@x", "idle@x"}
    assert len(shared.focus) > len(alone.focus)


@given(partners())
def test_focus_holdout_stop_and_left_out_add_up_to_all_partners(rows: list[dict[str, Any]]) -> None:
    cycle = decide(default_program(), *rows)
    counted = len(cycle.focus) + len(cycle.holdout) + len(cycle.stop) + sum(one.count for one in cycle.left_out)
    assert counted == len(rows)
    placed = [*(one.partner_id for one in cycle.focus), *(one.partner_id for one in cycle.holdout)]
    placed += [one.partner_id for one in cycle.stop]
    assert len(placed) == len(set(placed))


@given(partners())
def test_every_workable_partner_has_a_next_action_and_no_other(rows: list[dict[str, Any]]) -> None:
    actions = list(decide(default_program(), *rows).next_actions)
    assert [action.partner_id for action in actions] == sorted(row["partner_id"] for row in rows if row["workable"])
    assert all(action.action and action.why and action.verdict for action in actions)


@given(partners(), st.randoms())
def test_the_order_of_the_facts_changes_nothing(rows: list[dict[str, Any]], shuffled: Any) -> None:
    before = cycle_text(decide(default_program(), *rows))
    shuffled.shuffle(rows)
    assert cycle_text(decide(default_program(), *rows)) == before


@given(partners())
def test_nobody_out_of_work_or_without_an_owner_is_in_focus(rows: list[dict[str, Any]]) -> None:
    closed = {row["partner_id"] for row in rows if not row["workable"]}
    anyone = any(row["workable"] and row["manager_email"] for row in rows)
    closed |= {row["partner_id"] for row in rows if anyone and row["manager_email"] is None}
    cycle = decide(default_program(), *rows)
    assert not closed & {*chosen(cycle), *(one.partner_id for one in cycle.holdout)}


def test_a_flood_of_logins_badges_and_webinars_gains_nothing_and_a_promise_kept_and_some_outreach_do(program: Program) -> None:
    flood = {
        f"{kind}_{days}": days for kind in ("portal_login", "webinar_attended", "training_completed") for days in (30, 90, 180)
    }
    work = {
        "commitment_met_90": 1,
        "commitment_met_180": 1,
        "outreach_sent_30": 2,
        "outreach_sent_90": 4,
        "outreach_sent_180": 4,
    }
    rows = [{"partner_id": f"p{place:02d}"} for place in range(40)]
    focus = decide(program, *rows, {"partner_id": "busy", **flood}, {"partner_id": "keen", **work}).focus
    gains = {one.partner_id: one.expected_gain for one in focus}
    others = {gain for partner, gain in gains.items() if partner not in ("busy", "keen")}
    assert {gains["busy"]} == others
    assert gains["keen"] > 1.3 * gains["busy"]


def test_a_polite_partner_stops_and_is_told_what_would_change_our_mind(program: Program) -> None:
    polite = {"attention_180": 9, "days_in_program": 400, "commitment_missed_270": 3, "commitment_met_270": 1}
    cycle = decide(program, {"partner_id": "p1", **polite}, {"partner_id": "p2"})
    [stop] = cycle.stop
    assert stop.partner_id == "p1"
    assert "9 meetings and webinars" in stop.why
    assert "1 of 4 commitments kept" in stop.why
    assert "No play took hours in 180 days" in stop.why
    assert stop.change_our_mind
    assert "p1" not in chosen(cycle)


@pytest.mark.parametrize(
    "saved", [{"selling_180": 1}, {"attention_180": 5}, {"commitment_met_270": 4}, {"days_in_program": 100}]
)
def test_attention_alone_is_no_reason_to_stop(program: Program, saved: dict[str, int]) -> None:
    polite = {"attention_180": 9, "days_in_program": 400, "commitment_missed_270": 3}
    assert decide(program, {"partner_id": "p1", **polite, **saved}).stop == ()


def test_a_badge_collector_is_left_alone_until_it_takes_a_step(program: Program) -> None:
    badges = {"partner_id": "p1", "badges_180": 30, "training_completed_180": 9, "days_in_program": 400, "fresh_or_willing": 0}
    cycle = decide(program, badges)
    assert reason(cycle, "p1") == "Trains and attends, but takes no step towards selling"
    action = cycle.next_actions.of("p1")
    assert action is not None
    assert action.verdict == "change_approach"


def test_a_play_under_way_keeps_its_partner_out_and_its_hours_taken(program: Program) -> None:
    rows = [{"partner_id": f"p{place}", **PROMISING, **SIZED} for place in range(1, 9)]
    hours = program.model_copy(update={"capacity": Capacity(default_hours=10)})
    before = decide(hours, *rows)
    after = decide(hours, *rows, history=past(as_of=date(2026, 3, 20), play="co_sell_sprint"))
    assert reason(after, "p1") == "Play under way"
    assert sum(one.hours for one in before.focus) == 10
    assert sum(one.hours for one in after.focus) <= 4


def test_a_play_whose_steps_are_over_takes_no_hours_and_leaves_its_partner_free(program: Program) -> None:
    rows = [{"partner_id": f"p{place}", **PROMISING, **SIZED} for place in range(1, 9)]
    hours = program.model_copy(update={"capacity": Capacity(default_hours=10)})
    after = decide(hours, *rows, history=past(as_of=date(2026, 2, 28)))
    assert reason(after, "p1") in ("focus", "Next in line, no hours left")
    assert sum(one.hours for one in after.focus) == 10


@pytest.mark.parametrize("day", range(20, 27))
def test_no_step_is_due_on_a_weekend(program: Program, day: int) -> None:
    occasion = replace(OCCASION, as_of=date(2026, 4, day))
    begun = past(as_of=date(2026, 4, day), outcome_by=date(2026, 6, 30))
    keen, quiet = signals({"partner_id": "p1", **PROMISING, **SIZED}), signals({"partner_id": "p1"})
    proposed = propose(keen, History(), program, occasion, spread(keen))
    running = propose(quiet, begun, program, occasion, spread(quiet))
    action = running.next_actions.of("p1")
    assert action is not None
    assert len(proposed.focus) == 1
    dues = [action.due, *(one.due for one in proposed.focus)]
    assert all(due and due.isoweekday() <= 5 and due > occasion.as_of for due in dues)


def test_what_was_declined_is_not_proposed_again_until_its_pause_is_over(program: Program) -> None:
    row = {"partner_id": "p1", "days_in_program": 60}
    declined = past(status="declined", decided_on=date(2026, 3, 1))
    long_ago = past(status="declined", as_of=date(2025, 5, 31), decided_on=date(2025, 6, 1))
    assert chosen(decide(program, row)) == {"p1": "first_selling_play"}
    assert chosen(decide(program, row, history=declined)) == {}
    assert chosen(decide(program, row, history=long_ago)) == {"p1": "first_selling_play"}


def test_the_pause_of_a_play_counts_from_the_day_somebody_committed_it(program: Program) -> None:
    row = {"partner_id": "p1", "days_in_program": 60}
    over = {"as_of": date(2026, 1, 1), "outcome_by": date(2026, 3, 20), "result": "missed"}
    assert chosen(decide(program, row, history=past(**over))) == {"p1": "first_selling_play"}
    assert chosen(decide(program, row, history=past(**over, decided_on=date(2026, 2, 3)))) == {}


def test_the_steps_of_a_play_committed_late_are_told_from_that_day(program: Program) -> None:
    late = past(as_of=DAY - timedelta(days=31), decided_on=DAY - timedelta(days=2))
    action = decide(program, {"partner_id": "p1"}, history=late).next_actions.of("p1")
    assert action is not None
    assert (action.due, action.action[:44]) == (date(2026, 4, 3), "First selling play: 25-minute working sessio")


def test_a_snoozed_partner_comes_back_on_its_day_and_not_before(program: Program) -> None:
    row = {"partner_id": "p1"}
    assert chosen(decide(program, row, history=past(status="snoozed", snoozed_until=date(2026, 4, 1)))) == {}
    assert chosen(decide(program, row, history=past(status="snoozed", snoozed_until=DAY))) == {"p1": "first_selling_play"}


def test_nothing_else_is_proposed_before_the_window_of_a_pause_ends_and_from_then_on_it_is(program: Program) -> None:
    row = {"partner_id": "p1", "days_in_program": 400, **PROMISING}

    def paused_until(day: date) -> Cycle:
        begun, last_look = day - timedelta(days=90), day - timedelta(days=30)
        return decide(program, row, history=past(play="pause", hours=0.0, as_of=begun, due=last_look, outcome_by=day))

    # Its last step was due three weeks ago or more: only the window still runs.
    assert chosen(decide(program, row))
    for day in (DAY, DAY + timedelta(days=9)):
        told = paused_until(day)
        assert chosen(told) == {}
        action = told.next_actions.of("p1")
        assert action is not None
        assert (action.verdict, action.play, action.why[:12]) == ("stop", "pause", "Paused by us")
    assert chosen(paused_until(DAY - timedelta(days=1))) == chosen(decide(program, row))


def test_committed_work_stands_when_the_month_is_decided_again(program: Program) -> None:
    rows = [{"partner_id": f"p{place}", **PROMISING, **SIZED} for place in range(1, 9)]
    hours = program.model_copy(update={"capacity": Capacity(default_hours=10)})
    first = decide(hours, *rows)
    again = decide(hours, *rows, history=replace(History(), committed=first.focus))
    assert cycle_text(again) == cycle_text(first)


def test_partners_of_a_program_without_managers_are_still_decided(program: Program) -> None:
    cycle = decide(program, {"partner_id": "p1", "manager_email": None})
    assert [(one.partner_id, one.owner) for one in cycle.focus] == [("p1", "unassigned")]


def test_a_partner_without_a_manager_is_left_out_where_others_have_one(program: Program) -> None:
    cycle = decide(program, {"partner_id": "p1", "manager_email": None}, {"partner_id": "p2"})
    assert reason(cycle, "p1") == "No partner manager"
    assert list(chosen(cycle)) == ["p2"]


def test_partners_that_nobody_owns_go_to_whom_the_program_names(program: Program) -> None:
    capacity = Capacity(unowned_to="Ben@program.example", managers=(Manager(email="ben@program.example", hours=6),))
    cycle = decide(
        program.model_copy(update={"capacity": capacity}), {"partner_id": "p1", "manager_email": None}, {"partner_id": "p2"}
    )
    assert {one.partner_id: one.owner for one in cycle.focus}["p1"] == "ben@program.example"


def test_what_began_yesterday_is_no_run_that_led_to_nothing(program: Program) -> None:
    rows = signals(*({"partner_id": f"p{number}"} for number in range(40)))
    runs = [past(decision_id=f"d{number}", partner_id=f"p{number}", as_of=DAY - timedelta(days=1)).past for number in range(40)]
    known = History(past=pl.concat(runs))
    after = prospects(rows, spread(rows), known, program, DAY).reach
    before = prospects(rows, spread(rows), History(), program, DAY).reach
    assert after.mean.tolist() == before.mean.tolist()
    month_old = pl.concat(runs).with_columns(as_of=DAY - timedelta(days=31), decided_on=DAY - timedelta(days=31))
    assert prospects(rows, spread(rows), History(past=month_old), program, DAY).reach.mean[0] < before.mean[0]


def test_a_small_program_holds_nobody_back_and_says_why(program: Program) -> None:
    cycle = decide(program, {"partner_id": "p1"})
    assert cycle.holdout == ()
    assert any("held back" in note for note in cycle.notes)


def test_a_list_says_where_it_rests_on_little(program: Program) -> None:
    def notes(partners: int, unread: float) -> str:
        frame = signals(*({"partner_id": f"p{number}"} for number in range(partners)))
        told = propose(frame, History(), program, replace(OCCASION, unread=unread), spread(frame))
        return " ".join(told.notes)

    assert "With 59 partners, under 60, stages work as the program file assumes" in notes(59, 0.2)
    many = notes(60, 0.21)
    assert "21% of a year's activities are of kinds that feed no signal" in many
    assert "falls back to rules" in many
    assert "consistent playbook" not in many


def test_where_too_many_kinds_are_unknown_nothing_soft_moves_a_stage(program: Program) -> None:
    """The fall-back: deals and answers alone tell where a partner stands."""
    soft = {f"{kind}_{days}": 3 for kind in ("outreach_replied", "narrative_shared") for days in (30, 90, 180)}
    rows = [{"partner_id": f"p{place:02d}", **PROMISING, **SIZED, **(soft if place % 2 else {})} for place in range(70)]
    frame = signals(*rows)

    def on_list(unread: float) -> set[tuple[bool, float]]:
        told = propose(frame, History(), program, replace(OCCASION, unread=unread), spread(frame))
        return {(int(one.partner_id[1:]) % 2 > 0, one.expected_gain) for one in told.focus}

    assert {soft for soft, _ in on_list(0.2)} == {True}
    assert {soft for soft, _ in on_list(0.21)} == {True, False}
    assert len({gain for _, gain in on_list(0.21)}) == 1


def test_a_large_program_holds_some_back_at_the_margin_and_logs_how_likely_that_was(program: Program) -> None:
    rows = [{"partner_id": f"p{place:03d}", **PROMISING, **SIZED, "manager_email": f"m{place % 20}@x"} for place in range(400)]
    cycle = decide(program, *rows)
    assert 1 <= len(cycle.holdout) <= len(cycle.focus) / 3
    assert {one.propensity for one in cycle.holdout} == {0.1}
    assert {one.propensity for one in cycle.focus if not one.exploration} <= {1.0, 0.9}
    assert 0.9 in {one.propensity for one in cycle.focus}


def test_partners_that_the_lot_spared_and_that_lost_their_place_since_are_counted(program: Program) -> None:
    rows = [{"partner_id": f"p{place:03d}", **PROMISING, **SIZED, "manager_email": f"m{place % 5}@x"} for place in range(120)]
    drawn = decide(program, *rows)
    spared = {(one.partner_id, one.play) for one in drawn.lots if one.arm == "offered"}
    fewer = program.model_copy(update={"capacity": Capacity(default_hours=8)})
    after = decide(fewer, *rows, history=History(lots=drawn.lots))
    lost = len(spared - {(one.partner_id, one.play) for one in after.focus})
    assert lost > 1
    assert any(note.startswith(f"{lost} partners that the lot spared have lost a place") for note in after.notes)


def test_a_program_without_hours_proposes_nothing_and_says_that_hours_are_missing(program: Program) -> None:
    cycle = decide(program.model_copy(update={"capacity": Capacity(default_hours=0)}), {"partner_id": "p1"})
    assert not cycle.focus
    assert reason(cycle, "p1") == "Next in line, no hours left"


def test_another_month_or_program_gives_a_decision_another_name(program: Program) -> None:
    def name(cycle: Cycle) -> str:
        return cycle.focus[0].decision_id

    row = {"partner_id": "p1"}
    other = program.model_copy(update={"name": "Another"})
    assert name(decide(program, row)) == name(decide(program, row))
    assert name(decide(program, row)) != name(decide(other, row))


def test_a_polite_partner_that_turns_steps_down_stops_too_and_one_that_takes_them_does_not(program: Program) -> None:
    polite = {"attention_180": 9, "days_in_program": 400, "proposals_180": 6}
    turns_down = {"partner_id": "p1", **polite, "step_accepted_180": 1, "response_days": 3.0}
    takes_up = {"partner_id": "p2", **polite, "step_accepted_180": 5, "response_days": 3.0}
    assert [one.partner_id for one in decide(program, turns_down, takes_up).stop] == ["p1"]


def test_a_stop_frees_the_hours_that_plays_took_and_no_others(program: Program) -> None:
    polite = {"partner_id": "p1", "attention_180": 9, "days_in_program": 400, "commitment_missed_270": 3}
    lately = past(as_of=DAY - timedelta(days=120), outcome_by=DAY - timedelta(days=75), result="missed", hours=5.5)
    [stop] = decide(program, polite, history=lately).stop
    assert "Plays took 5.5 hours in 180 days: stopping frees as many." in stop.why
    long_ago = past(as_of=DAY - timedelta(days=200), outcome_by=DAY - timedelta(days=155), result="missed")
    [stop] = decide(program, polite, history=long_ago).stop
    assert "No play took hours" in stop.why


def test_a_manager_without_hours_has_none_to_spare_and_a_promise_kept_earns_no_hour_there(program: Program) -> None:
    rows = [{"partner_id": f"p{place}", **PROMISING, **SIZED, "manager_email": "ana@x"} for place in range(4)]
    cycle = decide(program.model_copy(update={"capacity": Capacity(default_hours=0)}), *rows)
    assert cycle.owners[0].hour_price > 0
    minds = cycle.next_actions.frame["change_our_mind"].to_list()
    assert all("hours that come free" in mind and "kept" not in mind for mind in minds)
    plenty = decide(program.model_copy(update={"capacity": Capacity(default_hours=90)}), *rows)
    assert plenty.owners[0].hour_price == 0
