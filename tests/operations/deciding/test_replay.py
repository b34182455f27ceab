"""Another program on past months: who enters and leaves, with what was known then, and nothing is written."""

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from nextplay.decisions.proposal import Cycle, Decisions, Lot
from nextplay.home import Home
from nextplay.ledger import queries
from nextplay.ledger.journal import lines
from nextplay.operations.deciding.decide import decide
from nextplay.operations.deciding.replay import OTHER_PLAYS, NoSuchMonths, off_policy_of, replay, usual_months
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import NotForThisViewer, Viewer
from nextplay.program.load import load_program
from nextplay.values.period import Month
from tests.learning.frames import lot

pytestmark = pytest.mark.django_db

MAY, DAY = Month(2026, 5), date(2026, 2, 28)


@pytest.fixture
def changed(sample_installation: Installation, tmp_path: Path) -> Path:
    """The sample's program with fewer hours for everybody."""
    text = sample_installation.home.program_file.read_text(encoding="utf-8")
    file = tmp_path / "changed.yaml"
    file.write_text(text.replace("hours: 24", "hours: 8").replace("hours: 18", "hours: 6"), encoding="utf-8")
    assert file.read_text(encoding="utf-8") != text
    return file


def _files(home: Home) -> dict[str, bytes]:
    """Everything in a folder but the facts, which bear their own version and may keep answers."""
    found = (path for path in home.path.rglob("*") if path.is_file() and not path.name.startswith("facts.duckdb"))
    return {str(path.relative_to(home.path)): path.read_bytes() for path in found}


def test_fewer_hours_drop_partners_from_a_past_list_tell_what_they_brought_and_write_nothing(
    sample_home: Home, ben: Viewer, now: datetime, changed: Path
) -> None:
    # Opened by nobody before: whatever a first look at the facts would write is missing.
    opened = Installation(sample_home)
    version, journal = opened.warehouse.version(), len(lines())
    held = _files(sample_home)
    found = replay(opened, ben, load_program(changed), MAY, MAY, now=now)
    [month] = found.months
    assert month.tried < month.in_force
    assert month.leaves.partners - month.enters.partners == month.in_force - month.tried
    assert month.stays.partners + month.leaves.partners + month.changes.partners == month.in_force
    assert month.leaves.produced == sum(one.deals > 0 for one in month.moved if one.move == "leaves")
    assert month.ripe
    assert found.off_policy.value is None
    assert found.as_json()["months"][0]["as_of"] == "2026-05-31"
    assert _files(sample_home) == held
    assert (opened.warehouse.version(), len(lines())) == (version, journal)
    assert queries.decisions() == []
    opened.close()


def test_the_same_program_moves_nobody(sample_installation: Installation, ben: Viewer, now: datetime) -> None:
    [month] = replay(sample_installation, ben, sample_installation.program, MAY, MAY, now=now).months
    assert month.moved == ()
    assert month.stays.partners == month.in_force == month.tried


def test_months_that_are_not_over_in_the_wrong_order_or_too_many_are_refused(
    sample_installation: Installation, ben: Viewer, now: datetime, changed: Path
) -> None:
    for first, last in ((MAY, Month(2026, 4)), (MAY, Month(2026, 11)), (Month(2020, 1), MAY)):
        with pytest.raises(NoSuchMonths):
            replay(sample_installation, ben, load_program(changed), first, last, now=now)


def test_only_an_admin_may_see_what_moves_for_everybody(
    sample_installation: Installation, ana: Viewer, cleo: Viewer, dan: Viewer, now: datetime
) -> None:
    for viewer in (ana, cleo, dan):
        with pytest.raises(NotForThisViewer):
            replay(sample_installation, viewer, sample_installation.program, MAY, MAY, now=now)


def test_logged_lots_are_held_against_the_very_day_they_were_drawn_on(sample_home: Home, ben: Viewer, now: datetime) -> None:
    """On that day the program in force does what it did, case for case; on the last of the month it would not."""
    opened = Installation(sample_home)
    chance = opened.program.chance.model_copy(update={"holdout_share": 0.5})
    trial = opened.under(opened.program.model_copy(update={"chance": chance}))
    cycle = decide(trial, now=now, actor="t", as_of=date(2026, 5, 6), commit=True)
    assert cycle.holdout
    found = replay(trial, ben, trial.program, MAY, MAY, now=now).off_policy
    by_lot = [one for one in cycle.lots if one.arm != "explored"]
    assert found.cases == len(by_lot)
    assert found.effective_sample == pytest.approx(found.cases)
    opened.close()


def test_a_changed_play_of_the_same_partner_is_told(sample_installation: Installation, ben: Viewer, now: datetime) -> None:
    """The same partners, another play: neither enters nor leaves, and yet the lists are not the same."""
    program = sample_installation.program
    renamed = tuple(play.model_copy(update={"name": f"{play.name}_anew"}) for play in program.plays)
    [month] = replay(sample_installation, ben, program.model_copy(update={"plays": renamed}), MAY, MAY, now=now).months
    assert (month.enters.partners, month.leaves.partners, month.stays.partners) == (0, 0, 0)
    assert month.changes.partners == month.in_force
    assert {(one.move, one.play) for one in month.moved} == {("changes", f"{one.instead_of}_anew") for one in month.moved}


def _month(play: str, partners: int, chance: float) -> Cycle:
    """A month that gives each partner that play with one chance, by lot."""
    lots = tuple(Lot(f"p{place}", play, "held_back", 1 - chance, DAY, DAY, {}) for place in range(partners))
    return Cycle("2026-02", DAY, "1", "1", 0, "USD", (), Decisions(), lots)


def test_a_program_that_offers_everybody_is_worth_what_the_offered_reached_and_one_that_offers_nobody_the_others() -> None:
    logged = lot((90, 150), (30, 150)).with_columns(partner_id=pl.format("p{}", pl.int_range(pl.len())))
    for chance, truth in ((1.0, 0.6), (0.0, 0.2), (0.5, 0.4)):
        found = off_policy_of(logged, {"2026-02": _month("first_selling_play", 300, chance)})
        assert found.value == pytest.approx(truth)
        assert found.low is not None
        assert found.high is not None
        assert 0 <= found.low < truth < found.high <= 1


def test_another_play_is_no_doing_nothing() -> None:
    """Who gets another play under the other program tells nothing of it: neither side of the lot stands for that."""
    logged = lot((90, 150), (30, 150)).with_columns(partner_id=pl.format("p{}", pl.int_range(pl.len())))
    found = off_policy_of(logged, {"2026-02": _month("deal_unblock", 300, 1.0)})
    assert (found.cases, found.value, found.refusal) == (0, None, OTHER_PLAYS)
    some = off_policy_of(logged, {"2026-02": _month("deal_unblock", 100, 1.0)})
    assert some.cases == 200


def test_an_interval_of_a_share_ends_at_none_and_all() -> None:
    logged = lot((149, 150), (1, 150)).with_columns(partner_id=pl.format("p{}", pl.int_range(pl.len())))
    found = off_policy_of(logged, {"2026-02": _month("first_selling_play", 300, 0.99)})
    assert found.high is not None
    assert found.high <= 1


@pytest.mark.parametrize(
    ("day", "months"),
    [
        (date(2026, 11, 22), ("2025-11", "2026-10")),
        (date(2026, 1, 5), ("2025-01", "2025-12")),
        (date(2018, 5, 31), ("2017-06", "2018-05")),
    ],
)
def test_a_year_that_is_over_and_that_the_facts_reach_is_offered(day: date, months: tuple[str, str]) -> None:
    assert tuple(map(str, usual_months(day, max(day, date(2018, 6, 1))))) == months
