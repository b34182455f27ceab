"""The main job, by hand: from files to a focus list, to a commitment, to an outcome that the next month's files show."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import files, real_data
from tests.browser.conftest import let_in, sign_in
from tests.running import done, serving

pytestmark = pytest.mark.browser

TODAY = datetime.now(UTC).date()  # noqa: TID251 the server that is driven reads the real clock
# Long work in a process of its own, on a machine that is shared.
LONG = 90_000


def bring(page: Page, address: str, paths: list[Path]) -> None:
    """Import files through the page: choose, check, load, wait until it is done."""
    page.goto(f"{address}/data/import")
    page.get_by_label("CSV, XLSX or Parquet files").set_input_files(paths)
    page.get_by_role("button", name="Check the files").click()
    leave_out = page.get_by_label("Leave")
    if leave_out.count():
        leave_out.check()
    page.get_by_role("button", name="Load", exact=False).click()
    expect(page.get_by_role("heading", name="What was loaded")).to_be_visible(timeout=LONG)


def test_from_files_to_a_focus_list_to_an_outcome(page: Page, new_home: Path, tmp_path: Path) -> None:
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    with serving(new_home) as address:
        sign_in(page, "ben@program.example", f"{address}/sign-in")
        bring(page, address, files.first_month(tmp_path / "first", TODAY))

        page.goto(f"{address}/dashboard")
        for tile in ("AI strengths", "Areas to address", "Pipeline by stage", "Revenue by industry", "Pipeline by industry"):
            expect(page.get_by_role("heading", name=tile)).to_be_visible()
        expect(page.get_by_text("No partner strengths have been analyzed yet")).to_be_visible()
        page.goto(f"{address}/dashboard?segment=Alpha")
        expect(page.get_by_text("6 partners").first).to_be_visible()
        page.goto(f"{address}/lifecycle")
        expect(page.get_by_text("12 partner profiles").first).to_be_visible()

        page.goto(f"{address}/focus")
        page.get_by_role("button", name="Propose the month").click()
        commits = page.locator("li.pick").get_by_role("button", name="Commit")
        page.wait_for_url("**/jobs/**")
        # The page follows the work and, at its end, offers where to go on.
        page.locator("main a.btn-primary").click(timeout=LONG)
        expect(commits.first).to_be_visible()
        before, pick = commits.count(), page.locator("li.pick").first
        partner = pick.get_by_role("heading").inner_text()
        pick.get_by_role("button", name="Commit").click()
        expect(commits).to_have_count(before - 1)
        expect(page.locator("li.going").filter(has_text=partner)).to_be_visible()

        bring(page, address, files.next_month(tmp_path / "next", TODAY))
        page.goto(f"{address}/partners?search={partner.replace(' ', '+')}")
        page.get_by_role("link", name=partner, exact=True).click()
        expect(page.get_by_text("met", exact=False).first).to_be_visible()
        assert not wrong


def test_the_partners_own_people_see_their_organization_and_nothing_that_says_there_is_more(
    page: Page, new_home: Path, tmp_path: Path
) -> None:
    done("import", "--home", new_home, *files.first_month(tmp_path / "first", TODAY))
    let_in(new_home, "cleo@partner.example", "partner", "--partner", "p1")
    with serving(new_home) as address:
        sign_in(page, "cleo@partner.example", f"{address}/sign-in")
        page.goto(f"{address}/")
        expect(page.get_by_text("Partner 1 ·").first).to_be_visible()
        assert "Partner 2" not in page.content()
        hidden, unknown = page.request.get(f"{address}/lifecycle"), page.request.get(f"{address}/no-such-page")
        assert (hidden.status, unknown.status) == (404, 404)
        assert hidden.text() == unknown.text()


@pytest.mark.parametrize("data", ["maven/facts", "olist/facts_2018-05-31"])
def test_real_files_go_in_through_the_page_and_both_dashboards_show_them(page: Page, new_home: Path, data: str) -> None:
    folder = real_data.path(*data.split("/"))
    with serving(new_home) as address:
        sign_in(page, "ben@program.example", f"{address}/sign-in")
        bring(page, address, sorted(folder.glob("*.parquet")))
        for place in ("dashboard", "lifecycle", "partners", "data"):
            answered = page.goto(f"{address}/{place}")
            assert answered is not None
            assert answered.status == 200, place
            expect(page.get_by_role("heading", level=1)).to_be_visible()
