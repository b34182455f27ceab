"""The signals pass as somebody would write it by hand for DuckDB: one statement, a common table expression a fact table.

It makes the same numbers as `signals.compute`, so that one time may be held against the other. Times are literals of the day, as
a careful hand would write them.
"""

from datetime import date, timedelta

from nextplay.facts.contract import SELLING_KINDS
from nextplay.signals.names import KINDS, PLAY_MADE_KINDS, WINDOWS
from nextplay.values.period import end_of


def signals_by_hand(day: date) -> str:
    """One row a partner."""
    end = end_of(day)

    def since(days: int) -> str:
        return f"TIMESTAMP '{end - timedelta(days=days)}'"

    def listed(kinds: tuple[str, ...]) -> str:
        return ", ".join(f"'{kind}'" for kind in kinds)

    def counted(kind: str, days: int) -> str:
        return f"count(*) FILTER (kind = '{kind}' AND occurred_at >= {since(days)}) AS {kind}_{days}"

    counts = [counted(kind, days) for kind in KINDS for days in WINDOWS]
    counts += [counted(f"commitment_{word}", 270) for word in ("met", "missed")]
    last = [f"max(occurred_at) FILTER (kind = '{kind}') AS last_{kind}" for kind in KINDS]
    own = "(sourced_by IS NULL OR sourced_by <> 'influenced')"
    brought = f"count(*) FILTER ({own} AND coalesce(opened_at, registered_at) >="
    opened = [f"{brought} {since(days)}) AS opened_{days}" for days in WINDOWS]
    still = f"stage NOT IN ('won', 'lost') AND coalesce(stage_changed_at, opened_at) < {since(45)}"
    chosen = "role IN ('lead_seller', 'seller')"
    return f"""
    WITH acts AS (
      SELECT partner_id, {", ".join(counts)}, {", ".join(last)}, min(occurred_at) AS first_at FROM activities
      WHERE kind IN ({listed(KINDS)}) AND NOT (play IS NOT NULL AND kind IN ({listed(PLAY_MADE_KINDS)})) GROUP BY partner_id
    ), days AS (
      SELECT partner_id, date_trunc('day', occurred_at) AS day FROM activities WHERE kind IN ({listed(SELLING_KINDS)})
      UNION SELECT partner_id, date_trunc('day', coalesce(opened_at, registered_at)) FROM deals
      WHERE partner_id IS NOT NULL AND {own} AND coalesce(opened_at, registered_at) IS NOT NULL
    ), selling AS (
      SELECT partner_id, count(*) AS selling_days, count(*) FILTER (day >= {since(365)}) AS selling_days_365,
        min(day) FILTER (day >= {since(365)}) AS first_in_year, max(day) AS last_selling FROM days GROUP BY partner_id
    ), worth AS (
      SELECT partner_id, {", ".join(opened)}, count(*) FILTER (stage NOT IN ('won', 'lost')) AS deals_open,
        count(*) FILTER (stage = 'won' AND coalesce(closed_at, stage_changed_at) >= {since(90)}) AS deals_won_90,
        count(*) FILTER (stage = 'won' AND coalesce(closed_at, stage_changed_at) >= {since(180)}) AS deals_won_180,
        count(*) FILTER (stage = 'won' AND coalesce(closed_at, stage_changed_at) >= {since(365)}) AS deals_won_365,
        count(*) FILTER (stage = 'lost' AND coalesce(closed_at, stage_changed_at) >= {since(365)}) AS deals_lost_365,
        sum(amount) FILTER (stage NOT IN ('won', 'lost')) AS open_value,
        count(*) FILTER ({still}) AS stalled_deals,
        sum(amount) FILTER ({still}) AS stalled_value,
        count(DISTINCT account) FILTER (stage = 'won') AS customers, count(*) FILTER (amount > 0) AS sized_deals,
        sum(amount) FILTER (amount > 0) AS sized_value, avg(ln(amount)) FILTER (amount > 0) AS log_size,
        min(coalesce(opened_at, registered_at)) AS first_deal
      FROM deals WHERE partner_id IS NOT NULL GROUP BY partner_id
    ), earned AS (
      SELECT partner_id, sum(amount) FILTER (recognized_at >= {since(180)}) AS revenue_180,
        sum(amount) FILTER (recognized_at >= {since(360)} AND recognized_at < {since(180)}) AS revenue_before_180
      FROM revenue WHERE partner_id IS NOT NULL GROUP BY partner_id
    ), persons AS (
      SELECT partner_id, count(*) AS contacts, count(*) FILTER (role IN ('lead_seller', 'seller')) AS sellers,
        count(*) FILTER (role = 'executive') AS executives, min(name) FILTER (role = 'lead_seller') AS lead_seller
      FROM contacts GROUP BY partner_id
    ), seen AS (
      SELECT a.partner_id, count(*) FILTER (role = 'executive') AS executive_seen_180,
        count(DISTINCT a.contact_id) FILTER ({chosen}) AS sellers_active_180,
        count(DISTINCT a.contact_id) FILTER ({chosen} AND occurred_at >= {since(60)}) AS sellers_active_60
      FROM activities a JOIN contacts c USING (contact_id) WHERE occurred_at >= {since(180)} GROUP BY a.partner_id
    ), steps AS (
      SELECT partner_id, occurred_at, kind, min(CASE WHEN kind <> 'step_proposed' THEN occurred_at END) OVER (
        PARTITION BY partner_id ORDER BY occurred_at, kind <> 'step_proposed' ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS answered_at FROM activities
      WHERE kind IN ('step_proposed', 'step_accepted', 'step_declined') AND occurred_at >= {since(180)}
    ), answers AS (
      SELECT partner_id, count(*) AS proposals_180, count(answered_at) AS answered_180,
        sum(epoch(coalesce(answered_at, TIMESTAMP '{end}')) - epoch(occurred_at)) AS seconds
      FROM steps WHERE kind = 'step_proposed' GROUP BY partner_id
    )
    SELECT p.partner_id, p.name, p.segment, p.tier, p.lifecycle_stage, p.manager_email, p.employee_count, p.signed_at,
      p.onboarded_at, p.enabled_at, acts.* EXCLUDE partner_id, selling.* EXCLUDE partner_id, worth.* EXCLUDE partner_id,
      earned.* EXCLUDE partner_id, persons.* EXCLUDE partner_id, seen.* EXCLUDE partner_id, answers.* EXCLUDE partner_id
    FROM partners p LEFT JOIN acts USING (partner_id) LEFT JOIN selling USING (partner_id) LEFT JOIN worth USING (partner_id)
    LEFT JOIN earned USING (partner_id) LEFT JOIN persons USING (partner_id) LEFT JOIN seen USING (partner_id)
    LEFT JOIN answers USING (partner_id) ORDER BY p.partner_id
    """
