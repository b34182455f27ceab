"""The page of one partner's own people, signed in or by a link: facts of their own, customers as far as the program opens.

No score, rank, chance, verdict or hours is read here at all, so none can be shown.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from nextplay.facts.contract import SELLING_KINDS
from nextplay.facts.scope import ScopedFacts
from nextplay.operations.installation import Installation
from nextplay.operations.partners.show_partner import ProfileEvent, ProfilePerson, events_of, people_of, require_partner
from nextplay.operations.plays.own_play import OwnPlay, OwnPromise, own_play, own_promises
from nextplay.operations.portal.scorecard import Card, shared_card
from nextplay.operations.viewer import Role, Viewer, require
from nextplay.program.partner_page import CustomerFields
from nextplay.signals.names import KINDS

# As many as a page can be read with; the count says how many there are.
MOST_DEALS = 25
# Who does these names the account.
_NAMED_BY_THEM = (*SELLING_KINDS, "target_list_shared", "outreach_sent", "outreach_replied")


@dataclass(frozen=True)
class OwnDeal:
    """A deal of the partner, as far as the program opens what is known of it; None where it is closed or not known.

    `amount` is in `currency`.
    """

    account: str | None
    industry: str | None
    region: str | None
    icp: bool | None
    product: str | None
    stage: str | None
    amount: float | None
    currency: str | None
    registered_at: date | None
    closed_at: date | None


@dataclass(frozen=True)
class PartnerPage:
    """What we see about a partner, for its own people."""

    partner_id: str
    name: str
    program: str
    # The address of the partner manager, and what to call them.
    manager: str | None
    manager_name: str | None
    opened: frozenset[str]
    deals: tuple[OwnDeal, ...]
    deals_in_all: int
    people: tuple[ProfilePerson, ...]
    events: tuple[ProfileEvent, ...]
    # The activation lines that were shared with them; none of the traits, which are ours.
    scorecard: Card | None
    play: OwnPlay | None
    promises: tuple[OwnPromise, ...]
    # Of the accounts of the play: what is open of each, by name.
    known: tuple[tuple[str, tuple[str, ...]], ...]


def show_partner_page(installation: Installation, viewer: Viewer, *, now: datetime) -> PartnerPage:
    """The page of the viewer's organization. Raises NotForThisViewer for everybody else, and where it is not in the facts."""
    require(viewer, Role.PARTNER)
    partner_id = viewer.partner_id or ""
    facts, found = require_partner(installation, viewer, partner_id, now=now)
    program, who, read = installation.program, found.row(0, named=True), installation.warehouse.read
    customer = program.partner_page.customer
    play = own_play(installation, partner_id)
    deals = read(_deals(facts, partner_id)).to_dicts()
    named = frozenset(row["account"] for row in deals if row["named"])
    named |= frozenset(read(_accounts_named(facts, partner_id))["account"].to_list())
    named |= frozenset(one.account for one in play.accounts) if play else frozenset()
    events = read(_known(events_of(facts, partner_id, team=False))).iter_rows(named=True)
    return PartnerPage(
        partner_id=partner_id,
        name=who["name"],
        program=program.name,
        manager=who["manager_email"],
        manager_name=program.capacity.name_of(who["manager_email"]) if who["manager_email"] else None,
        opened=customer.opened,
        deals=tuple(_deal(row, named, customer) for row in deals[:MOST_DEALS]),
        deals_in_all=len(deals),
        people=tuple(ProfilePerson(**row) for row in read(people_of(facts, partner_id)).iter_rows(named=True)),
        events=tuple(_event(ProfileEvent(**row), named, customer) for row in events),
        scorecard=shared_card(partner_id),
        play=play,
        promises=own_promises(partner_id),
        known=_known_accounts(installation, facts, play, customer),
    )


def _accounts_named(facts: ScopedFacts, partner_id: str) -> ir.Table:
    """Accounts that the partner named by what it did."""
    rows = facts.activities.filter(lambda t: (t.partner_id == partner_id) & t.kind.isin(_NAMED_BY_THEM) & t.account.notnull())
    return rows.select("account").distinct()


def _deals(facts: ScopedFacts, partner_id: str) -> ir.Table:
    """Newest first; `named` where the partner brought or registered it, and so named the account."""
    deals = facts.deals.filter(lambda t: t.partner_id == partner_id)
    accounts = facts.accounts.select("account", "region", "icp", known_industry="industry")
    joined = deals.left_join(accounts, "account").drop("account_right")
    moment = ibis.coalesce(joined.registered_at, joined.opened_at)
    brought = (joined.sourced_by == "partner").fill_null(False) | joined.registration.notnull()
    ordered = joined.mutate(named=brought & joined.account.notnull(), moment=moment)
    return ordered.order_by([ordered.moment.desc(nulls_first=False), ordered.deal_id]).select(
        "account",
        "named",
        "region",
        "icp",
        "product",
        "stage",
        "currency",
        industry=ibis.coalesce(ordered.industry, ordered.known_industry),
        amount=ordered.amount.cast("float64"),
        registered_at=ordered.moment.date(),
        closed_at=ordered.closed_at.date(),
    )


def _known_accounts(
    installation: Installation, facts: ScopedFacts, play: OwnPlay | None, customer: CustomerFields
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Industry, region and whether it fits, of the accounts of the play, as far as they are open."""
    opened = [name for name in ("industry", "region", "icp") if name in customer.opened]
    if play is None or not play.accounts or not opened:
        return ()
    accounts = facts.accounts
    rows = installation.warehouse.read(accounts.filter(accounts.account.isin([one.account for one in play.accounts])))
    fits = {True: "fits our ideal customer", False: "", None: ""}
    return tuple(
        (row["account"], tuple(text for text in (fits[row[name]] if name == "icp" else row[name] for name in opened) if text))
        for row in rows.iter_rows(named=True)
    )


def _known(events: ir.Table) -> ir.Table:
    """Kinds of the contract, their own documents, and changes: what else is on record is named in our words, not for them."""
    own = events.kind.startswith("document:") | events.kind.startswith("change:")
    return events.filter(events.kind.isin(KINDS) | own)


def _deal(row: dict[str, Any], named: frozenset[str], customer: CustomerFields) -> OwnDeal:
    """The row as far as it is open."""
    fields_of = {
        "industry": ("industry",),
        "region": ("region",),
        "icp": ("icp",),
        "product": ("product",),
        "deal_stage": ("stage",),
        "deal_amount": ("amount", "currency"),
        "deal_dates": ("registered_at", "closed_at"),
    }
    shown = {name for field in customer.opened for name in fields_of.get(field, ())}
    if row["account"] in named or "name" in customer.opened:
        shown.add("account")
    return OwnDeal(**{name: row[name] if name in shown else None for name in OwnDeal.__dataclass_fields__})


def _event(event: ProfileEvent, named: frozenset[str], customer: CustomerFields) -> ProfileEvent:
    """The event as far as it is open."""
    if event.account is None:
        return event
    account = event.account if event.account in named or "name" in customer.opened else None
    person = event.person if "contact" in customer.opened else None
    return ProfileEvent(event.on, event.kind, account, person, event.times, event.said)
