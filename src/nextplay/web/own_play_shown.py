"""The play of a partner's own page as it is drawn: the task, accounts, promises and weeks."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from nextplay.operations.plays.own_play import OwnPlay, OwnPromise, OwnStep
from nextplay.operations.plays.play_accounts import MESSAGES, PlayAccount
from nextplay.web import figures


@dataclass(frozen=True)
class ShownAccount:
    """An account of the list: `state` in a word, and the number of the message that comes next (0: none)."""

    account: str
    about: str
    state: str
    tone: str
    icon: str
    message: int
    open: bool
    may_reply: bool


@dataclass(frozen=True)
class ShownPromise:
    """What one side promised, and what became of it."""

    text: str
    hint: str
    state: str
    icon: str


@dataclass(frozen=True)
class ShownWeek:
    """A week of the play."""

    head: str
    texts: tuple[str, ...]
    hint: str
    state: str


@dataclass(frozen=True)
class ShownTask:
    """Their one task."""

    number: int
    revision: int
    lead: str
    due: str
    late: bool
    answered: str
    ends: tuple[tuple[str, str], ...]
    outreach: bool


@dataclass(frozen=True)
class ShownPlay:
    """Everything of the play that the page draws. `latest`: the last day that can be proposed."""

    decision_id: str
    latest: date
    where: str
    owner: str
    owner_name: str
    task: ShownTask | None
    # What happens next where it is not their turn.
    waiting: str
    accounts: tuple[ShownAccount, ...]
    offer: str
    weeks: tuple[ShownWeek, ...]


ANSWERS = {
    "accepted": "You said yes.",
    "other_date": "You proposed this date.",
    "declined": "You said no: we will propose something else.",
}
_STATES = {"met": ("kept", "check"), "missed": ("missed", "x"), "withdrawn": ("taken back", "minus"), "open": ("", "")}


def shown_play(play: OwnPlay, known: dict[str, tuple[str, ...]], today: date) -> ShownPlay:
    """The play in words."""
    weeks = sorted({step.week for step in play.steps})
    following = play.next
    at = weeks.index(following.week) + 1 if following else len(weeks)
    return ShownPlay(
        decision_id=play.decision_id,
        latest=max(play.latest, today),
        where=f"week {at} of {len(weeks)}" if weeks else "",
        owner=play.owner,
        owner_name=play.owner_name,
        task=_task(play.task, today) if play.task else None,
        waiting=_waiting(following, play.owner_name, today),
        accounts=tuple(_account(one, known.get(one.account, ()), today) for one in play.accounts),
        offer=play.offer,
        weeks=tuple(
            _week(place, number, tuple(held), following, today)
            for place, (number, held) in enumerate(groupby(play.steps, key=lambda step: step.week), start=1)
        ),
    )


def shown_promise(one: OwnPromise, manager: str, today: date) -> ShownPromise:
    """A promise in words."""
    who = "You" if one.by == "partner" else (one.who or manager or "We")
    word, icon = _STATES[one.state]
    parts = [_kept(one, today), word if one.state in ("missed", "withdrawn") else ""]
    if one.answer_days is not None:
        days = round(one.answer_days)
        parts.append("answered the same day" if days < 1 else f"answered in {figures.many(days, 'day')}")
    parts.append(one.reason)
    return ShownPromise(f"{who}: {one.text}", ", ".join(part for part in parts if part), one.state, icon)


def _kept(one: OwnPromise, today: date) -> str:
    if one.closed_on is None or one.state not in ("met", "missed"):
        return "today" if one.due == today else f"by {figures.day(one.due, today)}"
    early = (one.due - one.closed_on).days
    said = figures.day(one.closed_on, today)
    if one.state == "met" and early:
        return f"{said}, {figures.many(abs(early), 'day')} {'early' if early > 0 else 'late'}"
    return said


def _task(step: OwnStep, today: date) -> ShownTask:
    return ShownTask(
        number=step.number,
        revision=step.revision,
        lead=step.name if step.name.endswith((".", "!", "?")) else f"{step.name}.",
        due=figures.day(step.due, today),
        late=step.due < today,
        answered=ANSWERS.get(step.answer, ""),
        ends=step.ends,
        outreach=step.form == "outreach",
    )


def _waiting(step: OwnStep | None, owner: str, today: date) -> str:
    if step is None:
        return "Every step is done. We look at what came of it together."
    return f"It is {owner}’s turn: {step.name[:1].lower()}{step.name[1:]}, by {figures.day(step.due, today)}."


def _account(one: PlayAccount, known: tuple[str, ...], today: date) -> ShownAccount:
    state, tone, icon = _state(one)
    on = f"{state} {figures.day(one.replied_at or one.last_sent, today)}" if one.replied_at or one.last_sent else ""
    reason = one.not_for_us or ""
    about = ", ".join(part for part in (*known, on, reason) if part)
    message = 0 if one.closed else one.sent + 1
    replied = one.replied_at is not None or one.not_for_us is not None
    return ShownAccount(one.account, about, state, tone, icon, message, not replied, one.sent > 0 and not replied)


def _state(one: PlayAccount) -> tuple[str, str, str]:
    """A word, its tone and its icon."""
    if one.not_for_us is not None:
        return "Not for us", "grey", "x"
    if one.replied_at is not None:
        return "Replied", "green", "chat"
    if one.sent:
        return ("Sent" if one.sent == 1 else f"Sent {one.sent} of {MESSAGES}"), "grey", "check"
    return "", "grey", ""


def _week(place: int, number: int, steps: tuple[OwnStep, ...], following: OwnStep | None, today: date) -> ShownWeek:
    done = all(step.state != "open" for step in steps)
    now = following is not None and following.week == number
    last = steps[-1]
    closed = [step.done_on for step in steps if step.done_on]
    ended = f"Done on {figures.day(max(closed), today)}" if done and closed else ""
    hint = ended or f"By {figures.day(last.due, today)}"
    state = "done" if done else "now" if now else ""
    return ShownWeek(f"Week {place}{', now' if now else ''}", tuple(step.name for step in steps), hint, state)
