"""The decision meeting: what was owed, one decision at a time, and the summary that is signed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from nextplay.decisions.proposal import Verdict
from nextplay.operations.deciding.decline_decision import decline_for_next
from nextplay.operations.deciding.focus_page import FocusRow, OwnerHours
from nextplay.operations.deciding.undo_decision import undo_decision
from nextplay.operations.meeting.decide_in_meeting import Choice, decide_in_meeting
from nextplay.operations.meeting.meeting_letters import dates_of
from nextplay.operations.meeting.meeting_page import MeetingPage, PlayChoice
from nextplay.operations.meeting.meeting_pdf import meeting_pdf
from nextplay.operations.meeting.run_meeting import skip_in_meeting, start_meeting
from nextplay.operations.meeting.show_meeting import show_meeting
from nextplay.operations.meeting.sign_meeting import (
    may_sign,
    meeting_summary,
    sign_meeting,
    signed_meeting,
    signed_meetings,
    told_channels,
)
from nextplay.operations.viewer import NotForThisViewer
from nextplay.values.period import Month
from nextplay.web import figures
from nextplay.web.asked import day_in, number_in
from nextplay.web.frame import Toast, for_one_person, say_later, show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.pages.focus import pick_of
from nextplay.web.refusal_said import REASONS, hours_go_on, next_said, reason_in
from nextplay.web.surround import shell_of

VERDICTS = (("invest", "Invest"), ("change_approach", "Change approach"), ("stop", "Stop"), ("wait", "Wait"))
ACCEPTED: tuple[Verdict, ...] = get_args(Verdict)
ICONS = {"invest": "invest", "change_approach": "turn", "stop": "stop", "wait": "clock"}
QUESTIONS = {"invest": "Invest in {} this month?", "change_approach": "Change the approach with {}?"}
TONES = {"late": "red", "missed": "orange", "done": "green", "met": "green", "dropped": "grey"}
DECIDED = {"committed": "Committed", "declined": "Declined", "snoozed": "Snoozed"}
ENOUGH_CASES = 10
COMING = 4


@dataclass(frozen=True)
class Step:
    """A place in the progress of the meeting."""

    decision_id: str
    css: str
    now: bool
    icon: str
    title: str


@dataclass(frozen=True)
class OwedLine:
    """What was owed, ready to draw."""

    who: str
    partner_name: str
    what: str
    due: object
    state: str
    tone: str
    said: str


@dataclass(frozen=True)
class Piece:
    """Something that speaks for or against, in words or as a quote."""

    text: str
    quote: str = ""
    cite: str = ""


@require_safe
def meeting(request: HttpRequest) -> HttpResponse:
    """Show what was owed until somebody starts; then the decision in hand."""
    viewer, now = viewer_of(request), moment()
    page = show_meeting(installation(), viewer, asked=request.GET.get("on", ""), now=now)
    if not page.month:
        # There is nothing to decide on yet, and the list says how to get it.
        return HttpResponseRedirect(reverse("focus"), status=303)
    context = _head(request, page, now)
    if page.meeting is None:
        lines = [OwedLine(o.who, o.partner_name, o.what, o.due, o.state, TONES.get(o.state, "grey"), o.said) for o in page.owed]
        more = {"owed": lines, "waiting": len(page.waiting), "past": signed_meetings(viewer)[:5]}
        return show(request, "nextplay/pages/meeting_open.html", context | more, shell=shell_of(request, "meeting"))
    if page.current is None:
        return HttpResponseRedirect(reverse("meeting-end"), status=303)
    context |= _case(page, page.current) | _form(page, page.current, now) | _way(page, page.current)
    return show(request, "nextplay/pages/meeting.html", context, shell=shell_of(request, "meeting"))


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin, or come in."""
    start_meeting(installation(), viewer_of(request), now=moment())
    return HttpResponseRedirect(reverse("meeting"), status=303)


@require_POST
def decide(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Write the decision down and go to the next."""
    sent, now = request.POST, moment()
    verdict = next((one for one in ACCEPTED if one == sent.get("verdict")), None)
    if verdict is None:
        raise NotForThisViewer
    choice = Choice(
        verdict=verdict,
        play=sent.get(f"play_{verdict}", ""),
        owner=sent.get("owner", ""),
        due=day_in(sent.get("due", "")),
        step=sent.get("step", ""),
        until=day_in(sent.get("until", "")),
        reason=sent.get("reason", ""),
    )
    revision = number_in(sent.get("revision", ""), otherwise=-1)
    made = decide_in_meeting(installation(), viewer_of(request), decision_id, choice, revision=revision, now=now)
    back = f"It can be taken back with Undo last.{next_said(made)}"
    said = (f"{DECIDED[made.record.status]}.", made.record.result_note, back)
    say_later(request, Toast(" ".join(filter(None, said))))
    return HttpResponseRedirect(reverse("meeting"), status=303)


@require_POST
def decline(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Turn it down, with the reason, and go to the next; its hours are proposed to the next in line."""
    said, revision = request.POST, number_in(request.POST.get("revision", ""), otherwise=-1)
    declined = decline_for_next(
        installation(),
        viewer_of(request),
        decision_id,
        revision=revision,
        reason=reason_in(said),
        give_on=hours_go_on(said),
        now=moment(),
    )
    say_later(request, Toast(f"Declined. The reason is kept with the decision.{next_said(declined)}"))
    return HttpResponseRedirect(reverse("meeting"), status=303)


@require_POST
def skip(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Put it off to the end of the meeting."""
    skip_in_meeting(installation(), viewer_of(request), decision_id, now=moment())
    return HttpResponseRedirect(reverse("meeting"), status=303)


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last decision back and go to it."""
    decision_id, revision = request.POST.get("decision", ""), number_in(request.POST.get("revision", ""), otherwise=-1)
    undo_decision(installation(), viewer_of(request), decision_id, revision=revision, now=moment())
    say_later(request, Toast("Taken back. The decision waits again."))
    return HttpResponseRedirect(f"{reverse('meeting')}?on={decision_id}", status=303)


@require_safe
def end(request: HttpRequest) -> HttpResponse:
    """Show what would be signed."""
    now = moment()
    viewer = viewer_of(request)
    page, summary = meeting_summary(installation(), viewer, now=now)
    left = page.waiting[0].decision_id if page.waiting else ""
    context = _head(request, page, now) | {"summary": summary, "left_id": left, "channels": told_channels(installation())}
    if page.meeting is not None:
        starter = page.meeting.started_by
        context |= {"may_sign": may_sign(installation(), viewer, page.meeting), "starter": page.people.get(starter, starter)}
    return show(request, "nextplay/pages/meeting_end.html", context, shell=shell_of(request, "meeting"))


@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Sign, and show what was signed."""
    signed = sign_meeting(installation(), viewer_of(request), now=moment())
    say_later(request, Toast("Signed. Everybody who owes something is told."))
    return HttpResponseRedirect(reverse("meeting-signed", args=[signed.meeting_id]), status=303)


@require_safe
def signed(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """A meeting as it was signed."""
    found = signed_meeting(installation(), viewer_of(request), meeting_id)
    dated = any(row.get("due_on") for row in found.summary["decided"])
    context = {"meeting": found, "summary": found.summary, "dated": dated}
    return show(request, "nextplay/pages/meeting_signed.html", context, shell=shell_of(request, "meeting"))


@require_safe
def file(request: HttpRequest, meeting_id: int, kind: str) -> HttpResponse:
    """A signed meeting as PDF, or its due dates for a calendar."""
    found = signed_meeting(installation(), viewer_of(request), meeting_id)
    if kind == "pdf":
        response = HttpResponse(meeting_pdf(found), content_type="application/pdf")
    elif kind == "ics":
        response = HttpResponse(dates_of(installation(), found), content_type="text/calendar")
    else:
        raise NotForThisViewer
    response["Content-Disposition"] = f'attachment; filename="decision-meeting-{found.started_at:%Y-%m-%d}.{kind}"'
    return for_one_person(response)


def _head(request: HttpRequest, page: MeetingPage, now: datetime) -> dict[str, object]:
    started = page.meeting.started_at if page.meeting else now
    elapsed = int((now - started).total_seconds())
    present = [page.people.get(email, email) for email in page.meeting.present] if page.meeting else []
    return {
        "month": f"{Month.parse(page.month).first:%B %Y}",
        "today": now.date(),
        "meeting": page.meeting,
        "since": started.isoformat(),
        "elapsed": f"{elapsed // 60}:{elapsed % 60:02d}",
        "present": present or [viewer_of(request).name],
        "steps": [_step(page, row) for row in page.agenda] if page.meeting else [],
        "done": sum(row.status != "proposed" for row in page.agenda),
    }


def _step(page: MeetingPage, row: FocusRow) -> Step:
    now = page.current is not None and row.decision_id == page.current.decision_id
    if row.status == "proposed":
        return Step(row.decision_id, "now" if now else "", now, "", row.partner_name)
    sign = {"committed": ICONS.get(row.verdict, "check"), "snoozed": "clock"}.get(row.status, "x")
    title = f"{row.partner_name}: {DECIDED[row.status].lower()}"
    return Step(row.decision_id, "now" if now else "done", now, sign, title)


def _case(page: MeetingPage, row: FocusRow) -> dict[str, object]:
    by = {speaks: [Piece(one.text) for one in row.evidence if one.speaks == speaks] for speaks in ("for", "against")}
    for one in page.words:
        on = figures.day(one.on) if one.on else ""
        by[one.speaks].append(Piece("In their own words", one.text, ", ".join(part for part in (one.cite, on) if part)))
    cases = f"From {figures.many(row.cases, 'case')} of this play" if row.cases else "What the program assumes of this play"
    thin = "" if row.cases >= ENOUGH_CASES else " Too few to rest on: the play’s assumption still weighs in."
    effort = f"About {figures.count(row.hours)} hours. Read from the facts on {figures.day(row.outcome_by)}."
    return {
        "pick": pick_of(row),
        "question": QUESTIONS.get(row.verdict, "What about {}?").format(row.partner_name),
        "speaks_for": by["for"],
        "speaks_against": by["against"],
        "neither": [one.text for one in row.evidence if one.speaks == "neither"],
        "odds_head": cases,
        "pick_odds": row.probability,
        "without_odds": row.probability_without,
        "odds": figures.odds_of_both(row.probability, row.probability_without),
        "odds_hint": effort + thin,
    }


def _form(page: MeetingPage, row: FocusRow, now: datetime) -> dict[str, object]:
    sub = {
        "invest": "Put the hours into a play",
        "change_approach": "Keep the partner, change the play",
        "stop": "No play this month, with a reason",
        "wait": "Look again on a day you choose",
    } | {row.verdict: row.play_label}
    choices = [
        {"name": name, "label": label, "icon": ICONS[name], "sub": sub[name], "suggested": name == row.verdict}
        for name, label in VERDICTS
    ]
    return {
        "choices": choices,
        "suggested": row.verdict,
        "owners": [_owner(one) for one in page.owners],
        "play_groups": [_group(page, row, verdict) for verdict in ("invest", "change_approach")],
        "reasons": REASONS,
        "tomorrow": now.date() + timedelta(days=1),
        "snooze_until": Month.of(now.date()).next.first,
        "decided": _decided(row) if row.status != "proposed" else "",
        "undo": page.undo,
    }


def _owner(one: OwnerHours) -> dict[str, str]:
    """Free are the hours that nobody committed: what is only proposed, the meeting decides on."""
    free = f"{figures.count(max(one.capacity - one.committed, 0))} of {figures.count(one.capacity)} h free"
    return {"email": one.email, "name": one.name or one.email, "free": free}


def _group(page: MeetingPage, row: FocusRow, verdict: str) -> dict[str, object]:
    """Plays of a verdict, the suggested one first chosen, else the one that was nearly as good."""
    plays: list[PlayChoice] = [play for play in page.plays if play.verdict == verdict]
    names = {play.name for play in plays}
    liked = [name for name, _ in row.alternatives if name in names]
    selected = row.play if row.play in names else next(iter(liked), "")
    kept = [(play.label, page.held_back[play.name]) for play in plays if play.name in page.held_back]
    return {
        "verdict": verdict,
        "plays": plays,
        "selected": selected,
        "suggested": row.verdict == verdict,
        "kept": kept,
        "kept_names": [play.name for play in plays if play.name in page.held_back],
    }


def _decided(row: FocusRow) -> str:
    reason = f" {row.status_reason}" if row.status_reason else ""
    return f"{DECIDED[row.status]} by {row.decided_name}.{reason}"


def _way(page: MeetingPage, row: FocusRow) -> dict[str, object]:
    at = page.number
    waiting = [one for one in page.agenda if one.status == "proposed" and one.decision_id != row.decision_id]
    after = [one for one in page.agenda[at:] if one.status == "proposed"] or waiting
    ids = [one.decision_id for one in page.agenda]
    return {
        "number": at,
        "coming": [{"name": one.partner_name, "verdict": one.verdict} for one in after[:COMING]],
        "next_number": ids.index(after[0].decision_id) + 1 if after else 0,
        "next_id": after[0].decision_id if after else "",
        "before_id": ids[at - 2] if at > 1 else "",
        "after_id": ids[at] if at < len(ids) else "",
    }
