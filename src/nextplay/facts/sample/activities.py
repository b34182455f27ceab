"""What the sample program's partners did: chance events, and what follows from them and from deals."""

import numpy as np
import polars as pl

from nextplay.facts.sample import words
from nextplay.facts.sample.deals import DIRECT, Deals
from nextplay.facts.sample.roster import CUSTOMERS_A_POOL, HISTORY_DAYS, Floats, Roster, Whole
from nextplay.facts.sample.seasons import SLICES, events, season

# Kind, the archetype's rate it follows, and how many of one to the other.
_BY_CHANCE = (
    ("portal_login", "logins", 1.0),
    ("webinar_attended", "webinars", 1.0),
    ("training_completed", "training", 1.0),
    ("certification_earned", "training", 0.4),
    ("meeting_held", "meetings", 1.0),
    ("target_list_shared", "outreach", 0.13),
    ("narrative_shared", "outreach", 0.08),
    ("outreach_sent", "outreach", 1.0),
    ("step_proposed", "proposals", 1.0),
    ("commitment_made", "promises", 1.0),
)
# Who usually does it: roles, best first; anyone for the rest.
_SELLING_KINDS = ("target_list_shared", "narrative_shared", "outreach_sent", "commitment_made", "step_accepted")
_QUIET_SHARE = 0.04
# What gets written down of what happens.
_RECORDED = 0.62
_COLUMNS = ("activity_id", "partner_id", "contact_id", "kind", "occurred_at", "account", "play", "details")


def activity_frame(roster: Roster, deals: Deals, accounts: pl.DataFrame, contacts: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The table `activities`."""
    rng = np.random.default_rng([seed, 41])
    chance = pl.concat([_by_chance(roster, kind, rate, share, rng) for kind, rate, share in _BY_CHANCE])
    answers = [_answers(roster, chance, rng), _kept_promises(roster, chance, rng), _replies(roster, chance, rng)]
    rows = pl.concat([chance, *answers, *_from_deals(deals, rng)], how="diagonal")
    rows = rows.filter(pl.col("day") < HISTORY_DAYS).sort("day", "row", "kind")
    rows = rows.with_columns(
        partner_id=pl.Series(roster.partner_id).gather(rows["row"]),
        occurred_at=roster.stamp(rows["day"].to_numpy()),
        account=accounts["account"].gather(rows["customer"]),
        luck=pl.Series(rng.random(rows.height)),
    )
    rows = _done_by(rows, contacts)
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6)
    return rows.with_columns(activity_id=pl.format("ACT-{}", number), play=pl.lit(None, pl.String)).select(_COLUMNS)


def _by_chance(roster: Roster, kind: str, rate: str, share: float, rng: np.random.Generator) -> pl.DataFrame:
    a_month = np.repeat((roster.rate(rate) * share * _RECORDED)[:, None], SLICES, axis=1)
    # Portals do not know seasons, people do.
    row, day = events(a_month if kind == "portal_login" else a_month * season(roster.today), rng)
    begins = np.where(np.isfinite(roster.signed), roster.signed, roster.applied)
    if kind == "outreach_sent":
        begins = roster.enabled
    rate_left = _going_on(roster, row, day)
    kept = (day >= begins[row]) & ~(day >= roster.ended[row]) & (rng.random(len(row)) < rate_left)
    row, day = row[kept], day[kept]
    frame = pl.DataFrame({"row": row, "day": roster.at_work(day, rng), "kind": [kind] * len(row)})
    return frame.with_columns(number=pl.int_range(pl.len()), customer=_customers(kind, roster, row, rng))


def _going_on(roster: Roster, row: Whole, day: Floats) -> Floats:
    """Share of the usual activity that is left, for partners that went quiet."""
    from_days_ago, after = roster.rate("quiet_from")[row], roster.rate("quiet_after_enabled")[row]
    quiet = (from_days_ago > 0) & (day > HISTORY_DAYS - from_days_ago)
    quiet |= (after > 0) & (day > roster.enabled[row] + after)
    return np.where(quiet, _QUIET_SHARE, 1.0)


def _customers(kind: str, roster: Roster, row: Whole, rng: np.random.Generator) -> pl.Series:
    pool = roster.vertical[row] * len(words.REGIONS) + roster.region[row]
    customer = pool * CUSTOMERS_A_POOL + rng.integers(0, CUSTOMERS_A_POOL, len(row))
    named = kind in ("outreach_sent", "target_list_shared")
    return pl.Series(customer if named else np.full(len(row), -1)).replace(-1, None)


def _answers(roster: Roster, chance: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Accepted, declined, or left without an answer."""
    asked = chance.filter(kind="step_proposed")
    row = asked["row"].to_numpy()
    wait = np.exp(rng.normal(np.log(roster.rate("answer_days")[row]), 0.6))
    yes = rng.random(len(row)) < roster.rate("accepted")[row]
    no = ~yes & (rng.random(len(row)) < 0.45)
    rows = asked.with_columns(
        day=pl.col("day") + pl.Series(wait),
        kind=pl.when(pl.Series(yes)).then(pl.lit("step_accepted")).when(pl.Series(no)).then(pl.lit("step_declined")),
        details=pl.Series(np.char.add(np.char.add('{"days": ', np.round(wait, 1).astype(str)), "}")),
    )
    return rows.filter(pl.col("kind").is_not_null())


def _kept_promises(roster: Roster, chance: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    made = chance.filter(kind="commitment_made")
    row = made["row"].to_numpy()
    # Those who let things slide did so most of all lately.
    kept = rng.random(len(row)) < roster.rate("kept")[row]
    due = rng.uniform(5, 21, len(row))
    late = np.where(kept, rng.uniform(-4, 0, len(row)), rng.uniform(0.1, 1, len(row)))
    return made.with_columns(
        day=pl.col("day") + pl.Series(due + late),
        kind=pl.when(pl.Series(kept)).then(pl.lit("commitment_met")).otherwise(pl.lit("commitment_missed")),
    )


def _replies(roster: Roster, chance: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    sent = chance.filter(kind="outreach_sent")
    row = sent["row"].to_numpy()
    answered = rng.random(len(row)) < roster.rate("answered")[row]
    rows = sent.with_columns(day=pl.col("day") + pl.Series(rng.uniform(0.2, 6, len(row))), kind=pl.lit("outreach_replied"))
    return rows.filter(pl.Series(answered))


def _from_deals(deals: Deals, rng: np.random.Generator) -> list[pl.DataFrame]:
    """Registrations, requests to sell together, referrals: the selling events, one for one with the deals."""
    when = {
        "deal_registered": deals.registered,
        "co_sell_requested": np.where(deals.source == 2, deals.opened, np.nan),
        "referral_submitted": np.where((deals.source == 1) & (rng.random(len(deals.partner)) < 0.5), deals.opened, np.nan),
    }
    return [_selling(deals, kind, day) for kind, day in when.items()]


def _selling(deals: Deals, kind: str, day: Floats) -> pl.DataFrame:
    done = np.isfinite(day) & (deals.partner != DIRECT)
    deal = deals.deal_id.filter(pl.Series(done))
    return pl.DataFrame(
        {
            "row": deals.partner[done],
            "day": day[done],
            "kind": [kind] * int(done.sum()),
            "customer": deals.account[done],
            "details": pl.select(pl.concat_str(pl.lit('{"deal_id": "'), deal, pl.lit('"}'))).to_series(),
        }
    )


def _done_by(rows: pl.DataFrame, contacts: pl.DataFrame) -> pl.DataFrame:
    """A person of the partner for each row: sellers for selling, anyone else in turn; none where nobody is on record."""
    people = contacts.group_by("partner_id", maintain_order=True).agg(
        people="contact_id", sellers=pl.col("contact_id").filter(pl.col("role").is_in(["lead_seller", "seller"]))
    )
    selling = pl.col("kind").is_in([*_SELLING_KINDS, "deal_registered", "co_sell_requested", "referral_submitted"])
    pool = pl.when(selling).then("sellers").otherwise("people")
    rows = rows.join(people, on="partner_id", how="left", maintain_order="left").with_columns(pool=pool)
    place = (pl.col("luck") * pl.col("pool").list.len()).floor().cast(pl.Int64)
    return rows.with_columns(contact_id=pl.col("pool").list.get(place, null_on_oob=True))
