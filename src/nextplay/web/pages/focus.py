"""Focus this month: the list to decide on, what runs, what was left out, and why."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from nextplay.operations.deciding.focus_page import HELD_BACK, FocusPage, FocusRow, OwnerHours, StopRow
from nextplay.operations.deciding.show_focus import left_out_because, show_focus
from nextplay.operations.deciding.show_how import show_how
from nextplay.operations.viewer import DECIDERS, NotForThisViewer
from nextplay.values.period import Month
from nextplay.web import figures
from nextplay.web.frame import show
from nextplay.web.gate import viewer_of
from nextplay.web.here import has_facts, installation, moment
from nextplay.web.refusal_said import REASONS
from nextplay.web.surround import shell_of

# A slot of the capacity strip stands for so many hours, and a strip has at most so many slots.
SLOT_HOURS, MOST_SLOTS = 3.0, 14
MOST_CHIPS = 5
MOST_STOPS = 8
MOST_LEFT_OUT = 200
# Below so many closed cases the chances are the play's assumption, and the page says so.
ENOUGH_CASES = 10


@dataclass(frozen=True)
class Pick:
    """A decision, ready to draw."""

    decision_id: str
    revision: int
    partner_id: str
    name: str
    meta: str
    play: str
    step: str
    owner: str
    owner_email: str
    hours: float
    due: date
    outcome: str
    outcome_by: date
    odds: str
    why: str
    short_why: str
    chips: tuple[tuple[str, str], ...]
    exploration: bool
    change_our_mind: str = ""
    instead_of: str = ""
    drop_off: str = ""
    state: str = ""
    state_tone: str = "grey"
    state_icon: str = ""
    status: str = ""
    reason: str = ""
    decided: str = ""
    # Whether its outcome is still to come: what is over cannot be given to somebody else.
    open: bool = True


@dataclass(frozen=True)
class Load:
    """An owner's hours as slots and in words."""

    email: str
    name: str
    slots: tuple[str, ...]
    words: str
    free: str


@require_safe
def focus(request: HttpRequest) -> HttpResponse:
    """Show the list, or how to get one."""
    viewer, now = viewer_of(request), moment()
    found = show_focus(installation(), viewer, now=now)
    decides = viewer.role in DECIDERS
    if found.state == "no_cycle":
        context: dict[str, object] = {
            "facts": has_facts(),
            "month": f"{now:%B}",
            "may_propose": decides,
        }
        return show(request, "nextplay/pages/focus_empty.html", context, shell=shell_of(request, "focus"))
    context = {
        "lead": _lead(found, now.date()),
        "may_decide": decides,
        "may_propose": decides,
        "reasons": REASONS,
        "today": now.date(),
        "tomorrow": now.date() + timedelta(days=1),
        "snooze_until": Month.of(now.date()).next.first,
        **_lists(found),
    }
    return show(request, "nextplay/pages/focus.html", context, shell=shell_of(request, "focus"))


@require_safe
def left_out(request: HttpRequest) -> HttpResponse:
    """Name those left out for one reason, each with the next best action all the same."""
    reason = request.GET.get("reason", "")
    if not reason:
        # Those in focus, stopped or held back have no reason to be left out.
        raise NotForThisViewer
    rows = left_out_because(installation(), viewer_of(request), reason, limit=MOST_LEFT_OUT)
    context = {"reason": reason, "rows": rows, "most": MOST_LEFT_OUT}
    return show(request, "nextplay/pages/left_out.html", context, shell=shell_of(request, "focus"))


@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """Say in plain words how the list is made."""
    made, today = show_how(installation(), viewer_of(request), now=moment()), moment().date()
    context = {
        "made": made,
        "decided": made.focus.state == "ready",
        "month": f"{Month.parse(made.focus.cycle).first:%B %Y}" if made.focus.cycle else "",
        "until": figures.day(made.focus.data_until, today) if made.focus.data_until else "",
        "held_back_reason": HELD_BACK,
        "listed_share": made.hours / made.capacity if made.capacity else 0.0,
    }
    return show(request, "nextplay/pages/focus_how.html", context, shell=shell_of(request, "focus"))


def _lead(found: FocusPage, today: date) -> str:
    picked = len(found.listed)
    hours = sum(owner.capacity for owner in found.owners)
    first = Month.parse(found.cycle).first
    month = f"{first:%B}" if first.year == today.year else f"{first:%B %Y}"
    lead = f"{figures.count(picked)} of {figures.count(found.partners)} partners for {month}"
    if found.owners:
        lead += f", because your team has {figures.count(hours)} hours for plays"
    until = f" Facts up to {figures.day(found.data_until, today)}." if found.data_until else ""
    return f"{lead}.{until}"


def _lists(found: FocusPage) -> dict[str, object]:
    left = sum(reason.count for reason in found.left_out)
    return {
        "owners": [_load(owner) for owner in found.owners],
        "colleagues": found.colleagues,
        "waiting": [pick_of(row) for row in found.invest],
        "change": [pick_of(row) for row in found.change_approach],
        "going": [pick_of(row) for row in found.running],
        "settled": [pick_of(row) for row in found.decided],
        "stop": found.stop[:MOST_STOPS],
        "change_our_mind": _same_for_all(found.stop),
        "more_stop": max(len(found.stop) - MOST_STOPS, 0),
        "left_out": found.left_out,
        "held_back_reason": HELD_BACK,
        "notes": found.notes,
        "stale": found.stale,
        "by_another_version": found.by_another_version,
        "whole": found.whole,
        "counts": {
            # Work of earlier months is under Left out already: its partners are in play.
            "invest": len(found.listed) - len(found.change_approach),
            "change": len(found.change_approach),
            "stop": len(found.stop),
            "left": left + found.held_back,
            "holdout": found.held_back,
            "all": found.partners,
        },
    }


def _same_for_all(stop: tuple[StopRow, ...]) -> str:
    """What would change our mind about every partner stopped, said once; nothing where it differs."""
    said = {row.change_our_mind for row in stop}
    return said.pop() if len(said) == 1 and len(stop) > 1 else ""


def _load(owner: OwnerHours) -> Load:
    slots = min(max(round(owner.capacity / SLOT_HOURS), 1), MOST_SLOTS)
    per_slot = owner.capacity / slots if owner.capacity > 0 else 1.0
    taken = min(round(owner.committed / per_slot), slots)
    proposed = min(round(owner.proposed / per_slot), slots - taken)
    words = (
        f"{figures.count(owner.committed)} hours committed, {figures.count(owner.proposed)} proposed, "
        f"of {figures.count(owner.capacity)}"
    )
    free = f"{figures.count(owner.free)} h free" if owner.free >= 1 else "full"
    kinds = ("on",) * taken + ("prop",) * proposed + ("",) * (slots - taken - proposed)
    return Load(owner.email, owner.name or owner.email, kinds, words, free)


def _drop_off(row: FocusRow) -> str:
    """Chance and reason; nothing for one that did not sell lately."""
    return (
        ""
        if row.drop_off_risk is None
        else f"{figures.odds(row.drop_off_risk)} to sell nothing in 60 days. {row.drop_off_reason}"
    )


def pick_of(row: FocusRow) -> Pick:
    """A decision as it is drawn, here and in the meeting."""
    state, tone, sign = _state(row)
    return Pick(
        decision_id=row.decision_id,
        revision=row.revision,
        partner_id=row.partner_id,
        name=row.partner_name,
        meta=", ".join(part for part in (row.segment, row.tier) if part),
        play=row.play_label,
        step=row.step,
        owner=row.owner_name or row.owner,
        owner_email=row.owner,
        hours=row.hours,
        due=row.due,
        outcome=row.outcome_name,
        outcome_by=row.outcome_by,
        odds=_odds(row),
        why=row.why,
        short_why=_short_why(row),
        chips=tuple((piece.text, piece.speaks) for piece in row.evidence if piece.text)[:MOST_CHIPS],
        exploration=row.exploration,
        change_our_mind=row.change_our_mind,
        instead_of=row.instead_of,
        drop_off=_drop_off(row),
        state=state,
        state_tone=tone,
        state_icon=sign,
        status=_said(row),
        reason=f"Back on {figures.day(row.snoozed_until)}." if row.status == "snoozed" else row.status_reason,
        decided=f"by {row.decided_name}" if row.decided_by else "",
        open=row.result == "open",
    )


def _said(row: FocusRow) -> str:
    """What became of one that is not run."""
    if row.chosen == "stop":
        return "Stopped."
    return {"declined": "Declined.", "snoozed": "Snoozed."}.get(row.status, "")


def _short_why(row: FocusRow) -> str:
    """The two strongest facts, what speaks against the present way first."""
    ordered = sorted(row.evidence, key=lambda piece: piece.speaks != "against")
    texts = [piece.text for piece in ordered if piece.text][:2]
    return f"{', '.join(texts)[:1].upper()}{', '.join(texts)[1:]}." if texts else ""


def _odds(row: FocusRow) -> str:
    """Chances as counts, and what they rest on."""
    with_it, without = figures.odds_of_both(row.probability, row.probability_without)
    said = f"About {with_it} such partners get there with this play; {without} without it."
    if row.cases < ENOUGH_CASES:
        return f"{said} Assumed by the play: {figures.many(row.cases, 'case') if row.cases else 'no case'} so far."
    return f"{said} From {figures.count(row.cases)} cases."


def _state(row: FocusRow) -> tuple[str, str, str]:
    """What became of a committed decision: word, tone, icon."""
    if row.result == "met":
        return "Met", "green", "check"
    if row.result == "missed":
        return "Missed", "orange", "x"
    if row.days_left < 0:
        return f"{-row.days_left} {'day' if row.days_left == -1 else 'days'} over", "red", "alert"
    return "", "grey", ""
