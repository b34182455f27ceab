"""Months as they are kept: what another version kept is not lost, and who was killed leaves nothing behind for good."""

import json
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from nextplay.ledger.ad_hoc import OwnMonth, open_month
from nextplay.operations.deciding.decide import decide
from nextplay.operations.deciding.show_focus import show_focus
from nextplay.operations.installation import Installation
from nextplay.operations.record.cycles import by_another_version, latest_cycle, latest_month, only_decisions
from nextplay.operations.viewer import Viewer
from tests.stories import load, partner

pytestmark = pytest.mark.django_db

DAY, NOW = date(2026, 3, 31), datetime(2026, 4, 1, 8, tzinfo=UTC)


@pytest.fixture
def decided(installation: Installation) -> Installation:
    """Four partners that were enabled lately; decided."""
    enabled = datetime(2026, 3, 1)
    load(installation.warehouse, "partners", *(partner(f"p{place}", enabled_at=enabled) for place in range(4)))
    decide(installation, now=NOW, actor="ben", as_of=DAY)
    return installation


def _kept(installation: Installation) -> Path:
    [kept] = (installation.home.cycles / DAY.isoformat()).glob("*.json")
    return kept


def _with_another_column(kept: Path) -> None:
    frame = kept.with_name(f"{kept.stem}-next_actions.parquet")
    pl.read_parquet(frame).drop("instead_of").write_parquet(frame)


def _with_a_value_less(kept: Path) -> None:
    held = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps({name: value for name, value in held.items() if name != "seed"}), encoding="utf-8")


def _with_a_value_more(kept: Path) -> None:
    kept.write_text(json.dumps(json.loads(kept.read_text(encoding="utf-8")) | {"mood": "fair"}), encoding="utf-8")


@pytest.mark.parametrize("kept_otherwise", [_with_another_column, _with_a_value_less, _with_a_value_more])
def test_of_a_month_that_another_version_kept_otherwise_the_decisions_are_there_until_it_is_decided_anew(
    decided: Installation, ben: Viewer, kept_otherwise: object
) -> None:
    whole = latest_cycle(decided.home)
    assert whole is not None
    assert not only_decisions(whole)
    assert callable(kept_otherwise)
    kept_otherwise(_kept(decided))
    left = latest_cycle(decided.home)
    assert left is not None
    assert only_decisions(left)
    assert (left.cycle, left.as_of, left.facts_version, left.focus.ids) == (
        whole.cycle,
        whole.as_of,
        whole.facts_version,
        whole.focus.ids,
    )
    decide(decided, now=NOW, actor="ben", as_of=DAY)
    assert latest_cycle(decided.home) == whole


def test_another_version_is_told_by_its_code(decided: Installation) -> None:
    assert not by_another_version(decided.home)
    pointer = decided.home.cycles / "latest.json"
    held = json.loads(pointer.read_text(encoding="utf-8"))
    # As pointers were written before they told it.
    for other in (held | {"code": "other"}, {name: value for name, value in held.items() if name != "code"}):
        pointer.write_text(json.dumps(other), encoding="utf-8")
        assert by_another_version(decided.home)
    decide(decided, now=NOW, actor="ben", as_of=DAY)
    assert not by_another_version(decided.home)


def test_a_restored_home_shows_the_decisions_of_its_list_and_not_the_month_of_what_was_decided_beside_it(
    decided: Installation, ben: Viewer
) -> None:
    waiting = {one.decision_id for one in show_focus(decided, ben, now=NOW).waiting}
    shutil.rmtree(decided.home.cycles)
    # As the store of kept months is after a restore.
    decided.home.cycles.mkdir()
    later = OwnMonth("2026-05", date(2026, 5, 2), "1.0", decided.program.version, "USD")
    open_month(later, actor="ben", now=NOW)
    assert latest_month(decided.home) == "2026-03"
    assert not by_another_version(decided.home)
    page = show_focus(decided, ben, now=NOW)
    assert (page.cycle, page.whole, {one.decision_id for one in page.waiting}) == ("2026-03", False, waiting)
    # Everybody is somewhere, though nothing is known of who is not on the list.
    assert page.partners == 4 == len(waiting) + sum(row.count for row in page.left_out)


def test_where_the_last_list_cannot_be_read_another_day_of_its_month_takes_its_place_and_no_earlier_month_does(
    decided: Installation, ben: Viewer
) -> None:
    (decided.home.cycles / "2026-03-31").rename(decided.home.path / "elsewhere")
    decide(decided, now=NOW, actor="ben", as_of=date(2026, 2, 28))
    page = show_focus(decided, ben, now=NOW)
    assert (page.cycle, page.whole) == ("2026-03", False)
    decide(decided, now=NOW, actor="ben", as_of=DAY - timedelta(days=3))
    page = show_focus(decided, ben, now=NOW)
    assert (page.as_of, page.whole) == (DAY - timedelta(days=3), True)


def test_after_a_restore_an_earlier_month_decided_again_leaves_the_page_where_it_is(decided: Installation, ben: Viewer) -> None:
    shutil.rmtree(decided.home.cycles)
    decided.home.cycles.mkdir()
    decide(decided, now=NOW, actor="ben", as_of=date(2026, 2, 28))
    assert show_focus(decided, ben, now=NOW).cycle == "2026-03"
    assert latest_month(decided.home) == "2026-03"


def test_everybody_with_hours_or_partners_is_there_where_only_decisions_are_left(decided: Installation, ben: Viewer) -> None:
    load(decided.warehouse, "partners", partner("left", lifecycle_stage="terminated", manager_email="Idle@program.example"))
    hours = "capacity:\n  managers:\n    - {email: Spare@program.example, hours: 9}\n"
    decided.home.program_file.write_text(hours, encoding="utf-8")
    shutil.rmtree(decided.home.cycles)
    decided.home.cycles.mkdir()
    owners = {owner.email: owner.capacity for owner in show_focus(decided, ben, now=NOW).owners}
    assert owners.keys() == {"ana@program.example", "idle@program.example", "spare@program.example"}
    assert owners["spare@program.example"] == 9


def test_a_draft_that_is_no_folder_ends_no_decision(decided: Installation) -> None:
    left = decided.home.cycles / "draft-x"
    left.write_bytes(b"")
    os.utime(left, (0, 0))
    assert decide(decided, now=NOW, actor="ben", as_of=DAY - timedelta(days=1)).as_of == DAY - timedelta(days=1)


def test_before_anything_was_proposed_there_is_no_list(installation: Installation, ben: Viewer) -> None:
    open_month(OwnMonth("2026-05", date(2026, 5, 2), "1.0", "x", "USD"), actor="ben", now=NOW)
    assert latest_month(installation.home) is None
    assert show_focus(installation, ben, now=NOW).state == "no_cycle"


def test_drafts_of_who_was_killed_are_gone_with_the_next_month_that_is_kept_and_those_under_way_stay(
    decided: Installation, ben: Viewer
) -> None:
    left, under_way = (decided.home.cycles / name for name in ("draft-left", "draft-now"))
    for folder in (left, under_way):
        folder.mkdir()
        (folder / "focus").write_bytes(b"half a")
    two_hours_ago = (left.stat().st_mtime) - timedelta(hours=2).total_seconds()
    os.utime(left, (two_hours_ago, two_hours_ago))
    decide(decided, now=NOW, actor="ben", as_of=DAY - timedelta(days=1))
    assert not left.exists()
    assert under_way.exists()
    kept = {one.name for one in decided.home.cycles.iterdir()}
    assert kept == {"draft-now", "latest.json", "2026-03-30", "2026-03-31"}
    assert show_focus(decided, ben, now=NOW).as_of == DAY
