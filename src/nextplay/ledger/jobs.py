"""The queue of long work: handing in, taking up, telling how far it is, ending. And what imports did."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django.db import connection, transaction

from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Import, Job
from nextplay.ledger.records import JobRecord, JobState

KEPT = 200
# Of imports that changed nothing, no more than this come after one that is taken back.
LOOKED_AT = 100
INTERRUPTED = "The process that ran this ended before it was done. Nothing was changed by halves; start it again."


class UnknownJob(LookupError):
    """There is no such job."""


class WorkCancelled(Exception):
    """Somebody wants no more of the work under way."""


@transaction.atomic
def hand_in(verb: str, arguments: dict[str, Any], *, actor: str, now: datetime) -> int:
    """Queue a piece of work. Returns its id."""
    job = Job.objects.create(verb=verb, arguments=arguments, actor=actor, created_at=now)
    write_line(at=now, actor=actor, verb="hand in", subject=f"job {job.pk}", details={"verb": verb})
    return job.pk


@transaction.atomic
def take_up(runner: str, *, now: datetime, only: int | None = None) -> JobRecord | None:
    """The oldest waiting job, or `only` that one, marked as run by `runner`; None where none waits. Nobody else gets it."""
    waiting = Job.objects.filter(state="waiting").order_by("pk")
    if only is not None:
        waiting = waiting.filter(pk=only)
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True)
    job = waiting.first()
    if job is None:
        return None
    job.state, job.runner, job.started_at = "running", runner, now
    job.save()
    return _record(job)


def tell(job_id: int, share: float, doing: str) -> bool:
    """Say how far a running job is. False where it should not go on."""
    return bool(Job.objects.filter(pk=job_id, state="running").update(share=share, doing=doing[:500]))


@transaction.atomic
def cancel(job_id: int, *, actor: str, now: datetime) -> None:
    """Take a waiting job out of the queue, and ask a running one to stop; one that has ended stays as it is."""
    waiting = Job.objects.filter(pk=job_id, state="waiting").update(state="cancelled", finished_at=now)
    if waiting or Job.objects.filter(pk=job_id, state="running").update(state="cancelling"):
        write_line(at=now, actor=actor, verb="cancel", subject=f"job {job_id}")


@transaction.atomic
def end_cancelled(job_id: int, *, now: datetime) -> None:
    """End a job that was asked to stop and did."""
    Job.objects.filter(pk=job_id).update(state="cancelled", finished_at=now)
    write_line(at=now, actor="worker", verb="stop", subject=f"job {job_id}")


@transaction.atomic
def finish(job_id: int, result: dict[str, Any], *, now: datetime) -> None:
    """End a job well."""
    Job.objects.filter(pk=job_id).update(state="done", share=1.0, result=result, finished_at=now)
    write_line(at=now, actor="worker", verb="finish", subject=f"job {job_id}")
    _prune()


@transaction.atomic
def fail(job_id: int, sentence: str, *, now: datetime) -> None:
    """End a job with a sentence why."""
    Job.objects.filter(pk=job_id).update(state="failed", error=sentence, finished_at=now)
    write_line(at=now, actor="worker", verb="fail", subject=f"job {job_id}", details={"error": sentence})


@transaction.atomic
def mark_interrupted(*, now: datetime, runner: str | None = None) -> int:
    """Jobs that a dead process left running; with `runner`, of that one only. Returns how many."""
    running = Job.objects.filter(state__in=("running", "cancelling"))
    if runner is not None:
        running = running.filter(runner=runner)
    left = list(running.values_list("pk", flat=True))
    if left:
        Job.objects.filter(pk__in=left).update(state="interrupted", error=INTERRUPTED, finished_at=now)
        write_line(at=now, actor="worker", verb="interrupt", subject="jobs", details={"jobs": left})
    return len(left)


def runners() -> list[str]:
    """Who runs jobs, by what they were taken up under."""
    return sorted(set(Job.objects.filter(state__in=("running", "cancelling")).values_list("runner", flat=True)))


def job(job_id: int) -> JobRecord:
    """One job. Raises UnknownJob."""
    row = Job.objects.filter(pk=job_id).first()
    if row is None:
        raise UnknownJob(f"There is no job {job_id}.")
    return _record(row)


def latest_jobs(limit: int = 20) -> list[JobRecord]:
    """The newest jobs first."""
    return [_record(row) for row in Job.objects.order_by("-pk")[:limit]]


@transaction.atomic
def record_import(report: dict[str, Any], *, actor: str, now: datetime) -> int:
    """Keep what an import did."""
    row = Import.objects.create(at=now, actor=actor, report=report)
    tables = {entry["table"]: entry["added"] + entry["updated"] + entry["removed"] for entry in report["tables"]}
    write_line(at=now, actor=actor, verb="import", subject=f"import {row.pk}", details=tables)
    return row.pk


@transaction.atomic
def record_undo(tables: Sequence[Mapping[str, Any]], *, brought: int, actor: str, now: datetime) -> None:
    """Keep that the import which came to a version of the facts was taken back, and what that did; it stays listed, marked.

    Where its process ended before it was listed, none is marked; one whose undo was kept and then failed is marked again.
    """
    newest = Import.objects.select_for_update().order_by("-pk")[:LOOKED_AT]
    row = next((one for one in newest if _moved(one.report) and _came_to(one.report) == brought), None)
    if row is not None:
        row.report = row.report | {"undone_at": now.isoformat(), "undone_by": actor}
        row.save()
    details = {entry["table"]: entry["removed"] + entry["restored"] for entry in tables}
    write_line(at=now, actor=actor, verb="undo import", subject=f"import {row.pk}" if row else "import", details=details)


def imports(limit: int = 20) -> list[tuple[datetime, str, dict[str, Any]]]:
    """When, who and what, newest first."""
    return list(Import.objects.order_by("-pk").values_list("at", "actor", "report")[:limit])


def _came_to(report: Mapping[str, Any]) -> int:
    """The version of the facts after an import, of the `facts.analysis` in its report."""
    return int(report["facts_version"].partition(".")[0])


def _moved(report: Mapping[str, Any]) -> bool:
    return any(entry[count] for entry in report["tables"] for count in ("added", "updated", "removed"))


def _prune() -> None:
    oldest = (
        Job.objects.filter(state__in=("done", "failed", "interrupted", "cancelled"))
        .order_by("-pk")
        .values_list("pk", flat=True)
    )
    Job.objects.filter(pk__in=list(oldest[KEPT : KEPT + 100])).delete()


def _record(row: Job) -> JobRecord:
    return JobRecord(
        job_id=row.pk,
        verb=row.verb,
        arguments=row.arguments,
        actor=row.actor,
        state=cast(JobState, row.state),
        share=row.share,
        doing=row.doing,
        result=row.result,
        error=row.error,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
