"""The learning report from ledger and facts, and the cases behind it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from nextplay.decisions.proposal import Cycle, Decision, Decisions, Lot, OutcomePredicate
from nextplay.learning.calibration import calibration
from nextplay.learning.effect import outcome_rates
from nextplay.learning.lift import lifts
from nextplay.learning.overrides import overrides
from nextplay.ledger import actions
from nextplay.ledger.ad_hoc import OwnDecision, OwnMonth, record_own_decision
from nextplay.ledger.models import Decision as KeptDecision
from nextplay.operations.installation import Installation
from nextplay.operations.learning.learning_cases import cases_of
from nextplay.operations.learning.show_learning import MOST_ROWS, CasesAsked, show_cases, show_learning
from nextplay.operations.record.close_outcomes import outcomes_on
from nextplay.operations.viewer import NotForThisViewer, Viewer
from nextplay.program.plays import Predicate
from tests.stories import activity, deal, load, partner

pytestmark = pytest.mark.django_db

DAY, NOW = date(2026, 2, 28), datetime(2026, 9, 1, 9, tzinfo=UTC)
PREDICATE = {"event": "deal_opened", "kinds": [], "stages": [], "at_least": 1.0, "window_days": 90}


def _decision(partner_id: str, **more: object) -> Decision:
    usual = {
        "decision_id": f"d-{partner_id}",
        "partner_id": partner_id,
        "verdict": "invest",
        "play": "first_selling_play",
        "step": "Session",
        "owner": "ana@program.example",
        "hours": 6.0,
        "due": date(2026, 3, 6),
        "outcome": OutcomePredicate("A deal", PREDICATE, date(2026, 5, 29)),
        "probability": 0.3,
        "probability_without": 0.1,
        "expected_gain": 1000.0,
        "why": "because",
        "evidence": (),
        "alternatives": (),
        "propensity": 0.9,
    }
    return Decision(**{**usual, **more})  # type: ignore[arg-type]


def _lot(partner_id: str, arm: Any, propensity: float, **more: Any) -> Lot:
    return replace(Lot(partner_id, "first_selling_play", arm, propensity, DAY, date(2026, 5, 29), PREDICATE), **more)


@pytest.fixture
def decided(installation: Installation) -> Installation:
    """Two offered by lot (one sold, one declined), one chosen, one held back who sold all the same; all windows are over."""
    owners = {"sold": "ana@program.example", "declined": "ana@program.example", "chosen": "zoe@program.example"}
    load(
        installation.warehouse,
        "partners",
        *(partner(name, manager_email=owner) for name, owner in owners.items()),
        partner("held"),
    )
    load(
        installation.warehouse,
        "deals",
        deal("d1", "sold", datetime(2026, 4, 1)),
        # So far the deals reach; one of ours is no outcome.
        deal("ours", "sold", datetime(2026, 8, 30), sourced_by="influenced"),
        deal("d2", "held", datetime(2026, 4, 2)),
        deal("d3", "sold", datetime(2026, 1, 9)),
    )
    load(installation.warehouse, "activities", activity("sold", "portal_login", datetime(2026, 8, 30)))
    focus = Decisions.of([_decision("sold"), _decision("declined"), _decision("chosen", propensity=1.0)])
    lots = (_lot("sold", "offered", 0.9), _lot("declined", "offered", 0.9), _lot("held", "held_back", 0.1))
    month = Cycle("2026-02", DAY, "1", installation.program.version, 0, "USD", (), focus, lots)
    actions.record_cycle(month, actor="t", now=NOW)
    actions.commit_cycle("2026-02", ["d-sold", "d-chosen"], actor="t", now=NOW)
    actions.decline_decision("d-declined", revision=None, reason="no time", actor="t", now=NOW)
    return installation


def test_every_case_is_judged_from_facts_also_what_nobody_ran(decided: Installation, ben: Viewer) -> None:
    cases = cases_of(decided, ben, now=NOW)
    told = {
        (row["kind"], row["partner_id"]): (row["arm"], row["status"], row["result"], row["before"])
        for row in cases.iter_rows(named=True)
    }
    assert told == {
        ("decision", "sold"): ("offered", "committed", "met", 1.0),
        ("decision", "declined"): ("offered", "declined", "missed", 0.0),
        ("decision", "chosen"): ("chosen", "committed", "missed", 0.0),
        ("lot", "sold"): ("offered", "committed", "met", 1.0),
        ("lot", "declined"): ("offered", "declined", "missed", 0.0),
        ("lot", "held"): ("held_back", "", "met", 0.0),
    }
    assert cases["ripe"].all()


def test_both_sides_of_a_lot_are_judged_over_its_own_window_whatever_the_program_and_later_runs_say(
    decided: Installation, ben: Viewer
) -> None:
    """The month is decided again a fortnight later, what was offered is proposed anew, and the play asks for something else."""
    later = DAY + timedelta(days=14)
    anew = _decision("chosen", decision_id="d-anew", outcome=OutcomePredicate("A deal", PREDICATE, date(2026, 6, 12)))
    month = Cycle(
        "2026-02", later, "2", "other", 0, "USD", (), Decisions.of([anew]), (_lot("chosen", "held_back", 0.1, as_of=later),)
    )
    actions.record_cycle(month, actor="t", now=NOW)
    easy = Predicate(event="activity", kinds=("portal_login",), window_days=300)
    plays = [
        play.model_copy(update={"outcome": play.outcome.model_copy(update={"predicate": easy})})
        for play in decided.program.plays
        if play.name != "first_selling_play"
    ]
    changed = decided.under(decided.program.model_copy(update={"plays": tuple(plays)}))
    cases = cases_of(changed, ben, now=NOW).filter(kind="lot")
    told = {row["partner_id"]: (row["as_of"], row["outcome_by"], row["result"]) for row in cases.iter_rows(named=True)}
    window = DAY, date(2026, 5, 29)
    assert told == {"sold": (*window, "met"), "declined": (*window, "missed"), "held": (*window, "met")}


def test_the_report_compares_by_lot_only_and_says_too_early(decided: Installation, ben: Viewer) -> None:
    found = show_learning(decided, ben, now=NOW)
    [lift] = found.learned.lifts
    assert (lift.offered, lift.held, lift.answer) == (2, 1, "too_early")
    assert found.learned.hours.unmoved_hours == 6.0
    assert [row.partner_id for row in found.due] == []
    assert found.as_json()["lifts"][0]["answer"] == "too_early"


def test_each_figure_opens_the_cases_it_counts(decided: Installation, ben: Viewer) -> None:
    found = show_learning(decided, ben, now=NOW)
    [lift] = found.learned.lifts
    offered = show_cases(decided, ben, CasesAsked(play="first_selling_play", arm="offered"), now=NOW)
    assert (offered.cases, offered.met, len(offered.rows)) == (lift.offered, lift.offered_met, lift.offered)
    band = next(band for band in found.learned.calibration.bands if band.cases)
    said = CasesAsked(status="committed", said_from=band.said_from, said_to=band.said_to)
    assert show_cases(decided, ben, said, now=NOW).cases == band.cases
    [declined] = show_cases(decided, ben, CasesAsked(status="declined", reason="no time"), now=NOW).rows
    assert declined.partner_name == "Declined"


def test_all_cases_are_counted_where_only_the_newest_are_shown(decided: Installation, ben: Viewer) -> None:
    many = tuple(_decision(f"more{place:03d}", propensity=1.0) for place in range(MOST_ROWS + 20))
    load(decided.warehouse, "partners", *(partner(one.partner_id) for one in many))
    month = Cycle("2026-03", DAY, "1", decided.program.version, 0, "USD", (), Decisions.of(many))
    actions.record_cycle(month, actor="t", now=NOW)
    actions.commit_cycle("2026-03", [one.decision_id for one in many], actor="t", now=NOW)
    found = show_cases(decided, ben, CasesAsked(status="committed", result="missed"), now=NOW)
    assert (found.cases, len(found.rows), found.met) == (MOST_ROWS + 20 + 1, MOST_ROWS, 0)


def test_a_manager_learns_from_the_own_portfolio_and_a_partner_s_people_and_viewers_nothing(
    decided: Installation, ana: Viewer, cleo: Viewer, dan: Viewer
) -> None:
    found = show_learning(decided, ana, now=NOW)
    assert found.portfolio
    # Zoe's partner is not Ana's, but Ana owns the decision.
    assert found.cases == 4
    for viewer in (cleo, dan):
        with pytest.raises(NotForThisViewer):
            show_learning(decided, viewer, now=NOW)
        with pytest.raises(NotForThisViewer):
            show_cases(decided, viewer, CasesAsked(), now=NOW)


def test_an_empty_ledger_has_a_report_without_cases(installation: Installation, ben: Viewer) -> None:
    found = show_learning(installation, ben, now=NOW)
    assert (found.cases, found.months, found.due) == (0, 0, ())
    assert isinstance(cases_of(installation, ben, now=NOW), pl.DataFrame)


def test_what_a_person_decides_beside_the_list_is_no_forecast_of_ours_and_counts_for_the_play_by_its_own_outcome_only(
    decided: Installation, ben: Viewer
) -> None:
    month = OwnMonth("2026-02", DAY, "1", decided.program.version, "USD")
    own = next(play for play in decided.program.plays if play.name == "first_selling_play").outcome.predicate
    login = {"event": "activity", "kinds": ["portal_login"], "stages": [], "at_least": 1.0, "window_days": 20}
    counted: dict[str, dict[str, Any]] = {"held": own.model_dump(mode="json"), "sold": login}
    for name, predicate in counted.items():
        taken = OwnDecision(
            decision_id=f"own-{name}",
            partner_id=name,
            verdict="invest",
            play="first_selling_play",
            step="Call",
            owner="ana@program.example",
            hours=2.0,
            as_of=DAY,
            due=DAY,
            outcome_name="Counts",
            predicate=predicate,
            outcome_by=DAY + timedelta(days=predicate["window_days"]),
            probability=0.0,
            probability_without=0.0,
            why="I know them",
        )
        record_own_decision(month, taken, planned=(), actor="t", now=NOW)
    cases = cases_of(decided, ben, now=NOW)
    # Who was held back and got the play by hand stays on the side without it, and is told.
    [lift] = lifts(cases)
    assert (lift.offered, lift.held, lift.crossed, lift.run) == (2, 1, 1, 1)
    by_hand = cases.filter(pl.col("case_id").str.starts_with("own-"))
    assert by_hand["probability"].to_list() == [None, None]
    assert by_hand["without"].to_list() == [None, None]
    assert calibration(cases).cases == 2
    [rate] = outcome_rates(cases)
    # Sold and chosen of the list, held by hand; sold by hand was judged by a login.
    assert (rate.closed, rate.met) == (3, 2)
    ripe = dict(outcomes_on(decided, NOW.date()).select("decision_id", "ripe").iter_rows())
    assert ripe == {"d-sold": True, "d-chosen": True, "own-held": True, "own-sold": False}


def test_a_proposal_turned_down_for_another_play_is_no_override_that_proves_us_wrong(
    decided: Installation, ben: Viewer
) -> None:
    assert len(overrides(cases_of(decided, ben, now=NOW))) == 1
    KeptDecision.objects.filter(pk="d-declined").update(chosen="change_approach")
    cases = cases_of(decided, ben, now=NOW)
    assert cases.filter(case_id="d-declined")["status"].to_list() == ["replaced"]
    assert overrides(cases) == ()
