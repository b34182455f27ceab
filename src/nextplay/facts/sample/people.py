"""The people at partners, and the customers: tables `contacts` and `accounts`."""

import numpy as np
import polars as pl

from nextplay.facts.contract import CONTACT_ROLES
from nextplay.facts.sample import words
from nextplay.facts.sample.roster import CUSTOMERS_A_POOL, Roster

# Chance of each role beside the two selling ones, whose chance the archetype gives.
_OTHER_ROLES = np.array([0.55, 0.4, 0.7])


def contact_frame(roster: Roster, seed: int) -> pl.DataFrame:
    """The table `contacts`: who fills which role at which partner. Some partners have nobody on record."""
    rng = np.random.default_rng([seed, 11])
    sellers = roster.rate("sellers")
    told = np.isin(roster.name, list(words.KNOWN_SELLERS))
    lead = (rng.random(roster.size) < sellers) | told
    second = lead & (rng.random(roster.size) < 0.55 * sellers)
    others = rng.random((roster.size, 3)) < _OTHER_ROLES
    on_record = (rng.random(roster.size) > 0.04) | told
    filled = np.column_stack([lead, second, others]) & on_record[:, None]
    partner, role = np.nonzero(filled)
    people = pl.DataFrame(
        {
            "partner_id": roster.partner_id[partner],
            "partner": roster.name[partner],
            "role": np.array(CONTACT_ROLES)[role],
            "first": rng.choice(np.array(words.FIRST_NAMES), len(partner)),
            "last": rng.choice(np.array(words.LAST_NAMES), len(partner)),
        }
    )
    named = pl.col("partner").replace_strict(words.KNOWN_SELLERS, default=None)
    name = pl.when(pl.col("role") == "lead_seller").then(named).fill_null(pl.format("{} {}", "first", "last"))
    mailbox = pl.col("name").str.to_lowercase().str.replace_all(" ", ".")
    house = pl.col("partner").str.to_lowercase().str.replace_all(" ", "-")
    return people.with_columns(name=name).select(
        contact_id=pl.format("CON-{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(4)),
        partner_id="partner_id",
        name="name",
        email=pl.format("{}@{}.example", mailbox, house),
        role="role",
    )


def account_frame(seed: int) -> pl.DataFrame:
    """The table `accounts`: the same number of customers for each industry and region; see `account_number`."""
    rng = np.random.default_rng([seed, 12])
    industries, regions = list(words.INDUSTRIES), list(words.REGIONS)
    count = len(industries) * len(regions) * CUSTOMERS_A_POOL
    number = np.arange(count)
    industry = number // (len(regions) * CUSTOMERS_A_POOL)
    region = number // CUSTOMERS_A_POOL % len(regions)
    endings = np.array(list(words.INDUSTRIES.values()))
    # Within an industry each beginning occurs once, so no two customers share a name.
    first = np.array(words.CUSTOMER_FIRST)[number % (len(regions) * CUSTOMERS_A_POOL)]
    ending = endings[industry, rng.integers(0, endings.shape[1], count)]
    fits = rng.random(count) < np.where(industry < 3, 0.7, 0.4)
    return pl.DataFrame(
        {
            "account": np.char.add(np.char.add(first, " "), ending),
            "industry": np.array(industries)[industry],
            "region": np.array(regions)[region],
            "icp": fits,
        }
    ).with_columns(industry=pl.when(pl.Series(rng.random(count) > 0.03)).then("industry"))
