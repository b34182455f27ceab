"""Only what is new or changed is read, and what a text no longer says is no evidence; on both engines."""

from datetime import date, datetime
from typing import Any

import pytest

from nextplay.analysis.text import remembered
from nextplay.analysis.text.remembered import renew, text_evidence
from nextplay.facts.scope import Reporting, Scope, ScopedFacts
from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse
from tests.stories import document, load, partner

PROMISE = "We will send you five names by Friday."


def _load(warehouse: Warehouse, partners: list[dict[str, Any]], documents: list[dict[str, Any]]) -> None:
    load(warehouse, "partners", *partners)
    load(warehouse, "documents", *documents)


def _found(warehouse: Warehouse) -> list[tuple[str, str, str, int, int]]:
    rows = warehouse.read(stored("text_evidence")).sort("document_id", "start", "label")
    return rows.select("document_id", "label", "quote", "start", "end").rows()


@pytest.mark.engine
def test_what_was_read_is_not_read_again(warehouse: Warehouse) -> None:
    _load(warehouse, [partner("p1")], [document("d1", "p1", f"Hello. {PROMISE}")])
    first, second = renew(warehouse), renew(warehouse)
    assert (first.read, first.known, first.found) == (1, 0, 1)
    assert (second.read, second.known, second.found) == (0, 1, 0)
    assert _found(warehouse) == [("d1", "commits_to_date", PROMISE, 7, 7 + len(PROMISE))]


@pytest.mark.engine
def test_a_changed_text_is_read_again_and_a_removed_one_forgotten(warehouse: Warehouse) -> None:
    _load(warehouse, [partner("p1")], [document("d1", "p1", PROMISE), document("d2", "p1", PROMISE)])
    renew(warehouse)
    with warehouse.transaction() as change:
        change.execute("UPDATE documents SET text = ? WHERE document_id = 'd1'", ("Nothing to add.",))
        change.execute("DELETE FROM documents WHERE document_id = 'd2'")
    again = renew(warehouse)
    assert (again.read, again.known) == (1, 0)
    assert _found(warehouse) == []


@pytest.mark.engine
def test_a_text_counts_for_whoever_it_is_now_about_and_by(warehouse: Warehouse) -> None:
    _load(warehouse, [partner("p1"), partner("p2")], [document("d1", "p1", PROMISE)])
    renew(warehouse)
    with warehouse.transaction() as change:
        change.execute("UPDATE documents SET partner_id = 'p2'")
    renew(warehouse)
    assert warehouse.read(stored("text_evidence"))["partner_id"].to_list() == ["p2"]
    with warehouse.transaction() as change:
        change.execute("UPDATE documents SET author = 'us'")
    renew(warehouse)
    assert _found(warehouse) == []


def test_texts_read_by_an_older_reader_are_read_again(warehouse: Warehouse) -> None:
    _load(warehouse, [partner("p1")], [document("d1", "p1", PROMISE)])
    renew(warehouse)
    with warehouse.transaction() as change:
        change.execute("UPDATE texts_read SET reader = 'core-0'")
    assert renew(warehouse).read == 1
    assert len(_found(warehouse)) == 1


def test_one_partner_alone_can_be_read(warehouse: Warehouse) -> None:
    texts = [document("d1", "p1", PROMISE), document("d2", "p2", PROMISE)]
    _load(warehouse, [partner("p1"), partner("p2")], texts)
    assert renew(warehouse, partner_id="p2").read == 1
    assert [row[0] for row in _found(warehouse)] == ["d2"]


@pytest.mark.engine
def test_reading_one_partner_again_forgets_nothing_of_the_others(warehouse: Warehouse) -> None:
    texts = [document("d1", "p1", PROMISE), document("d2", "p2", PROMISE), document("d3", "p1", PROMISE)]
    _load(warehouse, [partner("p1"), partner("p2")], texts)
    renew(warehouse)
    with warehouse.transaction() as change:
        change.execute("UPDATE texts_read SET reader = 'core-0'")
        change.execute("UPDATE documents SET partner_id = 'p2' WHERE document_id = 'd3'")
    assert renew(warehouse, partner_id="p1").read == 1
    assert [row[0] for row in _found(warehouse)] == ["d1", "d2"]
    assert renew(warehouse, partner_id="p2").read == 2
    rows = warehouse.read(stored("text_evidence")).sort("document_id")
    assert rows["partner_id"].to_list() == ["p1", "p2", "p2"]


def test_more_texts_than_one_batch_are_all_read_once(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "BATCH", 2)
    _load(warehouse, [partner("p1")], [document(f"d{at}", "p1", PROMISE) for at in range(5)])
    assert renew(warehouse).read == 5
    assert len(_found(warehouse)) == 5


def test_a_partner_managers_promise_is_not_the_partners(warehouse: Warehouse) -> None:
    ours = partner("p1", manager_email="ines.quillon@program.example")
    note = document("d1", "p1", "Ines will send the price list by Friday. Marco will send five names by Monday.", author="us")
    _load(warehouse, [ours], [note])
    renew(warehouse)
    assert [row[2] for row in _found(warehouse)] == ["Marco will send five names by Monday."]


def test_a_past_day_knows_only_what_was_written_by_then(warehouse: Warehouse) -> None:
    early, late = (document(f"d{day}", "p1", PROMISE, written_at=datetime(2026, 3, day)) for day in (1, 9))
    _load(warehouse, [partner("p1")], [early, late])
    renew(warehouse)

    def known(day: date, *, past: bool) -> list[str]:
        facts = ScopedFacts(Scope(as_of=day, past=past, read_also=("commits_to_date",)), Reporting("EUR"))
        return sorted(warehouse.read(text_evidence(facts))["document_id"].to_list())

    assert known(date(2026, 3, 5), past=True) == ["d1"]
    unasked = ScopedFacts(Scope(as_of=date(2026, 3, 9)), Reporting("EUR"))
    assert warehouse.read(text_evidence(unasked)).is_empty()
    assert known(date(2026, 3, 9), past=False) == ["d1", "d9"]
