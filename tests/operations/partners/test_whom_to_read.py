"""Runs that read only whom an import touched find what a run over everybody would."""

from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextplay.analysis.analyst import BuiltInAnalyst
from nextplay.analysis.store import compared_with
from nextplay.analysis.usual import usual
from nextplay.facts.scope import Reach
from nextplay.operations.narrowing import Narrowing
from nextplay.operations.partners.analyze import Asked, analyze
from nextplay.operations.partners.whom_to_read import whom_to_read
from tests.facts.files import NOW, Desk

pytestmark = pytest.mark.usefixtures("no_roll_ups")
NAMES = [f"p{n}" for n in range(12)]
PARTNERS = "partner_id,name,lifecycle_stage,segment,employee_count\n"
MANY = PARTNERS + "".join(f"{name},{name},active,{'Growth' if name < 'p5' else 'Public'},{20}\n" for name in NAMES)
CONTACTS = "contact_id,partner_id,role\nc1,p1,lead_seller\nc2,p2,executive\n"
ACCOUNTS = "account,icp,region\nAcme,yes,DACH\nZenith,no,UK\n"
DEALS = "deal_id,partner_id,stage,account,opened_at,sourced_by\n"
ACTIVITIES = "activity_id,partner_id,contact_id,kind,occurred_at\n"
DOCUMENTS = "document_id,partner_id,author,written_at,text\n"
CHANGES = "change_id,entity,entity_id,field,old,new,changed_at\n"
FIRST = {
    "partners": MANY,
    "contacts": CONTACTS,
    "accounts": ACCOUNTS,
    "deals": DEALS + "".join(f"d{n},p{n},proposal,Acme,2026-06-0{n},partner\n" for n in range(1, 9)),
    "activities": ACTIVITIES + "".join(f"a{n},p{n},c{n % 3},commitment_met,2026-10-0{n}\n" for n in range(1, 9)),
    "documents": DOCUMENTS + "t1,p1,partner,2026-10-01,Our lead seller is Ada Obi.\n",
    "changes": CHANGES + "h1,deal,d1,stage,prospecting,proposal,2026-06-20\n",
}

name = st.sampled_from(NAMES)
day = st.dates(date(2026, 3, 1), date(2026, 11, 8)).map(date.isoformat)
FILES = st.one_of(
    st.tuples(
        st.just("activities"),
        st.builds(
            "a{0},{1},{2},{3},{4}".format,
            st.integers(1, 30),
            name,
            st.sampled_from(["", "c1", "c2"]),
            st.sampled_from(["commitment_met", "commitment_missed", "step_proposed", "step_accepted", "portal_login"]),
            day,
        ),
    ),
    st.tuples(
        st.just("deals"),
        st.builds(
            "d{0},{1},{2},{3},{4},partner".format,
            st.integers(1, 12),
            name,
            st.sampled_from(["proposal", "won", "lost"]),
            st.sampled_from(["Acme", "Zenith"]),
            day,
        ),
    ),
    st.tuples(st.just("accounts"), st.builds("{0},{1},UK".format, st.sampled_from(["Acme", "Zenith"]), st.sampled_from("yn"))),
    st.tuples(
        st.just("contacts"), st.builds("c{0},{1},{2}".format, st.integers(1, 4), name, st.sampled_from(["seller", "executive"]))
    ),
    st.tuples(st.just("partners"), st.builds("{0},Renamed,active,Growth,{1}".format, name, st.integers(5, 90))),
    st.tuples(
        st.just("documents"), st.builds("t{0},{1},partner,{2},We have no people for this.".format, st.integers(1, 3), name, day)
    ),
    st.tuples(
        st.just("changes"),
        st.builds("h{0},deal,d{1},stage,prospecting,lost,{2}".format, st.integers(1, 3), st.integers(1, 8), day),
    ),
)
HEADS = {table: text.partition("\n")[0] + "\n" for table, text in FIRST.items()}
# Whom the runs between are asked about: those leave the others as they are.
ASKED = st.sampled_from([Asked(), Asked(), Asked(partner_id="p1"), Asked(narrowing=Narrowing(segment="Growth"))])


def assert_all_are_as_a_full_reading_finds_them(desk: Desk) -> None:
    opened = desk.installation
    facts = opened.facts(NOW.date(), Reach())
    full = BuiltInAnalyst().read(opened.warehouse, facts, usual(opened.warehouse, facts, opened.program), opened.program)
    kept = opened.warehouse.read(compared_with(facts)).select("partner_id", "digest", "own").sort("partner_id")
    assert kept.equals(full.digests().sort("partner_id"))


@settings(max_examples=2)
@given(steps=st.lists(st.tuples(FILES, ASKED), min_size=2, max_size=3))
def test_what_is_read_in_parts_is_what_a_full_run_finds(steps: list[tuple[tuple[str, str], Asked]]) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        desk.load_text(texts=FIRST)
        analyze(desk.installation, now=NOW)
        for hours, ((table, row), asked) in enumerate(steps, start=1):
            at = NOW + timedelta(hours=hours)
            desk.load_text(texts={table: HEADS[table] + row + "\n"}, now=at)
            analyze(desk.installation, now=at, asked=asked)
        analyze(desk.installation, now=NOW + timedelta(hours=9))
        assert_all_are_as_a_full_reading_finds_them(desk)
        desk.warehouse.close()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.load_text(texts=FIRST)
    analyze(made.installation, now=NOW)
    return made


def one_row(desk: Desk, at: datetime) -> None:
    desk.load_text(activities=f"{ACTIVITIES}n{at.isoformat()},p4,,narrative_shared,2026-11-01\n", now=at)


def asks_for_all(desk: Desk, at: datetime) -> bool:
    """Whether a run would read everybody."""
    return not whom_to_read(desk.installation, at.date(), BuiltInAnalyst.name).touched


def read_by(desk: Desk, at: datetime, **more: Any) -> tuple[int, int]:
    """How many a run read, and how many it left."""
    account = analyze(desk.installation, now=at, **more).account
    return account.partners_read, account.untouched


def test_after_one_new_row_one_partner_is_read_when_a_run_asks_for_it(desk: Desk) -> None:
    at = NOW + timedelta(hours=1)
    one_row(desk, at)
    assert read_by(desk, at, asked=Asked(narrowing=Narrowing(segment="Public"))) == (0, 5)
    assert read_by(desk, at) == (1, 11)
    assert read_by(desk, at) == (0, 12)


def test_a_new_day_moves_every_window_so_everybody_is_read(desk: Desk) -> None:
    assert not asks_for_all(desk, NOW)
    assert asks_for_all(desk, NOW + timedelta(days=1))


def test_a_run_by_another_program_in_between_has_everybody_read(desk: Desk) -> None:
    desk.home.program_file.write_text("rubric: {coverage_floor: 0.1}\n", encoding="utf-8")
    assert asks_for_all(desk, NOW)
    analyze(desk.installation, now=NOW, asked=Asked(partner_id="p1"))
    desk.home.program_file.unlink()
    assert asks_for_all(desk, NOW)


def test_a_row_that_moves_what_is_usual_has_everybody_read(desk: Desk) -> None:
    desk.load_text(deals=DEALS + "d9,p9,won,Acme,2026-06-01,partner\n")
    assert asks_for_all(desk, NOW)


def test_rows_of_a_day_to_come_have_everybody_read_without_them(desk: Desk) -> None:
    desk.load_text(activities=f"{ACTIVITIES}later,p4,,commitment_missed,2026-11-10\n", now=NOW + timedelta(days=1))
    assert asks_for_all(desk, NOW)
