"""Download prints what the page shows this person: hidden tiles and cards are in no file of theirs."""

import re
from io import BytesIO

from django.test import Client
from pypdf import PdfReader

from nextplay.operations.installation import Installation
from tests.web.conftest import SignedIn


def pdf(client: Client, view: str = "executive", query: str = "") -> str:
    """What can be read in the file, without spaces."""
    answer = client.get(f"/board-pack/{view}.pdf{query}")
    assert answer["Content-Type"] == "application/pdf"
    return re.sub(r"\s+", "", " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages))


def hide(client: Client, view: str, *items: str) -> None:
    client.post(f"/customize/{view}", {"known": items, "shown": [], "next": "/dashboard"})


def test_what_is_hidden_is_in_no_file_and_no_menu_of_this_person(analyzed: Installation, signed_in: SignedIn) -> None:
    viewer, manager = signed_in("viewer"), signed_in("manager")
    hide(viewer, "executive", "growth", "areas", "stage", "win_rate")
    read, page = pdf(viewer), viewer.get("/dashboard").content.decode()
    for title in ("Growthexplained", "Areastoaddress", "Pipelinebydealstage", "Wonoutofallclosedpartnerdeals"):
        assert title not in read
    for title in ("AIstrengths", "Revenuebyindustry", "Withapartner,anddirect", "Openpipeline"):
        assert title in read
    assert "/board-pack/executive/revenue_by_industry.svg" in page
    assert "/board-pack/executive/growth.svg" not in page
    assert viewer.get("/board-pack/executive/growth.svg").status_code == 404
    assert b"<svg" in manager.get("/board-pack/executive/growth.svg").content
    assert "Growthexplained" in pdf(manager)


def test_a_card_that_rests_is_printed_once_it_is_switched_on(signed_in: SignedIn) -> None:
    client = signed_in("viewer")
    assert "Salesvelocity" not in pdf(client)
    client.post("/customize/executive", {"known": ["velocity"], "resting": ["velocity"], "shown": ["velocity"], "next": "/"})
    assert "Salesvelocity" in pdf(client)


def test_what_an_admin_takes_away_is_printed_for_nobody(signed_in: SignedIn) -> None:
    admin = signed_in("admin")
    admin.post("/customize/lifecycle/offer", {"known": ["regions", "gaps", "passage"], "offered": ["gaps"], "next": "/"})
    for client in (admin, signed_in("manager")):
        read = pdf(client, "lifecycle")
        assert "Partnersbyregion" not in read
        assert "Fromstagetostage" not in read
        assert "Gapsworthclosing" in read
    assert admin.get("/board-pack/lifecycle/regions.svg").status_code == 404


def test_every_chart_of_the_menu_is_a_picture(analyzed: Installation, signed_in: SignedIn) -> None:
    client = signed_in("admin")
    for page, at_least in (("/dashboard", 6), ("/lifecycle", 4)):
        charts = re.findall(r'href="(/board-pack/\w+/\w+\.svg)', client.get(page).content.decode())
        assert len(charts) >= at_least
        assert all(client.get(chart).content.startswith(b"<svg") for chart in charts)
