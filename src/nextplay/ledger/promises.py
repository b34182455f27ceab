"""Every write of promises: made, answered, met, missed or withdrawn, with a line in the journal each.

What is promised and what became of it are facts too, written in the same transaction: the partner's are commitments as a file
brings them, ours bear a name of their own, for they say nothing of what the partner keeps.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db import transaction
from django.db.models import Q

from nextplay.facts.contract import OURS, PROMISED
from nextplay.ledger.journal import write_line
from nextplay.ledger.models import PlayStep, Promise
from nextplay.ledger.play_queries import promise_record, step_of
from nextplay.ledger.recorded_facts import ToRecord, record_facts, withdraw_facts
from nextplay.ledger.records import Answer, PromiseRecord, Turn
from nextplay.values.period import utc_day

CLOCK = "nextplay"
# How far the last time zone of the earth is behind UTC.
BEHIND_UTC = timedelta(hours=12)


class UnknownPromise(LookupError):
    """Nobody made that promise."""


class PromiseMoved(RuntimeError):
    """Somebody else changed the promise first."""


@dataclass(frozen=True)
class ToPromise:
    """What somebody says they will do."""

    partner_id: str
    by: Turn
    text: str
    due: date
    who: str = ""
    decision_id: str | None = None
    step: int | None = None
    # When it was asked for, where it is written down only with its answer.
    made_at: datetime | None = None


@transaction.atomic
def make_promise(asked: ToPromise, *, actor: str, now: datetime) -> PromiseRecord:
    """Write a promise down; the same one, while it is open, is written once."""
    step = step_of(asked.decision_id, asked.step)
    row, new = Promise.objects.select_for_update().get_or_create(
        partner_id=asked.partner_id,
        decision_id=asked.decision_id,
        step=step,
        by=asked.by,
        text=asked.text,
        state="open",
        defaults={"who": asked.who, "due": asked.due, "made_at": asked.made_at or now},
    )
    if new:
        details = {"promise": row.pk, "by": asked.by, "text": asked.text, "due": asked.due}
        write_line(at=now, actor=actor, verb="promise", subject=f"partner {asked.partner_id}", details=details)
        _tell_facts(row, actor, now)
    return promise_record(row)


@transaction.atomic
def answer_promise(
    promise_id: int,
    *,
    revision: int | None,
    answer: Answer,
    reason: str = "",
    due: date | None = None,
    actor: str,
    now: datetime,
) -> PromiseRecord:
    """Keep what a partner answered to what was proposed, and when: declined closes it, another date moves it.

    Raises UnknownPromise or PromiseMoved.
    """
    row = _locked(promise_id, revision)
    row.answer, row.reason, row.answered_at = answer, reason, row.answered_at or now
    if due is not None:
        row.due = due
    if answer == "declined":
        row.state, row.closed_at = "withdrawn", now
    return _kept(row, "answer", {"answer": answer, "reason": reason, "due": row.due}, actor, now)


@transaction.atomic
def close_promise(
    promise_id: int,
    *,
    revision: int | None,
    state: Literal["met", "missed", "withdrawn"],
    reason: str = "",
    actor: str,
    now: datetime,
) -> PromiseRecord:
    """Say what became of a promise. Closing it again in the same way changes nothing.

    Raises UnknownPromise or PromiseMoved.
    """
    row = Promise.objects.select_for_update().filter(pk=promise_id).first()
    if row is not None and row.state == state:
        return promise_record(row)
    row = _locked(promise_id, revision)
    row.state, row.closed_at, row.reason = state, now, reason or row.reason
    return _kept(row, state, {"reason": reason}, actor, now)


@transaction.atomic
def reopen_promise(promise_id: int, *, revision: int | None, actor: str, now: datetime) -> PromiseRecord:
    """Take back that a promise was met, missed or withdrawn. Raises UnknownPromise or PromiseMoved."""
    row = _locked(promise_id, revision)
    row.state, row.closed_at = "open", None
    return _kept(row, "undo", {}, actor, now)


@transaction.atomic
def close_past_due(before: date, *, now: datetime) -> int:
    """Close as missed what was due before a day and is open, each once: what a person opens again stays open. How many."""
    rows = list(Promise.objects.select_for_update(of=("self",)).filter(state="open", due__lt=before, lapsed_at=None))
    for row in rows:
        row.state, row.closed_at, row.lapsed_at = "missed", now, now
        _kept(row, "missed", {"due": row.due}, CLOCK, now)
    return len(rows)


@transaction.atomic
def move_promises(step: PlayStep, due: date, *, actor: str, now: datetime) -> None:
    """Promise for another day what is promised for a step, in the transaction that moves it; the clock looks at it anew."""
    lapsed = Q(state="missed", lapsed_at__isnull=False)
    for row in Promise.objects.select_for_update(of=("self",)).filter(Q(state="open") | lapsed, step=step):
        row.state, row.closed_at, row.lapsed_at, row.due = "open", None, None, due
        _kept(row, "move", {"due": due}, actor, now)


@transaction.atomic
def end_open(rows: Iterable[Promise], why: str, *, actor: str, now: datetime) -> None:
    """Close promises of a play that is over, in the transaction that ends it: missed where their day is past, else withdrawn.

    One that a person opened again after its day is withdrawn: they know more of it than the clock.
    """
    # The day that is over in every time zone.
    over_before = utc_day(now - BEHIND_UTC)
    for row in rows:
        missed = row.due < over_before and row.lapsed_at is None
        row.state, row.closed_at, row.reason = "missed" if missed else "withdrawn", now, why
        row.lapsed_at = now if missed else row.lapsed_at
        _kept(row, "missed" if missed else "withdraw", {"reason": why}, actor, now)


@transaction.atomic
def reopen_ended(rows: Iterable[Promise], *, actor: str, now: datetime) -> None:
    """Open again what was closed with the play, in the transaction that reopens it."""
    for row in rows:
        row.lapsed_at = None if row.state == "missed" else row.lapsed_at
        row.state, row.closed_at, row.reason = "open", None, ""
        _kept(row, "undo", {}, actor, now)


def _locked(promise_id: int, revision: int | None) -> Promise:
    row = Promise.objects.select_for_update().filter(pk=promise_id).first()
    if row is None:
        raise UnknownPromise(f"There is no promise {promise_id}.")
    if revision is not None and row.revision != revision:
        raise PromiseMoved("Somebody changed this promise since you opened the page. Look again before you change it.")
    return row


def _kept(row: Promise, verb: str, details: dict[str, Any], actor: str, now: datetime) -> PromiseRecord:
    row.revision += 1
    row.save()
    _tell_facts(row, actor, now)
    line = {"promise": row.pk, "text": row.text} | {key: value for key, value in details.items() if value}
    write_line(at=now, actor=actor, verb=verb, subject=f"partner {row.partner_id}", details=line)
    return promise_record(row)


def _tell_facts(row: Promise, actor: str, now: datetime) -> None:
    """Let the facts say of the promise what its row says: what no longer holds of it leaves them."""
    times = {"made": _said_at(row), "met": row.closed_at, "missed": row.closed_at}
    told = {word: _fact(row, word, at) for word, at in times.items()}
    holding = _holding(row)
    gone = [fact.activity_id for word, fact in told.items() if word not in holding]
    withdraw_facts(gone, actor=actor, now=now)
    record_facts([told[word] for word in holding], actor=actor, now=now)


def _holding(row: Promise) -> tuple[str, ...]:
    """A step that was put to a partner is promised as soon as it says yes."""
    if row.state == "withdrawn" or (row.step is not None and row.answer not in ("accepted", "other_date")):
        return ()
    return ("made",) if row.state == "open" else ("made", row.state)


def _said_at(row: Promise) -> datetime:
    return row.answered_at or row.made_at


def _fact(row: Promise, word: str, at: datetime | None) -> ToRecord:
    return ToRecord(
        row.partner_id,
        f"{PROMISED if row.by == 'partner' else OURS}_{word}",
        at or _said_at(row),
        play=row.decision.play if row.decision else "",
        details={"promise": row.text, "due": row.due.isoformat()},
        decision_id=row.decision_id,
        step=row.step.number if row.step else None,
        about=f"promise {row.pk}",
        once=True,
        corrects=True,
    )
