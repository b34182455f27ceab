"""Every write of promises: made, answered, met, missed or withdrawn, with a line in the journal each."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.db import transaction

from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Promise
from nextplay.ledger.play_queries import promise_record, step_of
from nextplay.ledger.records import Answer, PromiseRecord, Turn


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
    line = {"promise": row.pk, "text": row.text} | {key: value for key, value in details.items() if value}
    write_line(at=now, actor=actor, verb=verb, subject=f"partner {row.partner_id}", details=line)
    return promise_record(row)
