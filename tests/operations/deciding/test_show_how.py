"""How the list is made: the counts are those of the list itself."""

from datetime import datetime

import pytest

from nextplay.home import Home
from nextplay.operations.deciding.decide import decide
from nextplay.operations.deciding.decline_decision import decline_decision
from nextplay.operations.deciding.show_how import show_how
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import NotForThisViewer, Viewer

pytestmark = pytest.mark.django_db


def test_everybody_stands_somewhere_and_hours_are_those_of_the_list(sample_home: Home, ben: Viewer, now: datetime) -> None:
    opened = Installation(sample_home)
    cycle = decide(opened, now=now, actor="ben")
    made = show_how(opened, ben, now=now)
    left = sum(reason.count for reason in made.focus.left_out)
    assert made.listed + made.focus.held_back + len(made.focus.stop) + left == made.focus.partners
    assert made.listed == len(cycle.focus) == sum(one.on_list for one in made.plays)
    assert made.hours == sum(one.hours for one in cycle.focus) <= made.capacity
    assert made.drawn == sum(one.exploration for one in cycle.focus)
    listed = [one for one in made.plays if one.on_list]
    assert all((one.said_with or 0) >= (one.said_without or 1) for one in listed)
    assert {one.said_with for one in made.plays if not one.on_list} <= {None}
    # Nothing is closed yet.
    assert {one.cases for one in made.plays} == {0}
    declined = made.focus.waiting[0]
    decline_decision(opened, ben, declined.decision_id, revision=None, reason="Nobody has time", now=now)
    after = show_how(opened, ben, now=now).focus
    elsewhere = after.held_back + len(after.stop) + sum(reason.count for reason in after.left_out)
    assert len(after.listed) + len(after.decided) + elsewhere == after.partners
    assert [one.decision_id for one in after.decided] == [declined.decision_id]
    opened.close()


def test_before_the_first_month_plays_are_told(installation: Installation, ben: Viewer, now: datetime) -> None:
    made = show_how(installation, ben, now=now)
    assert (made.focus.state, made.listed, made.capacity) == ("no_cycle", 0, 0)
    assert made.plays


def test_it_is_not_for_a_partner_s_people(installation: Installation, cleo: Viewer, now: datetime) -> None:
    with pytest.raises(NotForThisViewer):
        show_how(installation, cleo, now=now)
