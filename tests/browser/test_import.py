"""Files brought through the page: checked, explained, loaded, handed back, mended and brought again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from tests.browser.conftest import BEN, let_in, sign_in
from tests.running import done, serving

pytestmark = pytest.mark.browser
# An import builds what the dashboards add up from, which takes a while where others use the machine too.
LONG = 120_000

PARTNERS = """Partner ID;Partner Name;Stage;Level;Region
A-1;Acme Résellers;Active;Gold;EMEA
A-2;Beta, Inc;Enabled;Silver;AMER
A-3;Gamma;Enrolled;Silver;APAC
A-1;Acme twice;Active;Gold;EMEA
"""
DEALS = """Opportunity ID,Partner,Amount,Stage,Created,Fax
D-1,A-1,"1,200.50",proposal,2026-01-05,1
D-2,A-9,100,proposal,2026-02-05,2
D-3,A-1,=SUM(1),proposal,2026-03-05,3
"""


@pytest.fixture
def signed_in(tmp_path: Path, page: Page) -> Iterator[Page]:
    """An admin on an empty program."""
    home = tmp_path / "home"
    done("init", "--home", home)
    let_in(home, BEN, "admin")
    with serving(home) as address:
        sign_in(page, BEN, f"{address}/sign-in?next=/data/import")
        expect(page.get_by_role("heading", level=1)).to_have_text("Import files")
        yield page


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Partners and deals as text, contacts and activities as sheets beside one that is no table."""
    (tmp_path / "partners.csv").write_text(PARTNERS, encoding="utf-8")
    (tmp_path / "deals.csv").write_text(DEALS, encoding="utf-8")
    sheets = {
        "Contacts": [["contact_id", "partner_id", "name"], ["C-1", "A-1", "Cleo Marsh"]],
        "Activities": [["activity_id", "partner_id", "kind", "occurred_at"], ["K-1", "A-2", "meeting_held", "2026-05-01"]],
        "Remarks": [["what"], ["nothing"]],
    }
    with xlsxwriter.Workbook(tmp_path / "program.xlsx") as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
    return [tmp_path / "partners.csv", tmp_path / "deals.csv", tmp_path / "program.xlsx"]


def bring(page: Page, *files: Path) -> None:
    """Choose files and have them checked."""
    page.get_by_label("CSV, XLSX or Parquet files").set_input_files(files)
    page.get_by_role("button", name="Check the files").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check the import")


def loaded(page: Page) -> None:
    """Load, and wait for the end."""
    page.get_by_role("button", name="Load ").click()
    expect(page.get_by_role("heading", name="What was loaded")).to_be_visible(timeout=LONG)


def foretold(page: Page) -> None:
    """Ask what loading would do; the answer offers to load it."""
    page.get_by_role("button", name="See what it does").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the import would do")
    expect(page.get_by_text("Deals: 2 added.")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("D-2")).to_be_visible()
    expect(page.get_by_text("None: no committed decision")).to_be_visible()


def cells(page: Page, table: str) -> list[str]:
    """Read, added, updated, unchanged, removed, left out of one table's row."""
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=table, exact=True))
    return row.get_by_role("cell").all_inner_texts()[1:]


def explained(page: Page) -> None:
    """Say what a word means and where a column goes; both hold while the files are checked again."""
    # Loading refuses until the rows are left out by choice.
    page.get_by_role("button", name="Load 5 rows").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick the box to leave them out")

    # A word is explained once, a column is set by hand, and both are kept while checking again.
    page.get_by_label("“Enrolled” means").select_option("onboarding")
    page.get_by_label("partners.csv: column Level goes to").select_option("subtype")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("“Enrolled” means Onboarding")).to_be_visible()
    expect(page.get_by_text("as you chose")).to_have_count(1)
    expect(page.get_by_text("1 row in Partner ID")).to_be_visible()


def mended(page: Page, target: Path) -> None:
    """Download the rejected deals, correct them in the file, and keep it."""
    with page.expect_download() as started:
        page.get_by_role("link", name="deals_rejected").click()
    text = Path(started.value.path()).read_text(encoding="utf-8-sig")
    assert "'=SUM(1)" in text
    target.write_text(text.replace("A-9", "A-2").replace("'=SUM(1)", "300.00"), encoding="utf-8")


def test_files_are_checked_explained_loaded_and_mended(signed_in: Page, files: list[Path], tmp_path: Path) -> None:
    page = signed_in
    bring(page, *files)
    expect(page.get_by_text("Left aside, because no table has that name: program.xlsx, sheet “Remarks”.")).to_be_visible()
    expect(page.get_by_label("partners.csv: column Level goes to")).to_have_value("tier")

    explained(page)
    page.get_by_label("Leave 3 rows out").check()
    loaded(page)
    assert cells(page, "partners") == ["4", "3", "0", "0", "0", "1"]
    assert cells(page, "deals") == ["3", "1", "0", "0", "0", "2"]
    assert cells(page, "contacts") == ["1", "1", "0", "0", "0", "0"]

    handed_back = tmp_path / "deals_mended.csv"
    mended(page, handed_back)
    page.get_by_role("link", name="Import more").click()
    bring(page, handed_back)
    expect(page.get_by_text("same as last time").first).to_be_visible()
    expect(page.get_by_text("2 of 2 rows ready.")).to_be_visible()
    foretold(page)
    loaded(page)
    assert cells(page, "deals") == ["2", "2", "0", "0", "0", "0"]

    # The same again changes nothing, and what was said of the partners' columns and words is remembered.
    page.get_by_role("link", name="Import more").click()
    bring(page, files[0])
    expect(page.get_by_label("partners.csv: column Level goes to")).to_have_value("subtype")
    page.get_by_label("Leave 1 row out").check()
    loaded(page)
    assert cells(page, "partners") == ["4", "0", "0", "3", "0", "1"]

    # That changed nothing: the mended deals are still what the last import brought.
    page.goto(page.url.partition("/jobs/")[0] + "/data")
    page.get_by_role("button", name="Undo the last import").click()
    expect(page.get_by_text("The facts stand as before: 2 rows taken out")).to_be_visible(timeout=LONG)


def test_what_cannot_be_read_is_told_and_nothing_is_loaded(signed_in: Page, tmp_path: Path) -> None:
    page = signed_in
    export = tmp_path / "export 2026.csv"
    export.write_text("Deal ID,Account,Stage,Opened\nD-1,Nord,proposal,03/04/2026\n", encoding="utf-8")
    page.get_by_label("CSV, XLSX or Parquet files").set_input_files(export)
    page.get_by_role("button", name="Check the files").click()
    expect(page.get_by_role("alert")).to_contain_text("is not named after a table")

    page.get_by_label("What they hold").select_option("deals")
    bring(page, export)
    expect(page.get_by_text("Goes to deals. 1 row, 4 columns.")).to_be_visible()
    expect(page.get_by_role("button", name="Load ")).to_have_count(0)
    page.get_by_label("What comes first in these dates?").select_option("day_first")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("1 of 1 row ready.")).to_be_visible()

    page.get_by_label("column Account goes to").select_option("deal_id")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_role("alert")).to_contain_text("two columns go to Deal ID")
    page.goto(f"{page.url.split('/data')[0]}/data")
    expect(page.get_by_text("Nothing has been imported")).to_be_visible()
