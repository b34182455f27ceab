"""What a careful engineer would write by hand for both dashboards: one DuckDB statement a roll-up, and how to read them.

Same figures, same windows, same rules for what counts (docs/explanation): a partner-sourced deal, an active partner, a deal
without an amount.
"""

from datetime import date

from bench.by_hand_parts import (
    DEALS,
    FIRSTS,
    PERIOD,
    STATE,
    STEP,
    STEPS,
    THREE_DIGITS,
    activation,
    active,
    closed,
    deals,
    events,
    kept,
    members,
    revenue,
    sellers,
    shares,
    spread,
    standing,
    waits,
)
from nextplay.values.period import end_of

# The facts at the end of a day: what had not happened or was not learned is left out, changed stages are put back.
PAST = """
CREATE OR REPLACE TEMP VIEW the_partners AS SELECT * REPLACE (
    CASE WHEN signed_at >= TIMESTAMP '{end}' THEN 'prospect' ELSE lifecycle_stage END AS lifecycle_stage,
    CASE WHEN signed_at < TIMESTAMP '{end}' THEN signed_at END AS signed_at)
  FROM partners WHERE observed_at < TIMESTAMP '{end}';
CREATE OR REPLACE TEMP VIEW the_deals AS
  WITH undone AS (
    SELECT entity_id, field, arg_min(old, (changed_at, change_id)) AS old FROM changes
    WHERE entity = 'deal' AND field IN ('stage', 'amount')
      AND (changed_at >= TIMESTAMP '{end}' OR observed_at >= TIMESTAMP '{end}')
    GROUP BY ALL),
  stood AS (
    SELECT d.* REPLACE (
      CASE WHEN s.entity_id IS NOT NULL THEN s.old WHEN closed_at >= TIMESTAMP '{end}' THEN NULL ELSE stage END AS stage,
      CASE WHEN a.entity_id IS NOT NULL THEN a.old::DECIMAL(18, 4) ELSE amount END AS amount,
      CASE WHEN stage_changed_at < TIMESTAMP '{end}' THEN stage_changed_at END AS stage_changed_at)
    FROM deals d
    LEFT JOIN undone s ON s.entity_id = deal_id AND s.field = 'stage'
    LEFT JOIN undone a ON a.entity_id = deal_id AND a.field = 'amount'
    WHERE observed_at < TIMESTAMP '{end}' AND opened_at < TIMESTAMP '{end}')
  SELECT * REPLACE (CASE WHEN stage IN ('won', 'lost') THEN closed_at END AS closed_at) FROM stood;
CREATE OR REPLACE TEMP VIEW the_revenue AS
  SELECT * FROM revenue WHERE observed_at < TIMESTAMP '{end}' AND recognized_at < TIMESTAMP '{end}';
CREATE OR REPLACE TEMP VIEW the_activities AS
  SELECT * FROM activities WHERE observed_at < TIMESTAMP '{end}' AND occurred_at < TIMESTAMP '{end}';
"""
NOW = """
CREATE OR REPLACE TEMP VIEW the_partners AS FROM partners;
CREATE OR REPLACE TEMP VIEW the_deals AS FROM deals;
CREATE OR REPLACE TEMP VIEW the_revenue AS FROM revenue;
CREATE OR REPLACE TEMP VIEW the_activities AS FROM activities;
"""


def views(day: date, *, past: bool) -> str:
    """The facts of a day under the names that the statements read."""
    return PAST.format(end=end_of(day)) if past else NOW


def executive(day: date, *, levels: bool = True) -> dict[str, str]:
    """A statement a roll-up, by name; the one of the earlier pipeline reads the views of 90 days before.

    `levels`: ranks for every filter, as a roll-up keeps them, rather than for one.
    """
    ends = {f"t{point}": end_of(day) - STEP * (9 - point) for point in range(9)} | {"now": end_of(day)}
    ends["before"] = end_of(day) - PERIOD
    place, join = ("segment, tier, ", " LEFT JOIN (SELECT partner_id, segment, tier FROM the_partners) USING (partner_id)")
    pipeline = (
        f"SELECT {place}lifecycle_stage, stage, coalesce(d.industry, a.industry) AS industry, "
        "count(*) FILTER (state = 'open') AS rows, sum(round(amount, 2)) FILTER (state = 'open') AS value, "
        "count(amount) FILTER (state = 'open') AS valued, count(*) FILTER (state = 'won') AS won, "
        f"count(*) FILTER (state <> 'open') AS closed FROM (SELECT *, {STATE} AS state FROM the_deals) d "
        "LEFT JOIN (SELECT account, industry FROM accounts) a USING (account) "
        "LEFT JOIN (SELECT partner_id, segment, tier, lifecycle_stage FROM the_partners) USING (partner_id) GROUP BY ALL"
    )
    return {
        "partners": "SELECT segment, tier, lifecycle_stage, count(*) AS partners, count(signed_at) AS signed FROM the_partners "
        "GROUP BY ALL",
        "pipeline": pipeline,
        "earlier": pipeline,
        "revenue": f"SELECT {place}industry, {revenue(ends, ('now', 'before'))} FROM the_revenue{join} "
        f"WHERE recognized_at >= TIMESTAMP '{ends['before'] - PERIOD}' GROUP BY ALL",
        "shares": shares(ends["now"], levels=levels),
        "cards_partners": f"SELECT {place}{members(ends)} FROM the_partners GROUP BY ALL",
        "cards_active": active(ends, place, join),
        "cards_deals": f"SELECT {place}{deals(ends)} FROM {DEALS}{join} WHERE state = 'open' OR coalesce(ended, opened) >= "
        f"TIMESTAMP '{ends['before'] - PERIOD}' OR opened >= TIMESTAMP '{ends['before'] - PERIOD}'"
        f" GROUP BY ALL",
        "cards_revenue": f"SELECT {place}{revenue(ends, tuple(ends))} FROM the_revenue{join} "
        f"WHERE recognized_at >= TIMESTAMP '{ends['before'] - PERIOD}' GROUP BY ALL",
        "cards_standing": standing(ends, place),
        "cards_firsts": waits(
            ends,
            place,
            f"(SELECT partner_id, segment, tier, signed_at AS start, first_at AS reached, "
            f"ended_at AS gone FROM the_partners LEFT JOIN {FIRSTS} USING (partner_id) WHERE signed_at IS NOT NULL)",
        ),
        "cards_activation": activation(ends, place),
        "cards_cycle": spread(ends, place, join, "epoch(ended - opened)::BIGINT // 86400", "ended", "ended >= opened"),
        "cards_sizes": spread(ends, place, join, THREE_DIGITS, "coalesce(ended, opened)", "value IS NOT NULL"),
        "growth_partners": f"SELECT {place}{members({name: ends[name] for name in ('now', 'before')})} FROM the_partners"
        f" GROUP BY ALL",
        "growth_sellers": sellers(ends, place, join),
        "direct": f"SELECT NULL::VARCHAR AS segment, NULL::VARCHAR AS tier, {closed(ends['now'])} FROM {DEALS} "
        "WHERE partner_id IS NULL",
        "cards_activities": f"SELECT {place}{kept(ends)} FROM the_activities{join} WHERE kind IN ('commitment_met', "
        f"'commitment_missed') AND occurred_at >= TIMESTAMP '{ends['before'] - PERIOD}' GROUP BY ALL",
    }


def lifecycle(day: date) -> dict[str, str]:
    """Partners by covered value, and how many of them are active."""
    active = events(end_of(day) - PERIOD, end_of(day))
    profiles = f"(SELECT p.*, e.partner_id IS NOT NULL AS active FROM the_partners p LEFT JOIN ({active}) e USING (partner_id))"
    lists = " UNION ALL ".join(
        f"SELECT segment, tier, '{column}' AS covered, unnest(list_distinct({column})) AS value, active FROM profiles"
        for column in ("regions", "verticals", "offerings")
    )
    single = "SELECT segment, tier, 'subtype', subtype, active FROM profiles"
    steps = " UNION ALL ".join(
        f"SELECT '{name}' AS step, partner_id, segment, tier, {start} AS start, {reached} AS reached, ended_at AS gone "
        f"FROM the_partners LEFT JOIN {FIRSTS} USING (partner_id) WHERE {start} IS NOT NULL"
        for name, start, reached in STEPS
    )
    asked = " UNION ALL ".join(
        f"SELECT segment, tier, '{covered}' AS covered, {column} AS asked, count(*) AS deals, sum(round(amount, 2)) AS value "
        f"FROM open_deals GROUP BY ALL"
        for covered, column in (("regions", "region"), ("verticals", "industry"), ("offerings", "product"))
    )
    return {
        "passage": waits({"now": end_of(day)}, "step, segment, tier, ", f"({steps})"),
        "demand": "WITH open_deals AS (SELECT segment, tier, region, coalesce(d.industry, a.industry) AS industry, product, "
        "amount FROM the_deals d LEFT JOIN (SELECT account, industry, region FROM accounts) a USING (account) "
        "LEFT JOIN (SELECT partner_id, segment, tier FROM the_partners) USING (partner_id) "
        f"WHERE stage NOT IN ('won', 'lost')) {asked}",
        "coverage": f"WITH profiles AS {profiles} SELECT segment, tier, covered, value, count(*) AS partners, "
        f"count(*) FILTER (active) AS active FROM ({lists} UNION ALL {single}) GROUP BY ALL",
    }


def read(roll_ups: dict[str, str]) -> list[str]:
    """How each roll-up is read for a filter `{where}`, summed to what a tile shows."""
    keys = {
        "partners": ("lifecycle_stage",),
        "pipeline": ("lifecycle_stage", "stage", "industry"),
        "earlier": ("lifecycle_stage", "stage", "industry"),
        "revenue": ("industry",),
        "cards_firsts": ("kind", "days"),
        "cards_cycle": ("length",),
        "cards_sizes": ("length",),
        "coverage": ("covered", "value"),
        "passage": ("step", "kind", "days"),
        "demand": ("covered", "asked"),
    }
    statements = []
    for name in roll_ups:
        own = ", ".join(keys.get(name, ()))
        if name == "shares":
            statements.append(f"SELECT * FROM hand_{name} WHERE {{level}}")
            continue
        left_out = ", ".join(("segment", "tier", *keys.get(name, ())))
        sums = f"sum(COLUMNS(* EXCLUDE ({left_out})))"
        statements.append(
            f"SELECT {own + ', ' if own else ''}{sums} FROM hand_{name} WHERE {{where}}{' GROUP BY ALL' if own else ''}"
        )
    return statements


PAGE_OF_PARTNERS = """
WITH pipeline AS (SELECT partner_id, sum(round(amount, 2)) AS open_pipeline, count(*) AS open_deals
    FROM deals WHERE stage NOT IN ('won', 'lost') GROUP BY 1),
  latest AS (SELECT partner_id, max(occurred_at)::DATE AS last_activity FROM activities GROUP BY 1)
SELECT p.partner_id, name, lifecycle_stage, segment, tier, subtype, manager_email, coalesce(open_pipeline, 0)::DOUBLE AS value,
  coalesce(open_deals, 0), last_activity
FROM partners p LEFT JOIN pipeline USING (partner_id) LEFT JOIN latest USING (partner_id)
ORDER BY value DESC, name, partner_id LIMIT 50;
"""
AROUND_THE_PAGE = (
    "SELECT count(*) FROM partners",
    "SELECT segment, tier, lifecycle_stage, manager_email, count(*) FROM partners GROUP BY ALL",
)
