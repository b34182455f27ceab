"""Taking the sample program out: all of it, nothing of anybody's own, and it can be loaded again."""

from datetime import datetime

import pytest

from nextplay.facts.tables import STORED, stored
from nextplay.home import Home
from nextplay.ledger import journal, people, queries
from nextplay.ledger.records import PersonRecord
from nextplay.operations.data.load_sample import SAMPLE_PEOPLE
from nextplay.operations.data.remove_sample import NoSampleHere, holds_sample, remove_sample
from nextplay.operations.deciding.decide import decide
from nextplay.operations.installation import Installation
from nextplay.operations.partners.analyze import Asked, analyze
from tests.stories import load, partner

pytestmark = pytest.mark.django_db


def _rows(installation: Installation) -> dict[str, int]:
    return {name: int(installation.warehouse.read(stored(name).count().as_table()).item()) for name in STORED}


def test_facts_and_decisions_of_the_sample_go_and_ones_own_stay(sample_home: Home, now: datetime) -> None:
    opened = Installation(sample_home)
    load(opened.warehouse, "partners", partner("own-1", domain="ours.example"))
    load(opened.warehouse, "deals", {"deal_id": "own-d1", "partner_id": "own-1", "stage": "won", "account": "Attermoor Motors"})
    seller = PersonRecord("marek@nordvane.example", "Marek", "partner", "PTR-007", active=True)
    people.add_person(seller, password="a long sentence 7", actor="tests", now=now)
    leda, ines = (PersonRecord(one.email, one.name, one.role, None, active=True) for one in SAMPLE_PEOPLE[:2])
    for one in (leda, ines, PersonRecord("ben@program.example", "Ben", "admin", None, active=True)):
        people.add_person(one, password="a long sentence 7", actor="tests", now=now)
    decide(opened, now=now, actor="tests", commit=True)
    analyze(opened, now=now, asked=Asked(partner_id="PTR-007"))
    assert holds_sample(opened)
    told = remove_sample(opened, actor="ben@program.example", now=now)
    assert (told["partners"], told["decisions"] > 0) == (198, True)
    # What is kept of the analysis and the changes as such names no partner.
    kept = ("analysis_runs", "analysis_bases", "refreshes", "facts_changes")
    left = {name: rows for name, rows in _rows(opened).items() if rows and name not in kept}
    assert left == {"partners": 1, "deals": 1, "accounts": 1}
    assert not holds_sample(opened)
    assert {one.partner_id for one in queries.decisions()} <= {"own-1"}
    assert people.person("marek@nordvane.example").active is False  # type: ignore[union-attr]
    assert {one.email for one in people.people() if one.active} == {"ben@program.example"}
    put_back, removed = journal.lines()[:2]
    assert (put_back.verb, put_back.details["why"]) == ("change program", "The sample data was removed.")
    assert removed.verb == "remove sample"
    assert removed.details["shut_out"] == sorted([ines.email, leda.email, "marek@nordvane.example"])
    # The sample's program goes with it; there was none before.
    assert not opened.home.program_file.exists()
    with pytest.raises(NoSampleHere):
        remove_sample(opened, actor="x", now=now)
    opened.close()
