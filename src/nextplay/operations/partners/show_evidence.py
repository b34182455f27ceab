"""Open what a criterion of one partner rests on: the rows counted, which came since the reading before, and which went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ibis.expr.types as ir
import polars as pl

from nextplay.analysis.evidence_rows import placed, rows_by_dimension, rows_of
from nextplay.analysis.text.remembered import text_evidence
from nextplay.analysis.usual import DEMAND, usual
from nextplay.facts.scope import Reach, Scope, ScopedFacts
from nextplay.operations.installation import Installation
from nextplay.operations.partners.partner_analysis import CriterionRead, DimensionRead, ReadingHead, partner_analysis
from nextplay.operations.partners.partner_quotes import Quote, quote_of
from nextplay.operations.partners.show_partner import require_partner
from nextplay.operations.remembered import Remembered
from nextplay.operations.viewer import TEAM, NotForThisViewer, Viewer, reach_of, require
from nextplay.values.period import end_of, utc_day

# As many as can be read on a page; all of them are counted.
MOST_ROWS = 500
# Criteria that compare what a partner covers with where customers are.
_ROWS_BEHIND: Remembered[Mapping[str, int]] = Remembered(most=512)
FITS = {"vertical_fit": "verticals", "region_fit": "regions", "offering_fit": "offerings"}


@dataclass(frozen=True)
class EvidenceRow:
    """A row of the facts. `state`: counted, new (counted now and not the time before), or gone (the other way round)."""

    table: str
    key: str
    on: date | None
    what: str
    account: str | None
    person: str | None
    counts_as: str
    state: str
    # Of a sentence: the words that were read, where the document still holds them.
    quote: Quote | None = None


@dataclass(frozen=True)
class DemandShare:
    """A part of the demand, and whether the partner works there."""

    name: str
    share: float
    covered: bool


@dataclass(frozen=True)
class EvidencePage:
    """What a criterion rests on. `rows` None: it is compared with demand (`shares`), or stands in the profile itself."""

    partner_id: str
    partner: str
    dimension: DimensionRead
    criterion: CriterionRead
    reading: ReadingHead
    before: ReadingHead | None
    # Whether the program in force is the one that it was read by.
    same_program: bool
    rows: tuple[EvidenceRow, ...] | None
    counted: int
    shares: tuple[DemandShare, ...]


def show_evidence(
    installation: Installation, viewer: Viewer, partner_id: str, criterion: str, *, now: datetime
) -> EvidencePage:
    """The evidence of a partner's newest reading. Raises NotForThisViewer for what the viewer may not see or nobody has."""
    require(viewer, *TEAM)
    day = installation.reference_day(utc_day(now))
    partners = installation.facts(day, reach_of(viewer, installation.program)).partners
    named = installation.warehouse.read(partners.filter(partners.partner_id == partner_id)[["name", *DEMAND]])
    analysis = partner_analysis(installation, partner_id)
    if named.is_empty() or analysis is None:
        raise NotForThisViewer
    try:
        dimension, found = analysis.criterion(criterion)
    except KeyError as error:
        raise NotForThisViewer from error
    counted = _counted(installation, partner_id, criterion, analysis.reading)
    earlier = _counted(installation, partner_id, criterion, analysis.before) if analysis.before else None
    return EvidencePage(
        partner_id=partner_id,
        partner=named["name"].item(),
        dimension=dimension,
        criterion=found,
        reading=analysis.reading,
        before=analysis.before,
        same_program=analysis.reading.program_version == installation.program.version,
        rows=None if counted is None else _told(installation, partner_id, analysis.reading, _compared(counted, earlier)),
        counted=0 if counted is None else counted.height,
        shares=_shares(installation, analysis.reading, criterion, named.row(0, named=True)),
    )


def rows_behind(installation: Installation, viewer: Viewer, partner_id: str, *, now: datetime) -> Mapping[str, int]:
    """How many rows the criteria of each dimension counted in a partner's newest reading, each row once.

    Empty where nobody read the partner yet. Raises NotForThisViewer for what the viewer may not see or nobody has.
    """
    require(viewer, *TEAM)
    require_partner(installation, viewer, partner_id, now=now)
    analysis = partner_analysis(installation, partner_id)
    if analysis is None:
        return {}
    criteria = [(dimension.dimension, one.name) for dimension in analysis.dimensions for one in dimension.criteria]

    def counted() -> Mapping[str, int]:
        rows = rows_by_dimension(facts_read(installation, partner_id, analysis.reading), criteria)
        none = dict.fromkeys((dimension for dimension, _ in criteria), 0)
        return none | dict(installation.warehouse.read(rows).select("dimension", "rows").iter_rows())

    key = (installation.warehouse, installation.warehouse.version(), installation.program.version, partner_id)
    return _ROWS_BEHIND.get(key, counted)


def facts_read(installation: Installation, partner_id: str, reading: ReadingHead) -> ScopedFacts:
    """A partner's facts as a reading saw them: what was observed later was not known to it."""
    # A run of a past day knew what had been observed by the end of that day, whenever it ran.
    known_at = reading.known_at if reading.known_at < end_of(reading.as_of) else None
    scope = Scope(as_of=reading.as_of, past=True, reach=Reach(partner_id=partner_id), known_at=known_at)
    current = str(installation.warehouse.version().facts) == reading.facts_version
    return installation.facts(reading.as_of, scope.reach) if current else ScopedFacts(scope, installation.reporting)


def _counted(installation: Installation, partner_id: str, criterion: str, reading: ReadingHead) -> pl.DataFrame | None:
    rows = rows_of(facts_read(installation, partner_id, reading), criterion)
    return None if rows is None else installation.warehouse.read(rows)


def _compared(counted: pl.DataFrame, earlier: pl.DataFrame | None) -> pl.DataFrame:
    """Both readings' rows with their state, newest first; a row that counts as something else now is new and gone."""
    if earlier is None:
        return counted.with_columns(state=pl.lit("counted")).sort(
            "at", "row", "counts_as", descending=[True, False, False], nulls_last=True
        )
    same = ["row", "counts_as"]
    kept = counted.join(earlier, on=same, how="semi").with_columns(state=pl.lit("counted"))
    new = counted.join(earlier, on=same, how="anti").with_columns(state=pl.lit("new"))
    gone = earlier.join(counted, on=same, how="anti").with_columns(state=pl.lit("gone"))
    every = pl.concat([kept, new, gone])
    return every.sort("at", "row", "state", "counts_as", descending=[True, False, False, False], nulls_last=True)


def _told(installation: Installation, partner_id: str, reading: ReadingHead, rows: pl.DataFrame) -> tuple[EvidenceRow, ...]:
    """The newest rows with what is known of them."""
    shown = rows.head(MOST_ROWS).with_columns(
        table=pl.col("row").str.split(":").list.first(), key=pl.col("row").str.replace(r"^[a-z]+:", "")
    )
    facts = facts_read(installation, partner_id, reading)
    known: dict[tuple[str, str], dict[str, Any]] = {}
    for (table,), own in shown.group_by("table"):
        frame = installation.warehouse.read(_DETAILS[str(table)](facts, own["key"].to_list()))
        known |= {(str(table), row["key"]): row for row in frame.iter_rows(named=True)}
    return tuple(_row(row, known.get((row["table"], row["key"]), {})) for row in shown.to_dicts())


def _row(row: dict[str, Any], known: dict[str, Any]) -> EvidenceRow:
    return EvidenceRow(
        table=row["table"],
        key=row["key"],
        quote=quote_of(row["key"], known["text"], known["quote"]) if "text" in known else None,
        on=row["at"].date() if row["at"] else None,
        what=known.get("what") or "",
        account=known.get("account"),
        person=known.get("person"),
        counts_as=row["counts_as"],
        state=row["state"],
    )


def _activities(facts: ScopedFacts, keys: list[str]) -> ir.Table:
    rows = facts.activities.filter(lambda t: t.activity_id.isin(keys))
    people = facts.contacts.select("contact_id", person="name")
    joined = rows.left_join(people, "contact_id")
    return joined.select("account", "person", key=joined.activity_id, what=joined.kind)


def _deals(facts: ScopedFacts, keys: list[str]) -> ir.Table:
    rows = facts.deals.filter(lambda t: t.deal_id.isin(keys))
    return rows.select("account", key=rows.deal_id, what=rows.stage)


def _contacts(facts: ScopedFacts, keys: list[str]) -> ir.Table:
    rows = facts.contacts.filter(lambda t: t.contact_id.isin(keys))
    return rows.select(key=rows.contact_id, what=rows.role, person=rows.name)


def _accounts(facts: ScopedFacts, keys: list[str]) -> ir.Table:
    rows = facts.accounts.filter(lambda t: t.account.isin(keys))
    return rows.select("account", key=rows.account, what=rows.industry)


def _documents(facts: ScopedFacts, keys: list[str]) -> ir.Table:
    read = placed(text_evidence(facts)).filter(lambda t: t.key.isin(keys))
    read = read.select("document_id", "key", "quote").distinct()
    rows = read.inner_join(facts.documents, "document_id")
    return rows.select("text", "quote", "key", what=rows.kind, person=rows.author)


_DETAILS = {
    "activities": _activities,
    "deals": _deals,
    "contacts": _contacts,
    "accounts": _accounts,
    "documents": _documents,
}


def _shares(
    installation: Installation, reading: ReadingHead, criterion: str, covers: dict[str, Any]
) -> tuple[DemandShare, ...]:
    covered = FITS.get(criterion)
    if covered is None:
        return ()
    facts = installation.facts(reading.as_of, Reach())
    wanted = usual(installation.warehouse, facts, installation.program).wanted[covered]
    own = set(covers[covered] or ())
    ordered = wanted.sort("wanted", "thing", descending=[True, False])
    return tuple(DemandShare(name, share, name in own) for name, share in ordered.select("thing", "wanted").iter_rows())
