"""A cycle to decide on."""

from datetime import UTC, date, datetime, timedelta

import pytest

from nextplay.decisions.proposal import Cycle, Decision, Decisions, Evidence, Lot, OutcomePredicate

NOW = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
_A_DEAL = {"event": "deal_opened", "at_least": 1, "window_days": 46}


def make_decision(decision_id: str, partner_id: str = "p1", owner: str = "ana@program.example", hours: float = 6) -> Decision:
    """A proposal as deciding makes it."""
    return Decision(
        decision_id=decision_id,
        partner_id=partner_id,
        verdict="invest",
        play="first_selling_play",
        step="Working session",
        owner=owner,
        hours=hours,
        due=date(2026, 11, 13),
        outcome=OutcomePredicate("A deal opened", _A_DEAL, date(2026, 12, 24)),
        probability=0.3,
        probability_without=0.12,
        expected_gain=4700.0,
        why="5 of 6 commitments kept.",
        evidence=(Evidence("commitment_met_270", 5, 270, "5 of 6 commitments kept", "for"),),
        alternatives=(),
    )


def make_lot(partner_id: str, month: str = "2026-11") -> Lot:
    """A partner held back from a first selling play."""
    day = date.fromisoformat(f"{month}-08")
    predicate = {"event": "deal_opened", "window_days": 45}
    return Lot(partner_id, "first_selling_play", "held_back", 0.5, day, day + timedelta(days=45), predicate)


def make_cycle(*decisions: Decision, month: str = "2026-11") -> Cycle:
    """A month with these proposals and one partner held out."""
    return Cycle(
        cycle=month,
        as_of=date.fromisoformat(f"{month}-08"),
        facts_version="7",
        program_version="abc",
        seed=0,
        currency="USD",
        focus=Decisions.of(decisions),
        lots=(make_lot("p9", month),),
    )


@pytest.fixture
def cycle() -> Cycle:
    """Two proposals."""
    return make_cycle(make_decision("d1"), make_decision("d2", "p2"))
