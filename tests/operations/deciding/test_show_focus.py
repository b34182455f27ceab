"""The focus page: who sees what, and numbers that add up."""

from datetime import UTC, date, datetime

import pytest

from nextplay.ledger import actions, people, queries
from nextplay.ledger.records import PersonRecord
from nextplay.operations.deciding.decide import decide
from nextplay.operations.deciding.focus_page import HELD_BACK
from nextplay.operations.deciding.show_focus import left_out_because, next_action_of, show_focus
from nextplay.operations.installation import Installation
from nextplay.operations.partners.partner_traits import partner_traits
from nextplay.operations.viewer import NotForThisViewer, Viewer
from tests.stories import activity, days_before, deal, load, partner

pytestmark = pytest.mark.django_db

DAY, NOW = date(2026, 3, 31), datetime(2026, 4, 1, 8, tzinfo=UTC)
END = datetime(2026, 3, 31, 12)


@pytest.fixture
def decided(installation: Installation) -> Installation:
    """Eight partners of Ana's that were enabled lately, two of Ben's, one prospect; decided."""
    rows = [partner(f"p{place}", enabled_at=days_before(END, 30), segment="Growth") for place in range(1, 9)]
    theirs = [partner(f"q{place}", manager_email="ben@program.example") for place in range(1, 3)]
    load(installation.warehouse, "partners", *rows, *theirs, partner("lead", lifecycle_stage="prospect", manager_email=None))
    load(installation.warehouse, "deals", deal("d1", "q1", days_before(END, 9), amount=5000, currency="USD"))
    load(installation.warehouse, "activities", activity("p1", "commitment_met", days_before(END, 2)))
    decide(installation, now=NOW, actor="ben@program.example", as_of=DAY)
    return installation


def test_before_the_first_cycle_the_page_says_so(installation: Installation, ben: Viewer) -> None:
    assert show_focus(installation, ben, now=NOW).state == "no_cycle"


def test_of_a_program_without_partners_nothing_is_missing(installation: Installation, ben: Viewer) -> None:
    decide(installation, now=NOW, actor="ben@program.example", as_of=DAY)
    page = show_focus(installation, ben, now=NOW)
    assert (page.partners, page.whole) == (0, True)


def test_a_partner_is_never_shown_the_page(decided: Installation, cleo: Viewer) -> None:
    with pytest.raises(NotForThisViewer):
        show_focus(decided, cleo, now=NOW)
    with pytest.raises(NotForThisViewer):
        left_out_because(decided, cleo, "Not signed yet")


def test_everything_adds_up_to_all_partners(decided: Installation, ben: Viewer) -> None:
    page = show_focus(decided, ben, now=NOW)
    counted = len(page.waiting) + len(page.decided) + len(page.running) + len(page.stop) + page.held_back
    assert counted + sum(row.count for row in page.left_out) == page.partners == 11


def test_a_manager_sees_only_the_own_portfolio_and_the_own_hours(decided: Installation, ana: Viewer, ben: Viewer) -> None:
    page = show_focus(decided, ana, now=NOW)
    assert {row.partner_id[0] for row in page.waiting} == {"p"}
    assert [owner.email for owner in page.owners] == ["ana@program.example"]
    # Others by name only, to hand a play over to.
    assert page.colleagues == (("ben@program.example", "ben@program.example"),)
    assert not show_focus(decided, ben, now=NOW).colleagues
    assert page.partners == 8


def test_hours_committed_proposed_and_free_add_up_to_capacity(decided: Installation, ben: Viewer) -> None:
    first = queries.decisions(owner="ana@program.example")[0]
    actions.commit_decision(first.decision_id, revision=None, actor="ana", now=NOW)
    [ana] = [owner for owner in show_focus(decided, ben, now=NOW).owners if owner.email.startswith("ana")]
    assert (ana.committed, ana.proposed, ana.free) == (6.0, 18.0, 0.0)
    assert ana.capacity == 24.0
    assert (ana.plays_committed, ana.plays_proposed) == (1, 3)


def test_a_decision_moves_from_waiting_to_running_or_to_decided(decided: Installation, ben: Viewer) -> None:
    one, two, *_ = show_focus(decided, ben, now=NOW).waiting
    actions.commit_decision(one.decision_id, revision=one.revision, actor="ben", now=NOW)
    actions.decline_decision(two.decision_id, revision=two.revision, reason="Moves away", actor="ben", now=NOW)
    page = show_focus(decided, ben, now=NOW)
    assert [row.decision_id for row in page.running] == [one.decision_id]
    assert [(row.decision_id, row.status_reason) for row in page.decided] == [(two.decision_id, "Moves away")]
    assert not {one.decision_id, two.decision_id} & {row.decision_id for row in page.waiting}
    assert page.running[0].days_left == 44


def test_who_decided_is_told_by_name_where_the_program_has_one(decided: Installation, ben: Viewer) -> None:
    one = queries.decisions()[0]
    people.add_person(PersonRecord("dan@program.example", "Dan Doe", "admin", None, True), password=None, actor="ben", now=NOW)
    actions.decline_decision(one.decision_id, revision=one.revision, reason="Moves", actor="dan@program.example", now=NOW)
    [row] = show_focus(decided, ben, now=NOW).decided
    assert (row.decided_by, row.decided_name) == ("dan@program.example", "Dan Doe")


def test_rows_carry_the_partner_the_play_and_evidence_in_words(decided: Installation, ben: Viewer) -> None:
    row = next(one for one in show_focus(decided, ben, now=NOW).waiting if one.partner_id == "p2" or one.partner_id[0] == "p")
    assert row.partner_name == row.partner_id.title()
    assert (row.segment, row.play_label) == ("Growth", "First selling play")
    assert "enabled 30 days ago" in {shown.text for shown in row.evidence}
    assert all(shown.text for shown in row.evidence)


def test_a_partner_that_sold_lately_shows_its_drop_off_risk_with_the_reason_and_no_other_does(
    decided: Installation, ben: Viewer
) -> None:
    rows = {row.partner_id: row for row in show_focus(decided, ben, now=NOW).waiting}
    assert "q1" in rows
    sold = rows.pop("q1")
    assert 0 < (sold.drop_off_risk or 0) < 1
    assert sold.drop_off_reason.startswith("Sold on one day in the last year, the last time 9 days ago")
    assert {(row.drop_off_risk, row.drop_off_reason) for row in rows.values()} == {(None, "")}


def test_new_facts_make_the_page_stale_and_a_decision_does_not(decided: Installation, ben: Viewer) -> None:
    one = show_focus(decided, ben, now=NOW).waiting[0]
    actions.commit_decision(one.decision_id, revision=None, actor="ben", now=NOW)
    assert not show_focus(decided, ben, now=NOW).stale
    load(decided.warehouse, "deals", deal("d2", "q2", datetime(2026, 4, 1)))
    assert show_focus(decided, ben, now=NOW).stale


def test_a_reason_opens_its_partners(decided: Installation, ben: Viewer, ana: Viewer) -> None:
    [row] = left_out_because(decided, ben, "Not signed yet")
    assert (row.partner_id, row.partner_name) == ("lead", "Lead")
    # Selling would not bring it onto the list: signing would.
    assert (row.action, row.change_our_mind) == ("Leave alone until it signs", "A signature.")
    assert row.why == "Not signed yet: Nothing sold so far."
    assert left_out_because(decided, ana, "Not signed yet") == ()


def test_whom_the_lot_held_back_is_named_with_a_next_best_action(decided: Installation, ana: Viewer, ben: Viewer) -> None:
    chance = decided.program.chance.model_copy(update={"holdout_from_partners": 0, "holdout_share": 1.0})
    drawing = decided.under(decided.program.model_copy(update={"chance": chance}))
    decide(drawing, now=NOW, actor="ben@program.example", as_of=DAY)
    held = left_out_because(drawing, ben, HELD_BACK)
    assert len(held) == show_focus(drawing, ben, now=NOW).held_back > 0
    assert {row.action for row in held} == {"Leave alone this month: held back to measure what plays do"}
    assert [row.partner_id for row in left_out_because(drawing, ana, HELD_BACK)] == [
        row.partner_id for row in held if row.owner == ana.email
    ]


def test_every_workable_partner_has_a_next_action_and_a_prospect_has_none(decided: Installation) -> None:
    action = next_action_of(decided, "q1")
    assert action is not None
    assert action.action
    assert next_action_of(decided, "lead") is None


def test_traits_of_one_partner_are_those_of_that_partner(decided: Installation) -> None:
    readings = {one.trait: one for one in partner_traits(decided, "p1", now=NOW)}
    assert len(readings) == 6
    assert readings["keeps_commitments"].score is None
    assert dict(readings["keeps_commitments"].evidence)["commitment_met_270"] == 1
