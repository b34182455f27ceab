"""Moving partners from one manager to another: a fact with its change, once, and only what is still theirs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from nextplay.facts.scope import Reach
from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse
from nextplay.home import create_home
from nextplay.ledger import actions, journal, people, queries
from nextplay.ledger.records import PersonRecord
from nextplay.operations.data.portfolios import NobodyToMoveTo, move_partners, partners_of, portfolios
from nextplay.operations.deciding.decline_decision import decline_decision
from nextplay.operations.deciding.snooze_decision import snooze_decision
from nextplay.operations.deciding.undo_decision import undo_decision
from nextplay.operations.installation import Installation
from nextplay.operations.plays.show_play import show_play
from nextplay.operations.viewer import NotForThisViewer, Viewer
from nextplay.web.jobs_shown import sentence_of
from tests.ledger.conftest import make_cycle, make_decision
from tests.stories import activity, load, partner

pytestmark = pytest.mark.django_db
ANA, EVE = "ana@program.example", "eve@program.example"


@pytest.fixture
def owned(installation: Installation, now: datetime) -> Installation:
    """Ana manages p1 and p2, nobody p3; Eve is a manager too."""
    then = now - timedelta(days=30)
    rows = [partner("p1", manager_email=ANA), partner("p2", manager_email=ANA), partner("p3", manager_email=None)]
    load(installation.warehouse, "partners", *rows)
    for email, name in ((ANA, "Ana Ruiz"), (EVE, "Eve Moss")):
        person = PersonRecord(email, name, "manager", None, active=True)
        people.add_person(person, password="a long sentence 7", actor="tests", now=then)
    return installation


def _owners(installation: Installation) -> dict[str, str | None]:
    partners = stored("partners")
    return dict(installation.warehouse.read(partners.select("partner_id", "manager_email")).iter_rows())


def test_everybody_who_manages_or_could_is_listed(owned: Installation, ben: Viewer) -> None:
    found = [(one.name, one.partners, one.hours) for one in portfolios(owned, ben)]
    assert found == [("Ana Ruiz", 2, 24), ("Eve Moss", 0, 24), ("Nobody", 1, 0)]
    assert [row.partner_id for row in partners_of(owned, ben, ANA.upper(), page=1).rows] == ["p1", "p2"]


def test_a_move_is_a_fact_with_its_change_and_one_line(owned: Installation, now: datetime) -> None:
    before = owned.warehouse.version()
    told = move_partners(owned, manager=ANA, to=EVE, partner_ids=["p2", "p3"], actor="ben@program.example", now=now)
    assert (told["moved"], told["left"]) == (1, 1)
    assert _owners(owned) == {"p1": ANA, "p2": EVE, "p3": None}
    changes = owned.warehouse.read(stored("changes").select("entity_id", "field", "old", "new")).rows()
    assert changes == [("p2", "manager_email", ANA, EVE)]
    assert owned.warehouse.version().facts == before.facts + 1
    line = journal.lines()[0]
    assert (line.verb, line.partner_id, line.details["ids"]) == ("move partners", "p2", ["p2"])


def test_moving_again_moves_nothing_and_writes_nothing(owned: Installation, now: datetime) -> None:
    for _ in range(2):
        move_partners(owned, manager=ANA, to=EVE, partner_ids=None, actor="x", now=now)
    assert _owners(owned) == {"p1": EVE, "p2": EVE, "p3": None}
    assert [line.verb for line in journal.lines()].count("move partners") == 1


def test_partners_of_nobody_are_given_to_somebody_and_back(owned: Installation, now: datetime) -> None:
    move_partners(owned, manager="", to=EVE, partner_ids=None, actor="x", now=now)
    assert _owners(owned)["p3"] == EVE
    move_partners(owned, manager=EVE, to="", partner_ids=["p3"], actor="x", now=now + timedelta(hours=1))
    assert _owners(owned)["p3"] is None


def test_a_past_day_still_shows_who_had_them(owned: Installation, now: datetime) -> None:
    move_partners(owned, manager=ANA, to=EVE, partner_ids=["p2"], actor="x", now=now)
    for day, who in (((now - timedelta(days=1)).date(), ANA), (now.date(), EVE)):
        partners = owned.facts(day, Reach()).partners
        held = dict(owned.warehouse.read(partners.select("partner_id", "manager_email")).iter_rows())
        assert held["p2"] == who


def test_partners_go_to_nobody_who_could_not_manage_them(owned: Installation, now: datetime) -> None:
    with pytest.raises(NobodyToMoveTo, match=r"ana@program\.example"):
        move_partners(owned, manager=ANA, to="stranger@x.example", partner_ids=None, actor="x", now=now)


def test_only_admins_see_portfolios(owned: Installation, ana: Viewer, dan: Viewer, cleo: Viewer) -> None:
    for viewer in (ana, dan, cleo):
        with pytest.raises(NotForThisViewer):
            portfolios(owned, viewer)
        with pytest.raises(NotForThisViewer):
            partners_of(owned, viewer, ANA, page=1)


@pytest.fixture
def decided(owned: Installation, now: datetime) -> Installation:
    """Ana's p1 is committed and her p2 proposed, six hours each; Eve has 20 of her 24 hours on a play of her own."""
    load(owned.warehouse, "partners", partner("e1", manager_email=EVE))
    made = (make_decision("d1", "p1", ANA), make_decision("d2", "p2", ANA), make_decision("d9", "e1", EVE, 20))
    actions.record_cycle(make_cycle(*made), actor="system", now=now)
    for decision in ("d1", "d9"):
        actions.commit_decision(decision, revision=1, actor=ANA, now=now)
    return owned


def test_open_decisions_follow_in_the_same_line_and_the_excess_is_told(decided: Installation, now: datetime) -> None:
    told = move_partners(decided, manager=ANA, to=EVE, partner_ids=None, actor="ben@program.example", now=now)
    assert {one.decision_id: one.owner for one in queries.decisions()} == {"d1": EVE, "d2": EVE, "d9": EVE}
    assert journal.lines()[0].details["decisions"] == ["d1", "d2"]
    assert told["decisions"] == 2
    assert told["over"] == [{"month": "2026-11", "committed": 26, "hours": 24}]
    said = sentence_of("move_partners", "done", "", told)
    assert "2 decisions without an outcome went along" in said
    assert "26 hours committed in 2026-11 and 24 to give" in said


def test_after_a_move_the_former_manager_has_no_verb_left_and_the_new_one_has_all(
    decided: Installation, ana: Viewer, now: datetime
) -> None:
    move_partners(decided, manager=ANA, to=EVE, partner_ids=None, actor="ben@program.example", now=now)
    eve = replace(ana, email=EVE, name="Eve Moss")
    later = now + timedelta(days=1)
    verbs: list[Callable[[Viewer], object]] = [
        lambda who: show_play(decided, who, "d1", now=later),
        lambda who: undo_decision(decided, who, "d1", revision=None, now=later),
        lambda who: decline_decision(decided, who, "d2", revision=None, reason="Not now.", now=later),
        lambda who: undo_decision(decided, who, "d2", revision=None, now=later),
        lambda who: snooze_decision(decided, who, "d2", revision=None, until=later.date() + timedelta(days=9), now=later),
    ]
    for verb in verbs:
        with pytest.raises(NotForThisViewer):
            verb(ana)
        verb(eve)
        # What undo put back is hers as well.
        assert {one.owner for one in queries.decisions()} == {EVE}


def test_what_has_ended_stays_with_whoever_ran_it(decided: Installation, now: datetime) -> None:
    actions.close_decision("d1", result="met", rows=["x"], actor="worker", at=now)
    move_partners(decided, manager=ANA, to=EVE, partner_ids=None, actor="x", now=now)
    assert {one.decision_id: one.owner for one in queries.decisions(owner=ANA)} == {"d1": ANA}


def test_partners_of_nobody_leave_their_decisions_with_the_owner_and_say_so(decided: Installation, now: datetime) -> None:
    told = move_partners(decided, manager=ANA, to="", partner_ids=None, actor="x", now=now)
    assert [one.owner for one in queries.decisions()] == [ANA, ANA, EVE]
    assert "stay with their owner" in sentence_of("move_partners", "done", "", told)


def test_rights_are_todays_whatever_day_is_looked_at(owned: Installation, now: datetime) -> None:
    move_partners(owned, manager=ANA, to=EVE, partner_ids=["p2"], actor="x", now=now)
    for day in ((now - timedelta(days=20)).date(), now.date()):
        for email, expected in ((ANA, ["p1"]), (EVE, ["p2"])):
            seen = owned.facts(day, Reach(manager_email=email)).partners
            assert owned.warehouse.read(seen.select("partner_id").order_by("partner_id"))["partner_id"].to_list() == expected


def test_a_move_does_not_make_old_facts_look_new(owned: Installation, now: datetime) -> None:
    long_ago = now.replace(tzinfo=None) - timedelta(days=100)
    load(owned.warehouse, "activities", activity("p1", "commitment_made", long_ago))
    move_partners(owned, manager=ANA, to=EVE, partner_ids=None, actor="x", now=now)
    assert owned.span.last_happened == long_ago.date()
    assert owned.reference_day(now.date()) == long_ago.date()


@pytest.mark.engine
def test_both_engines_move_the_same(
    facts_url: str, warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory, now: datetime
) -> None:
    load(warehouse, "partners", partner("p1", manager_email=ANA.upper()), partner("p2", manager_email=EVE))
    people.add_person(PersonRecord(EVE, "Eve", "manager", None, active=True), password="a long sentence 7", actor="t", now=now)
    warehouse.close()
    served = Installation(create_home(tmp_path_factory.mktemp("moved"), facts_url=facts_url))
    told = move_partners(served, manager=ANA, to=EVE, partner_ids=None, actor="x", now=now)
    assert told["moved"] == 1
    assert set(_owners(served).values()) == {EVE}
    served.close()
