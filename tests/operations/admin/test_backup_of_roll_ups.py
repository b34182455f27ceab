"""What can be added up again is in no backup: dashboards of a home that came back say the same, from its facts."""

from pathlib import Path

import pytest

from nextplay.home import open_home
from nextplay.operations.admin.backup import backup
from nextplay.operations.admin.restore import restore
from nextplay.operations.dashboards.roll_up import roll_up_where_due
from nextplay.operations.installation import Installation
from tests.operations.dashboards.test_roll_up import NOW, TODAY, all_of_them, held, shown


@pytest.mark.django_db
def test_dashboards_of_a_home_that_came_back_answer_from_its_facts_until_they_are_added_up(
    ledgers: None,
    embedded: Installation,
    tmp_path: Path,
) -> None:
    before = shown(embedded, "Growth", None)
    assert held(embedded) == all_of_them(embedded) > 0
    backup(embedded, tmp_path / "np.tar.gz", now=NOW)
    restore(tmp_path / "np.tar.gz", tmp_path / "new")
    again = Installation(open_home(tmp_path / "new", {}))
    assert held(again) == 0
    assert shown(again, "Growth", None) == before
    assert roll_up_where_due(again, today=TODAY)
    assert held(again) == all_of_them(again)
    assert shown(again, "Growth", None) == before
    again.close()
