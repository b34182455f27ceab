"""Long work as a page shows it: a label, how far it is, and what came of it, in sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from nextplay.web import figures

LABELS = {
    "import_facts": "Import",
    "analyze": "Refresh of scores",
    "decide": "Proposal of the month",
    "load_sample": "Sample program",
}


class Job(Protocol):
    """What the queue tells of a piece of work."""

    @property
    def job_id(self) -> int: ...
    @property
    def verb(self) -> str: ...
    @property
    def actor(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def share(self) -> float: ...
    @property
    def doing(self) -> str: ...
    @property
    def result(self) -> Mapping[str, Any] | None: ...
    @property
    def error(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...


@dataclass(frozen=True)
class ShownJob:
    """A job, ready to draw."""

    job_id: int
    verb: str
    label: str
    actor: str
    sentence: str
    moving: bool
    percent: int
    error: str
    created_at: datetime
    result: Mapping[str, Any]


def shown_job(job: Job) -> ShownJob:
    """A job as pages draw it."""
    result = job.result or {}
    return ShownJob(
        job_id=job.job_id,
        verb=job.verb,
        label=LABELS.get(job.verb, figures.words(job.verb)),
        actor=job.actor,
        sentence=sentence_of(job.verb, job.state, job.doing, result),
        moving=job.state in ("waiting", "running"),
        percent=round(min(max(job.share, 0.0), 1.0) * 100),
        error=job.error,
        created_at=job.created_at,
        result=result,
    )


def sentence_of(verb: str, state: str, doing: str, result: Mapping[str, Any]) -> str:
    """Where a job stands, in words."""
    if state == "waiting":
        return "Waits for its turn. You can leave this page."
    if state == "running":
        return f"{doing[:1].upper()}{doing[1:] or 'At work'}. You can leave this page."
    if state == "failed":
        return "Nothing was changed."
    if state == "interrupted":
        return "Interrupted, and nothing was changed. Start it again."
    return _came_of_it(verb, result)


def _came_of_it(verb: str, result: Mapping[str, Any]) -> str:
    if verb in ("import_facts", "load_sample"):
        return import_sentence(result.get("tables", []))
    if verb == "decide" and "focus" in result:
        return f"{figures.count(len(result['focus']))} partners proposed for {result.get('cycle', 'the month')}."
    return "Done."


@dataclass(frozen=True)
class ShownImport:
    """An import of the past: what it did in all, in which tables, and its files of rejected rows by name."""

    at: datetime
    actor: str
    sentence: str
    tables: str
    rejected: tuple[str, ...]


def shown_import(at: datetime, actor: str, report: Mapping[str, Any]) -> ShownImport:
    """An import as the page of data draws it."""
    tables = dict.fromkeys(figures.words(table["table"]).lower() for table in report.get("tables", []))
    named = tuple(str(file).replace("\\", "/").rsplit("/", maxsplit=1)[-1] for file in report.get("rejected_files", []))
    return ShownImport(at, actor, import_sentence(report.get("tables", [])), ", ".join(tables), named)


def import_sentence(tables: Sequence[Mapping[str, Any]]) -> str:
    """What an import did, summed over its tables; only what is more than nothing is told."""
    told = (
        ("added", "added"),
        ("updated", "updated"),
        ("removed", "removed"),
        ("unchanged", "unchanged"),
        ("rejected", "left out"),
    )
    sums = [(sum(int(table.get(key, 0)) for table in tables), word) for key, word in told]
    parts = [f"{figures.count(number)} {word}" for number, word in sums if number]
    return f"Rows: {', '.join(parts)}." if parts else "The files held no rows."
