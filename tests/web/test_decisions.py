"""Deciding through the pages."""

import re

from tests.web.conftest import SignedIn


def first_decision(page: str) -> tuple[str, str]:
    found = re.search(r'action="/focus/([^/"]+)/commit".*?name="revision" value="(\d+)"', page, re.DOTALL)
    assert found is not None
    return found[1], found[2]


def test_a_commit_is_told_with_undo_and_can_be_taken_back(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    decision, revision = first_decision(client.get("/focus").content.decode())
    answer = client.post(f"/focus/{decision}/commit", {"revision": revision}, follow=True)
    page = answer.content.decode()
    assert "Committed." in page
    undo = re.search(r'class="toast".*?name="revision" value="(\d+)"', page, re.DOTALL)
    assert undo is not None
    assert "Taken back" in client.post(f"/focus/{decision}/undo", {"revision": undo[1]}, follow=True).content.decode()


def test_a_decision_made_on_an_old_page_is_refused_with_a_sentence(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    decision, revision = first_decision(client.get("/focus").content.decode())
    client.post(f"/focus/{decision}/commit", {"revision": revision})
    late = signed_in("manager").post(f"/focus/{decision}/decline", {"revision": revision, "reason": "Nobody has time"})
    assert late.status_code in (404, 409)
    again = client.post(f"/focus/{decision}/decline", {"revision": revision, "reason": "x"}, headers={"HX-Request": "true"})
    assert again.status_code == 409
    assert again["HX-Retarget"] == "#toasts"


def test_declining_needs_a_reason(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    decision, revision = first_decision(client.get("/focus").content.decode())
    assert client.post(f"/focus/{decision}/decline", {"revision": revision}).status_code == 422
    assert client.post(f"/focus/{decision}/snooze", {"revision": revision, "until": "2001-01-01"}).status_code == 422


def test_declining_names_the_next_in_line_and_offers_undo(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    decision, revision = first_decision(client.get("/focus").content.decode())
    sent = {"revision": revision, "reason": "Not a fit any more"}
    page = client.post(f"/focus/{decision}/decline", sent, follow=True).content.decode()
    told = re.search(r"Declined\. Next in line: ([^<]+)\.", page)
    assert told is not None
    names = told[1].split(" and ")
    assert all(f">{name}</a>" in page for name in names)
    undo = re.search(r'class="toast".*?name="revision" value="(\d+)"', page, re.DOTALL)
    assert undo is not None
    back = client.post(f"/focus/{decision}/undo", {"revision": undo[1]}, follow=True).content.decode()
    assert not any(f">{name}</a>" in back for name in names)


def test_hours_that_nobody_has_are_proposed_to_nobody(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    decision, revision = first_decision(client.get("/focus").content.decode())
    sent = {"revision": revision, "reason": "Nobody has time"}
    assert "Next in line:" not in client.post(f"/focus/{decision}/decline", sent, follow=True).content.decode()


def test_a_viewer_may_look_and_not_decide(signed_in: SignedIn) -> None:
    decision, revision = first_decision(signed_in("admin").get("/focus").content.decode())
    viewer = signed_in("viewer")
    assert "Commit<" not in viewer.get("/focus").content.decode()
    assert viewer.post(f"/focus/{decision}/commit", {"revision": revision}).status_code == 404
    assert viewer.post("/focus/propose").status_code == 404
