"""Which rows a criterion rests on: the newest few of each partner, so that a score can be checked against them."""

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.analysis import evidence
from nextplay.facts.scope import ScopedFacts

MOST_ROWS = 5
_SELLING_MONTHS = 6


def expressions(facts: ScopedFacts) -> tuple[ir.Table, ...]:
    """`partner_id`, `criterion`, `row` (table:key) and `at`: of each partner and criterion, a table, the newest five."""
    return (
        _of_people(facts),
        _of_activities(facts),
        _of_people_seen(facts),
        _of_selling(facts),
        _of_deals(facts),
        _of_accounts(facts),
    )


def gathered(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """One row a partner and criterion with rows: `rows`, newest first."""
    every = pl.concat(frames).sort(
        ["partner_id", "criterion", "at", "row"], descending=[False, False, True, False], nulls_last=True
    )
    return every.group_by("partner_id", "criterion", maintain_order=True).agg(rows=pl.col("row").head(MOST_ROWS))


def _of_people(facts: ScopedFacts) -> ir.Table:
    contacts = facts.contacts
    contacts = contacts.mutate(at=ibis.null("timestamp(6)"), row=ibis.literal("contacts:") + contacts.contact_id)
    tests = evidence.people_tests(contacts)
    return _newest(contacts, {"named_sellers": tests["sellers"], "lead_seller": tests["lead_sellers"]})


def _of_activities(facts: ScopedFacts) -> ir.Table:
    seen = facts.activities
    seen = seen.mutate(at=seen.occurred_at, row=ibis.literal("activities:") + seen.activity_id)
    tests = evidence.activity_tests(facts, seen)
    return _newest(
        seen,
        {
            "commitments_kept": tests["met"] | tests["missed"],
            "proposals_answered": tests["proposed"],
            "offer_in_own_words": tests["own_words"],
        },
    )


def _of_people_seen(facts: ScopedFacts) -> ir.Table:
    seen = evidence.with_people(facts)
    seen = seen.mutate(at=seen.occurred_at, row=ibis.literal("activities:") + seen.activity_id)
    tests = evidence.seen_tests(facts, seen)
    return _newest(seen, {"sponsor_seen": tests["executive_events"], "certified_people": tests["certified"]})


def _of_selling(facts: ScopedFacts) -> ir.Table:
    events = evidence.selling_events(facts)
    return _newest(events, {"selling_months": events.month < _SELLING_MONTHS})


def _of_deals(facts: ScopedFacts) -> ir.Table:
    deals = facts.deals
    moved = ibis.coalesce(deals.closed_at, deals.stage_changed_at, deals.opened_at)
    deals = deals.mutate(at=moved, row=ibis.literal("deals:") + deals.deal_id)
    tests = evidence.deal_tests(facts, deals)
    return _newest(
        deals,
        {
            "deals_per_seller": tests["open_deals"],
            "win_rate": tests["won"] | tests["lost"],
            "deals_that_move": tests["settled"],
        },
    )


def _of_accounts(facts: ScopedFacts) -> ir.Table:
    touched = evidence.accounts_touched(facts)
    touched = touched.mutate(at=ibis.null("timestamp(6)"), row=ibis.literal("accounts:") + touched.account)
    return _newest(touched, {"icp_accounts": touched.icp.notnull()})


def _newest(rows: ir.Table, criteria: dict[str, ir.BooleanValue]) -> ir.Table:
    """The newest of the rows that pass each criterion's test."""
    parts = [
        rows.filter(test).select(partner_id="partner_id", criterion=ibis.literal(name), row="row", at="at")
        for name, test in criteria.items()
    ]
    every = ibis.union(*parts) if len(parts) > 1 else parts[0]
    place = ibis.row_number().over(
        group_by=[every.partner_id, every.criterion], order_by=[ibis.desc(every["at"], nulls_first=False), every["row"]]
    )
    ranked = every.mutate(place=place)
    return ranked.filter(ranked.place < MOST_ROWS).drop("place")
