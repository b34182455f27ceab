"""A partner's own page: the same by sign-in and by link, answers become facts with their reply time, and nothing else shows."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from nextplay.decisions.proposal import Cycle, Decision
from nextplay.facts.tables import stored
from nextplay.ledger import actions, journal, play_queries
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.installation import Installation
from nextplay.operations.plays.log_step import log_step, take_back_step
from nextplay.operations.plays.play_accounts import log_outreach, outputs_of, share_narrative, share_target_list
from nextplay.operations.portal.partner_answers import MOST_ANSWERS
from nextplay.operations.portal.partner_links import make_link
from nextplay.operations.viewer import OPERATOR
from nextplay.web.here import moment
from tests.ledger.conftest import make_cycle, make_decision
from tests.web.conftest import PEOPLE, browser_of

OURS = "PTR-007"
ACCOUNTS = ("Pinnick Foods", "Brindlow Cold Stores", "Garrow Freight")
# Words of what a partner is never shown; `Sprint` and the like are theirs.
FORBIDDEN = re.compile(
    r"\b(scores?|ranks?|ranking|odds|verdicts?|invest|change approach|drop-off|propensity|probability|holdout|hours|"
    r"expected gain|in 10\b|4C|traits?|red flag|priority|focus list|capacity)\b",
    re.IGNORECASE,
)


def proposal(decision_id: str) -> Decision:
    """A proposal whose outcome is read in 45 days, whenever this runs."""
    made = make_decision(decision_id, OURS)
    return replace(made, outcome=replace(made.outcome, by=(moment() + timedelta(days=45)).date()))


def month_of(decision_id: str) -> Cycle:
    """The list that it stands on, made on the day before."""
    return replace(make_cycle(proposal(decision_id)), as_of=(moment() - timedelta(days=1)).date())


@pytest.fixture
def play(browsed: Installation) -> DecisionRecord:
    """A first selling play with the partner: the session was held, the list and the offer are entered."""
    now = moment() - timedelta(days=2)
    actions.record_cycle(month_of("d1"), actor="tests", now=now)
    record = commit_decision(browsed, OPERATOR, "d1", revision=None, now=now)
    log_step(browsed, OPERATOR, "d1", 1, revision=None, outcome="agreed", now=now)
    share_target_list(browsed, OPERATOR, "d1", ACCOUNTS, now=now)
    share_narrative(browsed, OPERATOR, "d1", "We tell your planners first.", now=now)
    return record


@pytest.fixture(params=["sign-in", "link"])
def way(request: pytest.FixtureRequest, play: DecisionRecord, browsed: Installation) -> tuple[Client, str, str]:
    """Both ways in: a browser, the address of the page, and what its forms begin with."""
    if request.param == "sign-in":
        return browser_of("partner"), "/", "/our-page"
    token = make_link(browsed, OPERATOR, OURS, now=moment() - timedelta(days=1)).token
    return Client(enforce_csrf_checks=True), f"/for-partners/{token}", f"/for-partners/{token}"


def kinds() -> list[str]:
    return [one.kind for one in play_queries.facts_entered(decision_id="d1")]


def text_of(client: Client, page: str) -> str:
    body = client.get(page).content.decode().partition("<main")[2]
    return re.sub(r"<[^>]+>", " ", body)


def test_the_page_says_what_to_do_on_monday(way: tuple[Client, str, str]) -> None:
    client, page, base = way
    body = client.get(page).content.decode()
    assert "Send the target list and the offer in own words" in body
    for said in (*ACCOUNTS, "We tell your planners first.", f'action="{base}/accept"', "Nordvane Systems"):
        assert said in body


def test_accepting_is_kept_with_its_reply_time_and_becomes_facts_once(way: tuple[Client, str, str]) -> None:
    client, page, base = way
    for _ in range(2):
        assert client.post(f"{base}/accept", {"play": "d1", "step": "2", "revision": "1"}).status_code == 303
    (promise,) = play_queries.promises(decision_id="d1")
    assert (promise.answer, promise.by, promise.state) == ("accepted", "partner", "open")
    days = 1 if base.startswith("/for") else 2
    assert promise.answered_at is not None
    assert round((promise.answered_at - promise.made_at).total_seconds() / 86_400) == days
    answers = [one for one in play_queries.facts_entered(decision_id="d1") if one.kind == "step_accepted"]
    assert [round(one.details["days"]) for one in answers] == [days]
    assert kinds().count("step_proposed") == 1
    assert f"answered in {days} day" in text_of(client, page)
    assert "You said yes." in text_of(client, page)


def test_declining_needs_a_reason_and_keeps_it(way: tuple[Client, str, str]) -> None:
    client, page, base = way
    assert client.post(f"{base}/decline", {"play": "d1", "step": "2", "revision": "1", "reason": " "}).status_code == 422
    assert (
        client.post(f"{base}/decline", {"play": "d1", "step": "2", "revision": "1", "reason": "=No <b>budget"}).status_code
        == 303
    )
    (promise,) = play_queries.promises(decision_id="d1")
    assert (promise.answer, promise.state, promise.reason) == ("declined", "withdrawn", "=No <b>budget")
    assert "step_declined" in kinds()
    assert "<b>budget" not in client.get(page).content.decode()


def test_another_date_moves_the_step_and_a_past_one_does_not(way: tuple[Client, str, str]) -> None:
    client, _, base = way
    day = (moment() + timedelta(days=9)).date()
    past = (moment() - timedelta(days=9)).date()
    after = (moment() + timedelta(days=50)).date()
    for due in (past.isoformat(), "", after.isoformat(), "9999-01-01"):
        assert client.post(f"{base}/move", {"play": "d1", "step": "2", "revision": "1", "due": due}).status_code == 422
    assert client.post(f"{base}/move", {"play": "d1", "step": "2", "revision": "1", "due": day.isoformat()}).status_code == 303
    step = play_queries.step("d1", 2)
    assert step is not None
    assert step.due == day
    assert play_queries.promises(decision_id="d1")[0].answer == "other_date"


def test_accounts_are_sent_replied_or_not_for_us_and_twice_counts_once(way: tuple[Client, str, str]) -> None:
    client, page, base = way
    for _ in range(2):
        client.post(f"{base}/sent", {"play": "d1", "account": ACCOUNTS[0], "message": "1"})
    client.post(f"{base}/replied", {"play": "d1", "account": ACCOUNTS[0]})
    client.post(f"{base}/sent", {"play": "d1", "account": ACCOUNTS[1], "message": "1"})
    assert client.post(f"{base}/not-for-us", {"play": "d1", "account": ACCOUNTS[2], "reason": ""}).status_code == 422
    client.post(f"{base}/not-for-us", {"play": "d1", "account": ACCOUNTS[2], "reason": "our customer left"})
    held = {one.account: one for one in outputs_of("d1").accounts}
    assert [held[name].sent for name in ACCOUNTS] == [1, 1, 0]
    assert held[ACCOUNTS[0]].replied_at
    assert held[ACCOUNTS[2]].not_for_us == "our customer left"
    assert client.post(f"{base}/sent", {"play": "d1", "account": "Not on the list", "message": "1"}).status_code in (303, 422)
    assert "Replied" in text_of(client, page)


def test_finishing_their_step_closes_it_and_leaves_who_did_it(way: tuple[Client, str, str]) -> None:
    client, page, base = way
    assert client.post(f"{base}/finish", {"play": "d1", "step": "2", "revision": "1", "outcome": "none"}).status_code == 422
    assert client.post(f"{base}/finish", {"play": "d1", "step": "2", "revision": "1", "outcome": "both"}).status_code == 303
    step = play_queries.step("d1", 2)
    assert step is not None
    assert step.state == "done"
    assert step.done_by == (PEOPLE["partner"].email if base == "/our-page" else step.done_by)
    assert "Outreach to the five accounts" in text_of(client, page)


def test_a_step_to_come_cannot_be_closed_before_its_turn(way: tuple[Client, str, str]) -> None:
    client, _, base = way
    for act, more in (("accept", {}), ("finish", {"outcome": "all"})):
        assert client.post(f"{base}/{act}", {"play": "d1", "step": "3", "revision": "1", **more}).status_code == 404
    assert [one.state for one in play_queries.steps(decision_ids=["d1"])] == ["done", "open", "open", "open"]


def test_a_form_of_a_play_that_ended_does_not_act_on_the_one_after_it(way: tuple[Client, str, str]) -> None:
    client, page, base = way
    assert 'name="play" value="d1"' in client.get(page).content.decode()
    before = len(journal.lines(limit=1000))
    for act, fields in (
        ("accept", {"step": "2", "revision": "1"}),
        ("finish", {"step": "2", "revision": "1", "outcome": "both"}),
        ("sent", {"account": ACCOUNTS[0], "message": "1"}),
    ):
        for play in ("d0", ""):
            answer = client.post(f"{base}/{act}", {"play": play, **fields})
            assert answer.status_code == 409
            assert "is over" in answer.content.decode()
    assert len(journal.lines(limit=1000)) == before


def test_going_back_and_forth_is_taken_so_many_times_a_day(way: tuple[Client, str, str]) -> None:
    client, _, base = way
    day = (moment() + timedelta(days=9)).date().isoformat()
    codes = []
    for turn in range(MOST_ANSWERS + 1):
        act, more = ("accept", {}) if turn % 2 else ("move", {"due": day})
        step = play_queries.step("d1", 2)
        assert step is not None
        codes.append(
            client.post(f"{base}/{act}", {"play": "d1", "step": "2", "revision": str(step.revision), **more}).status_code
        )
    assert codes == [303] * MOST_ANSWERS + [422]
    assert kinds().count("step_accepted") == 1


def test_who_changes_their_mind_has_answered_once(way: tuple[Client, str, str]) -> None:
    client, _, base = way
    form = {"play": "d1", "step": "2"}
    day = (moment() + timedelta(days=9)).date().isoformat()
    assert client.post(f"{base}/accept", form | {"revision": "1"}).status_code == 303
    yes = next(one for one in play_queries.facts_entered(decision_id="d1") if one.kind == "step_accepted")
    assert client.post(f"{base}/move", form | {"revision": "1", "due": day}).status_code == 303
    # Yes on another day is as early a yes.
    (moved,) = (one for one in play_queries.facts_entered(decision_id="d1") if one.kind == "step_accepted")
    assert (moved.occurred_at, moved.details["due"]) == (yes.occurred_at, day)
    assert client.post(f"{base}/decline", form | {"revision": "2", "reason": "No budget"}).status_code == 303
    assert [kinds().count(one) for one in ("step_proposed", "step_accepted", "step_declined")] == [1, 0, 1]
    assert not [one for one in kinds() if one.startswith("commitment")]


def test_a_step_is_put_to_them_when_it_becomes_their_turn(browsed: Installation) -> None:
    now = moment()
    actions.record_cycle(month_of("d1"), actor="tests", now=now - timedelta(days=10))
    commit_decision(browsed, OPERATOR, "d1", revision=None, now=now - timedelta(days=10))
    # A link mailed while it is our turn puts nothing to them.
    token = make_link(browsed, OPERATOR, OURS, now=now - timedelta(days=10)).token
    log_step(browsed, OPERATOR, "d1", 1, revision=None, outcome="agreed", now=now - timedelta(hours=1))
    client = Client(enforce_csrf_checks=True)
    form = {"play": "d1", "step": "2", "revision": "1"}
    assert client.post(f"/for-partners/{token}/accept", form).status_code == 303
    (proposed,) = (one for one in play_queries.facts_entered(decision_id="d1") if one.kind == "step_proposed")
    assert proposed.occurred_at == now - timedelta(hours=1)


def test_what_one_of_us_wrote_for_us_is_not_theirs_to_read(browsed: Installation) -> None:
    now = moment() - timedelta(days=2)
    actions.record_cycle(month_of("d1"), actor="tests", now=now)
    terms = actions.Terms(step="Call Marek, he stalls")
    commit_decision(browsed, OPERATOR, "d1", revision=None, terms=terms, now=now)
    share_target_list(browsed, OPERATOR, "d1", ACCOUNTS, now=now)
    client = browser_of("partner")
    first = text_of(client, "/")
    assert "Marek, he stalls" not in first
    assert "25-minute working session" in first
    log_step(browsed, OPERATOR, "d1", 1, revision=None, outcome="agreed", note="Weak on every account", now=now)
    log_outreach(browsed, OPERATOR, "d1", ACCOUNTS[0], "not_for_us", reason="They cannot sell it", now=now)
    client.post("/our-page/not-for-us", {"play": "d1", "account": ACCOUNTS[1], "reason": "our customer left"})
    read = text_of(client, "/")
    assert not [ours for ours in ("he stalls", "Weak on", "cannot sell it") if ours in read]
    assert "our customer left" in read
    assert [one.not_for_us for one in outputs_of("d1").accounts] == ["They cannot sell it", "our customer left", None]


def test_what_is_ours_or_over_is_not_theirs_to_answer(way: tuple[Client, str, str]) -> None:
    client, _, base = way
    before = len(journal.lines(limit=1000))
    for step in ("1", "4", "99", "0", "x"):
        assert client.post(f"{base}/accept", {"play": "d1", "step": step, "revision": "1"}).status_code == 404
    assert client.post(f"{base}/commit", {"play": "d1", "step": "2"}).status_code == 404
    assert client.get(f"{base}/accept").status_code == 405
    assert len(journal.lines(limit=1000)) == before


def test_what_is_done_by_a_link_is_told_as_done_by_it(browsed: Installation, play: DecisionRecord) -> None:
    made = make_link(browsed, OPERATOR, OURS, sent_to="marek@nordvane.example", now=moment())
    assert Client().post(f"/for-partners/{made.token}/accept", {"play": "d1", "step": "2", "revision": "1"}).status_code == 303
    told = [line for line in journal.lines(limit=30) if line.actor.startswith("link ")]
    assert {line.actor for line in told} == {f"link {made.record.handle} marek@nordvane.example"}
    assert "use link" in {line.verb for line in told}
    assert made.token.partition(".")[2] not in str(told)


def test_team_members_have_no_partners_page_to_answer_on(browsed: Installation, play: DecisionRecord) -> None:
    for role in ("admin", "viewer"):
        assert browser_of(role).post("/our-page/accept", {"play": "d1", "step": "2", "revision": "1"}).status_code == 404


def _doors() -> list[str]:
    """Every address of the product, filled in for another partner and for the own one."""
    named = {
        "decision_id": "d1",
        "kind": "pdf",
        "view": "executive",
        "token": "x",
        "act": "accept",
        "version": "1",
        "number": "1",
    }
    doors = []
    for pattern in get_resolver("nextplay.web.urls").url_patterns:
        assert isinstance(pattern, URLPattern)
        route = str(pattern.pattern)
        for own in ("PTR-001", OURS):
            filled = route
            for kind, name in re.findall(r"<(\w+):(\w+)>", route):
                value = own if name == "partner_id" else named.get(name, "1" if kind == "int" else "x")
                filled = filled.replace(f"<{kind}:{name}>", value)
            doors.append(f"/{filled}")
    return sorted(set(doors))


def test_no_door_shows_a_partner_a_forbidden_word_or_another_partner(browsed: Installation, play: DecisionRecord) -> None:
    partners = browsed.warehouse.read(stored("partners").select("partner_id", "name"))
    others = [name for own, name in partners.iter_rows() if own != OURS]
    client, opened = browser_of("partner"), []
    made = make_link(browsed, OPERATOR, OURS, now=moment())
    doors = [(client, door) for door in _doors()] + [(Client(), f"/for-partners/{made.token}")]
    for browser, door in doors:
        answer = browser.get(door)
        body = answer.content.decode("utf-8", "replace")
        assert not [name for name in others if name in body], door
        if answer.status_code == 200:
            opened.append(door.partition("/for-partners/")[0] or "link")
            said = re.sub(r"<[^>]+>", " ", body.partition("<main")[2] or body)
            assert not FORBIDDEN.search(said), (door, FORBIDDEN.search(said))
    assert "link" in opened
    assert not [door for door in opened if OURS in door or "PTR" in door]
    assert len(opened) <= 8, opened


def test_a_step_that_was_put_to_them_and_done_without_a_word_counts_as_a_yes(
    browsed: Installation, play: DecisionRecord
) -> None:
    make_link(browsed, OPERATOR, OURS, now=moment() - timedelta(days=1))
    step = play_queries.step("d1", 2)
    assert step is not None
    done = next(one.name for one in step.outcomes if one.state == "done")
    logged = log_step(browsed, OPERATOR, "d1", 2, revision=None, outcome=done, now=moment())
    assert (kinds().count("step_proposed"), kinds().count("step_accepted")) == (1, 1)
    take_back_step(browsed, OPERATOR, "d1", 2, revision=logged.revision, now=moment())
    assert "step_accepted" not in kinds()
