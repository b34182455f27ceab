"""Every number of a dashboard leads to its rows, its file and its formula; and nobody else's."""

import csv
import html
import io
import re

import pytest
from django.test import Client
from django.urls import reverse

from nextplay.operations.installation import Installation
from tests.web.conftest import SignedIn

PART = {"HX-Request": "true"}
NEW_DOORS = (
    "/figures/revenue",
    "/figures/revenue/how",
    "/figures/revenue/rows.csv",
    "/figures/stages",
    "/board-pack/executive.pdf",
    "/board-pack/executive/revenue_by_industry.svg",
    "/board-pack/lifecycle.png",
    "/figures/regions/rows.xlsx",
)
NOT_THERE = {
    "segment=Nope": "No partner is in a segment called “Nope”",
    "segment=Growth&tier=Nope": "in a tier called “Nope”",
    "period=7": "a period that is not offered",
    "as_of=2026-02-31": "a day that is none",
    "as_of=1970-01-01": "The facts begin on",
    "as_of=2199-12-31": "has not come yet",
    "active=%3Cb%3E": "no definition of active called “&lt;b&gt;”",
}


def body(client: Client, address: str, **more: object) -> str:
    answer = client.get(address, **more)  # type: ignore[arg-type]
    assert answer.status_code == 200, address
    return answer.content.decode()


def leads(page: str) -> list[str]:
    """Addresses of figures on a page."""
    return sorted({html.unescape(one) for one in re.findall(r'href="(/figures/[^"]*)"', page)})


def number(page: str) -> str:
    """The number at the head of the rows."""
    found = re.search(r'id="sum">([^<]*)<', page)
    assert found
    return found[1]


def rows_in(client: Client, address: str) -> list[dict[str, str]]:
    path, _, query = address.partition("?")
    answer = client.get(f"{path}/rows.csv?{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_every_link_of_a_dashboard_to_a_figure_opens_it(analyzed: Installation, signed_in: SignedIn) -> None:
    client = signed_in("admin")
    executive = leads(body(client, "/dashboard?segment=Growth&period=180"))
    assert len(executive) > 30
    assert all("segment=Growth" in one and "period=180" in one for one in executive)
    for address in [*executive[::5], *leads(body(client, "/lifecycle?segment=Growth"))[::6]]:
        assert number(body(client, address)), address


def test_gaps_strengths_and_coverage_lead_to_as_many_partners_as_they_count(
    analyzed: Installation, signed_in: SignedIn
) -> None:
    client = signed_in("admin")
    counted = re.findall(r'<a class="n" href="(/figures/[^"]*)"><b>([\d,]+)</b>', body(client, "/dashboard"))
    covered = re.findall(
        r'<a class="bar-row" href="(/figures/[^"]*)">.*?<span class="bar-value">([\d,]+)</span>', body(client, "/lifecycle")
    )
    assert len(counted) > 4
    assert len(covered) > 8
    for address, told in [*counted[::3], *covered[::4]]:
        assert number(body(client, html.unescape(address))) == told, address


def test_a_file_holds_every_row_of_the_figure_in_the_order_of_the_list(signed_in: SignedIn) -> None:
    client = signed_in("viewer")
    rows = rows_in(client, "/figures/open_pipeline?segment=Growth&sort=value&descending=0")
    values = [float(row["value"]) for row in rows]
    assert values == sorted(values)
    assert number(body(client, "/figures/open_pipeline?segment=Growth")) == f"${sum(values):,.0f}"
    assert len(rows_in(client, "/figures/win_rate?only=marked")) < len(rows_in(client, "/figures/win_rate"))


def test_a_sheet_is_a_sheet_and_any_other_kind_is_not_there(signed_in: SignedIn) -> None:
    client = signed_in("viewer")
    sheet = b"".join(client.get("/figures/win_rate/rows.xlsx").streaming_content)  # type: ignore[attr-defined]
    assert sheet.startswith(b"PK")
    assert client.get("/figures/win_rate/rows.exe").status_code == 404


@pytest.mark.parametrize(("tile", "key"), [("pipeline_by_industry", "Logistics"), ("pipeline_by_deal_stage", "proposal")])
def test_a_bar_opens_its_largest_partners_and_leads_to_all_rows(signed_in: SignedIn, tile: str, key: str) -> None:
    client = signed_in("viewer")
    address = f"{reverse('behind', args=[tile])}?key={key}&segment=Growth"
    part = body(client, f"{address}&largest=1", headers=PART)
    assert 0 < part.count("<li>") <= 5
    assert "<html" not in part
    found = re.search(r"from ([\d,]+) partners?, ([\d,]+) deals?", part)
    assert found
    said = body(client, leads(part)[0])
    assert f"{found[2]} deal" in said
    assert f"of {found[1]} partner" in said


def test_the_formula_names_definition_filter_day_and_query(signed_in: SignedIn) -> None:
    page = body(signed_in("viewer"), "/figures/active_partners/how?segment=Growth&as_of=2026-06-30")
    for word in ("Partners with an event", "version 1", "Growth", "30 Jun 2026", "SELECT", "sample"):
        assert word in page
    assert "&#x27;Growth&#x27;" in page


def test_a_partner_finds_none_of_the_doors(signed_in: SignedIn) -> None:
    client = signed_in("partner")
    unknown = client.get("/no/such/page").content
    for address in NEW_DOORS:
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert answer.content == unknown, address


def test_a_dashboard_can_be_taken_along_whole_or_chart_by_chart(signed_in: SignedIn) -> None:
    client = signed_in("viewer")
    page = body(client, "/dashboard?segment=Growth")
    doors = [html.unescape(one) for one in re.findall(r'href="(/board-pack/[^"]*)"', page)]
    assert len(doors) == 9
    assert all(one.endswith("?segment=Growth") for one in doors)
    assert client.get(doors[0]).content.startswith(b"%PDF")
    assert client.get(doors[-1]).content.startswith(b"<svg")
    for none in ("executive.exe", "no_view.pdf", "executive/none.svg", "lifecycle.pdf"):
        assert client.get(f"/board-pack/{none}").status_code == 404


def test_a_viewer_opens_no_figure_of_the_lifecycle(signed_in: SignedIn) -> None:
    client = signed_in("viewer")
    assert client.get("/figures/stages?key=active").status_code == 404
    assert client.get("/figures/regions/how").status_code == 404
    assert client.get("/figures/no_such_figure").status_code == 404


def test_what_an_address_asks_and_is_not_there_is_said(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    for query, said in NOT_THERE.items():
        assert said in body(client, f"/dashboard?{query}"), query
        assert said in body(client, f"/lifecycle?{query}"), query
        assert client.get(f"/figures/revenue?{query}").status_code == 200, query
        assert client.get(f"/figures/revenue/how?{query}").status_code == 200, query


def test_switching_a_definition_shows_what_it_does(signed_in: SignedIn) -> None:
    client = signed_in("viewer")
    page = body(client, "/dashboard?active=registered_90&sourced=partner_only")
    effect = re.search(r'data-effect="active".*?([\d,]+) → ([\d,]+) partners', page, re.DOTALL)
    assert effect
    assert number(body(client, "/figures/active_partners")) == effect[1]
    assert number(body(client, "/figures/active_partners?active=registered_90")) == effect[2]
    assert "data-effect" not in body(client, "/dashboard")


def test_a_link_shows_another_person_the_same_view_within_their_own_scope(signed_in: SignedIn) -> None:
    address = "/figures/open_pipeline?segment=Growth&as_of=2026-06-30&sourced=partner_only"
    assert number(body(signed_in("admin"), address)) == number(body(signed_in("viewer"), address))
