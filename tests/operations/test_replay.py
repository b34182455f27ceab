"""Another program on past months: who enters and leaves, with what was known then, and nothing is written."""

from datetime import datetime
from pathlib import Path

import pytest

from nextplay.ledger import queries
from nextplay.ledger.journal import lines
from nextplay.operations.installation import Installation
from nextplay.operations.replay import NoSuchMonths, replay
from nextplay.operations.viewer import NotForThisViewer, Viewer
from nextplay.program.load import load_program
from nextplay.values.period import Month

pytestmark = pytest.mark.django_db

MAY = Month(2026, 5)


@pytest.fixture
def changed(sample_installation: Installation, tmp_path: Path) -> Path:
    """The sample's program with fewer hours for everybody."""
    text = sample_installation.home.program_file.read_text(encoding="utf-8")
    file = tmp_path / "changed.yaml"
    file.write_text(text.replace("hours: 24", "hours: 8").replace("hours: 18", "hours: 6"), encoding="utf-8")
    assert file.read_text(encoding="utf-8") != text
    return file


def test_fewer_hours_drop_partners_from_a_past_list_tell_what_they_brought_and_write_nothing(
    sample_installation: Installation, ben: Viewer, now: datetime, changed: Path
) -> None:
    held = sorted(path.name for path in sample_installation.home.path.rglob("*"))
    version, journal = sample_installation.warehouse.version(), len(lines())
    found = replay(sample_installation, ben, load_program(changed), MAY, MAY, now=now)
    [month] = found.months
    assert month.tried < month.in_force
    assert month.leaves.partners - month.enters.partners == month.in_force - month.tried
    assert month.stays.partners + month.leaves.partners == month.in_force
    assert month.leaves.produced == sum(one.deals > 0 for one in month.moved if one.move == "leaves")
    assert month.ripe
    assert found.off_policy.value is None
    assert found.as_json()["months"][0]["as_of"] == "2026-05-31"
    assert sorted(path.name for path in sample_installation.home.path.rglob("*")) == held
    assert (sample_installation.warehouse.version(), len(lines())) == (version, journal)
    assert queries.decisions() == []


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
