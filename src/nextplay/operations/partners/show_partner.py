"""One partner as its facts tell it to our team: who they are, people, deals and history, and what was decided about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.decisions.proposal import NextAction
from nextplay.facts.contract import SELLING_KINDS
from nextplay.facts.scope import ScopedFacts
from nextplay.ledger import journal, queries
from nextplay.ledger.records import DecisionRecord, JournalRecord
from nextplay.operations.installation import Installation
from nextplay.operations.record.cycles import latest_cycle
from nextplay.operations.viewer import TEAM, NotForThisViewer, Viewer, reach_of, require
from nextplay.values.period import utc_day

# As many as a page can be read with; the counts say how many there are.
MOST_DEALS, MOST_EVENTS, MOST_PEOPLE = 25, 20, 30
# Shown by the month, not one by one: there are hundreds.
_COUNTED = ("portal_login",)
# As much of a document as tells what it is about.
SAID_CHARACTERS = 160
_NO_TEXT, _ONCE = ibis.null("string"), ibis.literal(1, "int64")


@dataclass(frozen=True)
class Partner:
    """Who they are."""

    partner_id: str
    name: str
    stage: str
    type: str | None
    subtype: str | None
    segment: str | None
    tier: str | None
    regions: tuple[str, ...]
    verticals: tuple[str, ...]
    offerings: tuple[str, ...]
    manager: str | None
    domain: str | None
    country: str | None
    description: str | None


@dataclass(frozen=True)
class ProfileDeal:
    """A deal of the partner; `amount` in its own currency, None where not known."""

    deal_id: str
    account: str | None
    stage: str | None
    state: str
    amount: float | None
    currency: str | None
    sourced_by: str | None
    # Days since the stage last changed; None once closed, and where that day is not known.
    days_in_stage: int | None
    expected_close_at: date | None
    closed_at: date | None


@dataclass(frozen=True)
class DealSums:
    """All deals of the partner, in the reporting currency."""

    open: int
    won: int
    lost: int
    open_value: float


@dataclass(frozen=True)
class ProfilePerson:
    """Someone who works there."""

    name: str
    role: str | None
    last_active: date | None


@dataclass(frozen=True)
class ProfileEvent:
    """Something that happened; `times` more than 1 where a month's events of a kind are told together.

    `said` is the beginning of a document, or what a field changed from and to. Kinds of those are `document:qbr_note` and
    `change:tier`, and `person` is who wrote a document: partner or us.
    """

    on: date
    kind: str
    account: str | None
    person: str | None
    times: int
    said: str | None


@dataclass(frozen=True)
class PartnerProfile:
    """Everything of one partner that our own team sees; what its own people see is `partner_page.py`."""

    partner: Partner
    currency: str
    deals: tuple[ProfileDeal, ...]
    sums: DealSums
    people: tuple[ProfilePerson, ...]
    events: tuple[ProfileEvent, ...]
    decisions: tuple[DecisionRecord, ...]
    action: NextAction | None
    # Lines that took a commitment back, by the decision, of those that wait for a decision again.
    taken_back: Mapping[str, JournalRecord]
    selling_kinds: tuple[str, ...] = SELLING_KINDS


def show_partner(installation: Installation, viewer: Viewer, partner_id: str, *, now: datetime) -> PartnerProfile:
    """The profile. Raises NotForThisViewer for a partner outside the viewer's reach, and for one that does not exist."""
    require(viewer, *TEAM)
    read = installation.warehouse.read
    facts, found = require_partner(installation, viewer, partner_id, now=now)
    deals = facts.deals.filter(lambda t: t.partner_id == partner_id)
    decisions = tuple(reversed(queries.decisions(partner_id=partner_id)))
    return PartnerProfile(
        partner=_partner(found.row(0, named=True)),
        currency=facts.reporting.currency,
        deals=tuple(_deal(row) for row in read(_latest_deals(deals, facts)).iter_rows(named=True)),
        sums=_sums(read(deals.group_by("state").agg(deals=deals.count(), value=deals.value.sum()))),
        people=tuple(ProfilePerson(**row) for row in read(people_of(facts, partner_id)).iter_rows(named=True)),
        events=tuple(ProfileEvent(**row) for row in read(events_of(facts, partner_id, team=True)).iter_rows(named=True)),
        decisions=decisions,
        action=_action(installation, partner_id),
        taken_back=_taken_back(decisions),
    )


def require_partner(
    installation: Installation, viewer: Viewer, partner_id: str, *, now: datetime
) -> tuple[ScopedFacts, pl.DataFrame]:
    """The facts in the viewer's reach, and the partner's row in them.

    Raises NotForThisViewer for a partner outside it, and for one that does not exist.
    """
    facts = installation.facts(installation.reference_day(utc_day(now)), reach_of(viewer, installation.program))
    partners = facts.partners
    found = installation.warehouse.read(partners.filter(partners.partner_id == partner_id))
    if found.is_empty():
        raise NotForThisViewer
    return facts, found


def _partner(row: dict[str, Any]) -> Partner:
    fields = {name: row[name] for name in Partner.__dataclass_fields__ if name in row}
    lists = {name: tuple(row[name] or ()) for name in ("regions", "verticals", "offerings")}
    return Partner(**{**fields, **lists, "stage": row["lifecycle_stage"], "manager": row["manager_email"]})


def _latest_deals(deals: ir.Table, facts: ScopedFacts) -> ir.Table:
    """Open ones first, then by the latest day known."""
    moment = ibis.coalesce(deals.closed_at, deals.stage_changed_at, deals.opened_at, deals.registered_at)
    ordered = deals.mutate(is_open=deals.state == "open", moment=moment)
    ordered = ordered.order_by([ordered.is_open.desc(), ordered.moment.desc(nulls_first=False), ordered.deal_id])
    return ordered.limit(MOST_DEALS).select(
        "deal_id",
        "account",
        "stage",
        "state",
        "currency",
        "sourced_by",
        amount=ordered.amount.cast("float64"),
        days_in_stage=_days_in_stage(ordered, facts),
        expected_close_at=ordered.expected_close_at.date(),
        closed_at=ordered.closed_at.date(),
    )


def _days_in_stage(deals: ir.Table, facts: ScopedFacts) -> ir.IntegerValue:
    entered = ibis.coalesce(deals.stage_changed_at, deals.opened_at, deals.registered_at)
    cutoff = ibis.literal(facts.scope.cutoff, "timestamp(6)")
    days = ((cutoff.epoch_seconds() - entered.epoch_seconds()) / 86_400).floor().cast("int64")
    return (deals.state == "open").ifelse(days, ibis.null("int64"))


def _deal(row: dict[str, Any]) -> ProfileDeal:
    return ProfileDeal(**row)


def _sums(frame: pl.DataFrame) -> DealSums:
    held = {row["state"]: row for row in frame.iter_rows(named=True)}
    count = {state: int(held[state]["deals"]) if state in held else 0 for state in ("open", "won", "lost")}
    return DealSums(**count, open_value=float(held["open"]["value"] or 0) if "open" in held else 0.0)


def people_of(facts: ScopedFacts, partner_id: str) -> ir.Table:
    """name, role and last_active of who works there, the last active first."""
    contacts = facts.contacts.filter(lambda t: t.partner_id == partner_id)
    activities = facts.activities.filter(lambda t: (t.partner_id == partner_id) & t.contact_id.notnull())
    last = activities.group_by("contact_id").agg(last_active=activities.occurred_at.max().date())
    joined = contacts.left_join(last, "contact_id")
    people = joined.select(
        name=ibis.coalesce(contacts.name, contacts.email, contacts.contact_id),
        role=contacts.role,
        last_active=last.last_active,
    )
    return people.order_by([people.last_active.desc(nulls_first=False), people.name, people.role]).limit(MOST_PEOPLE)


def events_of(facts: ScopedFacts, partner_id: str, *, team: bool) -> ir.Table:
    """The newest fields of `ProfileEvent` first. Documents that we wrote are for our own team."""
    every = _activities(facts, partner_id).union(_documents(facts, partner_id, team=team)).union(_changes(facts, partner_id))
    every = every.filter(every.on.notnull())
    return every.order_by([every.on.desc(), every.kind, every.account, every.said, every.person, every.times]).limit(
        MOST_EVENTS
    )


def _activities(facts: ScopedFacts, partner_id: str) -> ir.Table:
    """Kinds that come by the hundred are counted by month."""
    activities = facts.activities.filter(lambda t: t.partner_id == partner_id)
    contacts = facts.contacts.filter(lambda t: t.partner_id == partner_id)[["contact_id", "name"]].rename(person="name")
    counted = activities.kind.isin(_COUNTED)
    single = activities.filter(~counted).left_join(contacts, "contact_id")
    single = single.select("kind", "account", "person", on=single.occurred_at.date(), times=_ONCE, said=_NO_TEXT)
    many = activities.filter(counted).mutate(month=lambda t: t.occurred_at.truncate("M"))
    many = many.group_by("kind", "month").agg(on=many.occurred_at.max().date(), times=many.count())
    many = many.mutate(account=_NO_TEXT, person=_NO_TEXT, said=_NO_TEXT)
    return single.union(many.select("kind", "account", "person", "on", "times", "said"))


def _documents(facts: ScopedFacts, partner_id: str, *, team: bool) -> ir.Table:
    documents = facts.documents.filter(lambda t: t.partner_id == partner_id)
    if not team:
        documents = documents.filter(documents.author == "partner")
    return documents.select(
        kind=ibis.literal("document:") + documents.kind.fill_null("note"),
        account=_NO_TEXT,
        person=documents.author,
        on=documents.written_at.date(),
        times=_ONCE,
        said=documents.text.left(SAID_CHARACTERS),
    )


def _changes(facts: ScopedFacts, partner_id: str) -> ir.Table:
    changes = facts.changes
    changes = changes.filter((changes.entity == "partner") & (changes.entity_id == partner_id))
    changes = changes.filter(changes.field.isin(("lifecycle_stage", "tier")))
    return changes.select(
        kind=ibis.literal("change:") + changes.field,
        account=_NO_TEXT,
        person=_NO_TEXT,
        on=changes.changed_at.date(),
        times=_ONCE,
        said=changes.old.fill_null("none") + " \u2192 " + changes.new.fill_null("none"),
    )


def _taken_back(decisions: tuple[DecisionRecord, ...]) -> dict[str, JournalRecord]:
    touched = [one.decision_id for one in decisions if one.status == "proposed" and one.revision > 1]
    return journal.commitment_taken_back(touched) if touched else {}


def _action(installation: Installation, partner_id: str) -> NextAction | None:
    cycle = latest_cycle(installation.home)
    return cycle.next_actions.of(partner_id) if cycle else None
