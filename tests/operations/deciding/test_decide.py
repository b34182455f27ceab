"""Deciding a month on real stores: the contract, the same bytes, committed work, and outcomes that close themselves."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from jsonschema import Draft202012Validator

from nextplay.facts.scope import Reach
from nextplay.facts.warehouse import Warehouse
from nextplay.home import create_home
from nextplay.ledger import actions, queries
from nextplay.ledger.journal import lines
from nextplay.operations.deciding.decide import decide
from nextplay.operations.installation import Installation
from nextplay.operations.record.close_outcomes import close_outcomes
from nextplay.operations.record.cycle_json import cycle_json, cycle_text, next_action_lines, write_next_actions
from nextplay.operations.record.cycles import latest_cycle, only_decisions
from nextplay.program.load import ProgramError, default_text
from nextplay.signals.compute import compute
from tests.stories import activity, days_before, deal, load, partner

pytestmark = pytest.mark.django_db

DAY, NOW = date(2026, 3, 31), datetime(2026, 4, 1, 8, tzinfo=UTC)
END = datetime(2026, 3, 31, 12)
SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "decide.schema.json"


def _tell_stories(warehouse: Warehouse) -> None:
    """Enabled and silent, selling, fading, polite, collecting badges; and one nobody signed."""
    load(
        warehouse,
        "partners",
        partner("silent", enabled_at=days_before(END, 40)),
        partner("sells", lifecycle_stage="active"),
        partner("fades", lifecycle_stage="active"),
        partner("polite", enabled_at=days_before(END, 400)),
        partner("badges", enabled_at=days_before(END, 400)),
        partner("lead", lifecycle_stage="prospect"),
    )
    load(
        warehouse,
        "deals",
        *(deal(f"s{n}", "sells", days_before(END, 14 * n + 3), amount=10_000 + n, currency="USD") for n in range(10)),
        *(deal(f"f{n}", "fades", days_before(END, 14 * n + 95), amount=30_000, currency="USD") for n in range(6)),
    )
    load(
        warehouse,
        "activities",
        *(activity("polite", "meeting_held", days_before(END, 20 * n + 2)) for n in range(8)),
        *(activity("polite", "commitment_missed", days_before(END, 30 * n + 4)) for n in range(3)),
        *(activity("badges", "certification_earned", days_before(END, 9 * n + 2)) for n in range(12)),
    )


@pytest.fixture
def told(installation: Installation) -> Installation:
    """An installation with the stories loaded."""
    _tell_stories(installation.warehouse)
    return installation


def _decide(installation: Installation, **more: Any) -> Any:
    return decide(installation, now=NOW, actor="ben@program.example", as_of=DAY, **more)


def test_the_answer_is_what_the_schema_says(told: Installation) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(cycle_json(_decide(told)))


def test_the_schema_refuses_an_answer_that_is_not_of_the_contract(told: Installation) -> None:
    answer = cycle_json(_decide(told))
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert not validator.is_valid(answer | {"more": 1})
    assert not validator.is_valid({key: value for key, value in answer.items() if key != "stop"})
    answer["focus"][0]["probability"] = 1.2
    assert not validator.is_valid(answer)


def test_keys_come_in_the_order_of_the_contract(told: Installation) -> None:
    answer = cycle_json(_decide(told))
    assert " ".join(answer) == (
        "cycle as_of facts_version program_version seed currency owners focus holdout stop left_out next_actions notes"
    )
    assert " ".join(answer["focus"][0]) == (
        "decision_id partner_id verdict play step owner hours due outcome probability probability_without "
        "expected_gain exploration propensity why evidence alternatives change_our_mind instead_of"
    )


def test_the_stories_get_what_they_need(told: Installation) -> None:
    cycle = _decide(told)
    plays = {one.partner_id: one.play for one in cycle.focus}
    assert plays["silent"] == "first_selling_play"
    assert plays["fades"] in ("reactivation", "executive_sponsor_reset")
    assert [one.partner_id for one in cycle.stop] == ["polite"]
    assert "badges" not in plays
    assert {one.reason for one in cycle.left_out} >= {"Not signed yet", "Trains and attends, but takes no step towards selling"}


@pytest.mark.engine
def test_both_engines_answer_the_same_bytes(tmp_path: Path, postgres_url: str) -> None:
    texts = []
    for name, url in (("a", None), ("b", postgres_url)):
        opened = Installation(create_home(tmp_path / name, facts_url=url))
        _tell_stories(opened.warehouse)
        texts.append(cycle_text(_decide(opened)))
        opened.warehouse.close()
    assert texts[0] == texts[1]


@pytest.mark.parametrize("damage", [b"", b"[]", b"{", b"\xff\x00 nothing of ours"])
def test_a_kept_month_that_was_damaged_is_computed_anew(told: Installation, damage: bytes) -> None:
    first = cycle_json(_decide(told))
    files = [file for file in told.home.cycles.rglob("*") if file.is_file()]
    assert {file.suffix for file in files} == {".json", ".parquet"}
    for file in files:
        file.write_bytes(damage)
    left = latest_cycle(told.home)
    assert left is not None
    assert only_decisions(left)
    assert cycle_json(_decide(told)) == first
    whole = latest_cycle(told.home)
    assert whole is not None
    assert not only_decisions(whole)


def test_a_file_put_into_the_home_is_checked_before_anything_is_computed_or_written(told: Installation) -> None:
    play = default_text().replace("signal: selling_90", "signal: seling_90", 1)
    told.home.program_file.write_text(play, encoding="utf-8")
    before = len(lines())
    with pytest.raises(ProgramError) as refused:
        _decide(told)
    assert str(refused.value).startswith(f"{told.home.program_file}: play ")
    assert "'seling_90', which does not exist. Did you mean selling_90" in str(refused.value)
    assert len(lines()) == before
    assert not told.home.cycles.exists()
    told.home.program_file.unlink()
    assert len(_decide(told).focus)


def test_a_month_that_was_kept_and_not_yet_the_latest_becomes_it_when_it_is_decided_again(told: Installation) -> None:
    first = cycle_json(_decide(told))
    (told.home.cycles / "latest.json").unlink()
    assert cycle_json(_decide(told)) == first
    assert latest_cycle(told.home) is not None


def test_an_unchanged_cycle_is_read_and_not_computed_again(told: Installation) -> None:
    first = cycle_text(_decide(told))
    [stored] = (told.home.cycles / "2026-03-31").glob("*.json")
    written = stored.stat().st_mtime_ns
    before = len(lines())
    assert cycle_text(_decide(told)) == first
    assert stored.stat().st_mtime_ns == written
    assert len(lines()) == before


def test_another_nextplay_decides_anew_and_its_numbers_are_written_down(
    told: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _decide(told)
    [stored] = (told.home.cycles / "2026-03-31").glob("*.json")
    # Under another version the cycle is not found, and what is proposed says other numbers under the same names.
    monkeypatch.setattr("nextplay.operations.deciding.decide.own_code", lambda: "upgraded")
    changed = told.program.model_copy(update={"engine": told.program.engine.model_copy(update={"effect": 0.5})})
    changed.__dict__["version"] = told.program.version
    monkeypatch.setattr(Installation, "program", property(lambda _: changed))
    after = _decide(told)
    assert len(list((told.home.cycles / "2026-03-31").glob("*.json"))) == 2
    assert stored.exists()
    assert {one.decision_id for one in after.focus} & {one.decision_id for one in first.focus}
    held = {one.decision_id: (one.expected_gain, one.why) for one in queries.decisions(cycle="2026-03")}
    assert held == {one.decision_id: (one.expected_gain, one.why) for one in after.focus}
    assert held != {one.decision_id: (one.expected_gain, one.why) for one in first.focus}
    before = len(lines())
    assert cycle_text(_decide(told)) == cycle_text(after)
    assert len(lines()) == before


def test_a_committed_cycle_answers_the_same_bytes_again(told: Installation) -> None:
    first = _decide(told, commit=True)
    records = queries.decisions(cycle="2026-03")
    assert {one.status for one in records} == {"committed"}
    assert len(records) == len(first.focus)
    assert cycle_text(_decide(told, commit=True)) == cycle_text(first)
    assert [one.revision for one in queries.decisions(cycle="2026-03")] == [one.revision for one in records]


def test_committed_work_stands_even_where_the_cycle_must_be_computed_again(told: Installation) -> None:
    first = _decide(told, commit=True)
    for stored in (told.home.cycles / "2026-03-31").iterdir():
        stored.unlink()
    assert cycle_text(_decide(told)) == cycle_text(first)


def test_rows_learned_later_change_no_past_decision(told: Installation) -> None:
    def decided(cycle: Any) -> list[tuple[object, ...]]:
        return [(one.partner_id, one.play, one.probability, one.expected_gain, one.why) for one in cycle.focus]

    said_first: list[str] = []
    first = _decide(told, progress=lambda _, doing: said_first.append(doing))
    assert said_first[-1] == "Decided"
    late = datetime(2026, 5, 2)
    load(told.warehouse, "deals", deal("late", "silent", days_before(END, 5), amount=9e6, currency="USD", observed_at=late))
    load(told.warehouse, "activities", *(activity("badges", "deal_registered", datetime(2026, 4, n)) for n in range(2, 9)))
    load(told.warehouse, "partners", partner("new", observed_at=late))
    said: list[str] = []
    again = _decide(told, progress=lambda _, doing: said.append(doing))
    assert "; 1 deal or activity until 2026-03-31 not counted" in said[-1]
    assert decided(again) == decided(first)
    assert again.left_out == first.left_out
    assert list(again.next_actions) == list(first.next_actions)


def test_replaying_a_past_month_leaves_the_page_where_it_is(told: Installation) -> None:
    _decide(told)
    decide(told, now=NOW, actor="x", as_of=date(2025, 12, 31))
    latest = latest_cycle(told.home)
    assert latest is not None
    assert latest.cycle == "2026-03"


def test_next_actions_stream_as_lines_and_the_file_is_there_whole(told: Installation, tmp_path: Path) -> None:
    cycle = _decide(told)
    write_next_actions(cycle, tmp_path / "actions.jsonl")
    written = [json.loads(line) for line in (tmp_path / "actions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert written == cycle_json(cycle)["next_actions"]
    assert len(written) == 5
    assert len(list(next_action_lines(cycle))) == 5
    assert cycle_json(cycle, limit=2)["next_actions"] == written[:2]


def test_a_later_import_closes_the_outcome_with_the_rows_that_show_it(told: Installation) -> None:
    _decide(told, commit=True)
    assert close_outcomes(told, now=NOW).met == 0
    load(told.warehouse, "deals", deal("first", "silent", datetime(2026, 4, 20)))
    report = close_outcomes(told, now=datetime(2026, 4, 21, tzinfo=UTC))
    [record] = [one for one in queries.decisions(partner_id="silent") if one.status == "committed"]
    assert (report.met, report.missed) == (1, 0)
    assert (record.result, record.result_rows) == ("met", ["first"])
    assert close_outcomes(told, now=datetime(2026, 4, 22, tzinfo=UTC)).met == 0
    assert sum(line.verb == "outcome" for line in lines()) == 1


def test_a_miss_waits_for_facts_past_the_window_and_a_late_import_corrects_it(told: Installation) -> None:
    _decide(told, commit=True)
    over = datetime(2026, 6, 1, tzinfo=UTC)
    assert close_outcomes(told, now=over).missed == 0
    load(told.warehouse, "deals", deal("past", "sells", datetime(2026, 5, 30)))
    assert close_outcomes(told, now=over).missed >= 1
    [record] = queries.decisions(partner_id="silent")
    assert record.result == "missed"
    load(told.warehouse, "deals", deal("late", "silent", datetime(2026, 4, 20), observed_at=datetime(2026, 6, 3)))
    assert close_outcomes(told, now=datetime(2026, 6, 3, 12, tzinfo=UTC)).corrected == 1
    [record] = queries.decisions(partner_id="silent")
    assert record.result == "met"


def test_what_happened_before_the_decision_or_after_its_window_is_no_outcome(told: Installation) -> None:
    _decide(told, commit=True)
    load(
        told.warehouse,
        "deals",
        deal("before", "silent", datetime(2026, 3, 31, 23), observed_at=datetime(2026, 4, 9)),
        deal("after", "silent", datetime(2026, 5, 16)),
    )
    close_outcomes(told, now=datetime(2026, 5, 20, tzinfo=UTC))
    [record] = queries.decisions(partner_id="silent")
    assert record.result == "missed"


def test_nobody_closes_what_nobody_committed(told: Installation) -> None:
    _decide(told)
    load(told.warehouse, "deals", deal("first", "silent", datetime(2026, 4, 20)))
    close_outcomes(told, now=datetime(2026, 4, 21, tzinfo=UTC))
    assert {one.result for one in queries.decisions()} == {"open"}


def test_the_next_month_repeats_neither_a_play_whose_outcome_is_open_nor_one_that_was_declined(told: Installation) -> None:
    _decide(told)
    by_partner = {one.partner_id: one for one in queries.decisions(cycle="2026-03")}
    actions.commit_decision(by_partner["fades"].decision_id, revision=None, actor="ana", now=NOW)
    actions.decline_decision(by_partner["silent"].decision_id, revision=None, reason="Leaves", actor="ana", now=NOW)
    load(told.warehouse, "activities", activity("sells", "portal_login", datetime(2026, 4, 29)))
    cycle = decide(told, now=datetime(2026, 5, 1, tzinfo=UTC), actor="ana", as_of=date(2026, 4, 30))
    again = {(one.partner_id, one.play) for one in cycle.focus}
    assert not again & {(one.partner_id, one.play) for one in (by_partner["fades"], by_partner["silent"])}


def test_evidence_is_what_the_facts_hold(told: Installation) -> None:
    cycle = _decide(told)
    frame = compute(told.warehouse, told.facts(DAY, Reach()), told.program)
    for decision in cycle.focus:
        row = frame.filter(pl.col("partner_id") == decision.partner_id).row(0, named=True)
        for shown in decision.evidence:
            if shown.signal in row:
                assert shown.value == (
                    round(row[shown.signal], 4) if isinstance(row[shown.signal], float) else row[shown.signal]
                )


def test_the_default_day_is_the_one_the_facts_reach(told: Installation) -> None:
    cycle = decide(told, now=datetime(2027, 8, 1, tzinfo=UTC), actor="x")
    assert cycle.as_of == date(2026, 3, 29)


def test_hours_of_a_month_are_given_once_whichever_of_its_days_is_decided(installation: Installation) -> None:
    load(installation.warehouse, "partners", *(partner(f"p{place}", enabled_at=days_before(END, 60)) for place in range(8)))
    load(installation.warehouse, "deals", deal("d1", "p1", days_before(END, 90), amount=5000, currency="USD"))
    _decide(installation, commit=True)
    # Under other facts decisions have other names.
    load(installation.warehouse, "activities", activity("p2", "commitment_met", days_before(END, 20)))
    decide(installation, now=NOW, actor="ben@program.example", as_of=date(2026, 3, 20), commit=True)
    committed = queries.decisions(cycle="2026-03", status="committed")
    assert 12 < sum(one.hours for one in committed) <= 24
    assert len({one.partner_id for one in committed}) == len(committed)


def test_facts_without_partners_give_an_empty_month(installation: Installation) -> None:
    answer = cycle_json(_decide(installation))
    assert (answer["focus"], answer["left_out"], answer["next_actions"]) == ([], [], [])


def test_a_past_month_decided_again_does_not_see_how_its_plays_ended_later(told: Installation) -> None:
    _decide(told, commit=True)
    may: dict[str, Any] = {"now": datetime(2026, 5, 20, 8, tzinfo=UTC), "actor": "ana", "as_of": date(2026, 5, 20)}
    load(told.warehouse, "partners", partner("fresh", enabled_at=datetime(2026, 4, 20)))
    load(told.warehouse, "activities", activity("sells", "portal_login", datetime(2026, 4, 29)))
    first = decide(told, **may)
    assert "fresh" in {one.partner_id for one in first.focus}
    # Learned in June: the outcome was met in April, and another window, over on the day, was missed.
    late = datetime(2026, 6, 1)
    load(told.warehouse, "deals", deal("late", "silent", datetime(2026, 4, 20), observed_at=late))
    load(told.warehouse, "deals", deal("past", "sells", datetime(2026, 5, 30), observed_at=late))
    close_outcomes(told, now=datetime(2026, 6, 2, tzinfo=UTC))
    assert {one.result for one in queries.decisions(partner_id="silent", status="committed")} == {"met"}
    again = decide(told, **may | {"now": datetime(2026, 6, 2, tzinfo=UTC)})
    assert list(again.next_actions) == list(first.next_actions)
    assert [replace(one, decision_id="") for one in again.focus] == [replace(one, decision_id="") for one in first.focus]
