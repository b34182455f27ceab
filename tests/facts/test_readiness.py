"""The readiness report: what is there, what is refused, and the cheapest mend first."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from nextplay.facts.readiness import Readiness, read_readiness
from nextplay.home import create_home
from nextplay.operations.data.import_facts import import_facts
from nextplay.operations.installation import Installation
from tests import real_data

FILES = {
    "partners.csv": "partner_id,name,lifecycle_stage,manager_email\np1,One,active,a@x.example\np2,Two,active,\n",
    "deals.csv": "deal_id,partner_id,stage,amount,opened_at\nd1,p1,proposal,100,2026-11-01\nd2,p2,won,,2026-10-01\n",
    "activities.csv": (
        "activity_id,partner_id,kind,occurred_at\n"
        "a1,p1,portal_login,2026-11-02\na2,p1,coffee_shared,2026-11-03\na3,p2,deal_registered,2026-11-03\n"
    ),
}
TODAY = date(2026, 11, 9)
NOW = datetime(2026, 11, 9, 9, tzinfo=UTC)


def _read(installation: Installation, folder: Path, files: dict[str, str], today: date = TODAY) -> Readiness:
    paths = [folder / name for name in files]
    for path in paths:
        path.write_text(files[path.name], encoding="utf-8")
    import_facts(installation, paths, actor="test", now=NOW)
    return read_readiness(installation.warehouse, installation.reporting, as_of=today)


@pytest.fixture
def on_engine(tmp_path: Path, facts_url: str) -> Iterator[Installation]:
    opened = Installation(create_home(tmp_path / "home", facts_url=facts_url))
    yield opened
    opened.warehouse.close()


def test_rows_and_gaps_are_told(on_engine: Installation, tmp_path: Path) -> None:
    read = _read(on_engine, tmp_path, FILES)
    assert read.rows["partners"] == 2
    assert read.rows["documents"] == 0
    assert read.orphans == {"contacts": 0, "deals": 0, "revenue": 0, "activities": 0, "documents": 0}
    refused = {found.what for found in read.findings if found.effect == "refused"}
    assert {"Revenue", "Pipeline by industry", "Commitments kept", "Tier filter and tier benchmark"} <= refused


def test_what_is_there_is_not_refused(installation: Installation, tmp_path: Path) -> None:
    read = _read(installation, tmp_path, FILES)
    told = {found.what for found in read.findings}
    assert not told & {"Pipeline, win rate, new deals", "Pipeline amounts", "New pipeline of a period", "Selling events"}


def test_the_cheapest_mend_comes_first(installation: Installation, tmp_path: Path) -> None:
    read = _read(installation, tmp_path, FILES)
    efforts = [found.effort for found in read.findings]
    assert efforts == sorted(efforts)
    assert read.findings[0].effort == 1


def test_unknown_kinds_above_a_fifth_make_stages_unreliable(installation: Installation, tmp_path: Path) -> None:
    read = _read(installation, tmp_path, FILES)
    assert read.unknown_kinds == {"coffee_shared": 1}
    assert not read.stages_reliable
    assert any("coffee_shared" in found.why for found in read.findings)


def test_a_fifth_or_less_does_not(installation: Installation, tmp_path: Path) -> None:
    more = FILES | {
        "activities.csv": FILES["activities.csv"] + "a4,p1,meeting_held,2026-11-04\na5,p2,meeting_held,2026-11-04\n"
    }
    assert _read(installation, tmp_path, more).stages_reliable


def test_partners_without_manager_are_counted_and_one_is_told_as_one(installation: Installation, tmp_path: Path) -> None:
    read = _read(installation, tmp_path, FILES)
    assert read.partners_without_manager == 1
    assert any("1 partner has no manager" in found.why for found in read.findings)


def test_old_tables_are_stale_and_fresh_ones_are_not(installation: Installation, tmp_path: Path) -> None:
    read = _read(installation, tmp_path, FILES)
    assert not any(table.stale for table in read.tables)
    later = read_readiness(installation.warehouse, installation.reporting, as_of=date(2027, 3, 1))
    assert {table.table for table in later.tables if table.stale} == {"deals", "activities"}


def test_empty_facts_refuse_everything_and_break_nothing(installation: Installation) -> None:
    read = read_readiness(installation.warehouse, installation.reporting, as_of=TODAY)
    assert sum(read.rows.values()) == 0
    assert read.unknown_kinds_share == 0
    assert {"Revenue", "Signals of behavior"} <= {found.what for found in read.findings}


@pytest.mark.parametrize(
    ("data", "folder"), [("maven", ("maven", "facts")), ("olist_dev_2018-05-31", ("olist", "facts_2018-05-31"))]
)
def test_rows_and_orphans_are_the_known_ones(installation: Installation, data: str, folder: tuple[str, ...]) -> None:
    truth = real_data.ground_truth()[data]
    import_facts(installation, [real_data.path(*folder)], actor="test", now=datetime(2026, 11, 9, tzinfo=UTC))
    read = read_readiness(installation.warehouse, installation.reporting, as_of=TODAY)
    assert truth["rows"]["value"].items() <= read.rows.items()
    assert truth["orphans"]["value"].items() <= read.orphans.items()
