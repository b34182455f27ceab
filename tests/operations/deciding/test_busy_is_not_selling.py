"""From facts to decisions: no login, webinar, training or badge by anybody moves a trait, a gain, a chance or a risk."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl

from nextplay.decisions.board import Board, lay_out
from nextplay.decisions.history import History
from nextplay.facts.contract import VANITY_KINDS
from nextplay.facts.scope import Reach
from nextplay.facts.tables import stored
from nextplay.home import Home
from nextplay.operations.installation import Installation
from nextplay.signals.compute import compute
from nextplay.signals.months import month_counts
from nextplay.traits.read import TRAITS
from nextplay.values.period import utc_day
from tests.stories import activity, load

# Lately, and long before most of them were signed.
DAYS_AGO = (1, 9, 33, 70, 340)

TRAITS_NAMED = tuple(trait.name for trait in TRAITS)
NAMED = (*TRAITS_NAMED, "drop_off_risk", "typical_deal", "does_its_part", "executive_seen_180", "selling_180", "will_180")


@dataclass(frozen=True)
class _Told:
    board: Board
    badges: int


def _told(installation: Installation, day: date) -> _Told:
    facts, program = installation.facts(day, Reach()), installation.program
    signals = compute(installation.warehouse, facts, program)
    counts = month_counts(installation.warehouse, facts, signals, program.engine.look_back_months)
    return _Told(lay_out(signals, counts, History(), program, day), int(signals["badges_180"].sum()))


def _differ(plain: _Told, busy: _Told, name: str) -> list[tuple[object, ...]]:
    both = plain.board.frame.select("partner_id", was=name).with_columns(now=busy.board.frame[name])
    return (
        both.filter(pl.col("was").ne_missing(pl.col("now")))
        .head(3)
        .select(pl.format("{}: {} to {}", *both.columns))
        .to_series()
        .to_list()
    )


def test_no_login_webinar_or_badge_by_anybody_moves_what_is_believed_of_a_partner(sample_home: Home, now: datetime) -> None:
    installation = Installation(sample_home)
    day = installation.reference_day(utc_day(now))
    plain = _told(installation, day)
    dated = plain.board.frame.filter(pl.any_horizontal(pl.col("days_since_signed", "days_since_enabled").is_not_null()))
    people = installation.warehouse.read(stored("contacts").select("contact_id", "partner_id"))
    # Of a partner without a date the first thing seen says since when it is there, whatever that is.
    people = people.filter(pl.col("partner_id").is_in(dated["partner_id"].implode()))
    end = datetime.combine(day, time(12))
    flood = [
        activity(partner, kind, end - timedelta(days=ago), contact_id=contact, activity_id=f"flood:{contact}:{kind}:{ago}")
        for contact, partner in people.iter_rows()
        for kind in VANITY_KINDS
        for ago in DAYS_AGO
    ]
    load(installation.warehouse, "activities", *flood)
    busy = _told(installation, day)
    assert busy.badges > 4 * plain.badges > 0
    moved = {name: _differ(plain, busy, name) for name in NAMED}
    assert not any(moved.values()), moved
    for part in ("p_with", "p_without", "deals", "gain"):
        assert np.array_equal(getattr(busy.board.gains, part), getattr(plain.board.gains, part)), part
    # More attention may end the hours for a partner; it never begins them.
    begun = busy.board.open & ~plain.board.open
    assert not begun.any(), plain.board.frame.filter(pl.Series(begun.any(axis=1)))["partner_id"].to_list()
    installation.close()
