"""Refresh scores: read whoever can read otherwise than before, of everybody or of a filter, and keep what does."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

import ibis.expr.types as ir
import polars as pl

from nextplay.analysis import store
from nextplay.analysis.analyst import Analyst, BuiltInAnalyst
from nextplay.analysis.reading import Reading
from nextplay.analysis.text import remembered
from nextplay.analysis.text.remembered import TextsRead
from nextplay.analysis.text.second_opinion import second_opinion
from nextplay.facts.scope import Reach, ScopedFacts
from nextplay.operations.dashboards.roll_up import roll_up_analysis
from nextplay.operations.installation import Installation
from nextplay.operations.narrowing import Narrowing, narrowed
from nextplay.operations.partners.analysis_account import Account, account_of
from nextplay.operations.partners.model_summary import retell_summaries
from nextplay.operations.partners.whom_to_read import WhomToRead, whom_to_read
from nextplay.operations.viewer import NotForThisViewer
from nextplay.values.period import naive_utc, start_of, utc_day
from nextplay.values.progress import Progress, silent

EVERYBODY = Narrowing()
# What a run does, in order: from which share of the work on, and as people call it.
TEXTS, USUAL, READING, COMPARING, KEEPING, RETELLING = 0.0, 0.1, 0.15, 0.6, 0.7, 0.8
STEPS = (
    (TEXTS, "Texts"),
    (USUAL, "What is usual in the program"),
    (READING, "People, deals and activities"),
    (COMPARING, "What changed since last time"),
    (KEEPING, "Scores and evidence kept"),
)
# Times that facts are read that change meanwhile.
_READINGS = 3


@dataclass(frozen=True)
class Asked:
    """Whom to read: one partner, or all that fit a filter, within somebody's reach. Nothing named: everybody."""

    partner_id: str | None = None
    narrowing: Narrowing = EVERYBODY
    manager_email: str | None = None

    @property
    def scope(self) -> dict[str, str]:
        """What is named, and nothing else."""
        named = {"partner_id": self.partner_id, "manager_email": self.manager_email, **asdict(self.narrowing)}
        return {name: value for name, value in named.items() if value}

    @property
    def reach(self) -> Reach:
        """The part of it that facts are scoped by."""
        return Reach(partner_id=self.partner_id, manager_email=self.manager_email)


@dataclass(frozen=True)
class AnalysisReport:
    """What an analysis read, what not and why, and what came of it."""

    run_id: str
    as_of: date
    analyst: str
    facts_version: str
    program_version: str
    account: Account
    # Documents: how many were new or changed and so were read, how many were known, and sentences found in those read.
    texts: TextsRead
    # What the language model analyst did, dropped and cost; `state` is "off" where none is configured.
    model: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Plain values only."""
        named = {name: getattr(self, name) for name in ("run_id", "analyst", "facts_version", "program_version")}
        return {
            **named,
            "as_of": self.as_of.isoformat(),
            **self.account.as_json(),
            "texts": asdict(self.texts),
            "model": self.model,
        }


def analyze(
    installation: Installation,
    *,
    now: datetime,
    asked: Asked = Asked(),
    as_of: date | None = None,
    analyst: Analyst | None = None,
    progress: Progress = silent,
) -> AnalysisReport:
    """Read all partners, or those asked for. Raises NotForThisViewer for a partner that does not exist."""
    day = as_of or installation.reference_day(utc_day(now))
    reader = analyst or BuiltInAnalyst()
    run, run_id, account, texts = _read_and_keep(installation, _Work(day, asked, reader, progress), now)
    model = retell_summaries(
        installation,
        lambda: _asked_for(installation, day, asked),
        run_id=run_id,
        now=now,
        progress=lambda share, doing: progress(RETELLING + share * (1 - RETELLING), doing),
    )
    progress(1.0, "Scored")
    return AnalysisReport(run_id, day, reader.name, run.facts_version, run.program_version, account, texts, model)


def _asked_for(installation: Installation, day: date, asked: Asked) -> list[str]:
    """IDs of the partners asked for."""
    facts = installation.facts(day, asked.reach, asked.narrowing.segment, asked.narrowing.tier)
    return installation.warehouse.read(_fitting(installation, facts, asked.narrowing))["partner_id"].to_list()


def _fitting(installation: Installation, facts: ScopedFacts, narrowing: Narrowing) -> ir.Table:
    """`partner_id` of those in scope that fit."""
    return narrowed(facts, narrowing, address_below=installation.program.rubric.address_below)[["partner_id"]]


@dataclass(frozen=True)
class _Work:
    """What is to be read, by whom, as of which day."""

    day: date
    asked: Asked
    reader: Analyst
    progress: Progress


@dataclass(frozen=True)
class _Found:
    """A reading of one state of the facts; `reading` None where there was nobody to read."""

    whom: WhomToRead
    facts: ScopedFacts
    reading: Reading | None


def _read_and_keep(installation: Installation, work: _Work, now: datetime) -> tuple[store.Run, str, Account, TextsRead]:
    warehouse, program, asked = installation.warehouse, installation.program, work.asked
    scope = installation.facts(work.day, asked.reach, asked.narrowing.segment, asked.narrowing.tier)
    asked_for = int(warehouse.read(_fitting(installation, scope, asked.narrowing).count().as_table()).item())
    if asked.partner_id is not None and not asked_for:
        raise NotForThisViewer
    found, texts = _read_at_rest(installation, work)
    run = _run(installation, work, found.whom, now)
    if found.reading is None:
        account = Account.of_nobody(asked_for)
        run = replace(run, account=account.as_json())
        return run, store.keep_nothing(warehouse, run), account, texts
    work.progress(COMPARING, "Comparing with the run before")
    before = warehouse.read(store.compared_with(found.facts))
    compared = found.reading.digests().join(before, on="partner_id", how="left", suffix="_before", maintain_order="left")
    fitting = None if asked.narrowing.nothing else _fitting(installation, found.facts, asked.narrowing)
    account = account_of(warehouse, found.facts, found.reading, compared, asked_for=asked_for, fitting=fitting)
    work.progress(KEEPING, "Keeping scores and evidence")
    changed = compared.filter(pl.col("digest").ne_missing(pl.col("digest_before"))).select("partner_id", "digest", "own")
    run = replace(run, account=account.as_json())
    run_id = store.keep(
        warehouse,
        run,
        found.reading,
        changed,
        afterwards=lambda change: roll_up_analysis(change, program, today=utc_day(now)),
    )
    return run, run_id, account, texts


def _read_at_rest(installation: Installation, work: _Work) -> tuple[_Found, TextsRead]:
    """A reading of one state of the facts, texts first: where an import ended meanwhile, all is read again.

    Where the facts never rest, the last reading counts as of the state before it, so that the next run reads again.
    """
    before, texts = installation.warehouse.version(), _renewed(installation, work)
    for _ in range(_READINGS):
        found = _read(installation, work)
        if before.facts == installation.warehouse.version().facts:
            break
        # Texts that came in between were not read.
        found = replace(found, whom=replace(found.whom, version=before))
        before, again = installation.warehouse.version(), _renewed(installation, work)
        texts = replace(texts, read=texts.read + again.read, found=texts.found + again.found)
    return found, texts


def _renewed(installation: Installation, work: _Work) -> TextsRead:
    return remembered.renew(
        installation.warehouse,
        partner_id=work.asked.partner_id,
        opinion=second_opinion(),
        progress=lambda share, doing: work.progress(USUAL * share, doing),
    )


def _read(installation: Installation, work: _Work) -> _Found:
    warehouse, program, narrowing = installation.warehouse, installation.program, work.asked.narrowing
    work.progress(USUAL, "Reading what is usual in the program")
    whom = whom_to_read(installation, work.day, work.reader.name)
    facts = installation.facts(work.day, work.asked.reach, narrowing.segment, narrowing.tier, touched=whom.touched)
    if whom.common is None or (whom.touched and not _anybody(installation, facts, narrowing)):
        return _Found(whom, facts, None)
    reading = work.reader.read(
        warehouse,
        facts,
        whom.common,
        program,
        lambda share, doing: work.progress(READING + share * (COMPARING - READING), doing),
    )
    if not narrowing.nothing:
        reading = reading.only(warehouse.read(_fitting(installation, facts, narrowing))["partner_id"])
    return _Found(whom, facts, reading)


def _anybody(installation: Installation, facts: ScopedFacts, narrowing: Narrowing) -> bool:
    return not installation.warehouse.read(_fitting(installation, facts, narrowing).limit(1)).is_empty()


def _run(installation: Installation, work: _Work, whom: WhomToRead, now: datetime) -> store.Run:
    return store.Run(
        as_of=start_of(work.day),
        finished_at=naive_utc(now),
        facts_version=str(whom.version.facts),
        program_version=installation.program.version,
        analyst=work.reader.name,
        scope=work.asked.scope,
        basis=whom.basis,
        account={},
    )
