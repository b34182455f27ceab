"""Long work as a page shows it: a label, how far it is, and what came of it, in sentences."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Protocol

from nextplay.operations.partners.analyze import STEPS
from nextplay.web import figures

LABELS = {
    "import_facts": "Import",
    "forecast_import": "What the import would do",
    "undo_import": "Undo of the last import",
    "analyze": "Refresh of scores",
    "decide": "Proposal of the month",
    "move_partners": "Moving partners",
    "preview_program": "Previewing a program file",
    "remove_sample": "Removing the sample data",
    "load_sample": "Sample program",
    "validity": "Validity report",
    "replay": "Replay of past months",
}


# What is said of work that came to nothing, or is about to.
ENDED = {
    "cancelling": "Stops at the next step. You can leave this page.",
    "cancelled": "Cancelled, and nothing was changed.",
    "failed": "Nothing was changed.",
    "interrupted": "Interrupted, and nothing was changed. Start it again.",
}
# Work that keeps what it has step by step, and what is said of it once it has begun.
IN_STEPS = ("analyze", "load_sample")
ENDED_IN_STEPS = {
    "cancelled": "Cancelled. What was kept by then stays.",
    "failed": "What was kept by then stays.",
    "interrupted": "Interrupted. What was kept by then stays. Start it again for the rest.",
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
class Step:
    """A step of the work: `state` is ok (done), now, or empty (to come)."""

    label: str
    state: str


@dataclass(frozen=True)
class ShownJob:
    """A job, ready to draw."""

    job_id: int
    verb: str
    label: str
    actor: str
    sentence: str
    moving: bool
    # Asked to stop, and not at rest yet.
    stopping: bool
    percent: int
    # Of a refresh of scores, in order; of other work none.
    steps: tuple[Step, ...]
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
        moving=job.state in ("waiting", "running", "cancelling"),
        stopping=job.state == "cancelling",
        percent=round(min(max(job.share, 0.0), 1.0) * 100),
        steps=steps_of(job.share, begun=job.state != "waiting") if job.verb == "analyze" else (),
        error=job.error,
        created_at=job.created_at,
        result=result,
    )


def steps_of(share: float, *, begun: bool) -> tuple[Step, ...]:
    """The steps of a refresh of scores, and which of them stand behind it."""
    ends = [end for _, (end, _) in pairwise(STEPS)]
    done = [share >= end for end in ends] + [share >= 1]
    now = done.index(False) if begun and False in done else len(done)
    return tuple(
        Step(label, "ok" if past else "now" if place == now else "")
        for place, ((_, label), past) in enumerate(zip(STEPS, done, strict=True))
    )


def sentence_of(verb: str, state: str, doing: str, result: Mapping[str, Any]) -> str:
    """Where a job stands, in words."""
    if state == "waiting":
        return "Waits for its turn. You can leave this page."
    if state == "running":
        return f"{doing[:1].upper()}{doing[1:] or 'At work'}. You can leave this page."
    if verb in IN_STEPS and doing and state in ENDED_IN_STEPS:
        return ENDED_IN_STEPS[state]
    return ENDED.get(state) or _came_of_it(verb, result)


def _came_of_it(verb: str, result: Mapping[str, Any]) -> str:
    for verbs, needed, said in _SAID:
        if verb in verbs and needed in result:
            return said(result)
    return "Done."


def removal_sentence(result: Mapping[str, Any]) -> str:
    """What removing the sample came to."""
    return f"{figures.many(result['partners'], 'partner')} and {figures.many(result['decisions'], 'decision')} removed."


def proposal_sentence(result: Mapping[str, Any]) -> str:
    """What a proposal of the month came to."""
    return f"{figures.count(len(result['focus']))} partners proposed for {result.get('cycle', 'the month')}."


def loaded_sentence(result: Mapping[str, Any]) -> str:
    """What an import came to."""
    return f"{import_sentence(result['tables'])}{_judged_later(result)}"


def forecast_sentence(result: Mapping[str, Any]) -> str:
    """What loading would come to, by table."""
    return " ".join(f"{figures.words(table['table'])}: {_foretold(table)}." for table in result["tables"])


def _foretold(table: Mapping[str, Any]) -> str:
    parts = [f"{figures.count(table[word])} {word}" for word in ("added", "updated", "removed") if table[word]]
    return ", ".join(parts) or "nothing changed"


def undo_sentence(result: Mapping[str, Any]) -> str:
    """What taking an import back came to."""
    tables = result["tables"]
    removed, restored = (sum(int(table[key]) for table in tables) for key in ("removed", "restored"))
    outcomes = result["outcomes"]
    moved = outcomes["met"] + outcomes["missed"] + outcomes["corrected"]
    said = f"The facts stand as before: {figures.many(removed, 'row')} taken out, {figures.many(restored, 'row')} put back."
    return f"{said} {figures.many(moved, 'outcome')} changed by it." if moved else f"{said}{_judged_later(result)}"


def _judged_later(result: Mapping[str, Any]) -> str:
    """What is said where the facts moved and outcomes could not be judged yet."""
    later = result.get("outcomes", {}).get("later")
    return " Outcomes could not be judged anew yet: that is tried again every minute, and the log says more." if later else ""


def move_sentence(result: Mapping[str, Any]) -> str:
    """What a move of partners came to, with the decisions that followed, and months that hold too many hours now."""
    said = f"{figures.many(result['moved'], 'partner', 'partners')} moved."
    if result["left"]:
        said += f" {figures.many(result['left'], 'was', 'were')} no longer theirs, and left."
    if result.get("decisions"):
        said += f" {figures.many(result['decisions'], 'decision', 'decisions')} without an outcome went along."
    elif result["moved"] and not result["to"]:
        said += " Decisions without an outcome stay with their owner until somebody manages the partners."
    for one in result.get("over", []):
        said += (
            f" {result['to']} has {one['committed']:g} hours committed in {one['month']} and {one['hours']:g} to give: "
            "give a play to somebody else, or decline one."
        )
    return said


def analysis_sentence(result: Mapping[str, Any]) -> str:
    """What a refresh of scores came to."""
    read, changed = int(result["partners_read"]), int(result["changed"])
    said = f"{figures.many(read, 'partner', 'partners')} read"
    if not changed:
        return f"{said}. Nothing changed since the last run: no score was kept anew.{_untouched(result)}"
    parts = [(int(result["new"]), "for the first time"), (int(result["own_evidence"]), "with new or expired evidence")]
    parts += [
        (int(result["program_moved"]), "on the same counts, as rows grew older or the program or what is usual in it changed")
    ]
    parts += [(int(result["unchanged"]), "as before")]
    return f"{said}: {', '.join(f'{figures.count(number)} {words}' for number, words in parts if number)}.{_untouched(result)}"


def _untouched(result: Mapping[str, Any]) -> str:
    """Who was asked for and not read, and why."""
    left = int(result.get("untouched", 0))
    if not left:
        return ""
    told = "has no row that is new or changed" if left == 1 else "have no row that is new or changed"
    return (
        f" {figures.count(left)} not read: {'it' if left == 1 else 'they'} {told} since everybody was read as of the same day."
    )


@dataclass(frozen=True)
class ShownAccount:
    """What a refresh read, what it did not and why, in sentences."""

    sentence: str
    rows: str
    # What was read of documents, and what a language model did, dropped and cost.
    texts: tuple[str, ...]
    lacking: tuple[str, ...]


def shown_account(result: Mapping[str, Any]) -> ShownAccount:
    """A refresh of scores as pages draw it."""
    rows = [f"{figures.count(rows)} {name}" for name, rows in result["rows_read"].items() if rows]
    one = int(result["partners_read"]) == 1
    lacking = tuple(
        f"{each['label']}: {each['why']}" + ("" if one else f" ({figures.many(int(each['partners']), 'partner', 'partners')})")
        for each in result["not_read"]
    )
    if not int(result["partners_read"]):
        read = "Nothing is new to read."
    else:
        read = f"Read: {', '.join(rows)}." if rows else "The facts hold no rows of them."
    return ShownAccount(analysis_sentence(result), read, _texts(result), lacking)


def _texts(result: Mapping[str, Any]) -> tuple[str, ...]:
    """Of a job of before texts were read, nothing."""
    if "texts" not in result:
        return ()
    read, known = int(result["texts"]["read"]), int(result["texts"]["known"])
    documents = f"Documents: {figures.count(read)} new or changed and read, {figures.count(known)} known from before."
    return (documents, *result["model"]["told"])


@dataclass(frozen=True)
class ShownImport:
    """An import of the past: what it did in all, in which tables, and its files of rejected rows by name."""

    at: datetime
    actor: str
    sentence: str
    tables: str
    rejected: tuple[str, ...]
    # Who took it back; empty where nobody did.
    undone_by: str


def shown_import(at: datetime, actor: str, report: Mapping[str, Any]) -> ShownImport:
    """An import as the page of data draws it."""
    tables = dict.fromkeys(figures.words(table["table"]).lower() for table in report.get("tables", []))
    named = tuple(str(file).replace("\\", "/").rsplit("/", maxsplit=1)[-1] for file in report.get("rejected_files", []))
    sentence = import_sentence(report.get("tables", []))
    return ShownImport(at, actor, sentence, ", ".join(tables), named, report.get("undone_by", ""))


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


# Of work that ended: which of it, what its answer holds then, and what is said of it.
_SAID: tuple[tuple[tuple[str, ...], str, Callable[[Mapping[str, Any]], str]], ...] = (
    (("import_facts", "load_sample"), "tables", loaded_sentence),
    (("forecast_import",), "tables", forecast_sentence),
    (("undo_import",), "tables", undo_sentence),
    (("analyze",), "partners_read", analysis_sentence),
    (("move_partners",), "moved", move_sentence),
    (("remove_sample",), "partners", removal_sentence),
    (("decide",), "focus", proposal_sentence),
)
