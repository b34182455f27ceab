"""The settings: only for admins, two of whom never overwrite each other unseen, and secrets are shown once or never."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from nextplay.ledger import channels, messages, people
from nextplay.ledger.records import PersonRecord
from nextplay.operations.background.jobs import run_waiting
from nextplay.operations.installation import Installation
from nextplay.operations.messages.notify import Letter, notify
from nextplay.operations.people import list_users
from nextplay.operations.portal.partner_links import make_link
from nextplay.operations.viewer import OPERATOR
from tests.conftest import MOMENT
from tests.web.conftest import PASSWORD, PEOPLE, SignedIn

ADMIN, INES, DAN = (PEOPLE[role].email for role in ("admin", "manager", "viewer"))
PAGES = [
    "/settings",
    "/settings/portfolios",
    "/settings/program",
    "/settings/channels",
    "/settings/links",
    "/settings/sample",
    "/settings/outbox",
]
POSTS = [
    "people/invite",
    "people/change",
    "people/link",
    "portfolios/move",
    "program/put",
    "program/hours",
    "channels/x",
    "outbox",
]
URL = "json://hooks.example/T0123456/secret-of-the-team"


def _person(email: str) -> PersonRecord:
    return next(one for one in list_users(OPERATOR) if one.email == email)


def _seen(email: str, **more: str) -> dict[str, str]:
    one = _person(email)
    seen = {"seen_role": one.role, "seen_partner": one.partner_id or "", "seen_active": "yes" if one.active else "no"}
    return {"email": email, **seen, **more}


def _link(page: str) -> str:
    found = re.search(r'value="http://[^/]*(/welcome/[^"]+)"', page)
    assert found
    return found[1]


def test_settings_are_for_admins_only(signed_in: SignedIn) -> None:
    assert [signed_in("admin").get(page).status_code for page in PAGES] == [200] * len(PAGES)
    for role in ("manager", "viewer", "partner"):
        client = signed_in(role)
        assert [client.get(page).status_code for page in PAGES] == [404] * len(PAGES), role
        assert [client.post(f"/settings/{page}").status_code for page in POSTS] == [404] * len(POSTS), role


def test_somebody_invited_sets_a_password_once_and_comes_in(signed_in: SignedIn) -> None:
    admin, eve = signed_in("admin"), Client()
    admin.post("/settings/people/invite", {"email": "Eve@x.example", "name": "Eve Moss", "role": "manager"})
    page = admin.get("/settings").content.decode()
    link = _link(page)
    assert "Eve Moss" in page
    assert "invited" in page
    assert link not in admin.get("/settings").content.decode()
    assert "eve@x.example" in eve.get(link).content.decode()
    assert eve.post(link, {"password": "short"}).status_code == 422
    assert eve.post(link, {"password": PASSWORD}).status_code == 303
    assert eve.post("/sign-in", {"username": "eve@x.example", "password": PASSWORD}).status_code == 302
    for spent in (link, link[:-1] + "x", "/welcome/MQ/abc-def", "/welcome/%F0%9F%98%80/x"):
        assert Client().get(spent).status_code == 422
        assert Client().post(spent, {"password": PASSWORD + "2"}).status_code == 422
    assert _person("eve@x.example").invited is False


def test_a_link_is_of_no_use_to_somebody_shut_out(signed_in: SignedIn) -> None:
    admin = signed_in("admin")
    admin.post("/settings/people/link", {"email": DAN})
    link = _link(admin.get("/settings").content.decode())
    admin.post("/settings/people/change", _seen(DAN, do="active"))
    assert _person(DAN).active is False
    assert Client().post(link, {"password": PASSWORD}).status_code == 422


def test_the_second_of_two_admins_is_told(signed_in: SignedIn) -> None:
    first, second, seen = signed_in("admin"), signed_in("admin"), _seen(DAN)
    assert first.post("/settings/people/change", {**seen, "do": "role", "role": "manager"}).status_code == 303
    late = second.post("/settings/people/change", {**seen, "do": "role", "role": "admin"})
    assert late.status_code == 409
    assert "changed by somebody else" in late.content.decode()
    assert _person(DAN).role == "manager"


def test_the_last_admin_stays_one(signed_in: SignedIn) -> None:
    admin = signed_in("admin")
    assert admin.post("/settings/people/change", _seen(ADMIN, do="active")).status_code == 422
    assert admin.post("/settings/people/change", _seen(ADMIN, do="role", role="viewer")).status_code == 422
    with pytest.raises(people.LastAdmin):
        people.change_person(ADMIN, active=False, actor="operator", now=MOMENT)
    assert _person(ADMIN).active


def test_a_partner_role_person_needs_a_partner_that_is_there(signed_in: SignedIn) -> None:
    admin = signed_in("admin")
    assert admin.post("/settings/people/invite", {"email": "a@b.example", "role": "partner"}).status_code == 422
    asked = {"email": "a@b.example", "role": "partner", "partner_id": "PTR-003"}
    assert admin.post("/settings/people/invite", asked).status_code == 303
    assert _person("a@b.example").partner_id == "PTR-003"


def test_a_channels_address_is_never_shown_again(signed_in: SignedIn) -> None:
    admin = signed_in("admin")
    wrong = admin.post("/settings/channels", {"name": "ops", "url": "nothing-of-the-kind-secret-of"})
    assert wrong.status_code == 422
    assert "secret-of" not in wrong.content.decode()
    admin.post("/settings/channels", {"name": "Ops", "url": URL})
    page = admin.get("/settings/channels").content.decode()
    assert "ops" in page
    shown = page + admin.get("/journal").content.decode()
    assert "json://…" in shown
    assert not re.search("json://…[a-z]", shown)
    assert "secret-of" not in shown
    assert channels.channel_addresses() == [("ops", URL, [])]
    changed = {"do": "change", "revision": "1", "kind": ["meeting summary"]}
    assert admin.post("/settings/channels/ops", changed).status_code == 303
    assert channels.channel_addresses() == [("ops", URL, ["meeting summary"])]
    assert admin.post("/settings/channels/ops", {"do": "remove", "revision": "1"}).status_code == 409
    assert admin.post("/settings/channels/ops", {"do": "test"}).status_code == 303
    assert admin.post("/settings/channels/ops", {"do": "remove", "revision": "2"}).status_code == 303
    assert admin.post("/settings/channels/ops", {"do": "test"}).status_code == 409


def test_a_partner_link_is_listed_with_its_last_use_and_ended(served: Installation, signed_in: SignedIn) -> None:
    admin, now = signed_in("admin"), datetime.now(UTC)  # noqa: TID251 the pages read the clock themselves
    made = make_link(served, OPERATOR, "PTR-007", sent_to="marek@nordvane.example", now=now)
    page = admin.get("/settings/links").content.decode()
    assert "Nordvane Systems" in page
    assert "marek@nordvane.example" in page
    assert made.token.partition(".")[2] not in page
    sent = {"partner": "PTR-007", "handle": made.record.handle}
    assert signed_in("manager").post("/settings/links", sent).status_code == 404
    assert admin.post("/settings/links", {**sent, "handle": "nothing"}).status_code == 404
    assert admin.post("/settings/links", sent).status_code == 303
    assert "marek@nordvane.example" not in admin.get("/settings/links").content.decode()


def test_hours_are_previewed_before_they_count(served: Installation, signed_in: SignedIn) -> None:
    admin, version = signed_in("admin"), served.program.version
    sent = {"based_on": version, "email": [INES], "was": ["24"], "hours": ["0"]}
    preview = admin.post("/settings/program/hours", sent)["Location"]
    while run_waiting(served, now=datetime.now(UTC)):  # noqa: TID251 the pages read the clock themselves
        pass
    page = admin.get(preview).content.decode()
    assert "capacity.managers[Ines Quillon].hours" in page
    assert "Leaves the list" in page
    assert served.program.version == version
    assert admin.post("/settings/program/put", {"job": preview.rpartition("=")[2]}).status_code == 303
    assert served.program.capacity.hours_of(INES) == 0
    assert admin.post("/settings/program/hours", {**sent, "hours": ["many"]}).status_code == 422


def test_a_program_file_that_cannot_be_used_is_refused_with_lines(signed_in: SignedIn) -> None:
    refused = signed_in("admin").post("/settings/program", {"text": "name: X\ncurrency: <b>usd\n"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "line 2" in page
    assert "<b>usd" not in page


def test_sample_data_goes_only_after_a_confirmation_and_is_labelled_until_then(
    served: Installation, signed_in: SignedIn
) -> None:
    admin = signed_in("admin")
    served.home.program_file.write_text("name: Changed\n", encoding="utf-8")
    assert "You are looking at sample data" in admin.get("/focus").content.decode()
    assert admin.post("/settings/sample").status_code == 422
    assert admin.post("/settings/sample", {"sure": "yes"}).status_code == 303
    while run_waiting(served, now=datetime.now(UTC)):  # noqa: TID251 the pages read the clock themselves
        pass
    assert "There is no sample data here" in admin.get("/settings/sample").content.decode()
    assert "You are looking at sample data" not in admin.get("/data").content.decode()


def test_the_outbox_says_what_failed_and_why_and_sends_again_or_drops(signed_in: SignedIn) -> None:
    admin, hostile = signed_in("admin"), "<b>Due</b>"
    notify(INES, Letter(hostile, "Call."), key="k", kind="weekly digest", actor="clock", now=MOMENT)
    notify(INES, Letter("Your page", "/p/s3cret", secret=True), key="l", kind="partner link", actor="clock", now=MOMENT)
    held = messages.claim_message("sender", now=MOMENT)
    assert held is not None
    messages.give_up(held.message, "sender", error="No such user.", now=MOMENT)
    page = admin.get("/settings/outbox?state=failed").content.decode()
    assert "No such user." in page
    assert "&lt;b&gt;Due" in page
    assert hostile not in page
    assert "Your page" not in page
    again = admin.post("/settings/outbox", {"message": held.message, "do": "again", "state": "failed"})
    assert again["Location"] == "/settings/outbox?state=failed"
    assert messages.messages_by_state() == {"waiting": 2}
    page = admin.get("/settings/outbox").content.decode()
    assert "s3cret" not in page
    link = messages.messages(kind="partner link")[0].message
    admin.post("/settings/outbox", {"message": link, "do": "drop", "state": "https://evil.example"})
    assert messages.messages_by_state() == {"waiting": 1, "dropped": 1}
    # There is nothing left of a link to send.
    assert admin.post("/settings/outbox", {"message": link, "do": "again"}).status_code == 409
    assert admin.post("/settings/outbox", {"message": "x", "do": "drop"}).status_code == 409
