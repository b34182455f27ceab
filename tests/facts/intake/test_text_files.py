"""Text files, tidy and hostile: what is read, on which line, and what is refused."""

import codecs
import csv
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.facts.intake.csv_file import CarefulCsv, RegularCsv, open_csv
from nextplay.facts.intake.sheet import FAULT, LINE
from nextplay.facts.intake.survey import survey
from nextplay.facts.intake.unreadable import UnreadableFile


def _open(folder: Path, content: bytes | str) -> tuple[pl.DataFrame, list[str]]:
    path = folder / "deals.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    sheet = open_csv(path, path.name)
    batches = list(sheet.batches())
    return (pl.concat(batches) if batches else pl.DataFrame()), sheet.header


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_found_in_the_header(tmp_path: Path, delimiter: str) -> None:
    frame, header = _open(tmp_path, delimiter.join(("a", "b", "c")) + "\n" + delimiter.join(("1", "2", "3")) + "\n")
    assert header == ["a", "b", "c"]
    assert frame.select("a", "b", "c").rows() == [("1", "2", "3")]


def test_a_separator_inside_quotation_marks_separates_nothing(tmp_path: Path) -> None:
    frame, header = _open(tmp_path, '"a, first";b\n"x;y";2\n')
    assert header == ["a, first", "b"]
    assert frame["a, first"].to_list() == ["x;y"]


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    frame, header = _open(tmp_path, codecs.BOM_UTF8 + b"a,b\r\n1,\xc3\xa9\r\n")
    assert header == ["a", "b"]
    assert frame["b"].to_list() == ["é"]


def test_lines_are_those_of_the_file_when_values_run_over_several(tmp_path: Path) -> None:
    frame, _ = _open(tmp_path, 'a,b\n1,"one\ntwo\nthree"\n2,x\n\n3,"y\r\nz"\n4,w')
    assert dict(frame.select("a", LINE).iter_rows()) == {"1": 2, "2": 5, "3": 7, "4": 9}


@given(
    rows=st.lists(
        st.tuples(st.text(st.sampled_from('a,"\n é'), max_size=6), st.text(st.sampled_from("b;\n'"), max_size=4)), max_size=12
    )
)
def test_both_readers_agree_with_a_plain_reader_on_values_and_lines(
    rows: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("csv") / "deals.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows([("first", "second"), *rows])
    sheet = open_csv(path, path.name)
    careful = CarefulCsv(path, path.name, sheet.header, ",", survey(path, ","))
    read = [_plain(batch) for batch in (sheet.batches(), careful.batches())]
    assert read[0] == read[1]
    assert [values[:2] for values in read[0]] == [row for row in rows if any(row)]


def _plain(batches: Iterable[pl.DataFrame]) -> list[tuple[str, str, int]]:
    rows = [row for batch in batches for row in batch.select(pl.col("first", "second").fill_null(""), LINE).iter_rows()]
    return [row for row in rows if row[0] or row[1]]


def test_tidy_files_take_the_fast_reader_and_ragged_ones_the_careful_one(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("a,b\n1,2\n")
    assert isinstance(open_csv(path, "deals.csv"), RegularCsv)
    path.write_text("a,b\n1\n")
    assert isinstance(open_csv(path, "deals.csv"), CarefulCsv)


def test_a_line_too_short_or_too_long_is_refused_alone(tmp_path: Path) -> None:
    frame, _ = _open(tmp_path, "a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n")
    assert frame[FAULT].is_null().to_list() == [True, False, False, True]
    assert "2 values where the header names 3. Is it cut off?" in frame[FAULT][1]
    assert "4 values where the header names 3" in frame[FAULT][2]


def test_stray_quotation_marks_cost_their_own_line_only(tmp_path: Path) -> None:
    frame, _ = _open(tmp_path, 'a,b\n1,"y" z\n2,5" pipe\n3,x\n')
    assert frame.select("a", LINE).rows() == [(None, 2), ("2", 3), ("3", 4)]
    assert "quotation marks" in frame[FAULT][0]
    assert frame["b"].to_list()[1:] == ['5" pipe', "x"]


def test_a_nul_refuses_its_own_line_only(tmp_path: Path) -> None:
    frame, _ = _open(tmp_path, b"a,b\n1,x\0y\n2,z\n")
    assert frame[FAULT].is_null().to_list() == [False, True]


def test_a_blank_line_is_no_row(tmp_path: Path) -> None:
    frame, _ = _open(tmp_path, "a,b\n\n1,2\n\r\n\n3,4\n\n")
    assert frame.select("a", LINE).rows() == [("1", 3), ("3", 6)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n", "first line is empty"),
        ("a,b\n1,\xe9\n".encode("latin-1"), "line 2 holds byte 0xe9"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04rest", "spreadsheet with the name of a CSV"),
        (b"PAR1....", "not a table"),
        (b"a,A\n1,2\n", "two columns are named a"),
        (b'a,b\n1,"never closed\n2,3\n', "opened on line 2 is never closed"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_what_to_do(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as refused:
        _open(tmp_path, content)
    assert refused.value.mend.endswith(".")
    assert str(refused.value).startswith("deals.csv: ")


def test_a_huge_value_does_not_pass_for_a_row(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="never closed"):
        _open(tmp_path, 'a,b\n1,"' + "x" * 5_000_000 + "\n2,3\n")
