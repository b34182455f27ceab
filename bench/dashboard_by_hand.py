"""What a careful engineer would write by hand for both dashboards: one DuckDB statement a roll-up, and how to read them.

Same figures, same windows, same rules for what counts (docs/explanation): a partner-sourced deal, an active partner, a deal
without an amount. `{by}` is the place a roll-up is grouped by, or nothing for the dashboard of one filter.
"""

from datetime import date, datetime, timedelta

from nextplay.values.period import end_of

PERIOD = timedelta(days=90)
STEP = timedelta(days=10)
SELLING = "('deal_registered', 'referral_submitted', 'co_sell_requested')"
OPENED, ENDED = "coalesce(opened_at, registered_at)", "coalesce(closed_at, stage_changed_at)"
STATE = "CASE WHEN stage IN ('won', 'lost') THEN stage ELSE 'open' END"

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


def executive(day: date, *, by: bool) -> dict[str, str]:
    """A statement a roll-up, by name; the one of the earlier pipeline reads the views of 90 days before."""
    ends = {f"t{point}": end_of(day) - STEP * (9 - point) for point in range(9)} | {"now": end_of(day)}
    ends["before"] = end_of(day) - PERIOD
    place, join = ("segment, tier, ", " LEFT JOIN (SELECT partner_id, segment, tier FROM the_partners) USING (partner_id)")
    if not by:
        place, join = "", ""
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
        "revenue": f"SELECT {place}industry, {_revenue(ends, ('now', 'before'))} FROM the_revenue{join} "
        f"WHERE recognized_at >= TIMESTAMP '{ends['before'] - PERIOD}' GROUP BY ALL",
        "shares": _shares(ends["now"], by=by),
        "cards_partners": f"SELECT {place}{_members(ends)} FROM the_partners{' GROUP BY ALL' if by else ''}",
        "cards_active": _active(ends, place, join),
        "cards_deals": f"SELECT {place}{_deals(ends)} FROM (SELECT *, {STATE} AS state, {OPENED} AS opened, {ENDED} AS ended, "
        f"round(amount, 2) AS value FROM the_deals){join} WHERE state = 'open' OR coalesce(ended, opened) >= "
        f"TIMESTAMP '{ends['before'] - PERIOD}' OR opened >= TIMESTAMP '{ends['before'] - PERIOD}'"
        f"{' GROUP BY ALL' if by else ''}",
        "cards_revenue": f"SELECT {place}{_revenue(ends, tuple(ends))} FROM the_revenue{join} "
        f"WHERE recognized_at >= TIMESTAMP '{ends['before'] - PERIOD}'{' GROUP BY ALL' if by else ''}",
        "cards_firsts": _firsts(ends, place),
        "cards_activities": f"SELECT {place}{_kept(ends)} FROM the_activities{join} WHERE kind IN ('commitment_met', "
        f"'commitment_missed') AND occurred_at >= TIMESTAMP '{ends['before'] - PERIOD}'{' GROUP BY ALL' if by else ''}",
    }


def lifecycle(day: date) -> dict[str, str]:
    """Partners by covered value, and how many of them are active."""
    active = _events(end_of(day) - PERIOD, end_of(day))
    profiles = f"(SELECT p.*, e.partner_id IS NOT NULL AS active FROM the_partners p LEFT JOIN ({active}) e USING (partner_id))"
    lists = " UNION ALL ".join(
        f"SELECT segment, tier, '{column}' AS covered, unnest(list_distinct({column})) AS value, active FROM profiles"
        for column in ("regions", "verticals", "offerings")
    )
    single = "SELECT segment, tier, 'subtype', subtype, active FROM profiles"
    return {
        "coverage": f"WITH profiles AS {profiles} SELECT segment, tier, covered, value, count(*) AS partners, "
        f"count(*) FILTER (active) AS active FROM ({lists} UNION ALL {single}) GROUP BY ALL"
    }


def read(roll_ups: dict[str, str]) -> list[str]:
    """How each roll-up is read for a filter `{where}`, summed to what a tile shows."""
    keys = {
        "partners": ("lifecycle_stage",),
        "pipeline": ("lifecycle_stage", "stage", "industry"),
        "earlier": ("lifecycle_stage", "stage", "industry"),
        "revenue": ("industry",),
        "cards_firsts": ("days",),
        "coverage": ("covered", "value"),
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


def _within(moment: str, start: datetime, end: datetime) -> str:
    return f"{moment} >= TIMESTAMP '{start}' AND {moment} < TIMESTAMP '{end}'"


def _either(moment: str, ends: dict[str, datetime]) -> str:
    now, before = ends["now"], ends["before"]
    return f"{moment} >= TIMESTAMP '{before - PERIOD}' AND {moment} < TIMESTAMP '{now}'"


def _revenue(ends: dict[str, datetime], names: tuple[str, ...]) -> str:
    sums = [
        f"sum(round(amount, 2)) FILTER ({_within('recognized_at', ends[name] - PERIOD, ends[name])}) AS value_{name}, "
        f"count(amount) FILTER ({_within('recognized_at', ends[name] - PERIOD, ends[name])}) AS rows_{name}"
        for name in names
    ]
    moved = f"sum(round(amount, 2) * round(amount, 2)) FILTER ({_either('recognized_at', ends)}) AS moved"
    return ", ".join([*sums, moved])


def _members(ends: dict[str, datetime]) -> str:
    member = "lifecycle_stage IN ('signed', 'onboarding', 'enabled', 'active', 'inactive')"
    return ", ".join(
        f"count(*) FILTER (({member} OR ended_at >= TIMESTAMP '{end}') AND "
        f"(signed_at IS NULL OR signed_at < TIMESTAMP '{end}')) AS value_{name}"
        for name, end in ends.items()
    )


def _events(start: datetime, end: datetime) -> str:
    return (
        f"SELECT DISTINCT partner_id FROM (SELECT partner_id FROM the_activities WHERE kind IN {SELLING} AND "
        f"{_within('occurred_at', start, end)} UNION ALL SELECT partner_id FROM the_deals WHERE "
        f"(sourced_by IS NULL OR sourced_by <> 'influenced') AND {_within(OPENED, start, end)} UNION ALL "
        f"SELECT partner_id FROM the_revenue WHERE {_within('recognized_at', start, end)})"
    )


def _active(ends: dict[str, datetime], place: str, join: str) -> str:
    start, end = ends["before"] - PERIOD, ends["now"]
    flags = ", ".join(f"bool_or({_within('moment', end - PERIOD, end)}) AS in_{name}" for name, end in ends.items())
    counts = ", ".join(f"count(*) FILTER (in_{name}) AS value_{name}" for name in ends)
    return (
        f"SELECT {place}{counts}, count(*) FILTER (in_now <> in_before) AS moved FROM (SELECT partner_id, {flags} FROM ("
        f"SELECT partner_id, occurred_at AS moment FROM the_activities WHERE kind IN {SELLING} AND "
        f"{_within('occurred_at', start, end)} UNION ALL SELECT partner_id, {OPENED} FROM the_deals WHERE "
        f"(sourced_by IS NULL OR sourced_by <> 'influenced') AND {_within(OPENED, start, end)} UNION ALL "
        f"SELECT partner_id, recognized_at FROM the_revenue WHERE {_within('recognized_at', start, end)}) "
        f"GROUP BY partner_id){join}{' GROUP BY ALL' if place else ''}"
    )


def _deals(ends: dict[str, datetime]) -> str:
    sourced = "(sourced_by = 'partner' OR sourced_by IS NULL)"
    parts = []
    for name, end in ends.items():
        new, over = _within("opened", end - PERIOD, end), _within("coalesce(ended, opened)", end - PERIOD, end)
        was_open = (
            "state = 'open'"
            if name == "now"
            else f"(state = 'open' OR ended >= TIMESTAMP '{end}') AND opened < TIMESTAMP '{end}'"
        )
        parts += [
            f"sum(value) FILTER ({was_open}) AS open_{name}",
            f"sum(value) FILTER ({sourced} AND {new}) AS new_{name}",
            f"count(*) FILTER (state = 'won' AND {over}) AS won_{name}",
            f"count(*) FILTER (state <> 'open' AND {over}) AS closed_{name}",
        ]
    before = ends["before"]
    was_open = f"((state = 'open' OR ended >= TIMESTAMP '{before}') AND opened < TIMESTAMP '{before}')"
    parts += [
        f"sum(value * value) FILTER ((state = 'open') <> {was_open}) AS open_moved",
        f"sum(value * value) FILTER ({sourced} AND {_either('opened', ends)}) AS new_moved",
        "count(*) FILTER (state = 'open' AND value IS NULL) AS open_without_amount",
        f"count(*) FILTER ({sourced} AND value IS NULL AND {_within('opened', before, ends['now'])}) AS new_without_amount",
    ]
    return ", ".join(parts)


def _kept(ends: dict[str, datetime]) -> str:
    return ", ".join(
        f"count(*) FILTER (kind = 'commitment_met' AND {_within('occurred_at', end - PERIOD, end)}) AS met_{name}, "
        f"count(*) FILTER ({_within('occurred_at', end - PERIOD, end)}) AS settled_{name}"
        for name, end in ends.items()
    )


def _firsts(ends: dict[str, datetime], place: str) -> str:
    counts = ", ".join(f"count(*) FILTER ({_within('first_at', end - PERIOD, end)}) AS n_{name}" for name, end in ends.items())
    return (
        f"SELECT {place}(epoch(first_at - signed_at) // 86400)::BIGINT AS days, {counts} FROM "
        f"(SELECT partner_id, min({OPENED}) AS first_at FROM the_deals GROUP BY 1) JOIN "
        "(SELECT partner_id, signed_at, segment, tier FROM the_partners WHERE signed_at IS NOT NULL) USING (partner_id) "
        "WHERE first_at >= signed_at GROUP BY ALL"
    )


def _shares(end: datetime, *, by: bool) -> str:
    sets = (
        ""
        if not by
        else " UNION ALL SELECT 'segment', segment, '', * FROM sellers UNION ALL SELECT 'tier', segment, tier, * FROM sellers"
    )
    levels = f"SELECT 'everyone' AS level, '' AS s, '' AS t, * FROM sellers{sets}"
    return (
        "WITH sellers AS (SELECT p.partner_id, p.name, p.segment, p.tier, p.signed_at IS NOT NULL AS signed, value, rows FROM "
        "(SELECT partner_id, sum(round(amount, 2))::DECIMAL(18, 2) AS value, count(*) AS rows FROM the_revenue WHERE "
        f"{_within('recognized_at', end - PERIOD, end)} GROUP BY 1) JOIN the_partners p USING (partner_id)), "
        f"ranked AS (SELECT *, row_number() OVER w AS r, sum(signed::INT) OVER (w ROWS UNBOUNDED PRECEDING) AS signed_r, "
        f"count(*) OVER (PARTITION BY level, s, t) AS n FROM ({levels}) "
        "WINDOW w AS (PARTITION BY level, s, t ORDER BY value DESC, partner_id)) "
        "SELECT level, s, t, count(*) AS partners, sum(value) AS total, sum(value * value) AS squares, "
        "sum(value * r) AS ranked, "
        "sum(value) FILTER (r <= ceil(n / 100)) AS top_1, sum(value) FILTER (r <= ceil(n / 10)) AS top_10, "
        "sum(value) FILTER (r <= ceil(n / 5)) AS top_20, sum(value) FILTER (signed) AS signed_total, "
        "sum(value * value) FILTER (signed) AS signed_squares, sum(value * signed_r) FILTER (signed) AS signed_ranked, "
        "list({'name': name, 'value': value, 'rows': rows} ORDER BY r) FILTER (r <= 5) AS top FROM ranked GROUP BY ALL"
    )
