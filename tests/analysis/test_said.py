"""What texts say counts only where doing it would: words lower a score as doubts, and lift none as promises."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from nextplay.analysis.analyst import BuiltInAnalyst
from nextplay.analysis.evidence_rows import rows_of
from nextplay.analysis.reading import Reading
from nextplay.analysis.usual import usual
from nextplay.facts.scope import Reporting, Scope, ScopedFacts
from nextplay.facts.warehouse import Warehouse
from nextplay.operations.partners.partner_quotes import quote_of
from nextplay.program.load import default_program
from tests.stories import activity, load, partner

DAY = date(2026, 11, 8)
ALSO = ("commits_to_date", "doubts", "competing_product", "no_capacity")
FACTS = ScopedFacts(Scope(DAY, read_also=ALSO), Reporting("USD"))
PROGRAM = default_program()
QUOTE = "Their planners hear of a stopped line from the customer."
TEXT = f"Thanks for the call. {QUOTE} More on Monday."


def ago(days: int) -> datetime:
    return datetime(2026, 11, 8, 12) - timedelta(days=days)


@pytest.fixture
def known(warehouse: Warehouse) -> Warehouse:
    """Two partners that sold and keep commitments; p1 has people on record."""
    load(warehouse, "partners", *(partner(name, employee_count=50.0) for name in ("p1", "p2")))
    load(warehouse, "contacts", {"contact_id": "c1", "partner_id": "p1", "role": "seller", "observed_at": ago(900)})
    kinds = ("commitment_met", "deal_registered")
    load(warehouse, "activities", *(activity(name, kind, ago(n)) for name in ("p1", "p2") for kind in kinds for n in (5, 40)))
    return warehouse


def say(warehouse: Warehouse, label: str, days: int, partner_id: str = "p1", author: str = "us") -> None:
    """A document in which a sentence says something, as the reader of texts keeps it."""
    document_id, start = f"{partner_id}-{label}-{days}", TEXT.index(QUOTE)
    told = {"document_id": document_id, "partner_id": partner_id, "kind": "call_note", "author": author, "text": TEXT}
    load(warehouse, "documents", told | {"written_at": ago(days), "observed_at": ago(days)})
    place = {"start": start, "end": start + len(QUOTE), "score": 0.9, "reader": "core-1"}
    load(
        warehouse,
        "text_evidence",
        {"partner_id": partner_id, "document_id": document_id, "label": label, "quote": QUOTE} | place,
    )


def read(warehouse: Warehouse) -> Reading:
    return BuiltInAnalyst().read(warehouse, FACTS, usual(warehouse, FACTS, PROGRAM), PROGRAM)


def score(reading: Reading, dimension: str) -> float:
    found: float = reading.frame.filter(pl.col("partner_id") == "p1")[f"{dimension}.score"].item()
    return found


def points(reading: Reading, name: str) -> float | None:
    found = reading.frame.filter(pl.col("partner_id") == "p1")[f"{name}.points"].item()
    return None if found is None else float(found)


def counted(warehouse: Warehouse, criterion: str) -> int:
    """Rows that its page shows."""
    expression = rows_of(FACTS, criterion)
    assert expression is not None
    return warehouse.read(expression).height


@pytest.mark.engine
@pytest.mark.parametrize("label", ["commits_to_date", "asks_for_co_sell"])
def test_a_promise_or_a_wish_in_words_moves_no_score(known: Warehouse, label: str) -> None:
    before = read(known)
    say(known, label, 3)
    assert read(known).scores.equals(before.scores)


@pytest.mark.engine
@pytest.mark.parametrize(
    ("label", "dimension", "criterion"),
    [
        ("no_capacity", "capacity", "people_and_time"),
        ("doubts", "commitment", "no_doubts"),
        ("competing_product", "customer_alignment", "no_competing_product"),
    ],
)
def test_doubt_lowers_for_half_a_year_and_silence_earns_nothing(
    known: Warehouse, label: str, dimension: str, criterion: str
) -> None:
    load(known, "accounts", {"account": "a", "industry": "Retail", "region": "North", "icp": True, "observed_at": ago(900)})
    before = read(known)
    assert points(before, f"{dimension}.{criterion}") is None
    say(known, label, 200)
    assert points(read(known), f"{dimension}.{criterion}") is None
    assert counted(known, criterion) == 0
    say(known, label, 20)
    assert counted(known, criterion) == 1
    after = read(known)
    assert points(after, f"{dimension}.{criterion}") == 0
    was, now = (reading.frame.filter(pl.col("partner_id") == "p1")[f"{dimension}.score"].item() for reading in (before, after))
    assert was is None or now < was
    assert after.frame[f"{dimension}.coverage"].equals(before.frame[f"{dimension}.coverage"])


@pytest.mark.engine
def test_an_offer_in_own_words_counts_from_text_and_wears_off(known: Warehouse) -> None:
    assert points(read(known), "capability.offer_in_own_words") == 0
    say(known, "customer_in_own_words", 185)
    assert points(read(known), "capability.offer_in_own_words") == 50
    say(known, "customer_in_own_words", 10)
    assert points(read(known), "capability.offer_in_own_words") == 100


@pytest.mark.engine
def test_an_offer_that_our_own_people_enter_of_a_session_is_not_the_partners_word(known: Warehouse) -> None:
    load(
        known,
        "activities",
        activity("p1", "narrative_shared", ago(10), activity_id="nextplay:entered", play="first_selling_play"),
    )
    assert points(read(known), "capability.offer_in_own_words") == 0
    load(known, "activities", activity("p1", "narrative_shared", ago(9)))
    assert points(read(known), "capability.offer_in_own_words") == 100


@pytest.mark.engine
def test_a_partners_own_word_of_its_sponsor_is_no_strength_and_our_note_of_one_is(known: Warehouse) -> None:
    say(known, "sponsor_speaks", 10, author="partner")
    own = read(known)
    assert points(own, "commitment.sponsor_seen") == 60
    assert "executive_sponsor" not in own.strengths["strength"].to_list()
    say(known, "sponsor_speaks", 12)
    noted = read(known)
    assert points(noted, "commitment.sponsor_seen") == 100
    assert "executive_sponsor" in noted.strengths["strength"].to_list()


def test_a_lead_seller_named_in_a_call_is_named(known: Warehouse) -> None:
    assert points(read(known), "capacity.lead_seller") == 0
    say(known, "names_lead_seller", 30)
    assert points(read(known), "capacity.lead_seller") == 40
    assert score(read(known), "capacity") > 0


def test_a_sentence_is_a_row_of_evidence_that_leads_to_its_place(known: Warehouse) -> None:
    say(known, "customer_in_own_words", 10)
    expression = rows_of(FACTS, "offer_in_own_words")
    assert expression is not None
    (row,) = known.read(expression).to_dicts()
    assert row["counts_as"] == "customer_in_own_words"
    quote = quote_of(row["row"].removeprefix("documents:"), TEXT)
    assert quote is not None
    assert quote.text == QUOTE


@pytest.mark.parametrize("key", ["d#5-500", "d#9-4", "d#x-4", "d", "d#-4", "d#4-"])
def test_a_place_that_the_text_does_not_have_is_no_quote(key: str) -> None:
    assert quote_of(key, TEXT) is None
