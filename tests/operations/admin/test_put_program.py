"""Putting a program file in force: previewed, whole or not at all, the old one kept, the second author told."""

from datetime import datetime

import pytest

from nextplay.ledger import journal, program_files
from nextplay.ledger.people import ChangedMeanwhile
from nextplay.operations.admin.put_program import past_program, past_programs, preview_program, program_text, put_program
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import NotForThisViewer, Viewer
from nextplay.program.edit import with_hours, with_values
from nextplay.program.load import ProgramError

pytestmark = pytest.mark.django_db


def _version(installation: Installation) -> str:
    return installation.program.version


def test_a_file_comes_into_force_and_the_one_before_it_can_be_restored(
    installation: Installation, ben: Viewer, now: datetime
) -> None:
    first = put_program(installation.home, ben, "name: First\n", based_on=_version(installation), now=now)
    second = put_program(installation.home, ben, "name: Second\n", based_on=first, why="hours", now=now)
    assert (installation.program.name, _version(installation)) == ("Second", second)
    assert [kept.version for kept in past_programs(ben)] == [second, first]
    again = past_program(ben, past_programs(ben)[1].file_id)
    put_program(installation.home, ben, again.text, based_on=second, now=now)
    assert _version(installation) == first
    assert [line.verb for line in journal.lines()] == ["change program"] * 3


def test_a_file_put_there_by_hand_is_kept_before_it_is_replaced(installation: Installation, ben: Viewer, now: datetime) -> None:
    installation.home.program_file.write_text("name: By hand\n", encoding="utf-8")
    put_program(installation.home, ben, "name: Next\n", based_on=_version(installation), now=now)
    assert [(kept.text, kept.put_by) for kept in past_programs(ben)] == [("name: Next\n", ben.email), ("name: By hand\n", "")]


def test_the_second_of_two_authors_is_told_and_changes_nothing(installation: Installation, ben: Viewer, now: datetime) -> None:
    seen = _version(installation)
    put_program(installation.home, ben, "name: First\n", based_on=seen, now=now)
    with pytest.raises(ChangedMeanwhile, match="Somebody else"):
        put_program(installation.home, ben, "name: Second\n", based_on=seen, now=now)
    assert installation.program.name == "First"
    assert len(past_programs(ben)) == 1


def test_what_breaks_off_leaves_the_old_file_whole(installation: Installation, ben: Viewer, now: datetime) -> None:
    put_program(installation.home, ben, "name: First\n", based_on=_version(installation), now=now)

    def break_off() -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        program_files.put_program(None, ("v2", "name: Second\n"), break_off, actor="x", now=now, why="")
    assert program_text(installation.home) == "name: First\n"
    assert [kept.text for kept in past_programs(ben)] == ["name: First\n"]
    assert len(journal.lines()) == 1
    assert not list(installation.home.path.glob(".program-*"))


def test_every_problem_is_said_with_its_line_and_nothing_changes(
    installation: Installation, ben: Viewer, now: datetime
) -> None:
    seen = _version(installation)
    with pytest.raises(ProgramError, match=r"line 1.*\n.*line 2"):
        put_program(installation.home, ben, "currency: usd\nmanagers_see: some\n", based_on=seen, now=now)
    with pytest.raises(ProgramError, match="no metric is called 'nonsense'"):
        put_program(installation.home, ben, "cards: [{metric: nonsense, label: X, description: Y}]\n", based_on=seen, now=now)
    assert _version(installation) == seen


def test_only_an_admin_changes_the_program(installation: Installation, ana: Viewer, dan: Viewer, now: datetime) -> None:
    for viewer in (ana, dan):
        with pytest.raises(NotForThisViewer):
            put_program(installation.home, viewer, "name: X\n", based_on=_version(installation), now=now)
        with pytest.raises(NotForThisViewer):
            preview_program(installation, viewer, "name: X\n", now=now)
        with pytest.raises(NotForThisViewer):
            past_programs(viewer)


def test_a_preview_says_which_values_change_and_who_moves_and_writes_nothing(
    sample_installation: Installation, ben: Viewer, now: datetime
) -> None:
    text = with_hours(program_text(sample_installation.home), {"ines.quillon@quillharbor.example": 0})
    found = preview_program(sample_installation, ben, text, now=now)
    assert [(one.place, one.was, one.becomes) for one in found.changes] == [
        ("capacity.managers[Ines Quillon].hours", "24.0", "0.0")
    ]
    assert found.after < found.before
    assert {one.move for one in found.moved} == {"leaves"}
    assert {one.owner for one in found.moved} == {"ines.quillon@quillharbor.example"}
    assert all(one.name != one.partner_id for one in found.moved)
    assert not journal.lines()
    same = preview_program(sample_installation, ben, program_text(sample_installation.home), now=now)
    assert (same.changes, same.moved) == ((), ())
    assert with_values(text, {"name": "Other"}) != text
