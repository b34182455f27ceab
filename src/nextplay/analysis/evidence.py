"""What the facts say of each partner for the rubric: one pass per fact table, exact counts and decimals."""

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from nextplay.facts.contract import SELLING_KINDS, VANITY_KINDS
from nextplay.facts.scope import ScopedFacts

# Promises are judged over nine months: shorter windows hold too few of them.
PROMISE_DAYS = 270
HALF_YEAR, YEAR, TWO_YEARS = 180, 365, 730
# A deal this young may still move: it says nothing yet of how far their deals get.
SETTLED_DAYS = 60
_REACHED = ("proposal", "negotiation", "won")
_OWN_WORDS = ("narrative_shared",)

# What rows count as: the same tests count them and name them as evidence.
Tests = dict[str, ir.BooleanValue]


def profiles(facts: ScopedFacts) -> ir.Table:
    """One row a partner: size and what it covers."""
    return facts.partners[["partner_id", "name", "lifecycle_stage", "employee_count", "regions", "verticals", "offerings"]]


def people(facts: ScopedFacts) -> ir.Table:
    """One row a partner with people on record: how many, and in which roles."""
    contacts = facts.contacts
    return _counted(contacts, people_tests(contacts))


def people_tests(contacts: ir.Table) -> Tests:
    """Which people on record count as what."""
    return {
        "people": contacts.contact_id.notnull(),
        "sellers": contacts.role.isin(("lead_seller", "seller")),
        "lead_sellers": contacts.role == "lead_seller",
        "executives": contacts.role == "executive",
    }


def people_seen(facts: ScopedFacts) -> ir.Table:
    """One row a partner whose people were seen: lead sellers in 60 days, executives in 180, certified people in a year."""
    seen = with_people(facts)
    tests = seen_tests(facts, seen)
    return seen.group_by("partner_id").agg(
        lead_sellers_seen=seen.contact_id.nunique(where=tests["lead_sellers_seen"]),
        executive_events=seen.count(where=tests["executive_events"]),
        certified=seen.contact_id.nunique(where=tests["certified"]),
    )


def with_people(facts: ScopedFacts) -> ir.Table:
    """Activities of a year by people on record, with their role."""
    activities = facts.activities
    activities = activities.filter(activities.contact_id.notnull() & (activities.occurred_at >= _before(facts, YEAR)))
    activities = activities.select("activity_id", "partner_id", "contact_id", "kind", "occurred_at")
    return activities.inner_join(facts.contacts[["contact_id", "role"]], "contact_id")


def seen_tests(facts: ScopedFacts, seen: ir.Table) -> Tests:
    """Which of `with_people` show somebody at work. A login, a webinar or a badge is not being seen."""
    worked = ~seen.kind.isin(VANITY_KINDS)
    return {
        "lead_sellers_seen": worked & (seen.role == "lead_seller") & (seen.occurred_at >= _before(facts, 60)),
        "executive_events": worked & (seen.role == "executive") & (seen.occurred_at >= _before(facts, HALF_YEAR)),
        "certified": seen.kind == "certification_earned",
    }


def activities(facts: ScopedFacts) -> ir.Table:
    """One row a partner with activities: promises, proposals and answers, offers in own words."""
    return _counted(facts.activities, activity_tests(facts, facts.activities))


def activity_tests(facts: ScopedFacts, seen: ir.Table) -> Tests:
    """Which activities count as what."""
    lately, promised = seen.occurred_at >= _before(facts, HALF_YEAR), seen.occurred_at >= _before(facts, PROMISE_DAYS)
    return {
        "met": promised & (seen.kind == "commitment_met"),
        "missed": promised & (seen.kind == "commitment_missed"),
        "proposed": lately & (seen.kind == "step_proposed"),
        "answered": lately & seen.kind.isin(("step_accepted", "step_declined")),
        "own_words": seen.kind.isin(_OWN_WORDS) & (seen.occurred_at >= _before(facts, YEAR)),
    }


def selling_months(facts: ScopedFacts) -> ir.Table:
    """One row a partner that sold within a year: months of the last six with a selling event, and all events of the year."""
    events = selling_events(facts)
    return events.group_by("partner_id").agg(
        selling_months=events.month.nunique(where=events.month < 6), selling_events=events.count()
    )


def selling_events(facts: ScopedFacts) -> ir.Table:
    """Selling events of a year, with their row and the month they fell in, counted back from the day in steps of 30 days.

    A selling event is an activity of a selling kind, or a deal that the partner brought.
    """
    seen, deals = facts.activities, facts.deals
    acted = seen.filter(seen.kind.isin(SELLING_KINDS))
    acted = acted.select(partner_id="partner_id", at="occurred_at", row=ibis.literal("activities:") + acted.activity_id)
    own = deals.sourced_by.isnull() | (deals.sourced_by != "influenced")
    brought = deals.filter(own & deals.opened_at.notnull())
    brought = brought.select(partner_id="partner_id", at="opened_at", row=ibis.literal("deals:") + brought.deal_id)
    events = acted.union(brought)
    events = events.filter(events.at >= _before(facts, YEAR))
    cutoff = ibis.literal(facts.scope.cutoff, "timestamp(6)")
    age = ((cutoff.epoch_seconds() - events.at.epoch_seconds()) / 86_400).floor().cast("int64")
    return events.mutate(month=(age / 30).floor().cast("int64"))


def deals(facts: ScopedFacts) -> ir.Table:
    """One row a partner with deals: open, won and lost in two years, and how far the settled ones of a year got."""
    return _counted(facts.deals, deal_tests(facts, facts.deals))


def deal_tests(facts: ScopedFacts, rows: ir.Table) -> Tests:
    """Which deals count as what."""
    ended = ibis.coalesce(rows.closed_at, rows.stage_changed_at, rows.opened_at) >= _before(facts, TWO_YEARS)
    settled = (rows.opened_at < _before(facts, SETTLED_DAYS)) & (rows.opened_at >= _before(facts, YEAR + SETTLED_DAYS))
    return {
        "open_deals": rows.state == "open",
        "won": (rows.state == "won") & ended,
        "lost": (rows.state == "lost") & ended,
        "settled": settled,
        "reached": settled & rows.stage.isin(_REACHED),
    }


def accounts(facts: ScopedFacts) -> ir.Table:
    """One row a partner whose deals name accounts we know: how many of the accounts, and how many fit the ideal customer."""
    touched = accounts_touched(facts)
    return touched.group_by("partner_id").agg(accounts=touched.count(), icp_accounts=touched.count(where=touched.icp))


def accounts_touched(facts: ScopedFacts) -> ir.Table:
    """Accounts of which we know whether they fit, by partner with a deal there."""
    known = facts.accounts.filter(lambda table: table.icp.notnull())[["account", "icp"]]
    return facts.deals[["partner_id", "account"]].distinct().inner_join(known, "account")


def demand(facts: ScopedFacts, column: str) -> ir.Table:
    """One row a value of deals' `industry`, `region` or `product`: value of open pipeline and of deals won in two years."""
    rows = facts.deals
    if column == "region":
        regions = facts.accounts.filter(lambda table: table.region.notnull())[["account", "region"]]
        rows = rows.inner_join(regions, "account")
    recent = ibis.coalesce(rows.closed_at, rows.stage_changed_at, rows.opened_at) >= _before(facts, TWO_YEARS)
    counts = (rows.state == "open") | ((rows.state == "won") & recent)
    rows = rows.filter(counts & rows[column].notnull())
    return rows.group_by(thing=rows[column]).agg(value=rows.value.sum(), deals=rows.count())


def _counted(rows: ir.Table, tests: Tests) -> ir.Table:
    return rows.group_by("partner_id").agg(**{name: rows.count(where=test) for name, test in tests.items()})


def _before(facts: ScopedFacts, days: int) -> ir.TimestampScalar:
    return ibis.literal(facts.scope.cutoff - timedelta(days=days), "timestamp(6)")
