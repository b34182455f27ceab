"""The doctor answers whatever is wrong, and never falls ill itself."""

import json
from datetime import datetime

import pytest

from nextplay.facts.contract import BY_NAME
from nextplay.operations.admin.doctor import doctor
from nextplay.operations.installation import Installation
from nextplay.program.load import default_text

pytestmark = pytest.mark.django_db


def _well(installation: Installation, now: datetime, name: str) -> bool:
    return next(check for check in doctor(installation, now=now).checks if check.name == name).well


def test_a_fresh_installation_is_well_where_it_can_be(installation: Installation, now: datetime) -> None:
    report = doctor(installation, now=now)
    assert {check.name for check in report.checks} == {"home", "disk", "program", "facts", "ledger", "second opinion"}
    assert all(_well(installation, now, name) for name in ("home", "program", "facts", "ledger"))


def test_the_answer_is_plain_json_with_rows_and_orphans(installation: Installation, now: datetime) -> None:
    answer = json.loads(json.dumps(doctor(installation, now=now).as_json()))
    assert answer["rows"] == dict.fromkeys(BY_NAME, 0)
    assert answer["orphans"]["deals"] == 0
    assert answer["versions"]["duckdb"]


def test_a_broken_program_is_told_with_its_line(installation: Installation, now: datetime) -> None:
    installation.home.program_file.write_text("name: x\ncurrency: usd\n", encoding="utf-8")
    report = doctor(installation, now=now)
    program = next(check for check in report.checks if check.name == "program")
    assert not program.well
    assert "line 2" in program.says
    assert not report.healthy
    assert report.readiness is None


def test_a_play_that_tests_no_signal_is_told_before_a_month_is_decided(installation: Installation, now: datetime) -> None:
    text = default_text().replace("signal: selling_90", "signal: seling_90", 1)
    installation.home.program_file.write_text(text, encoding="utf-8")
    program = next(check for check in doctor(installation, now=now).checks if check.name == "program")
    assert not program.well
    assert "Did you mean selling_90" in program.says


def test_a_secret_that_others_can_read_is_told(installation: Installation, now: datetime) -> None:
    assert _well(installation, now, "home")
    (installation.home.path / "settings.toml").chmod(0o644)
    assert not _well(installation, now, "home")


def test_facts_that_cannot_be_opened_do_not_stop_the_doctor(installation: Installation, now: datetime) -> None:
    (installation.home.path / "facts.duckdb").write_text("not a database", encoding="utf-8")
    report = doctor(Installation(installation.home), now=now)
    assert not next(check for check in report.checks if check.name == "facts").well
    assert report.as_json()["rows"] is None
    (installation.home.path / "facts.duckdb").unlink()
