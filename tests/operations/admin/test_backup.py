"""Everything comes back: on the same engines, on others, or not at all."""

import json
import sqlite3
import tarfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from nextplay.facts import tables
from nextplay.facts.archive import FactsNotEmpty
from nextplay.facts.warehouse import Warehouse
from nextplay.home import create_home, open_home
from nextplay.ledger.journal import write_line
from nextplay.operations.admin.backup import MANIFEST, backup
from nextplay.operations.admin.restore import HomeNotEmpty, NotABackup, restore
from nextplay.operations.data.import_facts import import_facts
from nextplay.operations.installation import Installation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_roll_ups")]
FILES = {
    "partners.csv": "partner_id,name,lifecycle_stage,regions\np1,Zoë & Söhne,active,DACH;Nordics\np2,Two,active,\n",
    "deals.csv": "deal_id,partner_id,stage,amount,opened_at\nd1,p1,proposal,100.25,2026-11-01T10:00:00.123456Z\nd2,p2,won,,\n",
}


@pytest.fixture
def filled(ledgers: None, tmp_path: Path, facts_url: str, now: datetime) -> Iterator[Installation]:
    opened = Installation(create_home(tmp_path / "old", facts_url=facts_url))
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    import_facts(opened, [tmp_path / name for name in FILES], actor="test", now=now)
    opened.home.program_file.write_text("name: Mine\n", encoding="utf-8")
    write_line(at=now, actor="ben@program.example", verb="tested", subject="p1", details={"why": "Zoë"})
    yield opened
    opened.warehouse.close()


@pytest.fixture
def archive(filled: Installation, tmp_path: Path, now: datetime) -> Path:
    target = tmp_path / "kept" / "np.tar.gz"
    backup(filled, target, now=now)
    return target


def _same_facts(one: Warehouse, other: Warehouse) -> bool:
    return all(
        one.read(tables.stored(name)).sort(column).equals(other.read(tables.stored(name)).sort(column))
        for name, schema in tables.ALL.items()
        if (column := next(iter(schema)))
    )


def _journal(home: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(home / "ledger.sqlite3") as opened:
        read = opened.execute("SELECT verb, details FROM ledger_journal").fetchall()
    opened.close()
    return [(verb, json.loads(details)["why"]) for verb, details in read]


def test_everything_comes_back(filled: Installation, archive: Path, tmp_path: Path) -> None:
    report = restore(archive, tmp_path / "new")
    again = Installation(open_home(tmp_path / "new", {}))
    assert report.facts["deals"] == 2
    assert _same_facts(filled.warehouse, again.warehouse)
    assert again.warehouse.version() == filled.warehouse.version()
    assert again.program.name == "Mine"
    assert again.home.secret_key == filled.home.secret_key
    assert _journal(tmp_path / "new") == [("tested", "Zoë")]
    again.warehouse.close()


@pytest.mark.parametrize("facts_url", ["duckdb"], indirect=True)
def test_a_backup_of_a_file_goes_into_a_server(filled: Installation, archive: Path, tmp_path: Path, postgres_url: str) -> None:
    restore(archive, tmp_path / "new", facts_url=postgres_url)
    home = open_home(tmp_path / "new", {})
    again = Installation(home)
    assert home.facts_url == postgres_url
    assert _same_facts(filled.warehouse, again.warehouse)
    again.warehouse.close()


def test_the_ledger_goes_into_postgresql(archive: Path, tmp_path: Path, postgres_url: str) -> None:
    report = restore(archive, tmp_path / "new", ledger_url=postgres_url)
    assert report.ledger == {"ledger_journal": 1}
    assert not (tmp_path / "new" / "ledger.sqlite3").exists()


def test_a_restored_home_can_be_written_to(archive: Path, tmp_path: Path, now: datetime) -> None:
    restore(archive, tmp_path / "new")
    again = Installation(open_home(tmp_path / "new", {}))
    (tmp_path / "partners.csv").write_text("partner_id,name,lifecycle_stage\np3,Three,active\n", encoding="utf-8")
    report = import_facts(again, [tmp_path / "partners.csv"], actor="test", now=now)
    assert report.tables[0].added == 1
    again.warehouse.close()


def test_a_home_with_something_in_it_is_left_alone(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(HomeNotEmpty):
        restore(archive, tmp_path / "new")
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["mine.txt"]


def test_replacing_moves_the_old_home_aside(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mine.txt").write_text("mine", encoding="utf-8")
    report = restore(archive, tmp_path / "new", replace=True)
    assert report.kept is not None
    assert (Path(report.kept) / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert open_home(tmp_path / "new", {}).path == tmp_path / "new"


def test_facts_that_hold_rows_are_not_mixed(filled: Installation, archive: Path, tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path / 'other.duckdb'}"
    restore(archive, tmp_path / "first", facts_url=url)
    with pytest.raises(FactsNotEmpty):
        restore(archive, tmp_path / "second", facts_url=url)
    assert not (tmp_path / "second").exists()
    assert not list(tmp_path.glob(".second*"))


@pytest.mark.parametrize("facts_url", ["duckdb"], indirect=True)
def test_an_archive_is_readable_by_its_owner_alone(archive: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0
    assert [file.name for file in archive.parent.iterdir()] == [archive.name]


def _repacked(archive: Path, target: Path, change: dict[str, bytes], arcname: str | None = None) -> Path:
    folder = target.parent / "repack"
    with tarfile.open(archive) as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)
        packed.extractall(folder)  # noqa: S202 our own archive
    for name, content in change.items():
        (folder / name).write_bytes(content)
    with tarfile.open(target, "w:gz") as packed:
        packed.add(folder, arcname=".")
        if arcname:
            packed.add(folder / MANIFEST, arcname=arcname)
    return target


@pytest.mark.parametrize("facts_url", ["duckdb"], indirect=True)
@pytest.mark.parametrize("change", [{"ledger.jsonl": b"{}"}, {"extra.txt": b"x"}, {MANIFEST: b"{}"}, {MANIFEST: b"nonsense"}])
def test_a_changed_archive_is_refused(archive: Path, tmp_path: Path, change: dict[str, bytes]) -> None:
    changed = _repacked(archive, tmp_path / "changed.tar.gz", change)
    with pytest.raises(NotABackup):
        restore(changed, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("facts_url", ["duckdb"], indirect=True)
@pytest.mark.parametrize("climbing", ["../../escaped.txt", "/escaped-nextplay.txt"])
def test_an_archive_that_climbs_out_writes_nothing_outside(archive: Path, tmp_path: Path, climbing: str) -> None:
    evil = _repacked(archive, tmp_path / "evil.tar.gz", {}, arcname=climbing)
    with pytest.raises(NotABackup):
        restore(evil, tmp_path / "deep" / "new")
    assert not list(tmp_path.rglob("escaped*"))
    assert not Path("/escaped-nextplay.txt").exists()


@pytest.mark.parametrize("facts_url", ["duckdb"], indirect=True)
def test_half_an_archive_is_refused(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    (tmp_path / "half.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NotABackup):
        restore(tmp_path / "half.tar.gz", tmp_path / "new")
