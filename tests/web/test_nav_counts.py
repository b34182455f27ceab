"""What stands beside the menu's entries is what their pages hold."""

import re

from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.deciding.decide import decide
from nextplay.operations.deciding.show_focus import show_focus
from nextplay.operations.installation import Installation
from nextplay.operations.plays.nav_counts import NavCounts, nav_counts
from nextplay.operations.plays.show_week import show_week
from nextplay.operations.viewer import OPERATOR, Role, Viewer
from nextplay.web.here import moment
from tests.web.conftest import PEOPLE, browser_of

ADMIN = Viewer(PEOPLE["admin"].email, "Leda Marsh", Role.ADMIN)
BADGE = re.compile(r'id="count-(focus|week)"[^>]*>(\d*)')


def test_counts_are_those_of_the_pages_and_fall_as_decisions_are_made(browsed: Installation) -> None:
    assert nav_counts(browsed, ADMIN, now=moment()) == NavCounts()
    decide(browsed, now=moment(), actor="tests")
    waiting = show_focus(browsed, ADMIN, now=moment()).waiting
    assert nav_counts(browsed, ADMIN, now=moment()) == NavCounts(len(waiting), 0)
    for one in waiting:
        commit_decision(browsed, OPERATOR, one.decision_id, revision=one.revision, now=moment())
    for email in {one.owner for one in waiting}:
        owner = Viewer(email, "", Role.MANAGER)
        week = show_week(browsed, owner, now=moment())
        assert nav_counts(browsed, owner, now=moment()) == NavCounts(0, week.due)
    assert nav_counts(browsed, Viewer("halle@program.example", "", Role.VIEWER), now=moment()) == NavCounts()


def test_a_page_and_a_swapped_part_tell_the_same_count(browsed: Installation) -> None:
    decide(browsed, now=moment(), actor="tests")
    client, waiting = browser_of("admin"), len(show_focus(browsed, ADMIN, now=moment()).waiting)
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get("/partners", headers=headers).content.decode()
        assert dict(BADGE.findall(page)) == {"focus": str(waiting), "week": ""}
    assert not BADGE.findall(browser_of("partner").get("/").content.decode())
