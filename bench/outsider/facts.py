"""The files of the facts contract that this program would hand over on an evening."""

from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl

from bench.outsider.nature import Whole
from bench.outsider.scenarios import BEGINNING
from bench.outsider.world import World

BY_SELLERS = ("outreach_sent", "outreach_replied", "target_list_shared", "narrative_shared", "deal_registered", "meeting_held")
ABOUT_ACCOUNTS = ("outreach_sent", "outreach_replied", "target_list_shared", "co_sell_requested", "referral_submitted")
REGIONS, VERTICALS = ("North", "South", "West"), ("Finance", "Health", "Retail", "Industry")
ACCOUNTS = 9
START = pl.lit(datetime(BEGINNING.year, BEGINNING.month, BEGINNING.day))


def manager_email(manager: int) -> str:
    """Address of a manager."""
    return f"manager{manager}@program.example"


def write_files(world: World, folder: Path, rows_since: int) -> int:
    """Write what is known now; of activities those since that many. Returns how many activity batches there are now."""
    folder.mkdir(parents=True, exist_ok=True)
    here = pl.Series(np.flatnonzero(world.nature.joined < world.week))
    partners_of(world).filter(pl.col("partner_id").is_in(named(here).implode())).write_parquet(folder / "partners.parquet")
    contacts_of(world).write_parquet(folder / "contacts.parquet")
    accounts_of(world).write_parquet(folder / "accounts.parquet")
    deals = deals_of(world)
    deals.write_parquet(folder / "deals.parquet")
    _revenue_of(deals).write_parquet(folder / "revenue.parquet")
    fresh = world.records.rows[rows_since:]
    if fresh:
        activities_of(world, pl.concat(fresh)).write_parquet(folder / "activities.parquet")
    return len(world.records.rows)


def named(partners: pl.Series) -> pl.Series:
    """Ids of partners."""
    return pl.select(pl.format("P-{}", partners)).to_series()


def partners_of(world: World) -> pl.DataFrame:
    """Every partner as the program has it on file."""
    nature, place = world.nature, np.arange(world.scenario.partners)
    sold = np.bincount(world.deals.partner, minlength=place.size) > 0
    stage = np.where(sold, "active", np.where(nature.joined > world.week - 4, "onboarding", "enabled"))
    signed = START + pl.duration(weeks=pl.lit(pl.Series(nature.joined)))
    return pl.select(
        partner_id=named(pl.Series(place)),
        name=pl.format("Partner {}", pl.Series(place)),
        segment=pl.Series(np.where(nature.employees > 90, "Scale", "Growth")),
        lifecycle_stage=pl.Series(stage),
        regions=pl.Series(np.array(REGIONS)[place % 3]),
        verticals=pl.Series(np.array(VERTICALS)[place % 4]),
        manager_email=pl.Series([manager_email(one) for one in range(world.scenario.managers)]).gather(nature.manager),
        employee_count=pl.Series(nature.employees),
        signed_at=signed,
        enabled_at=pl.when(pl.Series(nature.joined <= world.week - 4)).then(signed + pl.duration(weeks=4)),
    )


def contacts_of(world: World) -> pl.DataFrame:
    """A director each, and as many sellers as were ever at work at once; who leaves stays on file."""
    most = world.staff[:, : world.week].max(1)
    partner, seller = np.nonzero(np.arange(most.max()) < most[:, None])
    joined = world.nature.joined < world.week
    directors, sellers = np.flatnonzero(joined), joined[partner]
    frames = [_people(directors, np.full(directors.size, -1)), _people(partner[sellers], seller[sellers])]
    return pl.concat(frames)


def _people(partner: Whole, seller: Whole) -> pl.DataFrame:
    frame = pl.DataFrame({"partner": partner, "seller": seller})
    role = pl.when(pl.col("seller") < 0).then(pl.lit("executive"))
    return frame.select(
        contact_id=pl.format("P-{}-{}", "partner", pl.col("seller") + 1),
        partner_id=pl.format("P-{}", "partner"),
        name=pl.format("Person {} {}", "partner", pl.col("seller") + 1),
        role=role.when(pl.col("seller") == 0).then(pl.lit("lead_seller")).otherwise(pl.lit("seller")),
    )


def accounts_of(world: World) -> pl.DataFrame:
    """Accounts that partners work with, and which of them fit."""
    partner, number = (part.ravel() for part in np.indices((world.scenario.partners, 2 * ACCOUNTS)))
    fits = number < ACCOUNTS
    return pl.select(account=_account(pl.Series(partner), pl.Series(fits), pl.Series(number % ACCOUNTS)), icp=pl.Series(fits))


def _account(partner: pl.Expr | pl.Series, fits: pl.Expr | pl.Series, number: pl.Expr | pl.Series) -> pl.Expr:
    kind = pl.when(fits).then(pl.lit("fits")).otherwise(pl.lit("other"))
    return pl.format("Account {} {} {}", partner, kind, number)


def deals_of(world: World) -> pl.DataFrame:
    """Every deal as it stands on the evening before `world.week`."""
    book, week = world.deals, world.week
    shown = pl.DataFrame(
        {name: getattr(book, name) for name in ("partner", "slot", "opened", "amount", "icp", "proposal", "won", "lost")}
    )
    shown = shown.filter(pl.col("opened") >= 0)
    at_proposal, is_won, is_lost = (pl.col(name) < week for name in ("proposal", "won", "lost"))
    ended_as = pl.when(is_won).then(pl.lit("won")).when(is_lost).then(pl.lit("lost"))
    stage = ended_as.when(at_proposal).then(pl.lit("proposal")).otherwise(pl.lit("qualification"))
    ended = pl.when(is_won).then(_wednesday("won")).when(is_lost).then(_wednesday("lost"))
    opened = START + pl.duration(weeks="opened", days="slot", hours=9)
    return shown.select(
        deal_id=pl.format("D-{}-{}-{}", "partner", "opened", "slot"),
        partner_id=pl.format("P-{}", "partner"),
        account=_account(pl.col("partner"), pl.col("icp"), pl.col("opened") % ACCOUNTS),
        stage=stage,
        amount=pl.col("amount"),
        currency=pl.lit("USD"),
        sourced_by=pl.lit("partner"),
        registration=pl.lit("approved"),
        registered_at=opened,
        opened_at=opened,
        stage_changed_at=pl.coalesce(ended, pl.when(at_proposal).then(_wednesday("proposal")), opened),
        closed_at=ended,
    )


def _wednesday(week: str) -> pl.Expr:
    return START + pl.duration(weeks=week, days=2, hours=12)


def _revenue_of(deals: pl.DataFrame) -> pl.DataFrame:
    won = deals.filter(pl.col("stage") == "won")
    renamed = {"revenue_id": "deal_id", "recognized_at": "closed_at"}
    same = ["partner_id", "deal_id", "amount", "currency"]
    return won.select(*same, **{name: pl.col(source) for name, source in renamed.items()})


def activities_of(world: World, rows: pl.DataFrame) -> pl.DataFrame:
    """Activities with who did them, where a seller is at work, and the account they are about."""
    week = ((rows["occurred_at"] - START_AT).dt.total_days() // 7).to_numpy()
    partner, place = rows["partner"].to_numpy(), np.arange(rows.height)
    staff = world.staff[partner, np.minimum(week, world.week - 1)]
    told = rows.with_columns(
        seller=pl.Series(place % np.maximum(staff, 1) + 1),
        manned=pl.Series(staff > 0) & pl.col("kind").is_in(BY_SELLERS),
        director=pl.Series(place % 6 == 0) & (pl.col("kind") == "meeting_held"),
        fits=pl.Series((place * 7 + week) % 10 < 10 * world.nature.fit[partner]),
        number=pl.Series(place % ACCOUNTS),
    )
    person = pl.when("director").then(pl.lit(0)).when("manned").then(pl.col("seller"))
    about = pl.when(pl.col("kind").is_in(ABOUT_ACCOUNTS))
    return told.select(
        "activity_id",
        partner_id=pl.format("P-{}", "partner"),
        contact_id=pl.when(person.is_not_null()).then(pl.format("P-{}-{}", "partner", person)),
        kind=pl.col("kind"),
        occurred_at=pl.col("occurred_at"),
        account=about.then(_account(pl.col("partner"), pl.col("fits"), pl.col("number"))),
        play=pl.col("play"),
    )


START_AT = datetime(BEGINNING.year, BEGINNING.month, BEGINNING.day)
