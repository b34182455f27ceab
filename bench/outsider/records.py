"""What is written down of a week: activities of the contract, and the counts that a person would keep in mind."""

from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import polars as pl

from bench.outsider.dealbook import counts_of
from bench.outsider.effects import Plan
from bench.outsider.latent import Latent, does_its_part, manned, squash
from bench.outsider.nature import Flags, Floats, Nature, Whole
from bench.outsider.scenarios import BEGINNING, Scenario

# What can be counted of a partner in a week.
COUNTED = (
    "portal_login",
    "training_completed",
    "certification_earned",
    "webinar_attended",
    "meeting_held",
    "target_list_shared",
    "narrative_shared",
    "outreach_sent",
    "outreach_replied",
    "co_sell_requested",
    "referral_submitted",
    "commitment_made",
    "commitment_met",
    "commitment_missed",
    "step_proposed",
    "step_accepted",
    "step_declined",
    "deal_registered",
)
PLACE = {kind: place for place, kind in enumerate(COUNTED)}
# Events a week of each kind of partner (columns as `nature.KINDS`), before drive and habit have their say.
LOGINS = np.array([1.0, 0.7, 0.15, 4.0, 1.2, 0.1])
COURSES = np.array([0.05, 0.04, 0.02, 0.35, 0.08, 0.01])
WEBINARS = np.array([0.06, 0.06, 0.02, 0.30, 0.25, 0.02])
MEETINGS = np.array([0.20, 0.15, 0.05, 0.20, 0.35, 0.03])
OPENNESS = np.array([1.0, 0.9, 0.35, 0.5, 0.3, 0.3])


@dataclass
class Records:
    """Rows by week, and how often each kind was seen: kind x partner x week (weeks before the facts are not seen)."""

    seen: Floats
    # Promises made outside of plays, by partner and week: these fall due two weeks later.
    promised: Flags
    rows: list[pl.DataFrame] = field(default_factory=list)

    def add(self, kind: str, partners: Whole, week: int, days: Whole, play: str | None = None, note: str = "") -> None:
        """One row each, on that day of the week."""
        np.add.at(self.seen[PLACE[kind], :, week], partners, 1)
        if partners.size == 0:
            return
        begin = BEGINNING + timedelta(weeks=week)
        place = np.arange(partners.size)
        frame = pl.DataFrame({"partner": partners, "day": days, "place": place}).select(
            activity_id=pl.format(
                "{}-{}-{}-{}{}", pl.lit(kind), pl.lit(week), pl.col("partner"), pl.col("place"), pl.lit(note)
            ),
            partner=pl.col("partner"),
            kind=pl.lit(kind),
            occurred_at=pl.lit(begin).cast(pl.Datetime)
            + pl.duration(days=pl.col("day"), hours=9, minutes=pl.col("place") % 480),
            play=pl.lit(play, pl.String),
        )
        self.rows.append(frame)


def write_week(records: Records, now: Latent, nature: Nature, scenario: Scenario, week: int, rng: np.random.Generator) -> None:
    """Everything of a week that no play made."""
    n, here = nature.home.size, nature.joined <= week
    means = _means(now, nature)
    kept = 1 - scenario.lost
    for kind, mean in means.items():
        lots, days = rng.random((2, n)), rng.integers(0, 7, (n, 12))
        loud = scenario.loudness * kept
        junk = (
            scenario.junk / len(means) if kind in ("portal_login", "webinar_attended", "meeting_held", "outreach_sent") else 0
        )
        count = counts_of(lots[0], (mean * loud + junk) * here, 12)
        partner, place = np.nonzero(np.arange(12) < count[:, None])
        records.add(kind, partner, week, days[partner, place])
    _write_promises(records, now, nature, scenario, week, rng)
    _write_asked(records, now, nature, scenario, week, rng)


def _means(now: Latent, nature: Nature) -> dict[str, Floats]:
    """Events expected in a usual world."""
    kind, push = nature.kind, np.exp(0.6 * np.clip(now.drive, -3, 2))
    work = manned(now.sellers) * (0.1 + 0.9 * now.habit) * push * OPENNESS[kind]
    courses = COURSES[kind] * np.exp(0.2 * now.drive)
    outreach = 0.5 * work
    return {
        "portal_login": LOGINS[kind] * np.exp(0.2 * now.drive),
        "training_completed": courses,
        "certification_earned": courses / 3,
        "webinar_attended": WEBINARS[kind],
        "meeting_held": MEETINGS[kind] * 1.4 * squash(now.trust + 1),
        "target_list_shared": 0.06 * work,
        "narrative_shared": 0.03 * work,
        "outreach_sent": outreach,
        "outreach_replied": 0.4 * outreach * nature.fit,
        "co_sell_requested": 0.03 * work,
        "referral_submitted": 0.015 * work,
    }


def _write_promises(
    records: Records, now: Latent, nature: Nature, scenario: Scenario, week: int, rng: np.random.Generator
) -> None:
    """About every second meeting ends with a promise; two weeks later it is kept or not."""
    n = nature.home.size
    lots, days = rng.random((4, n)), rng.integers(0, 7, n)
    met = records.seen[PLACE["meeting_held"], :, week] > 0
    made = np.flatnonzero(met & (lots[0] < 0.5))
    records.promised[made, week] = True
    records.add("commitment_made", made, week, np.full(made.size, 6))
    due = np.flatnonzero(records.promised[:, week - 2] & (lots[1] >= scenario.lost)) if week >= 2 else made[:0]
    kept = lots[2, due] < does_its_part(now, nature)[due]
    records.add("commitment_met", due[kept], week, days[due[kept]])
    records.add("commitment_missed", due[~kept], week, days[due[~kept]])


def _write_asked(
    records: Records, now: Latent, nature: Nature, scenario: Scenario, week: int, rng: np.random.Generator
) -> None:
    """Small next steps that managers propose outside of plays."""
    n = nature.home.size
    lots = rng.random((3, n))
    asked = np.flatnonzero((lots[0] < 0.04 * scenario.loudness) & (nature.joined <= week))
    records.add("step_proposed", asked, week, np.zeros(asked.size, np.int64))
    yes = lots[1, asked] < nature.says_yes[asked]
    days = np.minimum(6, 1 + 8 * lots[2] / (0.5 + squash(now.drive))).astype(np.int64)
    records.add("step_accepted", asked[yes], week, days[asked[yes]])
    no = asked[~yes][lots[2, asked[~yes]] < 0.5]
    records.add("step_declined", no, week, days[no])


def write_plays(records: Records, plan: Plan, names: tuple[str, ...], week: int, yes: Flags, done: Flags) -> None:
    """What plays leave in the facts within their first weeks, under their names."""
    for place, name in enumerate(names):
        mine = plan.plays == place
        _write_play(records, name, week, plan.partners[mine], yes[mine], done[mine])


def _write_play(records: Records, play: str, week: int, partners: Whole, yes: Flags, done: Flags) -> None:
    def add(kind: str, whom: Flags, weeks: int, day: int) -> None:
        whose = partners[whom]
        records.add(kind, whose, week + weeks, np.full(whose.size, day), play, f"-{play}")

    add("step_proposed", np.ones(partners.size, np.bool_), 0, 0)
    add("step_accepted", yes, 0, 2)
    add("step_declined", ~yes, 0, 3)
    add("meeting_held", yes, 0, 4)
    add("commitment_made", yes, 0, 4)
    if play == "first_selling_play":
        add("target_list_shared", done, 1, 1)
        add("narrative_shared", done, 1, 1)
        add("outreach_sent", done, 1, 4)
        add("outreach_sent", done, 2, 1)
    add("commitment_met", done, 2, 2)
    add("commitment_missed", yes & ~done, 2, 4)
