"""Plays under way on their pages: one click logs, Undo takes back, outputs become facts, nobody else reaches it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from nextplay.ledger import actions, play_queries, queries
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import OPERATOR
from nextplay.web.here import moment
from tests.ledger.conftest import make_cycle, make_lot
from tests.web.conftest import PEOPLE, SignedIn

ADMIN = PEOPLE["admin"].email


@pytest.fixture
def play(served: Installation) -> DecisionRecord:
    """A first selling play, committed and owned by the admin."""
    waiting = [one for one in queries.decisions(status="proposed") if one.play == "first_selling_play"]
    assert waiting
    record = actions.reassign_decision(waiting[0].decision_id, revision=None, owner=ADMIN, actor="tests", now=moment())
    return commit_decision(served, OPERATOR, record.decision_id, revision=record.revision, now=moment())


def _log(client: Client, play: DecisionRecord, outcome: str, number: int = 1, revision: int = 1) -> int:
    sent = {"outcome": outcome, "revision": revision, "next": "/week"}
    return client.post(f"/plays/{play.decision_id}/steps/{number}/log", sent).status_code


def test_my_week_says_what_to_do_and_one_click_logs_it(play: DecisionRecord, signed_in: SignedIn) -> None:
    client = signed_in("admin")
    step = play_queries.steps(decision_ids=[play.decision_id])[0]
    page = client.get(f"/week?of={step.due}").content.decode()
    assert "25-minute working session" in page
    assert page.index("Five accounts agreed") < page.index("Fewer than five") < page.index("Did not happen")
    assert "Prep: 25 minutes with" in page
    assert _log(client, play, "agreed") == 303
    assert play_queries.steps(decision_ids=[play.decision_id])[0].result == "Five accounts agreed"
    assert [one.kind for one in play_queries.facts_entered(decision_id=play.decision_id)] == ["meeting_held"]
    assert "Done this week" in client.get("/week").content.decode()


def test_undo_in_the_toast_takes_the_log_back(play: DecisionRecord, signed_in: SignedIn) -> None:
    client = signed_in("admin")
    _log(client, play, "agreed")
    page = client.get("/week").content.decode()
    at = f"/plays/{play.decision_id}/steps/1/undo"
    assert at in page
    assert client.post(at, {"undo": "yes", "item": "2", "next": "/week"}).status_code == 303
    assert play_queries.steps(decision_ids=[play.decision_id])[0].state == "open"
    assert play_queries.facts_entered(decision_id=play.decision_id) == []


def test_the_second_to_log_a_step_is_told(play: DecisionRecord, signed_in: SignedIn) -> None:
    client = signed_in("admin")
    _log(client, play, "agreed")
    answer = client.post(f"/plays/{play.decision_id}/steps/1/log", {"outcome": "not_held", "revision": 1})
    assert answer.status_code == 409
    assert "closed already: Five accounts agreed" in answer.content.decode()


def test_an_outcome_the_step_does_not_have_is_refused(play: DecisionRecord, signed_in: SignedIn) -> None:
    assert _log(signed_in("admin"), play, "<script>") == 422


def test_outputs_of_a_session_are_kept_and_the_sprint_counts_its_messages(play: DecisionRecord, signed_in: SignedIn) -> None:
    client, at = signed_in("admin"), f"/plays/{play.decision_id}"
    sent = {
        "account": ["Stavelock Mills", "Garrow Freight"],
        "more": "<b>Hexmoor</b>\n\n",
        "offer": "Line-stop alerts",
        "next": at,
    }
    client.post(f"{at}/outputs", sent)
    for _ in range(2):
        client.post(f"{at}/outreach", {"account": "Garrow Freight", "what": "sent", "next": at})
    client.post(f"{at}/outreach", {"account": "Stavelock Mills", "what": "not_for_us", "reason": "Merged", "next": at})
    page = client.get(at).content.decode()
    assert "2 of 3" in page
    assert "Merged" in page
    assert "Line-stop alerts" in page
    assert "&lt;b&gt;Hexmoor" in page
    assert "<b>Hexmoor" not in page
    kinds = sorted(one.kind for one in play_queries.facts_entered(decision_id=play.decision_id))
    assert kinds == ["account_declined", "narrative_shared", "outreach_sent", "outreach_sent", "target_list_shared"]
    assert client.post(f"{at}/outreach", {"account": "Nobody", "what": "sent"}).status_code == 422


def test_after_the_call_one_press_keeps_the_outputs_and_logs_the_session(play: DecisionRecord, signed_in: SignedIn) -> None:
    client, at = signed_in("admin"), f"/plays/{play.decision_id}"
    page = client.get(f"{at}/session").content.decode()
    assert (
        page.index("After the call")
        < page.index("Five accounts agreed")
        < page.index("Keep list and offer", page.index("After"))
    )
    assert "The partner reads both." in page
    sent = {
        "account": ["Garrow Freight"],
        "offer": "Line-stop alerts",
        "step": 1,
        "revision": 1,
        "outcome": "agreed",
        "next": at,
    }
    assert client.post(f"{at}/outputs", sent).status_code == 303
    kinds = sorted(one.kind for one in play_queries.facts_entered(decision_id=play.decision_id))
    assert kinds == ["meeting_held", "narrative_shared", "target_list_shared"]
    assert play_queries.steps(decision_ids=[play.decision_id])[0].result == "Five accounts agreed"
    assert "After the call" not in client.get(f"{at}/session").content.decode()


def test_promises_of_both_sides_are_made_met_and_taken_back(play: DecisionRecord, signed_in: SignedIn) -> None:
    client, at = signed_in("admin"), f"/plays/{play.decision_id}"
    day = moment().date().isoformat()
    for by, text in (("us", "Send the <b>price list"), ("partner", "Name a lead seller"), ("us", "Send the <b>price list")):
        assert client.post(f"{at}/promises", {"by": by, "text": text, "due": day, "next": at}).status_code == 303
    ours, theirs = sorted(play_queries.promises(decision_id=play.decision_id), key=lambda one: one.by, reverse=True)
    assert (ours.who, theirs.who) == (PEOPLE["admin"].name, "")
    assert "The partner reads this" in client.get(at).content.decode()
    week = client.get("/week").content.decode()
    assert f'action="/promises/{ours.promise_id}/end"' in week
    assert "<b>price" not in week
    for one, state in ((ours, "met"), (theirs, "missed")):
        assert client.post(f"/promises/{one.promise_id}/end", {"state": state, "revision": 1, "next": at}).status_code == 303
    assert {one.state for one in play_queries.promises(decision_id=play.decision_id)} == {"met", "missed"}
    late = client.post(f"/promises/{ours.promise_id}/end", {"state": "missed", "revision": 1})
    assert (late.status_code, "Somebody changed this promise" in late.content.decode()) == (409, True)
    assert client.post(f"/promises/{ours.promise_id}/undo", {"undo": "yes", "item": "2", "next": at}).status_code == 303
    assert [one.state for one in play_queries.promises(decision_id=play.decision_id, by="us")] == ["open"]


def test_a_promise_needs_words_a_day_and_somebody_who_runs_the_play(play: DecisionRecord, signed_in: SignedIn) -> None:
    at, day = f"/plays/{play.decision_id}/promises", moment().date()
    client = signed_in("admin")
    past = (day - timedelta(days=2)).isoformat()
    for text, due in ((" ", day.isoformat()), ("Send it", past), ("Send it", "")):
        assert client.post(at, {"by": "us", "text": text, "due": due}).status_code == 422
    whole = {"by": "us", "text": "Send it", "due": day.isoformat()}
    assert client.post(at, whole | {"by": "them"}).status_code == 404
    assert client.post(at, whole).status_code == 303
    (made,) = play_queries.promises(decision_id=play.decision_id)
    for role in ("viewer", "partner"):
        assert signed_in(role).post(at, whole).status_code == 404
        assert signed_in(role).post(f"/promises/{made.promise_id}/end", {"state": "met", "revision": 1}).status_code == 404
    assert client.post("/promises/999999/end", {"state": "met", "revision": 1}).status_code == 404
    assert play_queries.promises(decision_id=play.decision_id) == [made]


def test_a_session_that_did_not_happen_brings_nothing_forth(play: DecisionRecord, signed_in: SignedIn) -> None:
    client, at = signed_in("admin"), f"/plays/{play.decision_id}"
    sent = {"account": ["Garrow Freight"], "offer": "A draft", "step": 1, "revision": 1, "outcome": "not_held", "next": at}
    client.post(f"{at}/outputs", sent)
    assert play_queries.steps(decision_ids=[play.decision_id])[0].state == "missed"
    assert play_queries.facts_entered(decision_id=play.decision_id) == []


def test_a_play_is_reached_from_focus_and_names_people(play: DecisionRecord, signed_in: SignedIn) -> None:
    client = signed_in("admin")
    assert f'href="/plays/{play.decision_id}"' in client.get("/focus").content.decode()
    page = client.get(f"/plays/{play.decision_id}").content.decode().partition("<main")[2].partition("</main")[0]
    assert PEOPLE["admin"].name in page
    assert ADMIN not in page


def test_a_play_is_the_first_thing_on_its_partners_profile(play: DecisionRecord, signed_in: SignedIn) -> None:
    page = signed_in("admin").get(f"/partners/{play.partner_id}").content.decode()
    assert page.index("First selling play, week 1 of 3") < page.index("4C scores")


def test_a_partner_and_another_manager_find_no_play(play: DecisionRecord, signed_in: SignedIn, served: Installation) -> None:
    assert signed_in("partner").get(f"/plays/{play.decision_id}").status_code == 404
    assert signed_in("partner").get("/week").status_code == 404
    assert signed_in("manager").get(f"/week?owner={ADMIN}").status_code == 404
    viewer = signed_in("viewer")
    assert viewer.get(f"/plays/{play.decision_id}").status_code == 200
    assert _log(viewer, play, "agreed") == 404


def test_a_step_is_moved_to_a_day_to_come_only(play: DecisionRecord, signed_in: SignedIn) -> None:
    client, at = signed_in("admin"), f"/plays/{play.decision_id}/steps/2/move"
    day = moment().date() + timedelta(days=20)
    assert client.post(at, {"due": day.isoformat(), "revision": 1, "next": "/week"}).status_code == 303
    assert play_queries.steps(decision_ids=[play.decision_id])[1].due == day
    assert client.post(at, {"due": "2020-01-01", "revision": 2}).status_code == 422


def test_the_team_view_counts_what_was_committed_and_done(play: DecisionRecord, signed_in: SignedIn) -> None:
    client = signed_in("admin")
    _log(client, play, "agreed")
    page = client.get("/week/team").content.decode()
    assert "1 play running, no step overdue, 1 step done this week." in page
    assert signed_in("viewer").get("/week/team").status_code == 404


def test_a_decision_beside_the_list_gets_the_same_record(served: Installation, signed_in: SignedIn) -> None:
    owner = PEOPLE["manager"].email
    client, taken = signed_in("admin"), {one.partner_id for one in queries.decisions()}
    partner = next(f"PTR-{number:03d}" for number in range(1, 60) if f"PTR-{number:03d}" not in taken)
    page = client.get(f"/focus/decide?partner={partner}").content.decode()
    token = page.partition('name="token" value="')[2].partition('"')[0]
    sent = {"partner": partner, "play": "reactivation", "owner": owner, "why": "They called us", "token": token}
    assert client.post("/focus/decide", sent | {"why": " "}).status_code == 422
    first = client.post("/focus/decide", sent)
    again = client.post("/focus/decide", sent)
    assert (first.status_code, first["Location"]) == (303, again["Location"])
    (record,) = queries.decisions(partner_id=partner)
    assert (record.status, record.origin, record.owner, record.hours) == ("committed", "person", owner, 3)
    assert len(play_queries.steps(decision_ids=[record.decision_id])) == 2
    assert client.post("/focus/decide", sent | {"token": "another"}).status_code == 409
    focus = client.get("/focus").content.decode()
    assert record.decision_id in focus


def test_who_a_lot_keeps_from_a_play_is_said_before_it_is_decided_and_kept_with_it(
    served: Installation, signed_in: SignedIn
) -> None:
    today, taken = moment().date(), {one.partner_id for one in queries.decisions()}
    partner = next(f"PTR-{number:03d}" for number in range(1, 60) if f"PTR-{number:03d}" not in taken)
    until = today + timedelta(days=30)
    lot = replace(make_lot(partner), play="reactivation", as_of=today - timedelta(days=9), until=until)
    actions.record_cycle(replace(make_cycle(month="2020-01"), lots=(lot,)), actor="tests", now=moment())
    client = signed_in("admin")
    page = client.get(f"/focus/decide?partner={partner}").content.decode()
    assert page.count("Held back by lot until") == 1
    sent = {"partner": partner, "play": "reactivation", "owner": PEOPLE["manager"].email, "why": "They called us", "token": "t"}
    assert client.post("/focus/decide", sent).status_code == 303
    (record,) = queries.decisions(partner_id=partner)
    assert record.why.endswith(f"(Held back from this play by lot until {until}: it stays on the side without it.)")


def test_a_stop_beside_the_list_is_offered_told_and_taken_back(served: Installation, signed_in: SignedIn) -> None:
    client, taken = signed_in("admin"), {one.partner_id for one in queries.decisions()}
    partner = next(f"PTR-{number:03d}" for number in range(60, 160) if f"PTR-{number:03d}" not in taken)
    sent = {"partner": partner, "play": ":stop", "why": "Sold to a rival", "token": "one form"}
    assert client.post("/focus/decide", sent | {"play": ":wait"}).status_code == 422
    assert client.post("/focus/decide", sent)["Location"] == "/focus"
    (record,) = queries.decisions(partner_id=partner)
    focus = client.get("/focus").content.decode()
    assert "Stopped: no play before" in focus
    assert "<b>Stopped.</b> Sold to a rival" in focus
    for page in (f"/partners/{partner}", f"/plays/{record.decision_id}", "/learning/cases?status=stopped"):
        assert client.get(page).status_code == 200
    assert "No play before" in client.get(f"/partners/{partner}").content.decode()
    assert client.post(f"/focus/{record.decision_id}/undo", {"revision": record.revision}).status_code == 303
    assert queries.decisions(partner_id=partner) == []
    assert '<span class="tag tone-grey">undone</span>' in client.get("/journal").content.decode()


def test_a_dispute_stays_beside_the_outcome_and_is_withdrawn(play: DecisionRecord, signed_in: SignedIn) -> None:
    client, at = signed_in("admin"), f"/plays/{play.decision_id}"
    assert client.post(f"{at}/dispute", {"reason": "x", "revision": play.revision}).status_code == 422
    closed = actions.close_decision(play.decision_id, result="missed", rows=[], actor="facts", at=moment())
    client.post(f"{at}/dispute", {"reason": "The deal is under their parent", "revision": closed.revision})
    page = client.get(at).content.decode()
    assert "The deal is under their parent" in page
    assert "The facts still say missed" in page
    record = queries.decision(play.decision_id)
    assert record is not None
    assert (record.result, record.disputed_by) == ("missed", ADMIN)
    client.post(f"{at}/dispute", {"withdraw": "yes", "revision": record.revision})
    assert "disputes it" not in client.get(at).content.decode()
