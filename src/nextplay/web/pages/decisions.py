"""Commit, reassign, decline, snooze, and take back: each acts at once and offers Undo."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.deciding.decline_decision import decline_for_next
from nextplay.operations.deciding.reassign_decision import reassign_decision
from nextplay.operations.deciding.snooze_decision import snooze_for_next
from nextplay.operations.deciding.undo_decision import undo_decision
from nextplay.web import figures
from nextplay.web.asked import day_in, number_in
from nextplay.web.frame import Toast, say_later
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.refusal_said import hours_go_on, next_said, reason_in


@require_POST
def commit(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Put the proposed hours into it."""
    now = moment()
    record = commit_decision(installation(), viewer_of(request), decision_id, revision=_revision(request), now=now)
    return _done(
        request,
        record.decision_id,
        record.revision,
        f"Committed. {_name(record.owner)} owns it, due {figures.day(record.due, now.date())}. {record.result_note}".strip(),
    )


@require_POST
def reassign(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Give it to somebody else."""
    owner = request.POST.get("owner", "")
    record = reassign_decision(
        installation(), viewer_of(request), decision_id, revision=_revision(request), owner=owner, now=moment()
    )
    return _done(request, record.decision_id, record.revision, f"Reassigned to {_name(record.owner)}.")


@require_POST
def decline(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Turn it down, with the reason; its hours are proposed to the next in line, unless nobody has them."""
    said = request.POST
    declined = decline_for_next(
        installation(),
        viewer_of(request),
        decision_id,
        revision=_revision(request),
        reason=reason_in(said),
        give_on=hours_go_on(said),
        now=moment(),
    )
    told = f"Declined.{next_said(declined, otherwise=' The reason is kept with the decision.')}"
    return _done(request, declined.record.decision_id, declined.record.revision, told)


@require_POST
def snooze(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Put it off until a day; its hours are proposed to the next in line."""
    now = moment()
    until = day_in(request.POST.get("until", "")) or now.date()
    revision = _revision(request)
    snoozed = snooze_for_next(installation(), viewer_of(request), decision_id, revision=revision, until=until, now=now)
    told = f"Snoozed until {figures.day(until, now.date())}.{next_said(snoozed)}"
    return _done(request, snoozed.record.decision_id, snoozed.record.revision, told)


@require_POST
def undo(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Take the last step back."""
    shown = _revision(request)
    undone = undo_decision(installation(), viewer_of(request), decision_id, revision=shown, now=moment())
    if undone.revision == shown:
        told = "The decision is gone."
    else:
        told = f"{_name(undone.owner)} owns it again." if undone.status == "committed" else "The decision waits again."
    say_later(request, Toast(f"Taken back. {told}"))
    return HttpResponseRedirect(reverse("focus"), status=303)


def _name(email: str) -> str:
    return installation().program.capacity.name_of(email)


def _revision(request: HttpRequest) -> int:
    """What the page showed; -1 matches no decision, so that a form made by hand is refused."""
    return number_in(request.POST.get("revision", ""), otherwise=-1)


def _done(request: HttpRequest, decision_id: str, revision: int, sentence: str) -> HttpResponse:
    say_later(request, Toast(sentence, undo=decision_id, revision=revision))
    return HttpResponseRedirect(reverse("focus"), status=303)
