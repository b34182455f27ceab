"""A dashboard answered from roll-ups says to the last field what the facts say, and never what other facts said."""

import os
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from nextplay.facts.engines import Transaction
from nextplay.facts.scope import Reach
from nextplay.intelligence.executive import executive
from nextplay.intelligence.lifecycle import lifecycle
from nextplay.intelligence.tallies import Tallies
from nextplay.operations.dashboards import dashboard_tallies
from nextplay.operations.dashboards.dashboard_tallies import executive_asked, lifecycle_asked, rollups_of, tallies_of
from nextplay.operations.dashboards.roll_up import Upkeep, roll_up_where_due
from nextplay.operations.dashboards.show_executive import show_executive
from nextplay.operations.data.import_facts import import_facts
from nextplay.operations.installation import Installation
from nextplay.operations.partners.analyze import analyze
from nextplay.operations.viewer import OPERATOR
from tests.intelligence.conftest import PROGRAM

NOW = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
SMALL_FILTERS = [(None, None), ("Growth", None), ("Growth", "Gold"), ("Emerging", "Silver"), ("Nowhere", None), ("Growth", "x")]


def asked_tallies(installation: Installation, segment: str | None = None, tier: str | None = None) -> tuple[Tallies, Tallies]:
    """Tallies of both dashboards under a filter."""
    program = installation.program
    day = installation.reference_day(TODAY)
    both = executive_asked(program, day), lifecycle_asked(program, day)
    first, second = (tallies_of(installation, asked, Reach(), segment, tier, today=TODAY) for asked in both)
    return first, second


def shown(installation: Installation, segment: str | None, tier: str | None, *, from_facts: bool = False) -> list[Any]:
    """Both dashboards under a filter."""
    first, second = asked_tallies(installation, segment, tier)
    if from_facts:
        first, second = replace(first, kept={}), replace(second, kept={})
    until = installation.span.last_happened
    return [
        asdict(executive(first, period_days=90, data_until=until, facts_version="1", summary=False)),
        asdict(lifecycle(second, data_until=until, facts_version="1")),
    ]


def held(installation: Installation) -> int:
    """How many tallies have a kept answer that holds."""
    return sum(len(tallies.kept) for tallies in asked_tallies(installation))


def all_of_them(installation: Installation) -> int:
    program = installation.program
    day = installation.reference_day(TODAY)
    both = executive_asked(program, day), lifecycle_asked(program, day)
    return sum(len(rollups_of(installation.standing, asked)) for asked in both)


def bring_deals(installation: Installation, folder: Path, *, replace_all: bool = False) -> None:
    """A few more deals of Growth partners; with `replace_all` instead of those that were there."""
    file = folder / "deals.parquet"
    deals = [
        {"deal_id": f"new {number}", "partner_id": f"p{number:02}", "stage": "proposal", "amount": "5000.10", "currency": "EUR"}
        for number in range(20)
    ]
    pl.DataFrame(deals).write_parquet(file)
    import_facts(installation, [file], actor="test", now=NOW, replace=replace_all)


@pytest.mark.parametrize(("segment", "tier"), SMALL_FILTERS)
def test_roll_ups_answer_what_the_facts_answer(embedded: Installation, segment: str | None, tier: str | None) -> None:
    assert held(embedded) == all_of_them(embedded) > 10
    assert shown(embedded, segment, tier) == shown(embedded, segment, tier, from_facts=True)


@pytest.mark.engine
def test_roll_ups_answer_what_the_facts_answer_on_either_engine(small: Installation) -> None:
    analyze(small, now=NOW)
    assert held(small) == all_of_them(small)
    for segment, tier in SMALL_FILTERS:
        assert shown(small, segment, tier) == shown(small, segment, tier, from_facts=True)


def test_every_filter_of_the_sample_program_is_answered_from_roll_ups(sample_installation: Installation) -> None:
    roll_up_where_due(sample_installation, today=TODAY)
    for part in sample_installation.program.segments:
        for tier in (None, *part.tiers):
            rolled = shown(sample_installation, part.name, tier)
            assert rolled == shown(sample_installation, part.name, tier, from_facts=True), (part.name, tier)


@pytest.mark.engine
@pytest.mark.parametrize("replace_all", [False, True])
def test_after_an_import_roll_ups_are_those_of_the_new_facts(
    small: Installation,
    tmp_path: Path,
    replace_all: bool,
) -> None:
    before = shown(small, "Growth", None)
    bring_deals(small, tmp_path, replace_all=replace_all)
    assert held(small) == all_of_them(small)
    assert shown(small, "Growth", None) == shown(small, "Growth", None, from_facts=True) != before


@pytest.mark.engine
def test_an_import_that_breaks_off_leaves_the_old_ones(small: Installation, tmp_path: Path) -> None:
    before, version = shown(small, "Growth", "Gold"), small.warehouse.version()
    with pytest.raises(ZeroDivisionError), small.warehouse.transaction() as transaction:
        _wreck(transaction)
    assert (small.warehouse.version(), held(small)) == (version, all_of_them(small))
    assert shown(small, "Growth", "Gold") == before == shown(small, "Growth", "Gold", from_facts=True)


def _wreck(transaction: Transaction) -> None:
    transaction.execute("DELETE FROM rollups")
    transaction.execute("DELETE FROM deals")
    raise ZeroDivisionError


@pytest.mark.engine
def test_after_an_analysis_strengths_and_areas_are_those_of_it(small: Installation) -> None:
    assert shown(small, None, None)[0]["analyzed"] == 0
    analyze(small, now=NOW)
    assert held(small) == all_of_them(small)
    rolled = shown(small, "Growth", None)
    assert rolled[0]["analyzed"] > 0
    assert rolled[0]["areas"] == shown(small, "Growth", None, from_facts=True)[0]["areas"] != ()


@pytest.mark.parametrize("facts_url", ["duckdb"], indirect=True)
def test_a_changed_program_is_never_answered_from_roll_ups_made_under_another(
    small: Installation,
) -> None:
    file, before = small.home.program_file, small.home.program_file.read_text(encoding="utf-8")
    file.write_text(PROGRAM.replace("USD: 0.9", "USD: 0.5"), encoding="utf-8")
    dollars = [name for name in ("pipeline", "revenue", "cards of deals") if name in asked_tallies(small)[0].kept]
    assert dollars == []
    assert shown(small, "Growth", None) == shown(small, "Growth", None, from_facts=True)
    file.write_text(before, encoding="utf-8")
    assert held(small) == all_of_them(small)


def test_another_definition_period_or_day_is_asked_of_the_facts(embedded: Installation) -> None:
    usual = executive_asked(embedded.program, TODAY)
    strict = replace(usual.terms, active=embedded.program.definitions.active[1])
    for other in (replace(usual, day=TODAY - timedelta(days=1)), replace(usual, period_days=30), replace(usual, terms=strict)):
        assert tallies_of(embedded, other, Reach(), today=TODAY).kept == {}


def test_part_of_the_partners_is_asked_of_the_facts(embedded: Installation) -> None:
    usual = executive_asked(embedded.program, TODAY)
    for reach in (Reach(partner_id="p01"), Reach(partner_id=""), Reach(manager_email="ana@program.example")):
        assert tallies_of(embedded, usual, reach, today=TODAY).kept == {}
    assert tallies_of(embedded, usual, Reach(), None, "Gold", today=TODAY).kept == {}


def test_when_the_day_turns_roll_ups_are_due_once(installation: Installation, tmp_path: Path, db: None) -> None:
    _bring_small(installation, tmp_path)
    tomorrow = TODAY + timedelta(days=1)
    assert not roll_up_where_due(installation, today=TODAY)
    asked = executive_asked(installation.program, tomorrow)
    windowed = {"cards of deals", "cards of revenue", "revenue", "revenue shares"}
    assert not windowed & set(tallies_of(installation, asked, Reach(), today=tomorrow).kept)
    assert roll_up_where_due(installation, today=tomorrow)
    assert not roll_up_where_due(installation, today=tomorrow)
    kept = tallies_of(installation, asked, Reach(), today=tomorrow).kept
    assert {one.name for one in rollups_of(installation.standing, asked)} == set(kept)


def _bring_small(installation: Installation, folder: Path) -> None:
    from tests.intelligence.conftest import bring

    bring(installation, folder)


def test_a_dashboard_never_seen_before_asks_nothing_of_the_facts(
    embedded: Installation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown(embedded, None, None)
    asked: list[str] = []
    read = type(embedded.warehouse.engine).read_sql

    def counted(engine: Any, sql: str) -> Any:
        asked.append(sql)
        return read(engine, sql)

    monkeypatch.setattr(type(embedded.warehouse.engine), "read_sql", counted)
    show_executive(embedded, OPERATOR, now=NOW, segment="Growth", tier="Silver", as_of=date(2026, 11, 9))
    assert asked == []


def test_an_answer_is_worked_out_again_where_the_facts_changed_meanwhile(installation: Installation, tmp_path: Path) -> None:
    _bring_small(installation, tmp_path)
    versions: list[str] = []

    def answer() -> str:
        if not versions:
            bring_deals(installation, tmp_path)
        versions.append(str(installation.warehouse.version()))
        return versions[-1]

    assert dashboard_tallies.steady(installation, answer) == versions[1]
    assert len(versions) == 2


def test_upkeep_renews_what_the_day_and_the_program_overtook(installation: Installation, tmp_path: Path) -> None:
    _bring_small(installation, tmp_path)
    upkeep, tomorrow = Upkeep(installation), TODAY + timedelta(days=1)
    asked = executive_asked(installation.program, tomorrow)
    upkeep.look(today=tomorrow)
    assert len(tallies_of(installation, asked, Reach(), today=tomorrow).kept) == len(rollups_of(installation.standing, asked))
    installation.home.program_file.write_text(PROGRAM.replace("USD: 0.9", "USD: 0.5"), encoding="utf-8")
    assert len(tallies_of(installation, asked, Reach(), today=tomorrow).kept) < len(rollups_of(installation.standing, asked))
    upkeep.look(today=tomorrow)
    assert len(tallies_of(installation, asked, Reach(), today=tomorrow).kept) == len(rollups_of(installation.standing, asked))


def test_upkeep_leaves_the_engine_alone_while_nothing_changed(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bring_small(installation, tmp_path)
    upkeep = Upkeep(installation)
    upkeep.look(today=TODAY)
    monkeypatch.setattr(type(installation.warehouse.engine), "read_sql", _never)
    upkeep.look(today=TODAY)


def _never(_engine: object, sql: str) -> None:
    raise AssertionError(sql)


DIGESTS = """
from datetime import date
from nextplay.facts.span import FactsSpan
from nextplay.operations.installation import Standing
from nextplay.operations.dashboards.roll_up import _dashboards
from nextplay.program.load import default_program
day = date(2026, 11, 9)
for dialect in ("duckdb", "postgres"):
    for one in _dashboards(Standing(default_program(), FactsSpan(day, day, day)), day, dialect):
        print(dialect, one.name, one.digest)
"""


def test_what_one_process_kept_another_finds() -> None:
    known = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    answers = [
        subprocess.run(
            [sys.executable, "-c", DIGESTS], env=known | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert answers[0] == answers[1] != ""
