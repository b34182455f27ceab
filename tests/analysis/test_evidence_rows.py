"""Every score can be worked out again from its evidence: the rows that the same tests name, and no others."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from nextplay.analysis.analyst import BuiltInAnalyst
from nextplay.analysis.criteria import MEASURES
from nextplay.analysis.evidence_rows import rows_of
from nextplay.analysis.reading import Reading
from nextplay.analysis.usual import Usual, usual
from nextplay.facts.contract import BY_NAME
from nextplay.facts.scope import Reach, Reporting, Scope, ScopedFacts
from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse
from nextplay.operations.installation import Installation
from nextplay.program.load import default_program
from nextplay.program.rubric import DIMENSIONS
from tests.conftest import MOMENT
from tests.stories import activity, deal, load, partner

DAY = date(2026, 11, 8)
PROGRAM = default_program()


def _ago(days: float) -> datetime:
    return datetime(2026, 11, 8, 12) - timedelta(days=days)


def _facts(day: date = DAY) -> ScopedFacts:
    return ScopedFacts(Scope(day), Reporting("USD"))


def _rows(warehouse: Warehouse, partner_id: str, criterion: str) -> dict[str, str]:
    expression = rows_of(_facts(), criterion)
    assert expression is not None
    found = warehouse.read(expression).filter(pl.col("partner_id") == partner_id).sort("at", "row", descending=[True, False])
    return dict(found.select("row", "counts_as").iter_rows())


@pytest.mark.engine
def test_the_rows_counted_are_named_and_no_others(warehouse: Warehouse) -> None:
    load(warehouse, "partners", partner("p1"), partner("p2"))
    kept = [activity("p1", "commitment_met", _ago(n), activity_id=f"kept{n}") for n in range(1, 8)]
    old = activity("p1", "commitment_met", _ago(271), activity_id="too old")
    other = activity("p1", "meeting_held", _ago(1), activity_id="another kind")
    load(warehouse, "activities", *kept, old, other)
    assert _rows(warehouse, "p1", "commitments_kept") == {f"activities:kept{n}": "met" for n in range(1, 8)}
    assert _rows(warehouse, "p2", "commitments_kept") == {}


@pytest.mark.engine
def test_rows_of_every_criterion_can_be_asked_of_a_past_day_on_either_engine(warehouse: Warehouse) -> None:
    past = ScopedFacts(Scope(DAY, past=True, known_at=_ago(3)), Reporting("USD"))
    load(warehouse, "partners", partner("p1"))
    load(warehouse, "activities", activity("p1", "commitment_met", _ago(2)), activity("p1", "commitment_met", _ago(4)))
    asked = {name: rows_of(past, name) for name in MEASURES}
    found = {name: warehouse.read(rows).height for name, rows in asked.items() if rows is not None}
    # What was observed after the instant was not known, though the day had not ended.
    assert {name: rows for name, rows in found.items() if rows} == {"commitments_kept": 1}
    assert set(asked) - set(found) == {"headcount", "regions_covered", "vertical_fit", "region_fit", "offering_fit"}


@pytest.mark.engine
def test_selling_is_shown_by_activities_and_deals_together(warehouse: Warehouse) -> None:
    load(warehouse, "partners", partner("p1"))
    load(warehouse, "activities", *(activity("p1", "deal_registered", _ago(n), activity_id=f"a{n}") for n in (3, 350, 362)))
    load(warehouse, "deals", deal("d1", "p1", _ago(10)), deal("d2", "p1", _ago(2), sourced_by="influenced"))
    assert list(_rows(warehouse, "p1", "selling_months")) == ["activities:a3", "deals:d1", "activities:a350"]


@pytest.mark.engine
def test_a_deal_that_we_helped_with_says_nothing_of_what_they_can_alone(warehouse: Warehouse) -> None:
    load(warehouse, "partners", partner("p1"))
    named = [deal(f"d{n}", "p1", _ago(100), account=f"a{n}") for n in range(4)]
    load(warehouse, "deals", *named, deal("together", "p1", _ago(100), sourced_by="co_sell"))
    load(warehouse, "activities", activity("p1", "co_sell_requested", _ago(90), account="a1"))
    load(warehouse, "activities", activity("p1", "outreach_sent", _ago(80), account="a2", play="co_sell_sprint"))
    load(warehouse, "activities", activity("p1", "outreach_sent", _ago(80), account="a3"))
    assert set(_rows(warehouse, "p1", "deals_that_move")) == {"deals:d0", "deals:d3"}


@pytest.mark.engine
def test_a_lost_deal_got_as_far_as_the_stage_it_was_lost_from(warehouse: Warehouse) -> None:
    load(warehouse, "partners", partner("p1"))
    lost_from = {"late": "negotiation", "early": "qualified", "unknown": None}
    load(warehouse, "deals", *(deal(name, "p1", _ago(200), stage="lost", closed_at=_ago(30)) for name in lost_from))
    load(warehouse, "deals", deal("too old", "p1", _ago(400)), deal("too young", "p1", _ago(50)))
    changes = [
        {"change_id": name, "entity": "deal", "entity_id": name, "field": "stage", "old": old, "new": "lost"}
        for name, old in lost_from.items()
        if old
    ]
    load(warehouse, "changes", *(change | {"changed_at": _ago(30), "observed_at": _ago(30)} for change in changes))
    assert _rows(warehouse, "p1", "deals_that_move") == {"deals:early": "stopped before", "deals:late": "reached proposal"}
    counts = json.loads(_criterion(_read(warehouse), "p1", "deals_that_move")["evidence"])
    assert (counts["numerator"], counts["denominator"]) == (1, 2)


@pytest.mark.engine
def test_a_reply_is_the_next_answer_and_an_open_proposal_waits_until_the_day(warehouse: Warehouse) -> None:
    load(warehouse, "partners", partner("p1"))
    asked = [activity("p1", "step_proposed", _ago(n), activity_id=f"ask{n}") for n in (40, 10)]
    load(warehouse, "activities", *asked, activity("p1", "step_accepted", _ago(38)))
    assert _rows(warehouse, "p1", "reply_time") == {"activities:ask40": "answered", "activities:ask10": "not answered"}
    found = _criterion(_read(warehouse), "p1", "reply_time")
    # Two days waited for an answer, ten days and the rest of the day for none yet; a week twice before anything is known.
    assert found["value"] == pytest.approx((2 + 10.5 + 14) / (1 + 2), abs=0.02)


def _read(warehouse: Warehouse, day: date = DAY) -> Reading:
    facts = _facts(day)
    return BuiltInAnalyst().read(warehouse, facts, usual(warehouse, facts, PROGRAM), PROGRAM)


def _criterion(reading: Reading, partner_id: str, name: str) -> dict[str, Any]:
    rows = reading.criteria.filter((pl.col("partner_id") == partner_id) & (pl.col("criterion") == name))
    return rows.row(0, named=True)


def test_a_login_is_no_evidence_of_a_sponsor(warehouse: Warehouse) -> None:
    load(warehouse, "partners", partner("p1"))
    load(warehouse, "contacts", {"contact_id": "c1", "partner_id": "p1", "role": "executive", "observed_at": _ago(900)})
    kinds = ("portal_login", "invented_click", "step_proposed")
    load(warehouse, "activities", *(activity("p1", kind, _ago(3), contact_id="c1") for kind in kinds))
    assert _rows(warehouse, "p1", "sponsor_seen") == {}


@pytest.mark.engine
def test_who_is_on_record_with_another_partner_counts_alike_alone_and_among_all(warehouse: Warehouse) -> None:
    load(warehouse, "partners", partner("p1"), partner("p2"))
    people = [("c1", "p1"), ("c9", "p2")]
    load(
        warehouse,
        "contacts",
        *({"contact_id": name, "partner_id": of, "role": "executive", "observed_at": _ago(900)} for name, of in people),
    )
    load(warehouse, "activities", activity("p1", "meeting_held", _ago(3), contact_id="c9"))
    alone = ScopedFacts(Scope(DAY, reach=Reach(partner_id="p1")), Reporting("USD"))
    for facts in (_facts(), alone):
        reading = BuiltInAnalyst().read(warehouse, facts, usual(warehouse, _facts(), PROGRAM), PROGRAM)
        assert _criterion(reading, "p1", "sponsor_seen")["value"] == 0
    assert _rows(warehouse, "p1", "sponsor_seen") == {}


def _share(rows: pl.DataFrame, good: str) -> tuple[int, int]:
    return rows.filter(pl.col("counts_as") == good).height, rows.height


def _month(rows: pl.DataFrame, day: date) -> list[int]:
    end = datetime.combine(day, datetime.min.time()) + timedelta(days=1)
    return sorted({int((end - at).total_seconds() // (86_400 * 30)) for at in rows["at"].drop_nulls()})


def _by_hand(day: date, common: Usual) -> dict[str, Callable[[pl.DataFrame], float]]:
    """A criterion's value out of its rows, in plain Python: a second way to what `criteria` works out for all at once."""

    def shrunk(rate: float, good: str) -> Callable[[pl.DataFrame], float]:
        return lambda rows: (_share(rows, good)[0] + 4 * rate) / (rows.height + 4)

    def kept(rows: pl.DataFrame) -> float:
        met, ended = _share(rows, "met")
        return (met + 1.2) / (ended + 2.4)

    return {
        "named_sellers": lambda rows: float(rows.height),
        "win_rate": shrunk(common.win_rate, "won"),
        "deals_that_move": shrunk(common.alone_rate, "reached proposal"),
        "commitments_kept": kept,
        "selling_months": lambda rows: sum(0.5 ** (month / 3) for month in _month(rows, day)),
        "sponsor_seen": lambda rows: max((0.5 ** (month / 3) for month in _month(rows, day)), default=0.0),
        "offer_in_own_words": lambda rows: max((0.5 ** (month / 6) for month in _month(rows, day)), default=0.0),
        "icp_accounts": lambda rows: _share(rows, "fits")[0] / rows.height,
    }


@pytest.fixture(scope="module")
def sample_reading(sample_installation: Installation) -> Reading:
    facts = sample_installation.facts(MOMENT.date(), ScopedFacts(Scope(DAY), Reporting("USD")).scope.reach)
    common = usual(sample_installation.warehouse, facts, PROGRAM)
    return BuiltInAnalyst().read(sample_installation.warehouse, facts, common, PROGRAM)


def _sample_rows(installation: Installation, criterion: str) -> pl.DataFrame:
    expression = rows_of(installation.facts(MOMENT.date(), Scope(DAY).reach), criterion)
    assert expression is not None
    return installation.warehouse.read(expression)


def test_every_value_is_worked_out_again_from_its_rows(sample_installation: Installation, sample_reading: Reading) -> None:
    worked = 0
    for name, value_of in _by_hand(MOMENT.date(), sample_reading.usual).items():
        rows = _sample_rows(sample_installation, name)
        own = dict(rows.partition_by("partner_id", as_dict=True).items())
        read = sample_reading.criteria.filter((pl.col("criterion") == name) & pl.col("value").is_not_null())
        for partner_id, value in read.select("partner_id", "value").iter_rows():
            assert value == pytest.approx(value_of(own.get((partner_id,), rows.clear())), abs=1e-5), (partner_id, name)
            worked += 1
    assert worked > 500


def test_points_run_straight_from_zero_to_full(sample_reading: Reading) -> None:
    lines = {one.name: (one.zero, one.full) for name in DIMENSIONS for one in getattr(PROGRAM.rubric, name)}
    assert set(lines) == set(MEASURES)
    for row in sample_reading.criteria.filter(pl.col("points").is_not_null()).iter_rows(named=True):
        zero, full = lines[row["criterion"]]
        straight = (row["value"] - zero) / (full - zero)
        assert row["points"] == pytest.approx(100 * min(max(straight, 0), 1), abs=0.01)


def test_every_row_named_is_the_partners_own(sample_installation: Installation) -> None:
    warehouse = sample_installation.warehouse
    held = {
        table: set(warehouse.read(stored(table)[[BY_NAME[table].key, "partner_id"]]).iter_rows())
        for table in ("deals", "activities", "contacts")
    }
    held["accounts"] = set(warehouse.read(stored("deals")[["account", "partner_id"]]).iter_rows())
    for name in MEASURES:
        if rows_of(_facts(), name) is None:
            continue
        for partner_id, row in _sample_rows(sample_installation, name).select("partner_id", "row").iter_rows():
            table, key = row.split(":", 1)
            assert (key, partner_id) in held[table], name


def test_counts_that_a_person_is_shown_are_numbers_of_rows(sample_installation: Installation, sample_reading: Reading) -> None:
    for name in ("win_rate", "deals_that_move", "commitments_kept", "reply_time", "icp_accounts"):
        rows = _sample_rows(sample_installation, name)
        counted = dict(rows.group_by("partner_id").len().iter_rows())
        for partner_id, text in sample_reading.criteria.filter(pl.col("criterion") == name)[
            "partner_id", "evidence"
        ].iter_rows():
            assert int(json.loads(text)["denominator"] or 0) == counted.get(partner_id, 0), (partner_id, name)
