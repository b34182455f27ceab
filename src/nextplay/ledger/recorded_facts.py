"""The outbox of facts that people enter: written with what caused them, merged by a job, and never lost between."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from nextplay.facts.contract import COMMITMENTS, OWN_ACTIVITY
from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Job, RecordedFact
from nextplay.ledger.play_queries import fact_record, step_of
from nextplay.ledger.records import FactRecord

JOB = "record_facts"


@dataclass(frozen=True)
class ToRecord:
    """An activity as a person enters it. `about` sets it apart from others of its kind, partner and moment.

    `once`: there is one such of the partner, account and step, whenever it is entered; a second entry changes nothing, unless
    it `corrects` what the first one said.
    """

    partner_id: str
    kind: str
    occurred_at: datetime
    account: str = ""
    play: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    decision_id: str | None = None
    step: int | None = None
    about: str = ""
    once: bool = False
    corrects: bool = False

    @property
    def activity_id(self) -> str:
        """The same for the same entry, however often it is sent."""
        parts = (
            self.partner_id,
            self.kind,
            "" if self.once else self.occurred_at.isoformat(),
            self.account,
            self.play,
            self.decision_id or "",
            str(self.step or ""),
            self.about,
        )
        return OWN_ACTIVITY + hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


@transaction.atomic
def record_facts(facts: Sequence[ToRecord], *, actor: str, now: datetime) -> list[FactRecord]:
    """Write facts down, once each, and hand in the job that merges them; all in the caller's transaction."""
    records = []
    for one in facts:
        row, new = RecordedFact.objects.select_for_update().get_or_create(
            activity_id=one.activity_id, defaults=_fields(one, actor, now)
        )
        again = row.withdrawn_at is not None or (one.corrects and row.details != dict(one.details))
        if again:
            _enter_again(row, one, actor, now)
        records.append(fact_record(row))
        if new or again:
            details = {"activity_id": row.activity_id, "kind": one.kind, "account": one.account}
            write_line(at=now, actor=actor, verb="record", subject=f"partner {one.partner_id}", details=details)
    if facts:
        _hand_in_once(actor, now)
    return records


@transaction.atomic
def withdraw_facts(activity_ids: Sequence[str], *, actor: str, now: datetime) -> int:
    """Take facts back that somebody entered by mistake: they leave the facts with the next merge. Returns how many."""
    rows = list(RecordedFact.objects.select_for_update().filter(activity_id__in=activity_ids, withdrawn_at=None))
    for row in rows:
        # One that waits may stand in the facts from an entry before: the merge looks.
        row.withdrawn_at, row.in_facts_at = now, row.in_facts_at or now
        details = {"activity_id": row.activity_id, "kind": row.kind, "account": row.account}
        write_line(at=now, actor=actor, verb="take back", subject=f"partner {row.partner_id}", details=details)
    RecordedFact.objects.bulk_update(rows, ["withdrawn_at", "in_facts_at"])
    for row in rows:
        if row.refused and row.kind in COMMITMENTS:
            # A file told of it too: the next of its day takes its place beside the file.
            RecordedFact.objects.filter(partner_id=row.partner_id, kind=row.kind, withdrawn_at=None).update(in_facts_at=None)
    if rows:
        _hand_in_once(actor, now)
    return len(rows)


@transaction.atomic
def mark_merged(merged: Mapping[str, datetime], refused: Mapping[str, str], taken_out: Sequence[str], *, now: datetime) -> None:
    """What became of recorded facts: `refused` says by activity id why the facts did not take it.

    `merged` says of which entry, by the time it was recorded: one that was entered anew meanwhile waits for the next merge.
    """
    waiting = RecordedFact.objects.filter(activity_id__in=merged, in_facts_at=None).values_list("activity_id", "recorded_at")
    as_merged = [activity_id for activity_id, recorded_at in waiting if recorded_at == merged[activity_id]]
    fresh = RecordedFact.objects.filter(activity_id__in=as_merged, in_facts_at=None).update(in_facts_at=now)
    RecordedFact.objects.filter(activity_id__in=merged).exclude(refused="").update(refused="")
    # A partner that is no longer there took its activities along: the row waits for it to come back.
    for activity_id, reason in refused.items():
        RecordedFact.objects.filter(activity_id=activity_id).update(refused=reason, in_facts_at=None)
    RecordedFact.objects.filter(activity_id__in=taken_out).update(in_facts_at=None)
    if fresh or refused or taken_out:
        details = {"merged": fresh, "refused": len(refused), "taken_out": len(taken_out)}
        write_line(at=now, actor="worker", verb="merge", subject="recorded facts", details=details)


def _fields(one: ToRecord, actor: str, now: datetime) -> dict[str, Any]:
    return {
        "partner_id": one.partner_id,
        "kind": one.kind,
        "occurred_at": one.occurred_at,
        "account": one.account,
        "play": one.play,
        "details": dict(one.details),
        "step": step_of(one.decision_id, one.step),
        "actor": actor,
        "recorded_at": now,
    }


def _enter_again(row: RecordedFact, one: ToRecord, actor: str, now: datetime) -> None:
    """What was taken back or said otherwise and is entered once more, whether it has left the facts by now or not."""
    for name, value in (_fields(one, actor, now) | {"withdrawn_at": None, "in_facts_at": None}).items():
        setattr(row, name, value)
    row.save()


def _hand_in_once(actor: str, now: datetime) -> None:
    """One waiting job merges everything that waits."""
    if not Job.objects.filter(verb=JOB, state="waiting").exists():
        Job.objects.create(verb=JOB, arguments={}, actor=actor, created_at=now)
