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


def profiles(facts: ScopedFacts) -> ir.Table:
    """One row a partner: size and what it covers."""
    return facts.partners[["partner_id", "name", "lifecycle_stage", "employee_count", "regions", "verticals", "offerings"]]


def people(facts: ScopedFacts) -> ir.Table:
    """One row a partner with people on record: how many, and in which roles."""
    contacts = facts.contacts
    return contacts.group_by("partner_id").agg(
        people=contacts.count(),
        sellers=contacts.count(where=contacts.role.isin(("lead_seller", "seller"))),
        lead_sellers=contacts.count(where=contacts.role == "lead_seller"),
        executives=contacts.count(where=contacts.role == "executive"),
    )


def people_seen(facts: ScopedFacts) -> ir.Table:
    """One row a partner whose people were seen: lead sellers in 60 days, executives in 180, certified people in a year.

    A login, a webinar or a badge is not being seen.
    """
    activities = facts.activities
    activities = activities.filter(activities.contact_id.notnull() & (activities.occurred_at >= _before(facts, YEAR)))
    activities = activities.select("partner_id", "contact_id", "kind", "occurred_at")
    seen = activities.inner_join(facts.contacts[["contact_id", "role"]], "contact_id")
    worked = ~seen.kind.isin(VANITY_KINDS)
    lead = worked & (seen.role == "lead_seller") & (seen.occurred_at >= _before(facts, 60))
    executive = worked & (seen.role == "executive") & (seen.occurred_at >= _before(facts, HALF_YEAR))
    return seen.group_by("partner_id").agg(
        lead_sellers_seen=seen.contact_id.nunique(where=lead),
        executive_events=seen.count(where=executive),
        certified=seen.contact_id.nunique(where=seen.kind == "certification_earned"),
    )


def activities(facts: ScopedFacts) -> ir.Table:
    """One row a partner with activities: promises, proposals and answers, offers in own words."""
    seen = facts.activities
    lately, promised = seen.occurred_at >= _before(facts, HALF_YEAR), seen.occurred_at >= _before(facts, PROMISE_DAYS)
    return seen.group_by("partner_id").agg(
        activities=seen.count(),
        met=seen.count(where=promised & (seen.kind == "commitment_met")),
        missed=seen.count(where=promised & (seen.kind == "commitment_missed")),
        proposed=seen.count(where=lately & (seen.kind == "step_proposed")),
        answered=seen.count(where=lately & seen.kind.isin(("step_accepted", "step_declined"))),
        own_words=seen.count(where=seen.kind.isin(_OWN_WORDS) & (seen.occurred_at >= _before(facts, YEAR))),
        lists=seen.count(where=lately & (seen.kind == "target_list_shared")),
    )


def selling_months(facts: ScopedFacts) -> ir.Table:
    """One row a partner that sold within a year: different months with a selling event, of the last 180 days and of the year.

    A selling event is an activity of a selling kind, or a deal that the partner brought. A month is 30 days back from the day.
    """
    seen, deals = facts.activities, facts.deals
    acted = seen.filter(seen.kind.isin(SELLING_KINDS)).select(partner_id="partner_id", at="occurred_at")
    own = deals.sourced_by.isnull() | (deals.sourced_by != "influenced")
    brought = deals.filter(own & deals.opened_at.notnull()).select(partner_id="partner_id", at="opened_at")
    events = acted.union(brought)
    events = events.filter(events.at >= _before(facts, YEAR))
    cutoff = ibis.literal(facts.scope.cutoff, "timestamp(6)")
    age = ((cutoff.epoch_seconds() - events.at.epoch_seconds()) / 86_400).floor().cast("int64")
    events = events.mutate(month=(age / 30).floor().cast("int64"))
    return events.group_by("partner_id").agg(
        selling_months=events.month.nunique(where=events.month < 6), selling_events=events.count()
    )


def deals(facts: ScopedFacts) -> ir.Table:
    """One row a partner with deals: open, won and lost in two years, and how far the settled ones of a year got."""
    rows = facts.deals
    ended = ibis.coalesce(rows.closed_at, rows.stage_changed_at, rows.opened_at) >= _before(facts, TWO_YEARS)
    settled = (rows.opened_at < _before(facts, SETTLED_DAYS)) & (rows.opened_at >= _before(facts, YEAR + SETTLED_DAYS))
    return rows.group_by("partner_id").agg(
        open_deals=rows.count(where=rows.state == "open"),
        won=rows.count(where=(rows.state == "won") & ended),
        lost=rows.count(where=(rows.state == "lost") & ended),
        settled=rows.count(where=settled),
        reached=rows.count(where=settled & rows.stage.isin(_REACHED)),
    )


def accounts(facts: ScopedFacts) -> ir.Table:
    """One row a partner whose deals name accounts we know: how many of the accounts, and how many fit the ideal customer."""
    known = facts.accounts.filter(lambda table: table.icp.notnull())[["account", "icp"]]
    touched = facts.deals[["partner_id", "account"]].distinct().inner_join(known, "account")
    return touched.group_by("partner_id").agg(accounts=touched.count(), icp_accounts=touched.count(where=touched.icp))


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


def _before(facts: ScopedFacts, days: int) -> ir.TimestampScalar:
    return ibis.literal(facts.scope.cutoff - timedelta(days=days), "timestamp(6)")
