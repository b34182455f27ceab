"""The journal: what a line holds, who finds which, and that nothing changes without one."""

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from nextplay.decisions.proposal import Cycle
from nextplay.ledger import actions, jobs, journal, people
from nextplay.ledger.journal import Asked
from nextplay.ledger.models import Decision
from nextplay.ledger.models.journal import JournalIsAppendOnlyError, JournalLine
from nextplay.ledger.records import PersonRecord
from nextplay.values.origin import coming_from
from tests.ledger.watch import watched

pytestmark = pytest.mark.django_db
ANA = "ana@program.example"


@pytest.fixture
def decided(cycle: Cycle, now: datetime) -> None:
    """Two decisions proposed by the operator; Ana committed the first from the page."""
    actions.record_cycle(cycle, actor="operator", now=now)
    with coming_from("web", "203.0.113.7"):
        actions.commit_decision("d1", revision=None, actor=ANA, now=now + timedelta(days=1))


def test_a_line_says_from_where_and_about_which_partner(decided: None) -> None:
    newest, oldest = journal.some(Asked(), start=0, size=9)
    assert (newest.verb, newest.origin, newest.address, newest.partner_id) == ("commit", "web", "203.0.113.7", "p1")
    assert (oldest.verb, oldest.origin, oldest.partner_id) == ("propose", "", None)


@pytest.mark.parametrize(
    ("asked", "verbs"),
    [
        (Asked(), ["commit", "propose"]),
        (Asked(actor=ANA), ["commit"]),
        (Asked(verb="propose"), ["propose"]),
        (Asked(text="cycle 2026"), ["propose"]),
        (Asked(text="nordvane", partners=frozenset({"p1"})), ["commit"]),
        (Asked(text="nordvane"), []),
        (Asked(face="web"), ["commit"]),
        (Asked(face="job"), []),
        (Asked(since=date(2026, 11, 10)), ["commit"]),
        (Asked(until=date(2026, 11, 9)), ["propose"]),
        (Asked(until=date(2026, 11, 8)), []),
        (Asked(reach=frozenset({"p1"})), ["commit"]),
        (Asked(reach=frozenset({"p2"})), []),
        (Asked(reach=frozenset(), own=ANA), ["commit"]),
        (Asked(reach=frozenset({"p2"}), own="operator"), ["propose"]),
        # Every partner's lines and one's own; what is about none is not.
        (Asked(own="eve@program.example"), ["commit"]),
        (Asked(own="operator"), ["commit", "propose"]),
    ],
)
def test_lines_are_found_by_person_verb_subject_days_and_reach(decided: None, asked: Asked, verbs: list[str]) -> None:
    assert [line.verb for line in journal.some(asked, start=0, size=9)] == verbs
    assert [line.verb for line in journal.every(asked)] == verbs
    assert journal.count(asked) == len(verbs)


@pytest.mark.parametrize("text", ["Zürich „Süd“", 'say "no" to', "SPA", "0.25"])
def test_a_line_is_found_by_a_value_it_holds(decided: None, now: datetime, text: str) -> None:
    details = {"reason": 'Zürich „Süd“ and say "no" to', "region": "Spain", "share": 0.25}
    with transaction.atomic():
        journal.write_line(at=now, actor=ANA, verb="pin", subject="note 7", details=details)
    assert [line.verb for line in journal.some(Asked(text=text), start=0, size=9)] == ["pin"]
    assert journal.count(Asked(text=text, reach=frozenset({"p1"}))) == 0


def test_what_can_be_chosen_is_only_what_may_be_seen(decided: None) -> None:
    assert journal.choices(Asked()) == ([ANA, "operator"], ["commit", "propose"])
    assert journal.choices(Asked(reach=frozenset({"p1"}))) == ([ANA], ["commit"])


def test_a_line_is_never_changed_or_removed(decided: None) -> None:
    line = JournalLine.objects.latest("pk")
    for attempt in (line.save, line.delete, JournalLine.objects.all().delete, lambda: JournalLine.objects.update(verb="x")):
        with pytest.raises(JournalIsAppendOnlyError):
            attempt()


def test_the_database_saw_a_line_with_every_change(cycle: Cycle, now: datetime) -> None:
    with watched() as watch:
        actions.record_cycle(cycle, actor="operator", now=now)
        actions.commit_decision("d1", revision=None, actor=ANA, now=now)
        actions.undo_decision("d1", revision=None, actor=ANA, now=now)
        actions.commit_cycle("2026-11", ["d1", "d2"], actor=ANA, now=now)
        actions.close_decision("d1", result="met", rows=["deal-1"], actor="facts", at=now)
        people.add_person(PersonRecord(ANA, "Ana", "manager", None, True), password="a long sentence 7", actor="x", now=now)
        people.change_person(ANA, active=False, actor="x", now=now)
        people.note_sign_in(ANA, now=now)
        people.hide_items(ANA, "executive", frozenset({"areas"}), now=now)
        people.offer_items("executive", frozenset({"areas"}), actor="x", now=now)
        job = jobs.hand_in("decide", {}, actor=ANA, now=now)
        jobs.take_up("here", now=now)
        jobs.tell(job, 0.5, "half")
        jobs.finish(job, {}, now=now)
    assert watch.silent == []


def test_the_watch_sees_a_change_without_a_line(decided: None, now: datetime) -> None:
    with watched() as watch:
        Decision.objects.filter(pk="d2").update(status="declined")
        with transaction.atomic():
            Decision.objects.filter(pk="d2").update(status="proposed")
        with pytest.raises(actions.AlreadyDecided):
            actions.commit_decision("d1", revision=99, actor=ANA, now=now)
        # Neither does a line before it, in another transaction, count.
        people.offer_items("executive", frozenset(), actor="x", now=now)
        Decision.objects.filter(pk="d2").update(status="snoozed")
    assert watch.silent == [{"ledger_decision"}] * 3
