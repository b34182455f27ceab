"""Plays under way: one play's page, its session, and every entry that people make on it."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from nextplay.operations.plays.invite_session import guests_of, session_of, zone_for
from nextplay.operations.plays.log_step import log_step, move_step, step_for, take_back_step
from nextplay.operations.plays.play_accounts import (
    ACCOUNTS,
    MESSAGES,
    Outreach,
    log_outreach,
    share_narrative,
    share_target_list,
    take_back_entry,
)
from nextplay.operations.plays.prepare_session import prepare_session
from nextplay.operations.plays.show_play import PlayPage, show_play
from nextplay.operations.viewer import DECIDERS, NotForThisViewer, Viewer
from nextplay.values.clock import zone
from nextplay.web import figures
from nextplay.web.asked import back_to, day_in, number_in
from nextplay.web.frame import PutBack, Toast, say_later, show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.surround import shell_of

SAID = {"sent": "Message logged", "replied": "Reply logged", "not_for_us": "Logged as not for them"}


@require_safe
def play(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Show the play: whose turn it is, what slips, what came of it."""
    viewer, now = viewer_of(request), moment()
    found = show_play(installation(), viewer, decision_id, now=now)
    context = {"messages": MESSAGES, "may_promise": viewer.role in DECIDERS}
    return show(request, "nextplay/pages/play.html", _of(found, request) | context, shell=shell_of(request, "week"))


@require_safe
def session(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Show what to bring to the working session, and take its two outputs."""
    viewer, now = viewer_of(request), moment()
    found = show_play(installation(), viewer, decision_id, now=now)
    context = _of(found, request) | prep_of(found) | (date_of(found, viewer) if found.may_work else {})
    return show(request, "nextplay/pages/session.html", context, shell=shell_of(request, "week"))


def _of(found: PlayPage, request: HttpRequest) -> dict[str, object]:
    """What every page of a play draws on."""
    return {
        "play": found,
        "record": found.decision,
        "today": found.today,
        "here": request.get_full_path(),
        "wanted": ACCOUNTS,
    }


def date_of(play: PlayPage, viewer: Viewer) -> dict[str, object]:
    """Day and hour of the session that is to come, and who can be invited; nothing where no session is open."""
    steps = [one.step for week in play.weeks for one in week.steps]
    open_ones = [one for one in steps if one.form == "session" and one.state == "open"]
    if not open_ones:
        return {}
    held = session_of(open_ones[0])
    there = held.starts_at.astimezone(zone(held.time_zone)) if held else None
    planned = bool(held and held.planned)
    return {
        "session_step": open_ones[0],
        "planned": held if planned else None,
        "planned_at": there.date() if there and planned else None,
        "planned_hour": f"{there:%H:%M}" if there and planned else "",
        "session_seen": held.sequence if held else None,
        "session_zone": held.time_zone if held else zone_for(installation(), viewer),
        "guests": guests_of(installation(), play.decision.partner_id),
    }


def prep_of(play: PlayPage) -> dict[str, object]:
    """A session's preparation as its part draws it: accounts that were chosen first, then those proposed."""
    prep = prepare_session(installation(), play.decision, now=moment())
    offer, chosen = play.outputs.offer, [one.account for one in play.outputs.accounts]
    proposed = {one.account: one.why for one in prep.proposed}
    rows = [(name, proposed.get(name, "Chosen by hand."), True) for name in chosen]
    rows += [(name, why, False) for name, why in proposed.items() if name not in chosen]
    shown = [one.step for week in play.weeks for one in week.steps]
    return {
        "prep": prep,
        "accounts": rows,
        # What is picked is never folded away.
        "first_accounts": rows[: max(ACCOUNTS, len(chosen))],
        "more_accounts": rows[max(ACCOUNTS, len(chosen)) :],
        "picked": len(chosen),
        "offer": offer or prep.draft_offer,
        "offer_is_draft": not offer,
        # The session itself, where it is still to be logged.
        "held": next((one for one in shown if one.form == "session" and one.state == "open"), None),
    }


@require_POST
def log(request: HttpRequest, decision_id: str, number: int) -> HttpResponse:
    """Log how a step ended: one click."""
    sent = request.POST
    step = log_step(
        installation(),
        viewer_of(request),
        decision_id,
        number,
        revision=_revision(request),
        outcome=sent.get("outcome", ""),
        note=sent.get("note", "").strip()[:500],
        now=moment(),
    )
    undo = PutBack(reverse("step-undo", args=[decision_id, number]), (str(step.revision),), _next(request))
    say_later(request, Toast(f"Logged: {step.name}: {step.result}.", put_back=undo))
    return back_to(request, "week")


@require_POST
def undo(request: HttpRequest, decision_id: str, number: int) -> HttpResponse:
    """Take back what was logged."""
    revision = number_in(request.POST.get("item", ""), otherwise=-1)
    step = take_back_step(installation(), viewer_of(request), decision_id, number, revision=revision, now=moment())
    say_later(request, Toast(f"Taken back. “{step.name}” is open again."))
    return back_to(request, "week")


@require_POST
def move(request: HttpRequest, decision_id: str, number: int) -> HttpResponse:
    """Put a step on another day."""
    now, sent = moment(), request.POST
    step = move_step(
        installation(),
        viewer_of(request),
        decision_id,
        number,
        revision=_revision(request),
        due=day_in(sent.get("due", "")) or now.date(),
        reason=sent.get("reason", "").strip()[:200],
        now=now,
    )
    say_later(request, Toast(f"Moved to {figures.day(step.due, now.date())}."))
    return back_to(request, "week")


@require_POST
def outputs(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Keep what the session brought forth: the list, the offer, or both; and how it ended, where that was pressed."""
    viewer, sent = viewer_of(request), request.POST
    number, outcome = number_in(sent.get("step", ""), otherwise=0), sent.get("outcome", "")
    if not outcome:
        kept = _keep_outputs(request, decision_id)
        said = f"Kept: {' and '.join(kept)}." if kept else "Nothing was entered. Name at least one account, or write the offer."
        say_later(request, Toast(said, bad=not kept))
        return back_to(request, "week")
    _, step = step_for(installation(), viewer, decision_id, number)
    if outcome in {one.name for one in step.outcomes if one.state == "done"}:
        # A session that did not happen brought nothing forth.
        _keep_outputs(request, decision_id)
    return log(request, decision_id, number)


def _keep_outputs(request: HttpRequest, decision_id: str) -> list[str]:
    viewer, now, sent = viewer_of(request), moment(), request.POST
    named = [*sent.getlist("account"), *sent.get("more", "").splitlines()]
    kept = []
    if any(name.strip() for name in named):
        share_target_list(installation(), viewer, decision_id, named, now=now)
        kept.append("target list")
    if sent.get("offer", "").strip():
        share_narrative(installation(), viewer, decision_id, sent["offer"], now=now)
        kept.append("offer")
    return kept


@require_POST
def outreach(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Log a message, a reply, or that an account is not for them."""
    sent, what = request.POST, request.POST.get("what", "")
    if what not in SAID:
        raise NotForThisViewer
    kept = log_outreach(
        installation(),
        viewer_of(request),
        decision_id,
        sent.get("account", ""),
        cast(Outreach, what),
        reason=sent.get("reason", ""),
        now=moment(),
    )
    undo = PutBack(reverse("entry-undo", args=[decision_id]), (kept.activity_id,), _next(request))
    say_later(request, Toast(f"{SAID[what]}: {kept.account}.", put_back=undo))
    return back_to(request, "week")


@require_POST
def undo_entry(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Take an entry back; it leaves the facts too."""
    take_back_entry(installation(), viewer_of(request), decision_id, request.POST.get("item", ""), now=moment())
    say_later(request, Toast("Taken back."))
    return back_to(request, "week")


def _revision(request: HttpRequest) -> int:
    """What the page showed; -1 matches no step, so that a form made by hand is refused."""
    return number_in(request.POST.get("revision", ""), otherwise=-1)


def _next(request: HttpRequest) -> str:
    return request.POST.get("next", "") or reverse("week")
