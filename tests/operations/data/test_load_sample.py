"""The sample program comes in through the same door as anybody's files."""

from datetime import datetime
from functools import partial

import pytest

from nextplay.facts.sample.program import sample_program_text
from nextplay.facts.tables import stored
from nextplay.ledger import journal, program_files
from nextplay.operations.data.import_facts import ImportReport
from nextplay.operations.data.load_sample import SAMPLE_PEOPLE, FactsAlreadyThere, load_sample
from nextplay.operations.data.sample_program import put_back_program, put_sample_program
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import Role
from nextplay.values.progress import Progress, silent

pytestmark = pytest.mark.django_db


def _load(installation: Installation, now: datetime, progress: Progress = silent) -> ImportReport:
    put = partial(put_sample_program, installation.home, actor="ben@program.example", now=now)
    return load_sample(installation, put_program=put, now=now, progress=progress)


@pytest.fixture
def loaded(installation: Installation, now: datetime) -> Installation:
    _load(installation, now)
    return installation


def test_every_row_loads_and_none_is_rejected(installation: Installation, now: datetime) -> None:
    shares: list[float] = []
    report = _load(installation, now, lambda share, _doing: shares.append(share))
    assert {table.table for table in report.tables} == {
        *("partners", "contacts", "accounts", "deals", "revenue", "activities", "documents", "changes")
    }
    assert all(table.rejected == 0 and table.added == table.read for table in report.tables)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_its_program_is_in_force(loaded: Installation) -> None:
    assert loaded.program.name == "Quillharbor partner program"
    assert loaded.program.capacity.hours_of("ines.quillon@quillharbor.example") == 24


def test_one_sign_in_a_role_and_the_partner_exists(loaded: Installation) -> None:
    assert {person.role for person in SAMPLE_PEOPLE} == set(Role)
    partner = next(person for person in SAMPLE_PEOPLE if person.role is Role.PARTNER)
    partners = stored("partners")
    assert (
        loaded.warehouse.read(partners.filter(partners.partner_id == partner.partner_id)[["name"]]).item() == "Nordvane Systems"
    )


def test_it_is_not_mixed_with_facts_that_are_there(loaded: Installation, now: datetime) -> None:
    version = str(loaded.warehouse.version())
    with pytest.raises(FactsAlreadyThere, match="198 partners"):
        _load(loaded, now)
    assert str(loaded.warehouse.version()) == version


def test_a_program_file_that_was_there_is_kept_beside_it(installation: Installation, now: datetime) -> None:
    installation.home.program_file.write_text("name: Mine\n", encoding="utf-8")
    _load(installation, now)
    assert installation.home.program_file.read_text(encoding="utf-8") == sample_program_text()
    assert (installation.home.path / "program.before-sample.yaml").read_text(encoding="utf-8") == "name: Mine\n"
    assert [one.text for one in program_files.program_files()] == [sample_program_text(), "name: Mine\n"]
    assert journal.lines()[0].verb == "change program"
    put_back_program(installation.home, actor="ben@program.example", now=now)
    assert installation.home.program_file.read_text(encoding="utf-8") == "name: Mine\n"
    assert [line.verb for line in journal.lines()[:2]] == ["change program", "change program"]
