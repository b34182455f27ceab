"""Every page, asked for by every role."""

import re

from django.test import Client

from nextplay.operations.installation import Installation
from tests.web.conftest import PASSWORD, PEOPLE, SignedIn

TEAM_PAGES = ["/dashboard", "/focus", "/focus/how", "/partners", "/partners/PTR-007"]
TEAM_PAGES += ["/partners/PTR-007/signals", "/partners/PTR-007/signals/selling_90"]
TEAM_PAGES += ["/scores/how", "/scores/validity"]
DECIDER_PAGES = ["/lifecycle", "/learning", "/learning/cases", "/journal"]
ADMIN_PAGES = ["/learning/replay", "/data", "/data/import"]
ALL_PAGES = TEAM_PAGES + DECIDER_PAGES + ADMIN_PAGES
PART = {"HX-Request": "true"}


def test_nobody_comes_in_unsigned(served: Installation) -> None:
    for page in ("/", *ALL_PAGES, "/jobs/1", "/no-such-page-yet/"):
        answer = Client().get(page)
        assert answer.status_code in (302, 404), page
        if answer.status_code == 302:
            assert answer["Location"].startswith("/sign-in"), page


def test_every_page_answers_those_who_may_see_it_and_404_the_others(signed_in: SignedIn) -> None:
    for role, allowed in (("admin", ALL_PAGES), ("viewer", TEAM_PAGES), ("partner", [])):
        client = signed_in(role)
        seen = {page: client.get(page).status_code for page in ALL_PAGES}
        assert seen == {page: 200 if page in allowed else 404 for page in ALL_PAGES}, role


def test_what_is_not_for_a_partner_looks_like_what_does_not_exist(signed_in: SignedIn) -> None:
    client = signed_in("partner")
    unknown = client.get("/no/such/page").content
    assert client.get("/lifecycle").content == unknown
    assert client.get("/partners/PTR-001").content == unknown
    assert client.get("/partners/export.csv").content == unknown


def test_a_partner_sees_the_own_organization_without_scores_or_chances(signed_in: SignedIn) -> None:
    page = signed_in("partner").get("/").content.decode()
    assert "Nordvane Systems" in page
    for word in ("4C scores", "Drop-off", "in 10", "Next best action", "Executive Dashboard"):
        assert word not in page


def test_the_policy_is_strict_and_pages_keep_it(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    for page in ALL_PAGES:
        answer = client.get(page)
        policy, body = answer["Content-Security-Policy"], answer.content.decode()
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)", body), page
        assert len(answer.content) < 250_000


def test_htmx_gets_the_part_and_everyone_else_the_page(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    page, part = client.get("/dashboard"), client.get("/dashboard", headers=PART)
    assert b"<html" in page.content
    assert b"<html" not in part.content
    assert b'<main id="main"' in part.content
    assert "HX-Request" in page["Vary"]
    assert "no-store" in page["Cache-Control"]


def test_an_address_reproduces_the_view(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    body = client.get("/dashboard?segment=Growth&tier=Gold&period=180&stages=deal").content.decode()
    assert "Growth, Gold tier" in body
    assert "Last 180 days" in body
    assert re.search(r'id="by-deal"[^>]*aria-current="true"', body)


def test_without_an_analysis_the_strengths_tile_says_so(signed_in: SignedIn) -> None:
    assert "No partner strengths have been analyzed yet" in signed_in("admin").get("/dashboard").content.decode()


def test_the_list_finds_and_escapes_what_was_asked(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    assert "Nordvane Systems" in client.get("/partners?search=nordvane").content.decode()
    hostile = client.get("/partners", {"search": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert(1)" not in hostile
    assert "No partner fits" in hostile


def test_hidden_tiles_stay_hidden_for_that_person_only(signed_in: SignedIn) -> None:
    admin, viewer = signed_in("admin"), signed_in("viewer")
    admin.post("/customize/executive", {"known": ["areas", "strengths"], "shown": ["strengths"]})
    assert 'id="t-areas"' not in admin.get("/dashboard").content.decode()
    assert 'id="t-areas"' in viewer.get("/dashboard").content.decode()
    admin.post("/customize/executive", {"reset": "yes"})
    assert 'id="t-areas"' in admin.get("/dashboard").content.decode()


def test_a_wrong_password_and_an_unknown_address_get_the_same_sentence(served: Installation) -> None:
    client, email = Client(), PEOPLE["admin"].email
    said = [
        client.post("/sign-in", {"username": name, "password": "wrong"}).content.decode() for name in (email, "x@y.example")
    ]
    assert all("Email and password do not match" in page for page in said)


def test_signing_in_leads_on_and_never_to_another_site(served: Installation) -> None:
    named = {"username": PEOPLE["admin"].email, "password": PASSWORD}
    assert Client().post("/sign-in", {**named, "next": "/focus"})["Location"] == "/focus"
    assert Client().post("/sign-in", {**named, "next": "https://evil.example/"})["Location"] == "/"


def test_too_many_wrong_passwords_have_to_wait(served: Installation) -> None:
    client = Client()
    attempts = [client.post("/sign-in", {"username": "a@b.example", "password": "x"}).status_code for _ in range(6)]
    assert attempts[0] == 200
    assert attempts[-1] == 429


def test_the_page_explains_growth_and_sets_tiers_beside_each_other(signed_in: SignedIn) -> None:
    everyone = signed_in("viewer").get("/dashboard").content.decode()
    segment = signed_in("viewer").get("/dashboard?segment=Growth").content.decode()
    assert "New pipeline is" in everyone
    assert "Segment benchmark" in everyone
    assert "Tier benchmark</h2>" in segment
    assert "not an effect of partners" in segment
