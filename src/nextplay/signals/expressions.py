"""Named expressions over the facts of a scope: one pass per table, long form, exact whole numbers and decimals only.

Nothing here depends on the order of rows or of text, so that every engine answers the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import ibis

from nextplay.facts.contract import OPEN_STAGES, OURS, SELLING_KINDS, VANITY_KINDS
from nextplay.facts.scope import ScopedFacts
from nextplay.signals.names import KINDS, PLAY_MADE_KINDS, PROMISE_DAYS, QUALIFIED_STAGES, RIPE_DAYS, STALLED_DAYS, WINDOWS
from nextplay.values.period import end_of


def everyone(facts: ScopedFacts) -> ibis.Table:
    """One row a partner: its partner_id."""
    return facts.partner_ids


def profiles(facts: ScopedFacts) -> ibis.Table:
    """One row a partner: what it is, and when it reached each step."""
    return facts.partners[
        [
            "partner_id",
            "name",
            "segment",
            "tier",
            "lifecycle_stage",
            "manager_email",
            "employee_count",
            "signed_at",
            "onboarded_at",
            "enabled_at",
        ]
    ]


def activity_counts(facts: ScopedFacts, kinds: Sequence[str] = KINDS) -> ibis.Table:
    """One row a partner and kind of these: counts over 30, 90, 180 and 270 days, first and last time."""
    activities = facts.activities
    made_by_play = activities.play.notnull() & activities.kind.isin(PLAY_MADE_KINDS)
    activities = activities.filter(activities.kind.isin(kinds) & ~made_by_play)
    counts = {
        f"n{days}": activities.count(where=activities.occurred_at >= facts.day_end(days)) for days in (*WINDOWS, PROMISE_DAYS)
    }
    return activities.group_by("partner_id", "kind").agg(
        **counts, first_at=activities.occurred_at.min(), last_at=activities.occurred_at.max()
    )


def kinds_told(facts: ScopedFacts) -> ibis.Table:
    """One row: activities of the last 365 days, and how many of them are of kinds that feed no signal."""
    activities = facts.activities.filter(lambda t: t.occurred_at >= facts.day_end(365))
    # What we promised a partner is kept for us, not read of it.
    unread = activities.kind.notin(KINDS) & ~activities.kind.startswith(OURS)
    return activities.aggregate(activities=activities.count(), unread=activities.count(where=unread))


def selling_days(facts: ScopedFacts) -> ibis.Table:
    """One row a partner: different days on which it sold, first and last of them, all time and over 365 days."""
    activities, deals = facts.activities, brought(facts)
    acted = activities.filter(activities.kind.isin(SELLING_KINDS))
    acted = acted.select(partner_id=acted.partner_id, day=acted.occurred_at.truncate("D"))
    sold = deals.filter(deals.moment.notnull()).select(partner_id="partner_id", day=lambda t: t.moment.truncate("D"))
    days = ibis.union(acted, sold, distinct=True)
    year = days.day >= facts.day_end(365)
    return days.group_by("partner_id").agg(
        selling_days=days.count(),
        selling_days_365=days.count(where=year),
        first_in_year=days.day.min(where=year),
        last_selling=days.day.max(),
    )


def sold_after(facts: ScopedFacts, ago: int, days: int) -> ibis.Table:
    """partner_id of everyone with a selling activity, or a deal brought, in so many days after the day `ago` days back."""
    first, until = facts.day_end(ago), facts.day_end(ago - days)
    activities, deals = facts.activities, brought(facts)
    acted = activities.filter(
        activities.kind.isin(SELLING_KINDS) & (activities.occurred_at >= first) & (activities.occurred_at < until)
    )
    sold = deals.filter((deals.moment >= first) & (deals.moment < until))
    return ibis.union(acted[["partner_id"]], sold[["partner_id"]], distinct=True)


def brought_after(facts: ScopedFacts, day: date, days: int) -> ibis.Table:
    """One row a partner: deals it brought in so many days after a day, and their value where it is known."""
    deals = facts.deals
    moment = ibis.coalesce(deals.opened_at, deals.registered_at)
    first = ibis.literal(end_of(day), "timestamp(6)")
    until = ibis.literal(end_of(day + timedelta(days=days)), "timestamp(6)")
    brought = deals.filter(_own(deals) & (moment >= first) & (moment < until))
    return brought.group_by("partner_id").agg(deals=brought.count(), value=brought.value.sum())


def deal_counts(facts: ScopedFacts) -> ibis.Table:
    """One row a partner: deals by state and window, with values."""
    deals = facts.deals
    moment = ibis.coalesce(deals.opened_at, deals.registered_at)
    moved = ibis.coalesce(deals.stage_changed_at, deals.opened_at, deals.registered_at)
    own = _own(deals)
    is_open, is_won, is_lost = deals.state == "open", deals.state == "won", deals.state == "lost"
    ended = ibis.coalesce(deals.closed_at, deals.stage_changed_at)
    stalled = is_open & (moved < facts.day_end(STALLED_DAYS)).fill_null(False)
    lately = (ended >= facts.day_end(365)).fill_null(False)
    return deals.group_by("partner_id").agg(
        **_opened(facts, deals, own, moment),
        deals_open=deals.count(where=is_open),
        deals_won_90=deals.count(where=is_won & (ended >= facts.day_end(90))),
        deals_won_180=deals.count(where=is_won & (ended >= facts.day_end(180))),
        deals_won_365=deals.count(where=is_won & lately),
        deals_lost_365=deals.count(where=is_lost & lately),
        open_value=deals.value.sum(where=is_open),
        stalled_deals=deals.count(where=stalled),
        stalled_value=deals.value.sum(where=stalled),
        stalled_largest=deals.value.max(where=stalled),
        customers=deals.account.nunique(where=is_won),
        first_deal=moment.min(),
    )


def qualified(facts: ScopedFacts) -> ibis.Table:
    """One row a partner: deals it brought in a year that are old enough to have qualified, and those that did."""
    deals = ripe_deals(facts)
    return deals.group_by("partner_id").agg(ripe_deals_365=deals.count(), qualified_deals_365=deals.count(where=deals.reached))


def ripe_deals(facts: ScopedFacts) -> ibis.Table:
    """Deals behind `qualified`, with `moment` and `reached`; without lost ones of which nobody recorded how far they came."""
    deals, changes = facts.deals, facts.changes
    moment = ibis.coalesce(deals.opened_at, deals.registered_at)
    inside = (moment >= facts.day_end(365)) & (moment < facts.day_end(RIPE_DAYS))
    deals = deals.filter(_own(deals) & inside.fill_null(False)).mutate(moment=moment)
    staged = changes.filter((changes.entity == "deal") & (changes.field == "stage"))
    further = (staged.new.isin(QUALIFIED_STAGES) | staged.old.isin(QUALIFIED_STAGES)).fill_null(False)
    passed = staged.group_by(changed=staged.entity_id).agg(passed=further.ifelse(1, 0).max())
    deals = deals.left_join(passed, deals.deal_id == passed.changed)
    known = deals.stage.isin((*OPEN_STAGES, "won")).fill_null(False) | deals.passed.notnull()
    reached = deals.stage.isin(QUALIFIED_STAGES).fill_null(False) | (deals.passed == 1).fill_null(False)
    return deals.mutate(reached=reached).filter(known)


def opened(facts: ScopedFacts) -> ibis.Table:
    """One row a partner: deals it brought, by window; of `deal_counts` only these."""
    deals = brought(facts)
    return deals.group_by("partner_id").agg(**_opened(facts, deals, ibis.literal(value=True), deals.moment))


def _opened(
    facts: ScopedFacts, deals: ibis.Table, own: ibis.expr.types.BooleanValue, moment: ibis.expr.types.TimestampValue
) -> dict[str, ibis.expr.types.IntegerScalar]:
    return {f"opened_{days}": deals.count(where=own & (moment >= facts.day_end(days))) for days in WINDOWS}


def deal_sizes(facts: ScopedFacts) -> ibis.Table:
    """One row a partner and amount: how many deals have it. Logarithms are taken outside, where they are the same for all."""
    deals = facts.deals
    deals = deals.filter(deals.value > 0)
    return deals.group_by("partner_id", "value").agg(deals=deals.count())


def revenue_sums(facts: ScopedFacts) -> ibis.Table:
    """One row a partner: revenue of the last 180 days and of the 180 before."""
    revenue = facts.revenue
    now = revenue.recognized_at >= facts.day_end(180)
    before = (revenue.recognized_at >= facts.day_end(360)) & ~now
    return revenue.group_by("partner_id").agg(
        revenue_180=revenue.value.sum(where=now), revenue_before_180=revenue.value.sum(where=before)
    )


def people(facts: ScopedFacts) -> ibis.Table:
    """One row a partner and role: how many people."""
    contacts = facts.contacts
    return contacts.group_by("partner_id", "role").agg(people=contacts.count())


def lead_sellers(facts: ScopedFacts) -> ibis.Table:
    """Names of lead sellers."""
    contacts = facts.contacts
    return contacts.filter((contacts.role == "lead_seller") & contacts.name.notnull())[["partner_id", "name"]]


def people_seen(facts: ScopedFacts) -> ibis.Table:
    """One row a partner and role: activities in 180 days, and different people in them and in 60.

    Who logs in, trains or attends a webinar is not seen at work.
    """
    activities = facts.activities
    at_work = activities.contact_id.notnull() & activities.kind.notin(VANITY_KINDS)
    lately = activities.filter(at_work & (activities.occurred_at >= facts.day_end(180)))
    lately = lately.select("partner_id", "contact_id", "occurred_at")
    roles = facts.contacts[["contact_id", "role"]]
    seen = lately.inner_join(roles, "contact_id")
    return seen.group_by("partner_id", "role").agg(
        events=seen.count(),
        people_180=seen.contact_id.nunique(),
        people_60=seen.contact_id.nunique(where=seen.occurred_at >= facts.day_end(60)),
    )


def responses(facts: ScopedFacts) -> ibis.Table:
    """One row a partner: steps proposed in 180 days, how many were answered since, seconds to answers and seconds waited."""
    activities = facts.activities
    kinds = ("step_proposed", "step_accepted", "step_declined")
    steps = activities.filter(activities.kind.isin(kinds) & (activities.occurred_at >= facts.day_end(180)))
    proposed = steps.kind == "step_proposed"
    steps = steps.select(
        partner_id=steps.partner_id,
        at=steps.occurred_at.truncate("s"),
        turn=proposed.ifelse(0, 1),
        answer=proposed.ifelse(ibis.null("timestamp(6)"), steps.occurred_at.truncate("s")),
    )
    ahead = ibis.window(group_by=steps.partner_id, order_by=[steps.at, steps.turn], preceding=0, following=None)
    steps = steps.mutate(answered_at=steps.answer.min().over(ahead))
    proposals = steps.filter(steps.turn == 0)
    answered = proposals.answered_at.notnull()
    until = ibis.coalesce(proposals.answered_at, facts.day_end())
    return proposals.group_by("partner_id").agg(
        proposals_180=proposals.count(),
        answered_180=proposals.count(where=answered),
        seconds=(until.epoch_seconds() - proposals.at.epoch_seconds()).sum(),
    )


def brought(facts: ScopedFacts) -> ibis.Table:
    """One row a deal that a partner brought: the moment it opened, else was registered."""
    deals = facts.openings
    return deals.filter(_own(deals)).select(partner_id="partner_id", moment=ibis.coalesce(deals.opened_at, deals.registered_at))


def _own(deals: ibis.Table) -> ibis.expr.types.BooleanValue:
    # Influenced deals are ours: the partner helped, but did not sell.
    return deals.sourced_by.isnull() | (deals.sourced_by != "influenced")
