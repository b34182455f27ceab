"""Verbs that can be handed over to the process that owns the facts: plain arguments in, plain answer out.

Each imports what it needs when it is asked for: the command line runs one of them and ends.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nextplay.ledger.recorded_facts import JOB
from nextplay.operations.background.errand import Errand
from nextplay.operations.background.verbs_that_read import READING_VERBS, UnknownPartner


def refusals() -> tuple[type[Exception], ...]:
    """Ends that are a sentence about what was asked, not about us."""
    from nextplay.facts.engines import EngineBusy, FactsOutOfReach, UnknownEngine
    from nextplay.facts.intake.unreadable import UnreadableFile
    from nextplay.facts.merge import RowsLeftBehind
    from nextplay.facts.undo import CannotUndo
    from nextplay.operations.data.load_sample import FactsAlreadyThere
    from nextplay.operations.data.portfolios import NobodyToMoveTo
    from nextplay.operations.data.remove_sample import NoSampleHere
    from nextplay.operations.deciding.replay import NoSuchMonths
    from nextplay.operations.viewer import NotForThisViewer
    from nextplay.program.load import ProgramError
    from nextplay.values.period import DayOutOfReach

    named = (UnknownPartner, NotForThisViewer, DayOutOfReach, NoSuchMonths, NoSampleHere, NobodyToMoveTo, CannotUndo)
    files = (UnreadableFile, RowsLeftBehind, ProgramError, FactsAlreadyThere)
    return (*named, *files, EngineBusy, UnknownEngine, FactsOutOfReach)


def _import_facts(errand: Errand) -> dict[str, Any]:
    from nextplay.facts.intake.columns import ColumnMapping
    from nextplay.ledger import jobs as queue
    from nextplay.operations.data.facts_moved import follow_facts
    from nextplay.operations.data.import_facts import import_facts
    from nextplay.operations.plays.promises import close_past_due

    asked, now = errand.arguments, errand.now
    mappings = asked.get("mappings")
    report = import_facts(
        errand.installation,
        [Path(path) for path in asked["paths"]],
        actor=errand.actor,
        now=now,
        table=asked.get("table"),
        replace=bool(asked.get("replace")),
        observed_at=errand.moment("observed_at"),
        mappings={key: ColumnMapping(**value) for key, value in mappings.items()} if mappings else None,
        progress=errand.progress,
    ).as_json()
    queue.record_import(report, actor=errand.actor, now=now)
    # What was committed may have shown its outcome in these rows.
    follows = follow_facts(errand.installation, now=now, first=lambda own: close_past_due(own, now=now))
    return report | {"outcomes": follows}


def _undo_import(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.data.undo_import import undo_import

    return undo_import(
        errand.installation,
        actor=errand.actor,
        now=errand.now,
        brought=errand.arguments.get("brought"),
        progress=errand.progress,
    )


def _record_facts(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.data.record_activity import merge_recorded
    from nextplay.operations.record.close_outcomes import close_outcomes

    merged = merge_recorded(errand.installation, now=errand.now).as_json()
    return merged | {"outcomes": close_outcomes(errand.installation, now=errand.now).as_json()}


def _load_sample(errand: Errand) -> dict[str, Any]:
    from nextplay.ledger import jobs as queue
    from nextplay.operations.data.load_sample import load_sample
    from nextplay.operations.data.sample_program import put_sample_program

    report = load_sample(
        errand.installation,
        put_program=lambda: put_sample_program(errand.installation.home, actor=errand.actor, now=errand.now),
        now=errand.now,
        progress=errand.progress,
    ).as_json()
    queue.record_import(report, actor=errand.actor, now=errand.now)
    return report


def _remove_sample(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.data.remove_sample import remove_sample

    return remove_sample(errand.installation, actor=errand.actor, now=errand.now, progress=errand.progress)


def _move_partners(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.data.portfolios import move_partners

    asked = errand.arguments
    moving = {"manager": asked["manager"], "to": asked["to"], "partner_ids": asked.get("partner_ids")}
    return move_partners(errand.installation, **moving, actor=errand.actor, now=errand.now, progress=errand.progress)


def _analyze(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.narrowing import Narrowing
    from nextplay.operations.partners.analyze import Asked, analyze
    from nextplay.operations.viewer import NotForThisViewer

    named = errand.arguments
    asked = Asked(
        partner_id=named.get("partner_id"),
        narrowing=Narrowing(**(named.get("narrowing") or {})),
        manager_email=named.get("manager_email"),
    )
    try:
        report = analyze(errand.installation, now=errand.now, asked=asked, as_of=errand.day(), progress=errand.progress)
    except NotForThisViewer as error:
        raise UnknownPartner.named(asked.partner_id) from error
    return report.as_json()


def _decide(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.deciding.decide import decide
    from nextplay.operations.record.close_outcomes import close_outcomes
    from nextplay.operations.record.cycle_json import cycle_json, write_next_actions

    asked = errand.arguments
    cycle = decide(
        errand.installation,
        now=errand.now,
        actor=errand.actor,
        as_of=errand.day(),
        commit=bool(asked.get("commit")),
        progress=errand.progress,
    )
    until = errand.installation.span.last_happened
    if asked.get("commit") and until is not None and cycle.as_of < until:
        # Of a past month the facts may hold already what came of it.
        close_outcomes(errand.installation, now=errand.now)
    if asked.get("output"):
        write_next_actions(cycle, Path(asked["output"]))
    return cycle_json(cycle, asked.get("limit"))


def _scorecard(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.portal.scorecard import scorecard_asked
    from nextplay.operations.portal.scorecard_print import CARD_KINDS, printed_card
    from nextplay.operations.viewer import OPERATOR, NotForThisViewer

    asked = errand.arguments
    partner_id, keep, version = asked.get("partner_id"), bool(asked.get("keep")), asked.get("version")
    try:
        found = scorecard_asked(errand.installation, OPERATOR, partner_id, keep=keep, version=version, now=errand.now)
    except NotForThisViewer as error:
        raise UnknownPartner(f"There is no such scorecard of a partner {partner_id!r}.") from error
    for file in asked.get("files", ()):
        target = Path(file)
        target.write_bytes(printed_card(found.card, CARD_KINDS[target.suffix.lower()], note=found.note))
    return found.as_json()


def _validity(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.partners.validity import check_validity

    return check_validity(errand.installation, now=errand.now, progress=errand.progress)


VERBS: dict[str, Callable[[Errand], dict[str, Any]]] = {
    "analyze": _analyze,
    "decide": _decide,
    "import_facts": _import_facts,
    "load_sample": _load_sample,
    JOB: _record_facts,
    "move_partners": _move_partners,
    "remove_sample": _remove_sample,
    "scorecard": _scorecard,
    "undo_import": _undo_import,
    "validity": _validity,
    **READING_VERBS,
}
