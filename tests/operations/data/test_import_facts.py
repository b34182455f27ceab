"""An import as a whole: all of it or none, whatever happens in the middle."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextplay.facts.intake.columns import ColumnMapping
from nextplay.facts.intake.unreadable import UnreadableFile
from tests import real_data
from tests.facts.files import DEALS, PARTNERS, Desk, write


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty desk on DuckDB."""
    made = Desk(tmp_path)
    yield made
    made.warehouse.close()


_KEYS = st.sampled_from(["d1", "d2", "d3", "d4"])
_ROW = st.tuples(
    st.sampled_from(["p1", "p2", ""]), st.sampled_from(["won", "lost", "proposal"]), st.sampled_from(["", "1", "2.5"])
)
_FILE = st.dictionaries(_KEYS, _ROW, min_size=1)


def _text(rows: dict[str, tuple[str, str, str]]) -> str:
    return "deal_id,partner_id,stage,amount\n" + "".join(f"{key},{','.join(row)}\n" for key, row in rows.items())


@settings(max_examples=12)
@given(first=_FILE, second=_FILE)
def test_importing_twice_is_importing_once_and_the_later_file_wins(
    first: dict[str, tuple[str, str, str]], second: dict[str, tuple[str, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.load_text(partners=PARTNERS)
    for text in (first, second):
        desk.load_text(deals=_text(text))
        held = desk.everything()
        again = desk.load_text(deals=_text(text))
        assert desk.everything() == held
        assert (again.tables[0].added, again.tables[0].updated) == (0, 0)
    expected = first | second
    stored = {row[0]: row[1:] for row in desk.rows("deals", "deal_id", "partner_id", "stage")}
    assert stored == {key: (row[0] or None, row[1]) for key, row in expected.items()}
    desk.warehouse.close()


def test_two_imports_at_once_leave_every_key_once(desk: Desk) -> None:
    desk.load_text(partners=PARTNERS)
    rows = "".join(f"d{number},p1,won\n" for number in range(2_000))
    [path] = write(desk.folder / "both", deals="deal_id,partner_id,stage\n" + rows)
    threads = [threading.Thread(target=desk.load, args=(path,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = Counter(row[0] for row in desk.rows("deals", "deal_id"))
    assert len(keys) == 2_000
    assert set(keys.values()) == {1}


_CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from nextplay.home import open_home
from nextplay.operations.data.import_facts import import_facts
from nextplay.operations.installation import Installation
def tell(share, doing): print(share, flush=True)
import_facts(Installation(open_home(Path(sys.argv[1]), {})), [Path(sys.argv[2])], actor="x",
             now=datetime(2026, 11, 9, tzinfo=UTC), progress=tell)
"""


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.1, 0.3])
def test_killed_in_the_middle_the_facts_are_as_before_or_as_after(desk: Desk, delay: float) -> None:
    desk.load_text(partners=PARTNERS, deals=DEALS)
    desk.warehouse.close()
    numbers = pl.int_range(120_000, eager=True)
    folder = desk.folder / "next"
    folder.mkdir()
    pl.select(
        pl.format("d{}", numbers).alias("deal_id"), pl.lit("p1").alias("partner_id"), pl.lit("won").alias("stage")
    ).write_csv(folder / "deals.csv")
    write(folder, partners=PARTNERS.replace("Alpha", "Renamed"))
    child = subprocess.Popen([sys.executable, "-c", _CHILD, str(desk.home.path), str(folder)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(delay)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with duckdb.connect(desk.home.facts_url.removeprefix("duckdb:///"), read_only=False) as facts:
        name = facts.execute("SELECT name FROM partners WHERE partner_id = 'p1'").fetchall()
        deals = facts.execute("SELECT count(*) FROM deals").fetchall()
        version = facts.execute("SELECT number FROM nextplay_versions WHERE part = 'facts'").fetchall()
    assert (name, deals, version) in (([("Alpha",)], [(2,)], [(1,)]), ([("Renamed",)], [(120_000,)], [(2,)]))


def test_a_folder_loads_what_is_named_after_a_table_and_says_what_it_left(desk: Desk) -> None:
    write(desk.folder / "in", partners=PARTNERS, deals_2026=DEALS, notes="a\n1\n")
    (desk.folder / "in" / "README.md").write_text("not a table")
    report = desk.load(desk.folder / "in")
    assert [table.file for table in report.tables] == ["partners.csv", "deals_2026.csv"]
    assert report.left_aside == ["notes.csv"]


@pytest.mark.parametrize("name", ["missing.csv", "export.csv", "picture.png"])
def test_a_path_that_holds_no_known_table_is_refused(desk: Desk, name: str) -> None:
    if name != "missing.csv":
        (desk.folder / name).write_text("a,b\n1,2\n")
    with pytest.raises(UnreadableFile, match=name):
        desk.load(desk.folder / name)


def test_a_file_by_another_name_loads_as_the_table_one_says(desk: Desk) -> None:
    [path] = write(desk.folder / "in", export=PARTNERS)
    assert desk.load(path, table="partners").tables[0].added == 2


def test_three_small_files_with_required_columns_only_are_enough(desk: Desk) -> None:
    report = desk.load_text(
        partners=PARTNERS,
        deals="deal_id,stage\nd1,won\n",
        activities="activity_id,partner_id,kind,occurred_at\na1,p1,portal_login,2026-01-01\n",
    )
    assert [(table.added, table.rejected) for table in report.tables] == [(2, 0), (1, 0), (1, 0)]


def test_progress_only_grows_and_ends_at_the_whole(desk: Desk) -> None:
    told: list[float] = []
    desk.load_text(partners=PARTNERS, deals=DEALS, progress=lambda share, _doing: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_report_is_plain_values(desk: Desk) -> None:
    read = json.loads(json.dumps(desk.load_text(partners=PARTNERS + "p3,C,nonsense\n").as_json()))
    assert read["tables"][0]["rejected"] == 1
    assert read["rejected_files"] == [read["tables"][0]["rejected_file"]]


@pytest.mark.parametrize(
    ("folder", "rows"), [("maven/facts", [35, 0, 8800, 4238, 8300]), ("olist/facts_2018-05-31", [9316, 0, 6152, 4660, 32238])]
)
def test_real_facts_load_whole_and_only_once(desk: Desk, folder: str, rows: list[int]) -> None:
    path = real_data.path(*folder.split("/"))
    assert [table.added for table in desk.load(path).tables] == rows
    again = desk.load(path)
    assert [table.unchanged for table in again.tables] == rows
    assert again.facts_version == "1.0"


def test_a_raw_crm_export_loads_with_a_mapping(desk: Desk) -> None:
    raw = real_data.path("maven", "raw")
    desk.load(raw / "sales_teams.csv", table="partners", mappings={"partners": _AGENTS})
    pipeline = desk.load(
        raw / "sales_pipeline.csv", table="deals", mappings={"deals": ColumnMapping("deals", {"sales_agent": "partner_id"})}
    )
    accounts = desk.load(raw / "accounts.csv")
    assert (pipeline.tables[0].added, pipeline.tables[0].rejected, pipeline.tables[0].unknown_columns) == (8800, 0, [])
    stages = Counter(row[0] for row in desk.rows("deals", "stage"))
    assert stages == {"won": 4238, "lost": 2473, "qualification": 1589, "prospecting": 500}
    # What the file says is kept, misspelled or not: GTXPro is 1,480 deals' own word.
    assert Counter(row[0] for row in desk.rows("deals", "product"))["GTXPro"] == 1480
    assert accounts.tables[0].added == 85
    assert "technolgy" in {row[0] for row in desk.rows("accounts", "industry")}


_AGENTS = ColumnMapping(
    "partners",
    {"sales_agent": "partner_id", "manager": "name", "regional_office": "lifecycle_stage"},
    {"lifecycle_stage": {"Central": "active", "East": "active", "West": "active"}},
)
