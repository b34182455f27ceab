"""Whose column is whose: guessed, remembered, said."""

import json
from pathlib import Path

import pytest

from nextplay.facts.contract import BY_NAME
from nextplay.facts.intake.columns import ColumnMapping, load_mapping, mapping_from, match_columns, normal_name
from nextplay.facts.intake.sources import table_named
from nextplay.facts.intake.synonyms import SYNONYMS, WORDS
from nextplay.facts.intake.unreadable import UnreadableFile
from tests.facts.files import PARTNERS, Desk


def _guess(table: str, *header: str) -> dict[str, str | None]:
    return {match.column: match.means for match in match_columns(BY_NAME[table], list(header), None, None)}


def test_columns_are_known_by_the_names_other_systems_give_them() -> None:
    assert _guess("deals", "Opportunity ID", "Partner", "Deal Stage", "ARR", "close date", "createdDate", "Fax") == {
        "Opportunity ID": "deal_id",
        "Partner": "partner_id",
        "Deal Stage": "stage",
        "ARR": "amount",
        "close date": "closed_at",
        "createdDate": "opened_at",
        "Fax": None,
    }
    assert _guess("partners", "Partner No.", "Partner Name*", "Status", "Signed On", "Region") == {
        "Partner No.": "partner_id",
        "Partner Name*": "name",
        "Status": "lifecycle_stage",
        "Signed On": "signed_at",
        "Region": "regions",
    }


def test_the_surer_name_wins_and_the_other_is_not_used() -> None:
    assert _guess("deals", "Opportunity ID", "deal_id", "stage") == {
        "Opportunity ID": None,
        "deal_id": "deal_id",
        "stage": "stage",
    }


def test_what_a_person_says_wins_over_memory_and_memory_over_a_guess() -> None:
    table = BY_NAME["deals"]
    saved = ColumnMapping("deals", {"Seller": "partner_id", "stage": "product"})
    given = ColumnMapping("deals", {"stage": "stage"})
    means = {
        match.column: (match.means, match.origin)
        for match in match_columns(table, ["deal_id", "Seller", "stage"], given, saved)
    }
    assert means == {"deal_id": ("deal_id", "same name"), "Seller": ("partner_id", "remembered"), "stage": ("stage", "given")}


def test_a_mapping_is_remembered_for_the_next_import(desk: Desk) -> None:
    mapping = {"deals": ColumnMapping("deals", {"Nr": "deal_id", "Wer": "partner_id"}, {"stage": {"Gewonnen": "won"}})}
    text = "Nr,Wer,stage\nd1,p1,Gewonnen\n"
    desk.load_text(partners=PARTNERS, deals=text, mappings=mapping)
    again = desk.load_text(deals=text.replace("d1", "d2"))
    assert again.tables[0].added == 1
    assert desk.rows("deals", "deal_id", "partner_id", "stage") == [("d1", "p1", "won"), ("d2", "p1", "won")]
    held = json.loads((desk.home.mappings / "deals.json").read_text())
    assert held["columns"]["Nr"] == "deal_id"


def test_a_broken_mapping_file_is_named_and_nothing_is_loaded(desk: Desk) -> None:
    desk.home.mappings.mkdir()
    (desk.home.mappings / "partners.json").write_text("{")
    with pytest.raises(UnreadableFile, match="delete it to have columns guessed again"):
        desk.load_text(partners=PARTNERS)
    assert desk.rows("partners") == []


@pytest.mark.parametrize(
    "read", [{"columns": {"x": "nonsense"}}, {"values": {"nonsense": {}}}, {"dates": {"closed_at": "sideways"}}]
)
def test_a_mapping_to_what_does_not_exist_is_refused(read: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"no column|day_first"):
        mapping_from(read, "deals")


def test_every_synonym_names_a_column_there_is_and_hides_none() -> None:
    for name, synonyms in SYNONYMS.items():
        columns = {column.name for column in BY_NAME[name].columns}
        assert set(synonyms.values()) <= columns
        assert all(normal_name(word) == word for word in synonyms)
        assert not set(synonyms) & columns
    assert all(normal_name(word) == word for words in WORDS.values() for word in words)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("Deals.CSV", "deals"),
        ("deals_2026-03.csv", "deals"),
        ("Our Partners", "partners"),
        ("activity.parquet", "activities"),
        ("dealership.csv", None),
        ("products.csv", None),
    ],
)
def test_a_table_is_known_by_the_name_of_its_file(name: str, table: str | None) -> None:
    assert table_named(name) == table


def test_nothing_is_remembered_where_nothing_was(tmp_path: Path) -> None:
    assert load_mapping(tmp_path, "deals") is None
