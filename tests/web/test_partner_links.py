"""The link to a partner's page: it opens that page and nothing else, and a refusal tells nothing."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nextplay.ledger import journal
from nextplay.ledger.models import Message, PartnerLink
from nextplay.operations.installation import Installation
from nextplay.operations.portal.partner_links import LinkIsNoMore, NewLink, make_link, open_link, revoke_link
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer
from nextplay.web.here import moment
from tests.web.conftest import PEOPLE, browser_of

OURS, OTHER = "PTR-007", "PTR-001"
ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"


def person(role: str) -> Viewer:
    known = PEOPLE[role]
    return Viewer(known.email, known.name, Role(known.role), known.partner_id)


@pytest.fixture
def link(browsed: Installation) -> NewLink:
    """A link to the page of Nordvane Systems."""
    return make_link(browsed, person("admin"), OURS, sent_to="Marek.Oyle@nordvane-systems.example", now=moment())


def page_of(token: str, client: Client | None = None) -> bytes:
    return (client or Client()).get(f"/for-partners/{token}").content


def test_a_link_opens_the_one_page_and_nothing_else(link: NewLink) -> None:
    client = Client()
    answer = client.get(f"/for-partners/{link.token}")
    assert answer.status_code == 200
    assert b"Nordvane Systems" in answer.content
    assert not client.cookies
    assert not Session.objects.exists()
    for door in ("/", "/focus", "/dashboard", f"/partners/{OURS}", "/partners/export.csv", "/board-pack/executive.pdf"):
        assert client.get(door)["Location"].startswith("/sign-in"), door


def test_who_made_a_link_is_called_by_name_on_the_profile(link: NewLink) -> None:
    page = browser_of("admin").get(f"/partners/{OURS}").content.decode()
    assert re.search(r"made [^<.]+ by Leda Marsh\.", page)


def test_looking_changes_nothing_in_the_ledger(link: NewLink) -> None:
    before = (list(PartnerLink.objects.values()), len(journal.lines(limit=1000)))
    for _ in range(3):
        assert Client().get(f"/for-partners/{link.token}").status_code == 200
        assert Client().head(f"/for-partners/{link.token}").status_code == 200
    assert (list(PartnerLink.objects.values()), len(journal.lines(limit=1000))) == before


def test_the_page_is_not_kept_indexed_or_told_to_the_next_site(link: NewLink) -> None:
    for token in (link.token, "no-such-link"):
        answer = Client().get(f"/for-partners/{token}")
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_every_refusal_is_the_same_to_the_last_byte(browsed: Installation, link: NewLink) -> None:
    now, admin = moment(), person("admin")
    revoked = make_link(browsed, admin, OURS, now=now)
    revoke_link(browsed, admin, OURS, revoked.record.handle, now=now)
    expired = make_link(browsed, admin, OURS, now=now - timedelta(days=15))
    other = make_link(browsed, admin, OTHER, now=now)
    gone = make_link(browsed, admin, OURS, now=now)
    PartnerLink.objects.filter(handle=gone.record.handle).update(partner_id="PTR-404")
    handle, _, secret = link.token.partition(".")
    mixed = f"{other.record.handle}.{secret}"
    tokens = [revoked.token, expired.token, gone.token, mixed, f"{handle}.{'x' * 43}", "0" * 12 + f".{secret}", "never", "\x00"]
    answers = [Client().get(f"/for-partners/{token}") for token in tokens]
    assert len({answer.content for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {404}
    assert "Ask your partner manager for a new link" in answers[0].content.decode()


def test_a_link_ends_by_itself_to_the_second(browsed: Installation) -> None:
    start = moment()
    made = make_link(browsed, person("admin"), OURS, now=start)
    days = timedelta(days=browsed.program.partner_page.link_days)
    assert open_link(made.token, now=start + days - timedelta(seconds=1)).partner_id == OURS
    with pytest.raises(LinkIsNoMore):
        open_link(made.token, now=start + days)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_a_token_that_differs_anywhere_opens_nothing(link: NewLink, data: st.DataObject) -> None:
    token = link.token
    at = data.draw(st.integers(0, len(token) - 1))
    put = data.draw(st.one_of(st.sampled_from(ALPHABET), st.characters(codec="utf-8"), st.just("")))
    cut = data.draw(st.sampled_from(["swap", "insert", "end"]))
    if cut == "swap":
        changed = token[:at] + put + token[at + 1 :]
    else:
        changed = token[:at] + put + token[at:] if cut == "insert" else token[:at]
    if changed == token:
        assert open_link(changed, now=moment()).partner_id == OURS
        return
    with pytest.raises(LinkIsNoMore):
        open_link(changed, now=moment())


def test_the_ledger_holds_no_token(link: NewLink) -> None:
    secret = link.token.partition(".")[2]
    assert secret not in str(list(PartnerLink.objects.values()))
    assert secret not in str(journal.lines(limit=1000))


def test_making_and_ending_a_link_leave_their_lines(browsed: Installation, link: NewLink) -> None:
    revoke_link(browsed, person("admin"), OURS, link.record.handle, now=moment())
    revoke_link(browsed, person("admin"), OURS, link.record.handle, now=moment())
    told = [(line.verb, line.actor) for line in journal.lines(f"link {link.record.handle}")]
    assert told == [("revoke link", PEOPLE["admin"].email), ("make link", PEOPLE["admin"].email)]


def test_only_who_decides_on_the_partner_makes_and_ends_its_links(browsed: Installation, link: NewLink) -> None:
    stranger = Viewer("ana@elsewhere.example", "Ana", Role.MANAGER)
    for viewer in (person("viewer"), person("partner"), stranger):
        with pytest.raises(NotForThisViewer):
            make_link(browsed, viewer, OURS, now=moment())
        with pytest.raises(NotForThisViewer):
            revoke_link(browsed, viewer, OURS, link.record.handle, now=moment())
    with pytest.raises(NotForThisViewer):
        # Named under a partner that it is none of.
        revoke_link(browsed, person("admin"), OTHER, link.record.handle, now=moment())


def test_five_wrong_tries_on_a_link_have_to_wait_and_other_links_do_not(browsed: Installation, link: NewLink) -> None:
    wrong = f"/for-partners/{link.record.handle}.{'x' * 43}"
    assert [Client().get(wrong).status_code for _ in range(5)] == [404, 404, 404, 404, 429]
    assert Client().get(f"/for-partners/{link.token}").status_code == 429
    other = make_link(browsed, person("admin"), OURS, now=moment())
    assert Client().get(f"/for-partners/{other.token}").status_code == 200
    assert Client().get(f"/for-partners/{link.token}", REMOTE_ADDR="198.51.100.9").status_code == 200


def test_guesses_of_links_are_counted_together_and_forgotten(browsed: Installation, link: NewLink) -> None:
    from axes.models import AccessAttempt

    from nextplay.operations.background.clock import Clock, duties

    guesses = [f"/for-partners/{number:012x}.{'x' * 43}" for number in range(6)]
    assert [Client().get(guess).status_code for guess in guesses] == [404, 404, 404, 404, 429, 429]
    assert AccessAttempt.objects.count() == 1
    assert Client().get(f"/for-partners/{link.token}").status_code == 200
    Clock(browsed, [one for one in duties() if one.name.startswith("forgetting")]).tick(moment() + timedelta(days=3))
    assert AccessAttempt.objects.count() == 0


def test_what_is_wrong_with_our_program_file_is_told_to_no_partner(served: Installation) -> None:
    made = make_link(served, person("admin"), OURS, now=moment())
    served.home.program_file.write_text("plays: [secret-of-ours", encoding="utf-8")
    for answer in (Client().get(f"/for-partners/{made.token}"), browser_of("partner").get("/")):
        assert answer.status_code == 503
        told = answer.content.decode()
        assert "secret-of-ours" not in told
        assert str(served.home.path) not in told
        assert "Ask your partner manager" in told


def test_what_is_kept_of_a_wrong_try_holds_no_token(link: NewLink) -> None:
    from axes.models import AccessAttempt

    near = link.token[:-1] + ("A" if link.token[-1] != "A" else "B")
    page_of(near)
    kept = str(list(AccessAttempt.objects.values()))
    assert link.record.handle in kept
    assert near.partition(".")[2][:20] not in kept


def test_no_line_of_the_log_holds_a_token(link: NewLink) -> None:
    import logging

    from nextplay.web.logged import WithoutTokens

    record = logging.LogRecord("django.request", 30, "f", 1, "%s: %s", ("Not Found", f"/for-partners/{link.token}/sent"), None)
    assert WithoutTokens().filter(record)
    assert record.getMessage() == "Not Found: /for-partners/…/sent"


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/welcome/MQ/dieqxi-0123", "/welcome/MQ/…"),
        ("/stop/abc:def?x=1", "/stop/…?x=1"),
        ("/calendar/abc.ics", "/calendar/…"),
        ("/calendar/told", "/calendar/told"),
        ("/settings/people", "/settings/people"),
    ],
)
def test_no_token_of_any_address_is_logged(path: str, logged: str) -> None:
    import logging

    from nextplay.web.logged import WithoutTokens

    record = logging.LogRecord("django.request", 30, "f", 1, "%s: %s", ("Unprocessable Entity", path), None)
    assert WithoutTokens().filter(record)
    assert record.getMessage() == f"Unprocessable Entity: {logged}"


def test_the_profile_shows_a_new_link_once_and_can_end_it(browsed: Installation) -> None:
    client = browser_of("admin")
    made = client.post(f"/partners/{OURS}/links", {"sent_to": "marek.oyle@nordvane-systems.example"})
    found = re.search(r'value="http://testserver(/for-partners/[^"]+)"', made.content.decode())
    assert found
    assert Client().get(found[1]).status_code == 200
    profile = client.get(f"/partners/{OURS}").content.decode()
    assert found[1].rpartition(".")[2] not in profile
    ended = re.search(r'action="(/partners/PTR-007/links/[0-9a-f]+/revoke)"', profile)
    assert ended
    assert client.post(ended[1]).status_code == 303
    assert Client().get(found[1]).status_code == 404


def test_somebody_who_only_looks_is_offered_no_link(browsed: Installation) -> None:
    client = browser_of("viewer")
    assert "Make a link" not in client.get(f"/partners/{OURS}").content.decode()
    assert client.post(f"/partners/{OURS}/links", {}).status_code == 404


def test_what_is_no_address_makes_no_link(browsed: Installation) -> None:
    assert browser_of("admin").post(f"/partners/{OURS}/links", {"sent_to": "not an address"}).status_code == 422
    assert not PartnerLink.objects.exists()


def test_a_link_is_mailed_once_as_a_secret_and_opens_the_page(browsed: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("HOST", "127.0.0.1"), ("FROM", "nextplay@quillharbor.example")):
        monkeypatch.setenv(f"NEXTPLAY_MAIL_{name}", value)
    client = browser_of("admin")
    assert "Send it by mail" in client.get(f"/partners/{OURS}").content.decode()
    client.post(f"/partners/{OURS}/links", {"sent_to": "marek.oyle@nordvane-systems.example", "mail": "yes"})
    (kept,) = Message.objects.all()
    assert (kept.person, kept.kind, kept.secret) == ("marek.oyle@nordvane-systems.example", "partner link", True)
    found = re.search(r"http://testserver(/for-partners/\S+)", kept.text)
    assert found
    assert Client().get(found[1]).status_code == 200


def test_without_a_mail_server_no_link_waits_in_the_ledger(browsed: Installation) -> None:
    client = browser_of("admin")
    assert "Send it by mail" not in client.get(f"/partners/{OURS}").content.decode()
    client.post(f"/partners/{OURS}/links", {"sent_to": "marek.oyle@nordvane-systems.example", "mail": "yes"})
    assert PartnerLink.objects.count() == 1
    assert not Message.objects.exists()
