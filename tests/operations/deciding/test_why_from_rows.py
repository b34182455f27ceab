"""Every number of a sentence why, counted again from the rows of the facts by other means than those that made it."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest

from nextplay.decisions.proposal import Cycle
from nextplay.facts.contract import SELLING_KINDS, VANITY_KINDS
from nextplay.facts.scope import Reach
from nextplay.facts.tables import stored
from nextplay.operations.deciding.decide import cycle_on
from nextplay.operations.installation import Installation
from nextplay.operations.record.close_outcomes import RESULTS
from nextplay.operations.record.history import history_of
from nextplay.signals.behind import BEHIND, rows_behind

SOLD = re.compile(r"(\d+) selling events? in 90 days, the last (\d+) days ago")
NEVER = re.compile(r"Nothing sold in (\d+) days in the program")
KEPT = re.compile(r"(\d+) of (\d+) commitments kept")
BUSY = re.compile(r"(\d+) logins, trainings and webinars in 180 days")
POLITE = re.compile(
    r"(\d+) meetings and webinars in 180 days, nothing sold in them; (\d+) of (\d+) commitments kept, "
    r"(\d+) of (\d+) proposed steps accepted, (\d+) plays missed\."
)


def _by_partner(rows: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    return {str(one): part.to_dicts() for (one,), part in rows.group_by("partner_id", maintain_order=True)}


class _Rows:
    """Rows of the facts as plain Python values, by partner."""

    def __init__(self, installation: Installation, day: date) -> None:
        self.day, self.end = day, datetime.combine(day, time.min) + timedelta(days=1)
        read = installation.warehouse.read
        self.acts, self.deals = (_by_partner(read(stored(table))) for table in ("activities", "deals"))
        self.partners = {row["partner_id"]: row for row in read(stored("partners")).iter_rows(named=True)}

    def within(self, partner: str, kinds: tuple[str, ...], days: int, *, by_itself: bool = False) -> int:
        """Activities of these kinds; `by_itself` without what a play asked for."""
        return sum(
            row["kind"] in kinds
            and self.end - timedelta(days=days) <= row["occurred_at"] < self.end
            and not (by_itself and row["play"])
            for row in self.acts.get(partner, [])
        )

    def sales(self, partner: str) -> Iterator[tuple[str, datetime]]:
        """Selling activities and deals brought, each with its moment."""
        for row in self.acts.get(partner, []):
            if row["kind"] in SELLING_KINDS and row["occurred_at"] < self.end:
                yield "activity", row["occurred_at"]
        for row in self.deals.get(partner, []):
            moment = row["opened_at"] or row["registered_at"]
            if row["sourced_by"] != "influenced" and moment and moment < self.end:
                yield "deal", moment

    def sold(self, partner: str) -> tuple[int, int | None]:
        """Selling events in 90 days, and days since the last one ever."""
        sales, since = list(self.sales(partner)), self.end - timedelta(days=90)
        lately = [sum(source == one and moment >= since for source, moment in sales) for one in ("activity", "deal")]
        last = max((moment for _, moment in sales), default=None)
        return max(lately), (self.day - last.date()).days if last else None

    def kept(self, partner: str) -> tuple[int, int]:
        """Commitments met, and met or missed, in nine months."""
        met, missed = (self.within(partner, (f"commitment_{word}",), 270) for word in ("met", "missed"))
        return met, met + missed

    def days_in_program(self, partner: str) -> int:
        """Since the first date there is."""
        row = self.partners[partner]
        began = row["enabled_at"] or row["onboarded_at"] or row["signed_at"]
        return max((self.day - began.date()).days, 0) if began else 0


@pytest.fixture(scope="module")
def decided(sample_installation: Installation) -> tuple[Cycle, _Rows, Installation]:
    """The sample program decided on its last day."""
    day = sample_installation.reference_day(date(2100, 1, 1))
    nothing = history_of([], [], pl.DataFrame(schema=RESULTS), cycle=f"{day:%Y-%m}", as_of=day, lot_stands=False)
    return cycle_on(sample_installation, day, nothing), _Rows(sample_installation, day), sample_installation


def _numbers(pattern: re.Pattern[str], text: str) -> tuple[int, ...] | None:
    found = pattern.search(text)
    return tuple(map(int, found.groups())) if found else None


def test_what_is_said_of_partners_that_get_no_hours_is_what_their_rows_say(decided: tuple[Cycle, _Rows, Installation]) -> None:
    cycle, rows, _ = decided
    left = [one for one in cycle.next_actions if one.partner_id not in {held.partner_id for held in cycle.focus}]
    told = {"sold": 0, "never": 0, "kept": 0, "busy": 0}
    for one in left:
        lately, since = rows.sold(one.partner_id)
        for name, said, counted in (
            ("sold", _numbers(SOLD, one.why), (lately, since)),
            ("never", _numbers(NEVER, one.why), (rows.days_in_program(one.partner_id),)),
            ("kept", _numbers(KEPT, one.why), rows.kept(one.partner_id)),
            ("busy", _numbers(BUSY, one.why), (rows.within(one.partner_id, VANITY_KINDS, 180),)),
        ):
            assert said in (None, counted), one.why
            told[name] += said is not None
        assert (since is None) == (NEVER.search(one.why) is not None), one.why
    assert min(told.values()) > 3, told


def test_what_ends_the_hours_for_a_partner_is_what_its_rows_say(decided: tuple[Cycle, _Rows, Installation]) -> None:
    cycle, rows, _ = decided
    assert cycle.stop
    for one in cycle.stop:
        attended = rows.within(one.partner_id, ("webinar_attended",), 180)
        attended += rows.within(one.partner_id, ("meeting_held",), 180, by_itself=True)
        proposed, accepted = (rows.within(one.partner_id, (f"step_{word}",), 180) for word in ("proposed", "accepted"))
        said = _numbers(POLITE, one.why)
        assert said == (attended, *rows.kept(one.partner_id), min(accepted, proposed), proposed, 0), one.why


def test_every_signal_that_a_decision_rests_on_is_what_its_rows_count(decided: tuple[Cycle, _Rows, Installation]) -> None:
    cycle, rows, installation = decided
    facts = installation.facts(rows.day, Reach())
    counted = 0
    for one in cycle.focus[:12]:
        for shown in one.evidence:
            behind = BEHIND.get(shown.signal)
            if behind is None or behind.count is None:
                continue
            table: Any = rows_behind(facts, shown.signal, one.partner_id)
            assert behind.count(installation.warehouse.read(table)) == pytest.approx(float(shown.value or 0)), one.why
            counted += 1
    assert counted > 12
