"""Parts of the statements by hand: windows, and what is summed in them."""

from datetime import datetime, timedelta

PERIOD = timedelta(days=90)
STEP = timedelta(days=10)
SELLING = "('deal_registered', 'referral_submitted', 'co_sell_requested')"
OPENED, ENDED = "coalesce(opened_at, registered_at)", "coalesce(closed_at, stage_changed_at)"
FIRSTS = f"(SELECT partner_id, min({OPENED}) AS first_at FROM the_deals GROUP BY 1)"
STEPS = (
    ("signed", "applied_at", "signed_at"),
    ("onboarded", "signed_at", "onboarded_at"),
    ("enabled", "onboarded_at", "enabled_at"),
    ("first_deal", "enabled_at", "first_at"),
)
# Enough of an amount to show it, with few different ones.
THREE_DIGITS = "(value // pow(10, greatest(length(value::BIGINT::VARCHAR) - 3, 0)))::BIGINT"
STATE = "CASE WHEN stage IN ('won', 'lost') THEN stage ELSE 'open' END"
DEALS = f"(SELECT *, {STATE} AS state, {OPENED} AS opened, {ENDED} AS ended, round(amount, 2) AS value FROM the_deals)"


def within(moment: str, start: datetime, end: datetime) -> str:
    return f"{moment} >= TIMESTAMP '{start}' AND {moment} < TIMESTAMP '{end}'"


def either(moment: str, ends: dict[str, datetime]) -> str:
    now, before = ends["now"], ends["before"]
    return f"{moment} >= TIMESTAMP '{before - PERIOD}' AND {moment} < TIMESTAMP '{now}'"


def revenue(ends: dict[str, datetime], names: tuple[str, ...]) -> str:
    sums = [
        f"sum(round(amount, 2)) FILTER ({within('recognized_at', ends[name] - PERIOD, ends[name])}) AS value_{name}, "
        f"count(amount) FILTER ({within('recognized_at', ends[name] - PERIOD, ends[name])}) AS rows_{name}"
        for name in names
    ]
    moved = f"sum(round(amount, 2) * round(amount, 2)) FILTER ({either('recognized_at', ends)}) AS moved"
    return ", ".join([*sums, moved])


def members(ends: dict[str, datetime]) -> str:
    member = "lifecycle_stage IN ('signed', 'onboarding', 'enabled', 'active', 'inactive')"
    return ", ".join(
        f"count(*) FILTER (({member} OR ended_at >= TIMESTAMP '{end}') AND "
        f"(signed_at IS NULL OR signed_at < TIMESTAMP '{end}')) AS value_{name}"
        for name, end in ends.items()
    )


def events(start: datetime, end: datetime) -> str:
    return (
        f"SELECT DISTINCT partner_id FROM (SELECT partner_id FROM the_activities WHERE kind IN {SELLING} AND "
        f"{within('occurred_at', start, end)} UNION ALL SELECT partner_id FROM the_deals WHERE "
        f"(sourced_by IS NULL OR sourced_by <> 'influenced') AND {within(OPENED, start, end)} UNION ALL "
        f"SELECT partner_id FROM the_revenue WHERE {within('recognized_at', start, end)})"
    )


def active(ends: dict[str, datetime], place: str, join: str) -> str:
    start, end = ends["before"] - PERIOD, ends["now"]
    flags = ", ".join(f"bool_or({within('moment', end - PERIOD, end)}) AS in_{name}" for name, end in ends.items())
    counts = ", ".join(f"count(*) FILTER (in_{name}) AS value_{name}" for name in ends)
    return (
        f"SELECT {place}{counts}, count(*) FILTER (in_now <> in_before) AS moved FROM (SELECT partner_id, {flags} FROM "
        f"({moments(start, end)}) GROUP BY partner_id){join}{' GROUP BY ALL' if place else ''}"
    )


def deals(ends: dict[str, datetime]) -> str:
    sourced, timed = "(sourced_by = 'partner' OR sourced_by IS NULL)", "state = 'won' AND ended >= opened"
    parts = []
    for name, end in ends.items():
        new, over = within("opened", end - PERIOD, end), within("coalesce(ended, opened)", end - PERIOD, end)
        was_open = (
            "state = 'open'"
            if name == "now"
            else f"(state = 'open' OR ended >= TIMESTAMP '{end}') AND opened < TIMESTAMP '{end}'"
        )
        parts += [
            f"sum(value) FILTER ({was_open}) AS open_{name}",
            f"sum(value) FILTER ({was_open} AND {sourced}) AS sourced_{name}",
            f"sum(value) FILTER ({was_open} AND sourced_by = 'influenced') AS influenced_{name}",
            f"sum(value) FILTER ({was_open} AND sourced_by = 'co_sell') AS co_sell_{name}",
            f"count(*) FILTER ({was_open}) AS deals_{name}",
            f"sum(value) FILTER ({sourced} AND {new}) AS new_{name}",
            f"count(*) FILTER (state = 'won' AND {over}) AS won_{name}",
            f"count(*) FILTER (state <> 'open' AND {over}) AS closed_{name}",
            f"sum(value) FILTER (state = 'won' AND {over}) AS won_value_{name}",
            f"count(value) FILTER (state = 'won' AND {over}) AS won_valued_{name}",
            f"sum(epoch(ended - opened) // 86400) FILTER ({timed} AND {within('ended', end - PERIOD, end)}) AS days_{name}",
            f"count(*) FILTER ({timed} AND {within('ended', end - PERIOD, end)}) AS timed_{name}",
            f"count(*) FILTER (registration = 'approved' AND {within('registered_at', end - PERIOD, end)}) AS approved_{name}",
            f"count(*) FILTER (registration IN ('approved', 'rejected', 'expired') AND "
            f"{within('registered_at', end - PERIOD, end)}) AS decided_{name}",
        ]
    before = ends["before"]
    was_open = f"((state = 'open' OR ended >= TIMESTAMP '{before}') AND opened < TIMESTAMP '{before}')"
    parts += [
        *(
            f"sum(value * value) FILTER ({test} AND (state = 'open') <> {was_open}) AS {name}_moved"
            for name, test in (
                ("open", "true"),
                ("sourced", sourced),
                ("influenced", "sourced_by = 'influenced'"),
                ("co_sell", "sourced_by = 'co_sell'"),
            )
        ),
        f"count(*) FILTER ((state = 'open') <> {was_open}) AS deals_moved",
        *(
            f"sum(value * value) FILTER (state = 'won' AND {within('coalesce(ended, opened)', end - PERIOD, end)}) "
            f"AS squares_{name}"
            for name, end in (("now", ends["now"]), ("before", before))
        ),
        f"sum(value * value) FILTER ({sourced} AND {either('opened', ends)}) AS new_moved",
        "count(*) FILTER (state = 'open' AND value IS NULL) AS open_without_amount",
        f"count(*) FILTER ({sourced} AND value IS NULL AND {within('opened', before, ends['now'])}) AS new_without_amount",
    ]
    return ", ".join(parts)


def closed(end: datetime) -> str:
    over = within("coalesce(ended, opened)", end - PERIOD, end)
    won, timed = f"state = 'won' AND {over}", f"state = 'won' AND ended >= opened AND {within('ended', end - PERIOD, end)}"
    return (
        f"count(*) FILTER ({won}) AS won, count(*) FILTER (state <> 'open' AND {over}) AS closed, sum(value) FILTER ({won}) AS "
        f"value, count(value) FILTER ({won}) AS valued, sum(epoch(ended - opened) // 86400) FILTER ({timed}) AS days, "
        f"count(*) FILTER ({timed}) AS timed"
    )


def spread(ends: dict[str, datetime], place: str, join: str, length: str, at: str, test: str) -> str:
    counts = ", ".join(f"count(*) FILTER ({within(at, end - PERIOD, end)}) AS n_{name}" for name, end in ends.items())
    return (
        f"SELECT {place}{length} AS length, {counts} FROM {DEALS}{join} WHERE state = 'won' AND {test} AND "
        f"{at} >= TIMESTAMP '{ends['before'] - PERIOD}' GROUP BY ALL"
    )


def standing(ends: dict[str, datetime], place: str) -> str:
    flags = ", ".join(f"bool_or({within('moment', end - PERIOD, end)}) AS in_{name}" for name, end in ends.items())
    member = "lifecycle_stage IN ('signed', 'onboarding', 'enabled', 'active', 'inactive')"
    counts = ", ".join(
        f"count(*) FILTER ({member} AND signed_at < TIMESTAMP '{end}') AS members_{name}, "
        f"count(*) FILTER ({member} AND signed_at < TIMESTAMP '{end}' AND in_{name}) AS active_{name}"
        for name, end in ends.items()
    )
    events = moments(ends["before"] - PERIOD, ends["now"])
    return (
        f"SELECT {place}{counts} FROM the_partners LEFT JOIN (SELECT partner_id, {flags} FROM ({events}) GROUP BY 1) "
        f"USING (partner_id){' GROUP BY ALL' if place else ''}"
    )


def activation(ends: dict[str, datetime], place: str) -> str:
    cohorts = {name: end - PERIOD for name, end in ends.items()} | {
        f"cohort_{number}": ends["now"] - PERIOD * (number + 1) for number in range(4)
    }
    in_time = "epoch(first_at - signed_at) < 90 * 86400"
    counts = ", ".join(
        f"count(*) FILTER ({within('signed_at', end - PERIOD, end)}) AS signed_{name}, "
        f"count(*) FILTER ({in_time} AND {within('signed_at', end - PERIOD, end)}) AS activated_{name}"
        for name, end in cohorts.items()
    )
    return f"SELECT {place}{counts} FROM the_partners LEFT JOIN {FIRSTS} USING (partner_id){' GROUP BY ALL' if place else ''}"


def sellers(ends: dict[str, datetime], place: str, join: str) -> str:
    both = {name: within("opened", ends[name] - PERIOD, ends[name]) for name in ("now", "before")}
    each = ", ".join(
        f"count(*) FILTER ({test}) AS deals_{name}, sum(value) FILTER ({test}) AS value_{name}, "
        f"sum(value * value) FILTER ({test}) AS squares_{name}"
        for name, test in both.items()
    )
    sums = ", ".join(
        f"count(*) FILTER (deals_{name} > 0) AS sellers_{name}, sum(deals_{name}) AS deals_{name}, "
        f"sum(value_{name}) AS value_{name}, sum(squares_{name}) AS squares_{name}"
        for name in both
    )
    return (
        f"SELECT {place}{sums} FROM (SELECT partner_id, {each} FROM {DEALS} WHERE (sourced_by = 'partner' "
        f"OR sourced_by IS NULL) AND value IS NOT NULL AND opened >= TIMESTAMP '{ends['before'] - PERIOD}' GROUP BY 1){join}"
        f"{' GROUP BY ALL' if place else ''}"
    )


def waits(ends: dict[str, datetime], place: str, rows: str) -> str:
    """For each way to end and length in days, how many had ended so, or still waited, at the end of each window."""
    first = max(ends.values())
    kinds = {
        "reached": ("reached", {name: f"reached < TIMESTAMP '{end}'" for name, end in ends.items()}),
        "ended": (
            "gone",
            {
                name: f"(reached IS NULL OR reached >= TIMESTAMP '{end}') AND gone < TIMESTAMP '{end}'"
                for name, end in ends.items()
            },
        ),
        "waiting": (
            f"TIMESTAMP '{first}'",
            {
                name: f"(reached IS NULL OR reached >= TIMESTAMP '{end}') AND (gone IS NULL OR gone >= TIMESTAMP '{end}') AND "
                f"start < TIMESTAMP '{end}'"
                for name, end in ends.items()
            },
        ),
    }
    parts = []
    for kind, (until, tests) in kinds.items():
        counts = ", ".join(f"count(*) FILTER ({test}) AS n_{name}" for name, test in tests.items())
        held = " OR ".join(f"({test})" for test in tests.values())
        parts.append(
            f"SELECT {place}'{kind}' AS kind, epoch({until} - start)::BIGINT // 86400 AS days, {counts} FROM {rows} "
            f"WHERE (reached IS NULL OR reached >= start) AND ({held}) GROUP BY ALL"
        )
    return " UNION ALL ".join(parts)


def moments(start: datetime, end: datetime) -> str:
    return (
        f"SELECT partner_id, occurred_at AS moment FROM the_activities WHERE kind IN {SELLING} AND "
        f"{within('occurred_at', start, end)} UNION ALL SELECT partner_id, {OPENED} FROM the_deals WHERE "
        f"(sourced_by IS NULL OR sourced_by <> 'influenced') AND {within(OPENED, start, end)} UNION ALL "
        f"SELECT partner_id, recognized_at FROM the_revenue WHERE {within('recognized_at', start, end)}"
    )


def kept(ends: dict[str, datetime]) -> str:
    return ", ".join(
        f"count(*) FILTER (kind = 'commitment_met' AND {within('occurred_at', end - PERIOD, end)}) AS met_{name}, "
        f"count(*) FILTER ({within('occurred_at', end - PERIOD, end)}) AS settled_{name}"
        for name, end in ends.items()
    )


def shares(end: datetime, *, levels: bool) -> str:
    sets = (
        ""
        if not levels
        else " UNION ALL SELECT 'segment', segment, '', * FROM sellers UNION ALL SELECT 'tier', segment, tier, * FROM sellers"
    )
    ranked = f"SELECT 'everyone' AS level, '' AS s, '' AS t, * FROM sellers{sets}"
    return (
        "WITH sellers AS (SELECT p.partner_id, p.name, p.segment, p.tier, p.signed_at IS NOT NULL AS signed, value, rows FROM "
        "(SELECT partner_id, sum(round(amount, 2))::DECIMAL(18, 2) AS value, count(*) AS rows FROM the_revenue WHERE "
        f"{within('recognized_at', end - PERIOD, end)} GROUP BY 1) JOIN the_partners p USING (partner_id)), "
        f"ranked AS (SELECT *, row_number() OVER w AS r, sum(signed::INT) OVER (w ROWS UNBOUNDED PRECEDING) AS signed_r, "
        f"count(*) OVER (PARTITION BY level, s, t) AS n FROM ({ranked}) "
        "WINDOW w AS (PARTITION BY level, s, t ORDER BY value DESC, partner_id)) "
        "SELECT level, s, t, count(*) AS partners, sum(value) AS total, sum(value * value) AS squares, "
        "sum(value * r) AS ranked, "
        "sum(value) FILTER (r <= ceil(n / 100)) AS top_1, sum(value) FILTER (r <= ceil(n / 10)) AS top_10, "
        "sum(value) FILTER (r <= ceil(n / 5)) AS top_20, sum(value) FILTER (signed) AS signed_total, "
        "sum(value * value) FILTER (signed) AS signed_squares, sum(value * signed_r) FILTER (signed) AS signed_ranked, "
        "list({'name': name, 'value': value, 'rows': rows} ORDER BY r) FILTER (r <= 5) AS top FROM ranked GROUP BY ALL"
    )
