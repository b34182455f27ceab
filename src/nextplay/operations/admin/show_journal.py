"""The journal: who changed what, when, on what evidence and from where; paged, one line, or as a file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

import polars as pl

from nextplay.facts.scope import Reach, ScopedFacts
from nextplay.ledger import journal, queries
from nextplay.ledger.journal import Asked
from nextplay.ledger.records import DecisionRecord, JournalRecord
from nextplay.operations.dashboards.export_rows import FileKind, as_csv, as_sheet
from nextplay.operations.installation import Installation
from nextplay.operations.narrowing import LONGEST_SEARCH
from nextplay.operations.people import names_of
from nextplay.operations.viewer import DECIDERS, NotForThisViewer, Role, Viewer, reach_of, require
from nextplay.values.period import utc_day

PAGE = 50
__all__ = ["JournalAsked", "JournalEvidence", "JournalPage", "JournalRecord", "export_journal", "show_journal", "show_line"]
# A text that is part of more names than this narrows nothing down.
_MOST_NAMED = 5000
_DECISION = "decision "
_COLUMNS = ("at", "actor", "name", "verb", "subject", "partner_id", "partner", "from", "address", "details")


@dataclass(frozen=True)
class JournalAsked:
    """What a viewer asks of the journal; empty parts ask for nothing. Days are UTC, both included."""

    actor: str = ""
    verb: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None
    # Where it came from: web, link, cli, job.
    face: str = ""

    @property
    def nothing(self) -> bool:
        """Whether every line fits."""
        return self == JournalAsked()


@dataclass(frozen=True)
class JournalPage:
    """One page, the newest line first. `names` of people and `partners` by id, for those the lines name.

    `undone`: lines of what was taken back since.
    """

    lines: tuple[JournalRecord, ...]
    total: int
    page: int
    pages: int
    actors: tuple[str, ...]
    verbs: tuple[str, ...]
    names: dict[str, str]
    partners: dict[str, str]
    undone: frozenset[int]


@dataclass(frozen=True)
class JournalEvidence:
    """One line with what it rests on: the decision as its record stands, where it is about one."""

    line: JournalRecord
    decision: DecisionRecord | None
    name: str
    partner: str
    # What it tells of was taken back since.
    undone: bool


def show_journal(installation: Installation, viewer: Viewer, asked: JournalAsked, *, page: int, now: datetime) -> JournalPage:
    """A page of the lines the viewer may see: admins all, managers those of their partners and their own.

    Raises NotForThisViewer.
    """
    wanted = _wanted(installation, viewer, asked, now)
    total = journal.count(wanted)
    pages = max(-(-total // PAGE), 1)
    page = min(max(page, 1), pages)
    lines = journal.some(wanted, start=(page - 1) * PAGE, size=PAGE)
    actors, verbs = journal.choices(wanted)
    return JournalPage(
        lines=tuple(lines),
        total=total,
        page=page,
        pages=pages,
        actors=tuple(actors),
        verbs=tuple(verbs),
        names=names_of(frozenset(actors)),
        partners=_partners(_facts(installation, viewer, now), installation, lines),
        undone=journal.undone(lines),
    )


def show_line(installation: Installation, viewer: Viewer, line_id: int, *, now: datetime) -> JournalEvidence:
    """One line, with the record behind it. Raises NotForThisViewer, also where there is no such line."""
    wanted = _wanted(installation, viewer, JournalAsked(), now)
    found = journal.line(line_id, wanted)
    if found is None:
        raise NotForThisViewer
    # Who decided on a partner that has gone to somebody else still sees that they did, and no more.
    theirs = wanted.reach is None or found.partner_id in wanted.reach
    about = found.subject.removeprefix(_DECISION) if theirs and found.subject.startswith(_DECISION) else ""
    partners = _partners(_facts(installation, viewer, now), installation, [found])
    names = names_of(frozenset({found.actor}))
    return JournalEvidence(
        line=found,
        decision=queries.decision(about) if about else None,
        name=names.get(found.actor, found.actor),
        partner=partners.get(found.partner_id or "", found.partner_id or ""),
        undone=bool(journal.undone([found])),
    )


def export_journal(
    installation: Installation, viewer: Viewer, asked: JournalAsked, *, kind: FileKind, now: datetime
) -> Iterator[bytes]:
    """The lines that fit as chunks of a file; text that a spreadsheet would run is neutralised.

    Raises NotForThisViewer, and TooManyRows where a sheet cannot hold them.
    """
    lines = list(journal.every(_wanted(installation, viewer, asked, now)))
    names = names_of(frozenset(line.actor for line in lines))
    partners = _partners(_facts(installation, viewer, now), installation, lines)
    rows = [
        (
            line.at.replace(tzinfo=None),
            line.actor,
            names.get(line.actor, ""),
            line.verb,
            line.subject,
            line.partner_id,
            partners.get(line.partner_id or "", ""),
            line.origin,
            line.address,
            json.dumps(line.details, ensure_ascii=False, sort_keys=True),
        )
        for line in lines
    ]
    schema = {name: pl.Datetime("us") if name == "at" else pl.String() for name in _COLUMNS}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return as_sheet("journal", frame) if kind == "xlsx" else as_csv(frame)


def _wanted(installation: Installation, viewer: Viewer, asked: JournalAsked, now: datetime) -> Asked:
    require(viewer, *DECIDERS)
    text = asked.text.strip()[:LONGEST_SEARCH]
    facts = _facts(installation, viewer, now)
    wanted = Asked(actor=asked.actor, verb=asked.verb, text=text, since=asked.since, until=asked.until, face=asked.face)
    if text:
        partners = facts.partners
        named = partners.filter(partners.name.lower().contains(text.lower())).select("partner_id").limit(_MOST_NAMED)
        wanted = replace(wanted, partners=frozenset(installation.warehouse.read(named)["partner_id"]))
    if viewer.role is Role.ADMIN:
        return wanted
    # Who signed in from where, people, channels and links are for admins, also where managers see every partner.
    wanted = replace(wanted, own=viewer.email)
    if reach_of(viewer, installation.program) == Reach():
        return wanted
    reached = installation.warehouse.read(facts.partners.select("partner_id"))["partner_id"]
    return replace(wanted, reach=frozenset(reached))


def _facts(installation: Installation, viewer: Viewer, now: datetime) -> ScopedFacts:
    return installation.facts(installation.reference_day(utc_day(now)), reach_of(viewer, installation.program))


def _partners(facts: ScopedFacts, installation: Installation, lines: list[JournalRecord]) -> dict[str, str]:
    ids = sorted({line.partner_id for line in lines if line.partner_id})
    if not ids:
        return {}
    partners = facts.partners
    named = partners.filter(partners.partner_id.isin(ids)).select("partner_id", "name")
    return {partner: name for partner, name in installation.warehouse.read(named).iter_rows() if name}
