"""Notes, reviews and narratives of the sample program, put together from sentences that fit each partner's story."""

import numpy as np
import polars as pl

from nextplay.facts.sample import words
from nextplay.facts.sample.archetypes import NAMES
from nextplay.facts.sample.roster import CUSTOMERS_A_POOL, HISTORY_DAYS, MANAGERS, Floats, Roster, Whole
from nextplay.facts.sample.sentences import lines

_US_KINDS, _PARTNER_KINDS = ("call_note", "call_note", "qbr_note"), ("narrative", "narrative", "survey", "profile")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def document_frame(roster: Roster, contacts: pl.DataFrame, accounts: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The table `documents`."""
    rng = np.random.default_rng([seed, 61])
    row, day = _occasions(roster, rng)
    count = len(row)
    by_us = rng.random(count) < 0.68
    kind = np.where(by_us, rng.choice(np.array(_US_KINDS), count), rng.choice(np.array(_PARTNER_KINDS), count))
    pool = roster.vertical[row] * len(words.REGIONS) + roster.region[row]
    account = pool * CUSTOMERS_A_POOL + rng.integers(0, CUSTOMERS_A_POOL, count)
    told = pl.DataFrame(
        {
            "partner_id": roster.partner_id[row],
            "kind": kind,
            "author": np.where(by_us, "us", "partner"),
            "written_at": roster.stamp(day),
            "story": np.array(NAMES)[roster.archetype[row]],
            "length": rng.integers(2, 5, len(row)),
            "account": accounts["account"].gather(account),
            "offer": rng.choice(np.array(words.OFFERS), len(row)),
            "vertical": np.char.lower(np.array(list(words.INDUSTRIES)))[roster.vertical[row]],
            "weekday": rng.choice(np.array(_WEEKDAYS), len(row)),
            "number": rng.integers(3, 15, len(row)).astype(str),
            "manager": rng.choice(np.array([name.split()[0] for name in MANAGERS.values()]), len(row)),
        }
    )
    told = told.sort("written_at", "partner_id").with_columns(
        document_id=pl.format("DOC-{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(5))
    )
    told = _people(told, contacts).join(_spoken(told, rng), on="document_id", maintain_order="left")
    text = pl.col("text")
    for slot in ("account", "offer", "vertical", "weekday", "number", "manager", "seller", "sponsor"):
        text = text.str.replace_all(f"{{{slot}}}", pl.col(slot), literal=True)
    # Where nobody is on record, a sentence may begin with "their director".
    text = text.str.replace_all(r"(^|[.?!”] )their ", "${1}Their ")
    return told.with_columns(text=text).select("document_id", "partner_id", "kind", "author", "written_at", "text")


def _occasions(roster: Roster, rng: np.random.Generator) -> tuple[Whole, Floats]:
    row = np.repeat(np.arange(roster.size), rng.poisson(roster.rate("documents")))
    known_since = np.where(np.isfinite(roster.signed), roster.signed, HISTORY_DAYS - 40)
    start = np.maximum(known_since, 0)[row]
    end = np.fmin(roster.ended, HISTORY_DAYS - 1)[row]
    # More was written lately than long ago.
    day = start + np.maximum(end - start, 1) * np.sqrt(rng.random(len(row)))
    return row, np.clip(roster.at_work(day, rng), 0.4, HISTORY_DAYS - 0.2)


def _people(told: pl.DataFrame, contacts: pl.DataFrame) -> pl.DataFrame:
    first = contacts.with_columns(given=pl.col("name").str.split(" ").list.first())
    named = first.group_by("partner_id", maintain_order=True).agg(
        seller=pl.col("name").filter(pl.col("role").is_in(["lead_seller", "seller"])).first(),
        sponsor=pl.col("name").filter(pl.col("role") == "executive").first(),
    )
    return told.join(named, on="partner_id", how="left", maintain_order="left").with_columns(
        seller=pl.col("seller").fill_null("their contact"), sponsor=pl.col("sponsor").fill_null("their director")
    )


def _spoken(told: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """As many different sentences as each document is long, in a chance order."""
    bank = pl.concat(
        [
            pl.DataFrame(lines(author), schema=["story", "text"], orient="row").with_columns(author=pl.lit(author))
            for author in ("us", "partner")
        ]
    )
    all_of_them = told.join(bank, on=["story", "author"], maintain_order="left_right")
    drawn = all_of_them.with_columns(luck=pl.Series(rng.random(all_of_them.height))).sort("document_id", "luck")
    chosen = drawn.filter(pl.int_range(pl.len()).over("document_id") < pl.col("length"))
    return chosen.group_by("document_id", maintain_order=True).agg(text=pl.col("text").str.join(" "))
