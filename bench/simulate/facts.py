"""The facts that a month leaves behind, as the files of the facts contract: what people did, deals, and the steps of plays."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from bench.simulate.truth import PLAYS, Floats, Month, Whole, World

DAYS_OF_MONTH = 28
SEGMENTS = ("consulting", "resale", "technology")
STAGES = ("prospecting", "qualification", "proposal", "negotiation", "won")
BADGES = ("portal_login", "training_completed", "certification_earned")
ATTENTION = ("webinar_attended", "meeting_held", "commitment_made")
WORK = ("target_list_shared", "narrative_shared", "outreach_sent", "outreach_replied")
# What a play leaves behind: by us, then by a partner that does its part.
OURS = (("step_proposed", 2), ("meeting_held", 4), ("commitment_made", 4))
THEIRS = (("target_list_shared", 7), ("outreach_sent", 10), ("outreach_sent", 12), ("outreach_replied", 15))


def answering(world: World) -> Floats:
    """Chance of saying yes to a step, by kind of partner."""
    return np.array([one.agrees for one in world.kinds])


def factors(world: World) -> dict[str, Floats]:
    """Factors on events, by kind of activity and kind of partner."""
    told = {kind: np.array([one.badges for one in world.kinds]) for kind in BADGES}
    told |= {kind: np.array([one.meetings for one in world.kinds]) for kind in ATTENTION}
    return told | {kind: np.array([one.follow for one in world.kinds]) for kind in WORK}


DEAL: dict[str, type[pl.DataType] | pl.DataType] = {
    "deal_id": pl.String,
    "partner": pl.Int64,
    "amount": pl.Float64,
    "stage": pl.String,
    "opened_at": pl.Datetime("us"),
    "stage_changed_at": pl.Datetime("us"),
    "closed_at": pl.Datetime("us"),
    "stuck": pl.Boolean,
}


@dataclass
class Books:
    """What has been written so far: names that are taken, and every deal as it stands."""

    start: datetime
    numbered: int = 0
    deals: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DEAL))

    def day(self, month: int) -> datetime:
        """First day of a simulated month: the first of a calendar month."""
        total = self.start.month - 1 + month
        return self.start.replace(year=self.start.year + total // 12, month=total % 12 + 1)


def partner_ids(partners: int) -> list[str]:
    """Names by row."""
    return [f"P{number:05d}" for number in range(partners)]


Tables = dict[str, pl.DataFrame]


def profiles(world: World, managers: list[str], books: Books) -> Tables:
    """Profiles and people: enabled soon after joining; whoever has a seller names one."""
    rng = np.random.default_rng([world.seed, 3])
    ids = partner_ids(len(world.state))
    signed = [books.start + timedelta(days=int(30.4 * month) + 3) for month in world.joined]
    enabled = [day + timedelta(days=int(wait)) for day, wait in zip(signed, rng.integers(5, 50, len(ids)), strict=True)]
    partners = pl.DataFrame(
        {
            "partner_id": ids,
            "name": [f"Partner {one}" for one in ids],
            "segment": [SEGMENTS[place % 3] for place in range(len(ids))],
            "lifecycle_stage": ["enabled"] * len(ids),
            "manager_email": [managers[place % len(managers)] for place in range(len(ids))],
            "employee_count": np.round(
                np.exp(3 + 0.5 * (np.log(world.size) - world.laws.size[0]) + rng.normal(0, 0.8, len(ids)))
            ),
            "signed_at": signed,
            "enabled_at": enabled,
        }
    )
    named = has_seller(world)
    rows = [(f"{one}-1", one, "Lee", "lead_seller") for one, there in zip(ids, named, strict=True) if there]
    rows += [(f"{one}-2", one, "Kim", "technical") for one in ids]
    rows += [(f"{one}-3", one, "Max", "executive") for one, there in zip(ids, rng.random(len(ids)) < 0.4, strict=True) if there]
    people = pl.DataFrame(rows, schema=["contact_id", "partner_id", "name", "role"], orient="row")
    return {"partners": partners, "contacts": people}


def has_seller(world: World) -> npt.NDArray[np.bool_]:
    """Which partners have somebody who sells."""
    likely = np.array([one.seller for one in world.kinds])[world.archetype]
    return np.asarray(np.random.default_rng([world.seed, 4]).random(len(likely)) < likely)


def month_of(before: World, gone: Month, month: int, play: Whole, books: Books) -> Tables:
    """Activities of the month, and deals that opened or moved in it."""
    rng = np.random.default_rng([before.seed, 5, month + 100])
    opened = _opened(before, gone, month, books, rng)
    moved = _moved(books.deals, gone, month, play, books, rng)
    known = books.deals.filter(~pl.col("deal_id").is_in(moved["deal_id"].implode()))
    books.deals = pl.concat([known, moved, opened]).sort("deal_id")
    ids = pl.Series(partner_ids(len(play)))
    touched = pl.concat([moved, opened])
    told = touched.with_columns(
        partner_id=ids.gather(touched["partner"]),
        account=pl.lit("Customer ") + pl.col("deal_id"),
        currency=pl.lit("USD"),
        sourced_by=pl.lit("partner"),
    ).drop("partner", "stuck")
    acts = pl.concat([_soft(before, month, rng), _of_plays(before, gone, play, rng), _registered(opened, books.day(month))])
    acts = acts.filter(pl.col("day") < DAYS_OF_MONTH).sort("partner", "day", "kind")
    numbers = pl.int_range(books.numbered, books.numbered + acts.height, eager=True)
    books.numbered += acts.height
    seller = has_seller(before)[acts["partner"].to_numpy()]
    done = pl.DataFrame(
        {
            "activity_id": pl.select(pl.format("A{}", numbers)).to_series(),
            "partner_id": ids.gather(acts["partner"]),
            "contact_id": pl.Series([f"{one}-1" for one in ids.to_list()])
            .gather(acts["partner"])
            .set(pl.Series(~seller), None),
            "kind": acts["kind"],
            "occurred_at": acts.select(pl.lit(books.day(month)) + pl.duration(minutes=pl.col("day") * 1440)).to_series(),
            "play": acts["play"] if before.kind.marked else pl.Series([None] * acts.height, dtype=pl.String),
        }
    )
    return {"deals": told, "activities": done}


def _rows(partner: Whole, kind: str, day: Floats, play: list[str | None] | None = None) -> pl.DataFrame:
    plays = pl.Series("play", play, dtype=pl.String) if play else pl.Series("play", [None] * len(day), dtype=pl.String)
    frame = pl.DataFrame({"partner": partner.astype(np.int64), "day": day.astype(np.float64)})
    return frame.with_columns(pl.lit(kind).alias("kind"), plays).select("partner", "kind", "day", "play")


def _soft(world: World, month: int, rng: np.random.Generator) -> pl.DataFrame:
    """What goes on without any play, and the answers to what was proposed or promised."""
    here, follow = world.joined <= month, world.follow
    parts, factor_of = [], factors(world)
    for kind, rates in world.laws.rates.items():
        factor = factor_of[kind][world.archetype] if kind in factor_of else 1.0
        level = rates[world.state] * factor * world.loud * world.laws.season[month % 12]
        counts = rng.poisson(level * here)
        who = np.repeat(np.arange(len(counts)), counts)
        day = rng.random(len(who)) * DAYS_OF_MONTH
        parts.append(_rows(who, kind, day))
        if kind == "step_proposed":
            parts.append(_answers(who, day, answering(world)[world.archetype], rng))
        if kind == "commitment_made":
            parts.append(_promises(who, day, follow, rng))
    return pl.concat(parts)


def _answers(
    who: Whole, day: Floats, agrees: Floats, rng: np.random.Generator, play: list[str | None] | None = None
) -> pl.DataFrame:
    yes = rng.random(len(who)) < agrees[who]
    wait = day + rng.exponential(np.where(agrees[who] > 0.6, 3, 7))
    plays = play or [None] * len(who)
    return _rows(who[yes], "step_accepted", wait[yes], [one for one, kept in zip(plays, yes, strict=True) if kept])


def _promises(who: Whole, day: Floats, follow: Floats, rng: np.random.Generator) -> pl.DataFrame:
    kept = rng.random(len(who)) < follow[who]
    told = np.minimum(day + 7, DAYS_OF_MONTH - 0.1)
    return pl.concat([_rows(who[kept], "commitment_met", told[kept]), _rows(who[~kept], "commitment_missed", told[~kept])])


def _of_plays(world: World, gone: Month, play: Whole, rng: np.random.Generator) -> pl.DataFrame:
    """Meetings, promises and work that happen because a play was run: they bear its name."""
    who = np.flatnonzero(play >= 0)
    names: list[str | None] = [PLAYS[place] for place in play[who]]
    done = who[gone.did[who]]
    done_names: list[str | None] = [PLAYS[place] for place in play[done]]
    slipped = who[~gone.did[who]]
    slipped_names: list[str | None] = [PLAYS[place] for place in play[slipped]]
    parts = [_rows(who, kind, np.full(len(who), float(day)), names) for kind, day in OURS]
    parts.append(_answers(who, np.full(len(who), 2.0), answering(world)[world.archetype], rng, names))
    parts += [_rows(done, kind, np.full(len(done), float(day)), done_names) for kind, day in THEIRS]
    parts.append(_rows(done, "commitment_met", np.full(len(done), 14.0), done_names))
    parts.append(_rows(slipped, "commitment_missed", np.full(len(slipped), 18.0), slipped_names))
    return pl.concat(parts)


def _registered(opened: pl.DataFrame, first: datetime) -> pl.DataFrame:
    day = (opened["opened_at"] - first).dt.total_minutes().to_numpy() / 1440
    return _rows(opened["partner"].to_numpy(), "deal_registered", day)


def _opened(world: World, gone: Month, month: int, books: Books, rng: np.random.Generator) -> pl.DataFrame:
    counts = rng.poisson(gone.deals)
    who = np.repeat(np.arange(len(counts)), counts)
    first, rows = books.day(month), books.deals.height
    when = pl.Series(
        [first + timedelta(minutes=int(minute)) for minute in rng.integers(0, DAYS_OF_MONTH * 1440, len(who))],
        dtype=pl.Datetime("us"),
    )
    return pl.DataFrame(
        {
            "deal_id": [f"D{rows + place:06d}" for place in range(len(who))],
            "partner": who.astype(np.int64),
            "amount": np.round(
                world.size[who] * rng.lognormal(-(world.laws.size[2] ** 2) / 2, world.laws.size[2], len(who)), 2
            ),
            "stage": ["qualification"] * len(who),
            "opened_at": when,
            "stage_changed_at": when,
            "closed_at": [None] * len(who),
            "stuck": rng.random(len(who)) < world.laws.pipeline[0],
        },
        schema=DEAL,
    )


def _moved(deals: pl.DataFrame, gone: Month, month: int, play: Whole, books: Books, rng: np.random.Generator) -> pl.DataFrame:
    """Open deals that went a stage further or were lost; stuck ones hardly move until they are unblocked."""
    unblocked = (play == PLAYS.index("deal_unblock")) & gone.did
    still = deals.filter(~pl.col("stage").is_in(["won", "lost"]))
    partner = still["partner"].to_numpy()
    stuck = still["stuck"].to_numpy() & ~unblocked[partner]
    drawn, (_, slow, quick, gone_lost) = rng.random((2, still.height)), gone.world.laws.pipeline
    moves, lost = drawn[0] < np.where(stuck, slow, quick), drawn[1] < gone_lost
    now = books.day(month) + timedelta(days=20)
    following = still["stage"].replace_strict(dict(pairwise(STAGES)), return_dtype=pl.String)
    stage = pl.when(pl.Series(lost)).then(pl.lit("lost")).otherwise(following)
    moved = still.with_columns(stage=stage, stage_changed_at=pl.lit(now), stuck=pl.Series(stuck)).filter(pl.Series(moves))
    over = pl.col("stage").is_in(["won", "lost"])
    return moved.with_columns(closed_at=pl.when(over).then(pl.lit(now)).otherwise(pl.col("closed_at"))).cast(pl.Schema(DEAL))
