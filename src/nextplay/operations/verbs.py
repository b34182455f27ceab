"""Verbs that can be handed over to the process that owns the facts: plain arguments in, plain answer out."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from nextplay.facts.engines import EngineBusy, UnknownEngine
from nextplay.facts.intake.columns import ColumnMapping
from nextplay.facts.intake.unreadable import UnreadableFile
from nextplay.facts.merge import RowsLeftBehind
from nextplay.ledger import jobs as queue
from nextplay.operations.analyze import analyze
from nextplay.operations.close_outcomes import close_outcomes
from nextplay.operations.cycle_json import cycle_json, write_next_actions
from nextplay.operations.decide import decide
from nextplay.operations.import_facts import import_facts
from nextplay.operations.installation import Installation
from nextplay.operations.load_sample import FactsAlreadyThere, load_sample
from nextplay.operations.verbs_that_read import READING_VERBS, UnknownPartner
from nextplay.operations.viewer import NotForThisViewer
from nextplay.program.load import ProgramError
from nextplay.values.progress import Progress

# Ends that are a sentence about what was asked, not about us.
REFUSALS = (
    UnreadableFile,
    RowsLeftBehind,
    ProgramError,
    NotForThisViewer,
    FactsAlreadyThere,
    EngineBusy,
    UnknownEngine,
    UnknownPartner,
)


class VerbFunction(Protocol):
    """One operation behind plain values."""

    def __call__(
        self, installation: Installation, arguments: Mapping[str, Any], *, actor: str, now: datetime, progress: Progress
    ) -> dict[str, Any]:
        """Run it; the answer is a JSON object."""
        ...


def _import_facts(
    installation: Installation, arguments: Mapping[str, Any], *, actor: str, now: datetime, progress: Progress
) -> dict[str, Any]:
    observed, mappings = arguments.get("observed_at"), arguments.get("mappings")
    report = import_facts(
        installation,
        [Path(path) for path in arguments["paths"]],
        actor=actor,
        now=now,
        table=arguments.get("table"),
        replace=bool(arguments.get("replace")),
        observed_at=datetime.fromisoformat(observed) if observed else None,
        mappings={key: ColumnMapping(**value) for key, value in mappings.items()} if mappings else None,
        progress=progress,
    ).as_json()
    queue.record_import(report, actor=actor, now=now)
    # What was committed may have shown its outcome in these rows.
    return report | {"outcomes": close_outcomes(installation, now=now).as_json()}


def _load_sample(
    installation: Installation,
    arguments: Mapping[str, Any],  # noqa: ARG001
    *,
    actor: str,
    now: datetime,
    progress: Progress,
) -> dict[str, Any]:
    report = load_sample(installation, now=now, progress=progress).as_json()
    queue.record_import(report, actor=actor, now=now)
    return report


def _analyze(
    installation: Installation,
    arguments: Mapping[str, Any],
    *,
    actor: str,  # noqa: ARG001
    now: datetime,
    progress: Progress,
) -> dict[str, Any]:
    partner_id = arguments.get("partner_id")
    return analyze(installation, now=now, partner_id=partner_id, as_of=day_of(arguments, "as_of"), progress=progress).as_json()


def day_of(arguments: Mapping[str, Any], name: str) -> date | None:
    """A day among plain arguments."""
    written = arguments.get(name)
    return date.fromisoformat(written) if written else None


def _decide(
    installation: Installation, arguments: Mapping[str, Any], *, actor: str, now: datetime, progress: Progress
) -> dict[str, Any]:
    cycle = decide(
        installation,
        now=now,
        actor=actor,
        as_of=day_of(arguments, "as_of"),
        commit=bool(arguments.get("commit")),
        progress=progress,
    )
    if arguments.get("output"):
        write_next_actions(cycle, Path(arguments["output"]))
    return cycle_json(cycle, arguments.get("limit"))


VERBS: dict[str, VerbFunction] = {
    "analyze": _analyze,
    "decide": _decide,
    "import_facts": _import_facts,
    "load_sample": _load_sample,
    **READING_VERBS,
}
