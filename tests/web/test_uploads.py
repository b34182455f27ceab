import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from nextplay.web.uploads import NothingToImport, UploadGone, keep, kept

NOW = datetime(2026, 11, 9, 9, tzinfo=UTC)


def file(name: str, content: bytes = b"partner_id,name\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_files_are_kept_under_a_token_and_found_again(tmp_path: Path) -> None:
    token = keep(tmp_path, [file("partners.csv"), file("deals.csv", b"deal_id\n")], now=NOW)
    assert [path.name for path in kept(tmp_path, token)] == ["deals.csv", "partners.csv"]
    assert kept(tmp_path, token)[1].read_bytes() == b"partner_id,name\n"


@pytest.mark.parametrize("name", ["notes.txt", "partners.csv.exe", "partners"])
def test_what_is_no_table_is_not_kept(tmp_path: Path, name: str) -> None:
    with pytest.raises(NothingToImport, match="not a CSV, XLSX or Parquet"):
        keep(tmp_path, [file(name)], now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(NothingToImport, match="Choose at least one"):
        keep(tmp_path, [], now=NOW)


def test_a_name_cannot_leave_its_folder(tmp_path: Path) -> None:
    token = keep(tmp_path / "uploads", [file("../../evil.csv"), file("a/b\\..\\c|d.csv")], now=NOW)
    assert all(path.parent == tmp_path / "uploads" / token for path in kept(tmp_path / "uploads", token))
    assert [path.name for path in tmp_path.iterdir()] == ["uploads"]


def test_two_files_of_one_name_are_both_kept(tmp_path: Path) -> None:
    token = keep(tmp_path, [file("partners.csv"), file("partners.csv")], now=NOW)
    assert len(kept(tmp_path, token)) == 2


@pytest.mark.parametrize("token", ["", "..", "0" * 32, "../../etc", "A" * 32])
def test_a_token_that_was_not_given_finds_nothing(tmp_path: Path, token: str) -> None:
    with pytest.raises(UploadGone):
        kept(tmp_path, token)


def test_old_files_are_cleaned_away_and_fresh_ones_stay(tmp_path: Path) -> None:
    old, fresh = (keep(tmp_path, [file("partners.csv")], now=NOW) for _ in range(2))
    long_ago = (NOW - timedelta(days=2)).timestamp()
    os.utime(tmp_path / old, (long_ago, long_ago))
    os.utime(tmp_path / fresh, (NOW.timestamp(), NOW.timestamp()))
    keep(tmp_path, [file("partners.csv")], now=NOW)
    assert not (tmp_path / old).exists()
    assert (tmp_path / fresh).exists()
