"""The decision meeting: as suggested, otherwise, two at once, and what is signed at its end."""

from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from nextplay.ledger import meetings, messages, people, queries
from nextplay.ledger.actions import AlreadyDecided
from nextplay.ledger.ad_hoc import OwnMonth, open_month
from nextplay.ledger.journal import lines, undone
from nextplay.ledger.meetings import MeetingEnded
from nextplay.ledger.models import SessionDate
from nextplay.ledger.records import DecisionRecord, PersonRecord
from nextplay.operations.data.load_sample import SAMPLE_PEOPLE
from nextplay.operations.deciding.decide import decide
from nextplay.operations.deciding.decide_ad_hoc import AdHoc, NotADueDay, UnknownPlay, decide_ad_hoc
from nextplay.operations.deciding.snooze_decision import NotADayToSnoozeTo
from nextplay.operations.deciding.undecided import PlayUnderWay
from nextplay.operations.deciding.undo_decision import undo_decision
from nextplay.operations.installation import Installation
from nextplay.operations.learning.learning_cases import cases_of
from nextplay.operations.meeting.decide_in_meeting import Choice, decide_in_meeting
from nextplay.operations.meeting.meeting_letters import dates_of
from nextplay.operations.meeting.meeting_pdf import meeting_pdf
from nextplay.operations.meeting.run_meeting import skip_in_meeting, start_meeting
from nextplay.operations.meeting.show_meeting import show_meeting
from nextplay.operations.meeting.sign_meeting import may_sign, meeting_summary, sign_meeting, signed_meeting
from nextplay.operations.partners.show_partner import show_partner
from nextplay.operations.record.cycles import latest_cycle
from nextplay.operations.record.deciding import ReasonNeeded, free_hours
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer
from nextplay.values.period import Month

pytestmark = pytest.mark.django_db

LEDA = Viewer(email="leda.marsh@quillharbor.example", name="Leda Marsh", role=Role.ADMIN)


@pytest.fixture
def proposed(sample_installation: Installation, now: datetime) -> Installation:
    """The sample program with the month proposed, and its team, who sign in."""
    for one in SAMPLE_PEOPLE:
        person = PersonRecord(one.email, one.name, one.role, one.partner_id, active=True)
        people.add_person(person, password="a long sentence 7", actor="tests", now=now)
    decide(sample_installation, now=now, actor="tests")
    return sample_installation


def _first(_installation: Installation, verdict: str = "invest") -> DecisionRecord:
    return next(one for one in queries.decisions(status="proposed") if one.verdict == verdict)


def test_a_meeting_takes_one_decision_at_a_time_and_goes_on_after_each(proposed: Installation, now: datetime) -> None:
    assert show_meeting(proposed, LEDA, now=now).current is None
    start_meeting(proposed, LEDA, now=now)
    page = show_meeting(proposed, LEDA, now=now)
    assert page.current is not None
    assert page.number == 1
    row = page.current
    decide_in_meeting(
        proposed,
        LEDA,
        row.decision_id,
        Choice("invest" if row.verdict == "invest" else "change_approach"),
        revision=row.revision,
        now=now,
    )
    after = show_meeting(proposed, LEDA, now=now)
    assert row.decision_id in after.decided
    assert after.current is not None
    assert after.current.decision_id != row.decision_id
    assert len(after.agenda) == len(page.agenda)
    assert after.undo is not None
    assert after.undo[0] == row.decision_id


def test_what_is_skipped_comes_last(proposed: Installation, now: datetime) -> None:
    start_meeting(proposed, LEDA, now=now)
    first = show_meeting(proposed, LEDA, now=now).agenda[0].decision_id
    skip_in_meeting(proposed, LEDA, first, now=now)
    assert show_meeting(proposed, LEDA, now=now).agenda[-1].decision_id == first


def test_owner_due_and_next_action_are_taken_as_they_were_changed(proposed: Installation, now: datetime) -> None:
    one = _first(proposed)
    due = now.date() + timedelta(days=9)
    choice = Choice(one.verdict, owner=one.owner, due=due, step="Call Runa first")  # type: ignore[arg-type]
    record = decide_in_meeting(proposed, LEDA, one.decision_id, choice, revision=one.revision, now=now).record
    assert (record.status, record.due, record.step, record.origin) == ("committed", due, "Call Runa first", "method")
    undone = undo_decision(proposed, LEDA, one.decision_id, revision=record.revision, now=now)
    assert (undone.status, undone.due, undone.step) == ("proposed", one.due, one.step)


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2028, 1, 1)])
def test_a_deadline_lies_before_the_outcome_is_read_and_not_in_the_past(
    proposed: Installation, now: datetime, day: date
) -> None:
    one = _first(proposed)
    with pytest.raises(NotADueDay):
        decide_in_meeting(proposed, LEDA, one.decision_id, Choice("invest", due=day), revision=one.revision, now=now)


def test_stop_needs_a_reason_and_wait_a_day(proposed: Installation, now: datetime) -> None:
    one = _first(proposed)
    with pytest.raises(ReasonNeeded):
        decide_in_meeting(proposed, LEDA, one.decision_id, Choice("stop"), revision=one.revision, now=now)
    stopped = decide_in_meeting(
        proposed, LEDA, one.decision_id, Choice("stop", reason="Sold to a rival"), revision=one.revision, now=now
    ).record
    assert (stopped.status, stopped.chosen, stopped.status_reason) == ("declined", "stop", "Sold to a rival")
    other = _first(proposed)
    until = now.date() + timedelta(days=30)
    waits = decide_in_meeting(
        proposed, LEDA, other.decision_id, Choice("wait", until=until), revision=other.revision, now=now
    ).record
    assert (waits.status, waits.chosen, waits.snoozed_until) == ("snoozed", "wait", until)


def test_another_way_than_suggested_leaves_two_records_that_undo_takes_back_together(
    proposed: Installation, now: datetime
) -> None:
    one = _first(proposed)
    play = next(play for play in proposed.program.plays if play.verdict == "change_approach")
    choice = Choice("change_approach", play=play.name, owner=one.owner, reason="The director must speak first")
    made = decide_in_meeting(proposed, LEDA, one.decision_id, choice, revision=one.revision, now=now).record
    assert (made.origin, made.status, made.instead_of, made.play) == ("person", "committed", one.decision_id, play.name)
    assert list(made.evidence) == one.evidence
    assert made.predicate["event"] == play.outcome.predicate.event
    was = queries.decision(one.decision_id)
    assert was is not None
    assert (was.status, was.chosen) == ("declined", "change_approach")
    assert {line.verb for line in lines(limit=6)} >= {"decide", "decline"}
    taken = free_hours(proposed, one.cycle, one.owner)
    undo_decision(proposed, LEDA, one.decision_id, revision=was.revision, now=now)
    # A slip of the pen leaves nothing behind that would pause the play.
    assert queries.decision(made.decision_id) is None
    assert free_hours(proposed, one.cycle, one.owner) == taken + play.hours


def test_a_choice_made_by_hand_with_an_invitation_out_stays_as_declined_when_it_is_taken_back(
    proposed: Installation, now: datetime
) -> None:
    one = _first(proposed)
    play = next(play for play in proposed.program.plays if play.verdict == "change_approach")
    choice = Choice("change_approach", play=play.name, owner=one.owner, reason="The director must speak first")
    made = decide_in_meeting(proposed, LEDA, one.decision_id, choice, revision=one.revision, now=now).record
    planned = {"starts_at": now, "set_at": now, "time_zone": "UTC", "owner": one.owner, "set_by": one.owner}
    SessionDate.objects.create(decision_id=made.decision_id, number=1, **planned)
    was = queries.decision(one.decision_id)
    assert was is not None
    undo_decision(proposed, LEDA, one.decision_id, revision=was.revision, now=now)
    left = queries.decision(made.decision_id)
    assert left is not None
    assert left.status == "declined"


def test_in_a_new_month_the_meeting_is_still_that_of_the_list_and_what_is_decided_otherwise_is_in_it(
    proposed: Installation, now: datetime
) -> None:
    later, one = now + timedelta(days=31), _first(proposed)
    ahead = OwnMonth(str(Month.of(later.date())), later.date(), "1", proposed.program.version, "USD")
    open_month(ahead, actor="tests", now=later)
    assert start_meeting(proposed, LEDA, now=later).month == one.cycle
    play = next(play for play in proposed.program.plays if play.verdict == "change_approach")
    with pytest.raises(PlayUnderWay):
        decide_ad_hoc(proposed, LEDA, AdHoc(one.partner_id, play.name, one.owner, "Now"), now=later)
    choice = Choice("change_approach", play=play.name, owner=one.owner, reason="The director must speak first")
    made = decide_in_meeting(proposed, LEDA, one.decision_id, choice, revision=one.revision, now=later).record
    assert (made.cycle, made.as_of) == (one.cycle, later.date())
    _, summary = meeting_summary(proposed, LEDA, now=later)
    assert {row["decision_id"] for row in summary["decided"]} == {one.decision_id, made.decision_id}


def test_a_play_that_does_not_fit_the_verdict_or_the_program_changes_nothing(proposed: Installation, now: datetime) -> None:
    one = _first(proposed)
    for play in (one.play, "no_such_play"):
        with pytest.raises(UnknownPlay):
            choice = Choice("change_approach", play=play, owner=one.owner, reason="x")
            decide_in_meeting(proposed, LEDA, one.decision_id, choice, revision=one.revision, now=now)
    assert queries.decision(one.decision_id) == one


def test_the_second_of_two_is_told_who_decided_what(proposed: Installation, now: datetime) -> None:
    one = _first(proposed)
    decide_in_meeting(proposed, LEDA, one.decision_id, Choice("invest"), revision=one.revision, now=now)
    with pytest.raises(AlreadyDecided, match="committed by "):
        decide_in_meeting(proposed, LEDA, one.decision_id, Choice("stop", reason="x"), revision=one.revision, now=now)


def test_a_signed_meeting_stays_as_it_was_signed_and_tells_each_owner_once(proposed: Installation, now: datetime) -> None:
    start_meeting(proposed, LEDA, now=now)
    one = _first(proposed)
    record = decide_in_meeting(proposed, LEDA, one.decision_id, Choice("invest"), revision=one.revision, now=now).record
    signed = sign_meeting(proposed, LEDA, now=now + timedelta(minutes=25))
    assert signed.summary["minutes"] == 25
    undo_decision(proposed, LEDA, one.decision_id, revision=record.revision, now=now)
    assert signed_meeting(proposed, LEDA, signed.meeting_id) == signed
    (told,) = messages.messages()
    assert told.person == one.owner
    assert told.files[0].name == "due-dates.ics"
    with pytest.raises(MeetingEnded):
        meetings.sign_meeting(signed.meeting_id, {}, actor="x", now=now)
    with pytest.raises(NotForThisViewer):
        sign_meeting(proposed, LEDA, now=now)


def _manager(email: str) -> Viewer:
    return Viewer(email=email, name="Somebody", role=Role.MANAGER)


def test_of_a_signed_meeting_a_manager_reads_the_rows_of_partners_they_reach(proposed: Installation, now: datetime) -> None:
    start_meeting(proposed, LEDA, now=now)
    first = _first(proposed)
    decide_in_meeting(proposed, LEDA, first.decision_id, Choice("invest"), revision=first.revision, now=now)
    second = next(one for one in queries.decisions(status="proposed") if one.owner != first.owner)
    decide_in_meeting(
        proposed, LEDA, second.decision_id, Choice("stop", reason="Sold to a rival"), revision=second.revision, now=now
    )
    signed = sign_meeting(proposed, LEDA, now=now)
    for own, other in ((first, second), (second, first)):
        read = signed_meeting(proposed, _manager(own.owner), signed.meeting_id)
        assert [row["decision_id"] for row in read.summary["decided"]] == [own.decision_id]
        assert other.partner_id not in {row["partner_id"] for part in ("left", "owed") for row in read.summary[part]}
        assert read.summary["partly"]
        assert len(Calendar.from_ical(dates_of(proposed, read)).walk("VEVENT")) == (own is first)
    stranger = signed_meeting(proposed, _manager("nobody@program.example"), signed.meeting_id)
    assert [stranger.summary[part] for part in ("decided", "left", "owed")] == [[], [], []]
    assert meeting_pdf(stranger).startswith(b"%PDF")


def test_who_started_a_meeting_or_reaches_everybody_signs_it_and_what_is_signed_is_whole(
    proposed: Installation, now: datetime
) -> None:
    one = _first(proposed)
    other = next(row for row in queries.decisions(status="proposed") if row.owner != one.owner)
    owner, guest = _manager(one.owner), _manager(other.owner)
    start_meeting(proposed, owner, now=now)
    start_meeting(proposed, guest, now=now)
    choice = Choice(other.verdict)  # type: ignore[arg-type]
    decide_in_meeting(proposed, guest, other.decision_id, choice, revision=other.revision, now=now)
    with pytest.raises(NotForThisViewer):
        sign_meeting(proposed, guest, now=now)
    page, seen = meeting_summary(proposed, owner, now=now)
    assert other.decision_id not in {row["decision_id"] for row in seen["decided"]}
    assert page.meeting is not None
    assert [may_sign(proposed, who, page.meeting) for who in (owner, guest, LEDA)] == [True, False, True]
    signed = sign_meeting(proposed, owner, now=now)
    assert [row["decision_id"] for row in signed.summary["decided"]] == [other.decision_id]
    assert [told.person for told in messages.messages()] == [other.owner]


def test_an_owner_who_was_shut_out_is_mailed_nothing(proposed: Installation, now: datetime) -> None:
    start_meeting(proposed, LEDA, now=now)
    one = _first(proposed)
    decide_in_meeting(proposed, LEDA, one.decision_id, Choice("invest"), revision=one.revision, now=now)
    people.change_person(one.owner, active=False, actor="tests", now=now)
    sign_meeting(proposed, LEDA, now=now)
    assert messages.messages() == []


def test_the_summary_leaves_as_pdf_and_as_dates(
    proposed: Installation, now: datetime, tmp_path_factory: pytest.TempPathFactory
) -> None:
    start_meeting(proposed, LEDA, now=now)
    one = _first(proposed)
    decide_in_meeting(proposed, LEDA, one.decision_id, Choice("invest"), revision=one.revision, now=now)
    signed = sign_meeting(proposed, LEDA, now=now)
    file = tmp_path_factory.mktemp("pdf") / "m.pdf"
    file.write_bytes(meeting_pdf(signed))
    text = PdfReader(file).pages[0].extract_text()
    assert signed.summary["decided"][0]["partner_name"] in text
    (event,) = Calendar.from_ical(dates_of(proposed, signed)).walk("VEVENT")
    assert event.decoded("DTSTART") == one.due
    assert str(event["UID"]).startswith(f"step-{one.decision_id}-1@")


def test_viewers_and_partners_have_no_meeting(proposed: Installation, cleo: Viewer, dan: Viewer, now: datetime) -> None:
    for nobody in (cleo, dan):
        for refused in (lambda who: show_meeting(proposed, who, now=now), lambda who: start_meeting(proposed, who, now=now)):
            with pytest.raises(NotForThisViewer):
                refused(nobody)


def _free_partner(proposed: Installation) -> str:
    """Somebody that the list left out."""
    listed = latest_cycle(proposed.home)
    assert listed is not None
    frame = listed.next_actions.frame
    return str(frame.filter((frame["placement"] == "left_out") & frame["owner"].is_not_null())["partner_id"][0])


@pytest.mark.parametrize(
    ("verdict", "status", "said"), [("stop", "declined", "Stop."), ("wait", "snoozed", "Wait.")], ids=["stop", "wait"]
)
def test_a_stop_or_wait_beside_the_list_is_a_decision_with_its_evidence_that_the_list_keeps_to(
    proposed: Installation, now: datetime, verdict: str, status: str, said: str
) -> None:
    partner, until = _free_partner(proposed), date(2026, 12, 1)
    hours = {one.owner: free_hours(proposed, one.cycle, one.owner) for one in queries.decisions(status="proposed")}
    start_meeting(proposed, LEDA, now=now)
    asked = AdHoc(partner, "", "", " Sold to a rival ", verdict=verdict, until=until, token="form")
    made = decide_ad_hoc(proposed, LEDA, asked, now=now)
    assert decide_ad_hoc(proposed, LEDA, asked, now=now).decision_id == made.decision_id
    assert (made.origin, made.status, made.chosen, made.status_reason) == ("person", status, verdict, "Sold to a rival")
    assert (made.snoozed_until, made.hours, made.play) == (until, 0.0, "")
    assert [one for one in made.evidence if one["text"]]
    assert hours == {owner: free_hours(proposed, made.cycle, owner) for owner in hours}
    # In the summary and the cases as what a person decided; no question of the meeting.
    page, summary = meeting_summary(proposed, LEDA, now=now)
    assert made.decision_id not in {row.decision_id for row in page.agenda}
    [row] = [row for row in summary["decided"] if row["decision_id"] == made.decision_id]
    assert (row["said"], row["reason"]) == (said, "Sold to a rival")
    cases = cases_of(proposed, LEDA, now=now).filter(case_id=made.decision_id)
    assert cases.select("status", "probability").row(0) == ({"stop": "stopped", "wait": "put_off"}[verdict], None)
    # Nobody proposes it, within the month.
    standing = decide(proposed, now=now, actor="tests").next_actions.frame
    assert standing.filter(partner_id=partner)["reason"].to_list() == ["Left alone by us"]
    # And Z takes it back as if it had not been, but for the journal.
    assert page.undo == (made.decision_id, 1)
    undo_decision(proposed, LEDA, made.decision_id, revision=1, now=now)
    assert queries.decision(made.decision_id) is None
    told = lines(subject=f"decision {made.decision_id}")
    assert [(line.verb, line.partner_id) for line in told] == [("withdraw", partner), ("decide", partner)]
    assert undone(told) == {told[1].line_id}


def test_a_stop_needs_its_reason_and_a_wait_its_day_and_neither_goes_beside_a_proposal(
    proposed: Installation, now: datetime
) -> None:
    partner = _free_partner(proposed)
    with pytest.raises(ReasonNeeded):
        decide_ad_hoc(proposed, LEDA, AdHoc(partner, "", "", " ", verdict="stop"), now=now)
    with pytest.raises(NotADayToSnoozeTo):
        decide_ad_hoc(proposed, LEDA, AdHoc(partner, "", "", "Later", verdict="wait"), now=now)
    with pytest.raises(PlayUnderWay):
        decide_ad_hoc(proposed, LEDA, AdHoc(_first(proposed).partner_id, "", "", "No", verdict="stop"), now=now)
    assert queries.decisions(partner_id=partner) == []


def test_an_invest_beside_the_list_keeps_what_was_known_and_gives_its_hours_back_when_undone(
    proposed: Installation, now: datetime
) -> None:
    partner, owner = _free_partner(proposed), "tobin.harrow@quillharbor.example"
    play, before = proposed.program.plays[0], free_hours(proposed, "2026-11", owner)
    made = decide_ad_hoc(proposed, LEDA, AdHoc(partner, play.name, owner, "They called us"), now=now)
    assert made.evidence
    assert free_hours(proposed, "2026-11", owner) == before - play.hours
    with pytest.raises(AlreadyDecided):
        undo_decision(proposed, LEDA, made.decision_id, revision=2, now=now)
    undo_decision(proposed, LEDA, made.decision_id, revision=1, now=now)
    assert (queries.decision(made.decision_id), free_hours(proposed, "2026-11", owner)) == (None, before)


def test_a_commitment_that_was_undone_stays_to_be_seen_as_undone(proposed: Installation, now: datetime) -> None:
    one = _first(proposed)
    record = decide_in_meeting(proposed, LEDA, one.decision_id, Choice("invest"), revision=one.revision, now=now).record
    undo_decision(proposed, LEDA, one.decision_id, revision=record.revision, now=now)
    told = lines(subject=f"decision {one.decision_id}")
    assert [line.verb for line in told] == ["undo", "commit"]
    assert undone(told) == {told[1].line_id}
    assert show_partner(proposed, LEDA, one.partner_id, now=now).taken_back[one.decision_id].actor == LEDA.email
    again = decide_in_meeting(proposed, LEDA, one.decision_id, Choice("invest"), revision=None, now=now).record
    assert again.status == "committed"
    # The new commitment stands, the old one stays undone.
    told = lines(subject=f"decision {one.decision_id}")
    assert undone(told) == {told[2].line_id}
    assert show_partner(proposed, LEDA, one.partner_id, now=now).taken_back == {}
