"""The signals pass as somebody would write it by hand for DuckDB: one statement, a common table expression a fact table.

It makes the same numbers as `signals.compute`, so that one time may be held against the other. Times are literals of the day,
as a careful hand would write them.
"""

from datetime import date, timedelta

from nextplay.facts.contract import SELLING_KINDS, VANITY_KINDS
from nextplay.signals.names import KINDS, PLAY_MADE_KINDS, WINDOWS
from nextplay.values.period import end_of

OWN = "(sourced_by IS NULL OR sourced_by <> 'influenced')"
STANDS = "stage NOT IN ('won', 'lost')"
SELLS = "role IN ('lead_seller', 'seller')"
OPENED, ENDED = "coalesce(opened_at, registered_at)", "coalesce(closed_at, stage_changed_at)"


def signals_by_hand(day: date) -> str:
    """One row a partner."""
    return f"""
    WITH acts AS ({_acts(day)}), selling AS ({_selling(day)}), worth AS ({_worth(day)}), earned AS ({_earned(day)}),
    persons AS (
      SELECT partner_id, count(*) AS contacts, count(*) FILTER ({SELLS}) AS sellers,
        count(*) FILTER (role = 'executive') AS executives, min(name) FILTER (role = 'lead_seller') AS lead_seller
      FROM contacts GROUP BY partner_id
    ), seen AS ({_seen(day)}), answers AS ({_answers(day)})
    SELECT p.partner_id, p.name, p.segment, p.tier, p.lifecycle_stage, p.manager_email, p.employee_count, p.signed_at,
      p.onboarded_at, p.enabled_at, acts.* EXCLUDE partner_id, selling.* EXCLUDE partner_id, worth.* EXCLUDE partner_id,
      earned.* EXCLUDE partner_id, persons.* EXCLUDE partner_id, seen.* EXCLUDE partner_id, answers.* EXCLUDE partner_id
    FROM partners p LEFT JOIN acts USING (partner_id) LEFT JOIN selling USING (partner_id) LEFT JOIN worth USING (partner_id)
    LEFT JOIN earned USING (partner_id) LEFT JOIN persons USING (partner_id) LEFT JOIN seen USING (partner_id)
    LEFT JOIN answers USING (partner_id) ORDER BY p.partner_id
    """


def _acts(day: date) -> str:
    windows = [(kind, days) for kind in KINDS for days in WINDOWS] + [("commitment_met", 270), ("commitment_missed", 270)]
    counts = [
        f"count(*) FILTER (kind = '{kind}' AND occurred_at >= {_since(day, days)}) AS {kind}_{days}" for kind, days in windows
    ]
    last = [f"max(occurred_at) FILTER (kind = '{kind}') AS last_{kind}" for kind in KINDS]
    return f"""
      SELECT partner_id, {", ".join(counts)}, {", ".join(last)}, min(occurred_at) AS first_at FROM activities
      WHERE kind IN ({_listed(KINDS)}) AND NOT (play IS NOT NULL AND kind IN ({_listed(PLAY_MADE_KINDS)})) GROUP BY partner_id
    """


def _selling(day: date) -> str:
    return f"""
      SELECT partner_id, count(*) AS selling_days, count(*) FILTER (day >= {_since(day, 365)}) AS selling_days_365,
        min(day) FILTER (day >= {_since(day, 365)}) AS first_in_year, max(day) AS last_selling
      FROM (
        SELECT partner_id, date_trunc('day', occurred_at) AS day FROM activities WHERE kind IN ({_listed(SELLING_KINDS)})
        UNION SELECT partner_id, date_trunc('day', {OPENED}) FROM deals
        WHERE partner_id IS NOT NULL AND {OWN} AND {OPENED} IS NOT NULL
      ) GROUP BY partner_id
    """


def _worth(day: date) -> str:
    opened = [f"count(*) FILTER ({OWN} AND {OPENED} >= {_since(day, days)}) AS opened_{days}" for days in WINDOWS]
    stalled = f"{STANDS} AND coalesce(stage_changed_at, opened_at) < {_since(day, 45)}"
    closed = [
        f"count(*) FILTER (stage = '{stage}' AND {ENDED} >= {_since(day, days)}) AS deals_{stage}_{days}"
        for stage, days in (("won", 90), ("won", 180), ("won", 365), ("lost", 365))
    ]
    return f"""
      SELECT partner_id, {", ".join(opened)}, {", ".join(closed)}, count(*) FILTER ({STANDS}) AS deals_open,
        sum(amount) FILTER ({STANDS}) AS open_value, count(*) FILTER ({stalled}) AS stalled_deals,
        sum(amount) FILTER ({stalled}) AS stalled_value, max(amount) FILTER ({stalled}) AS stalled_largest,
        count(DISTINCT account) FILTER (stage = 'won') AS customers,
        count(*) FILTER (amount > 0) AS sized_deals, sum(amount) FILTER (amount > 0) AS sized_value,
        avg(ln(amount)) FILTER (amount > 0) AS log_size, min({OPENED}) AS first_deal
      FROM deals WHERE partner_id IS NOT NULL GROUP BY partner_id
    """


def _earned(day: date) -> str:
    now, before = f"recognized_at >= {_since(day, 180)}", f"recognized_at >= {_since(day, 360)}"
    return f"""
      SELECT partner_id, sum(amount) FILTER ({now}) AS revenue_180,
        sum(amount) FILTER ({before} AND NOT {now}) AS revenue_before_180
      FROM revenue WHERE partner_id IS NOT NULL GROUP BY partner_id
    """


def _seen(day: date) -> str:
    return f"""
      SELECT a.partner_id, count(*) FILTER (role = 'executive') AS executive_seen_180,
        count(DISTINCT a.contact_id) FILTER ({SELLS}) AS sellers_active_180,
        count(DISTINCT a.contact_id) FILTER ({SELLS} AND occurred_at >= {_since(day, 60)}) AS sellers_active_60
      FROM activities a JOIN contacts c USING (contact_id) WHERE occurred_at >= {_since(day, 180)}
        AND kind NOT IN {VANITY_KINDS} GROUP BY a.partner_id
    """


def _answers(day: date) -> str:
    return f"""
      SELECT partner_id, count(*) AS proposals_180, count(answered_at) AS answered_180,
        sum(epoch(coalesce(answered_at, TIMESTAMP '{end_of(day)}')) - epoch(occurred_at)) AS seconds
      FROM (
        SELECT partner_id, occurred_at, kind, min(CASE WHEN kind <> 'step_proposed' THEN occurred_at END) OVER (
          PARTITION BY partner_id ORDER BY occurred_at, kind <> 'step_proposed'
          ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS answered_at FROM activities
        WHERE kind IN ('step_proposed', 'step_accepted', 'step_declined') AND occurred_at >= {_since(day, 180)}
      ) WHERE kind = 'step_proposed' GROUP BY partner_id
    """


def _since(day: date, days: int) -> str:
    return f"TIMESTAMP '{end_of(day) - timedelta(days=days)}'"


def _listed(kinds: tuple[str, ...]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)
