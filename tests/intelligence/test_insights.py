"""Strengths and areas roll up the latest analysis of each partner, and nothing older."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse, move_version
from nextplay.intelligence.tiles import ExecutiveDashboard
from nextplay.operations.dashboards.show_executive import show_executive
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import Role, Viewer

NOW = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
OLD, NEW = datetime(2026, 9, 1), datetime(2026, 11, 1)
BEN = Viewer(email="ben@program.example", name="Ben Adler", role=Role.ADMIN)


def _load(warehouse: Warehouse, table: str, *rows: dict[str, Any]) -> None:
    schema = warehouse.read(stored(table).limit(0)).schema
    columns = {name: [row.get(name) for row in rows] for name in schema}
    with warehouse.transaction() as transaction:
        transaction.append(table, pl.DataFrame(columns, schema=schema, strict=False).to_arrow())
        move_version(transaction, "analysis")


def _run(run_id: str, at: datetime) -> dict[str, Any]:
    return {"run_id": run_id, "as_of": at, "finished_at": at}


def _reading(run_id: str, partner_id: str, at: datetime) -> dict[str, Any]:
    return {"run_id": run_id, "partner_id": partner_id, "as_of": at, "digest": 1, "own": 1}


def _score(run_id: str, partner_id: str, score: float | None, reason: str, dimension: str = "commitment") -> dict[str, Any]:
    return {"run_id": run_id, "partner_id": partner_id, "dimension": dimension, "score": score, "reason": reason}


@pytest.fixture
def analyzed(installation: Installation) -> Installation:
    """Four partners; p1 was read twice, p4 never."""
    warehouse = installation.warehouse
    places = (("p1", "A"), ("p2", "A"), ("p3", "B"), ("p4", "B"))
    partners = ({"partner_id": p, "name": p, "segment": s, "lifecycle_stage": "active", "observed_at": OLD} for p, s in places)
    _load(warehouse, "partners", *partners)
    _load(warehouse, "analysis_runs", _run("r1", OLD), _run("r2", NEW))
    _load(warehouse, "readings", *(_reading("r1", p, OLD) for p in ("p1", "p2", "p3")), _reading("r2", "p1", NEW))
    _load(
        warehouse,
        "scores",
        _score("r1", "p1", 10, "promises are missed"),
        _score("r1", "p2", 30, "nobody sells"),
        _score("r1", "p3", 45, "promises are missed"),
        _score("r2", "p1", 20, "nobody sells"),
        _score("r2", "p1", 80, "", "capacity"),
        _score("r1", "p3", None, "", "capacity"),
    )
    shows = (("r1", "p1", 90.0), ("r1", "p2", 70.0), ("r1", "p3", 81.0))
    strengths = ({"run_id": r, "partner_id": p, "strength": "keeps_promises", "score": score} for r, p, score in shows)
    _load(warehouse, "strengths", *strengths)
    return installation


def shown(installation: Installation, **asked: Any) -> ExecutiveDashboard:
    return show_executive(installation, BEN, now=NOW, **asked)


def test_only_the_latest_reading_of_each_partner_counts(analyzed: Installation) -> None:
    dashboard = shown(analyzed)
    assert dashboard.analyzed == 3
    (row,) = dashboard.strengths
    assert (row.strength, row.partners, row.average) == ("keeps_promises", 2, 75.5)


def test_an_area_names_its_partners_their_average_and_the_usual_reason(analyzed: Installation) -> None:
    (area,) = shown(analyzed).areas
    assert (area.dimension, area.partners, area.reason, area.tone) == ("commitment", 3, "nobody sells", "red")
    assert area.average == pytest.approx((20 + 30 + 45) / 3)


def test_a_filter_rolls_up_its_own_partners_only(analyzed: Installation) -> None:
    dashboard = shown(analyzed, segment="B")
    assert (dashboard.analyzed, [row.partners for row in dashboard.strengths]) == (1, [1])
    assert [(area.partners, area.reason) for area in dashboard.areas] == [(1, "promises are missed")]


def test_a_past_day_does_not_know_a_later_analysis(analyzed: Installation) -> None:
    (row,) = shown(analyzed, as_of=date(2026, 10, 1)).strengths
    assert row.partners == 3


def test_an_unknown_score_is_not_a_low_one(analyzed: Installation) -> None:
    assert "capacity" not in {area.dimension for area in shown(analyzed).areas}


def test_a_new_analysis_replaces_the_remembered_answer(analyzed: Installation) -> None:
    before = shown(analyzed)
    _load(analyzed.warehouse, "analysis_runs", _run("r4", datetime(2026, 11, 8)))
    _load(analyzed.warehouse, "readings", _reading("r4", "p4", datetime(2026, 11, 8)))
    _load(analyzed.warehouse, "scores", _score("r4", "p4", 5, "nobody sells"))
    assert shown(analyzed).analyzed == before.analyzed + 1


def test_without_an_analysis_both_tiles_are_empty(installation: Installation) -> None:
    dashboard = shown(installation)
    assert (dashboard.analyzed, dashboard.strengths, dashboard.areas) == (0, (), ())
