"""A sentence is found where it stands, to the character."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from nextplay.analysis.text.sentences import cut


def _cut(*texts: str) -> list[str]:
    documents = pl.DataFrame({"document_id": [str(at) for at in range(len(texts))], "text": list(texts)})
    return cut(documents)["sentence"].to_list()


@given(st.lists(st.text(alphabet="ab Ä€😀.?!\n\t“”\"'’\u00a0-…", max_size=60), max_size=4))
def test_positions_give_the_sentence_back_and_nothing_but_space_is_left(texts: list[str]) -> None:
    documents = pl.DataFrame(
        {"document_id": [str(at) for at in range(len(texts))], "text": texts},
        schema={"document_id": pl.String, "text": pl.String},
    )
    left = {str(at): text for at, text in enumerate(texts)}
    for row in cut(documents).sort("start", descending=True).iter_rows(named=True):
        text = left[row["document_id"]]
        assert text[row["start"] : row["end"]] == row["sentence"]
        left[row["document_id"]] = text[: row["start"]] + text[row["end"] :]
    assert not "".join(left.values()).strip(" \n\t\u00a0")


def test_every_end_mark_and_every_line_ends_a_sentence() -> None:
    assert _cut("One. Two? Three!\n- four\n- five") == ["One.", "Two?", "Three!", "- four", "- five"]


def test_a_quote_holds_its_sentences_together() -> None:
    assert _cut("“Five names by Friday. You have my word,” said Ana. Next.") == [
        "“Five names by Friday. You have my word,” said Ana.",
        "Next.",
    ]


def test_a_quote_that_never_closes_does_not_swallow_the_rest() -> None:
    assert _cut("“Open. Next one. Last.") == ["“Open.", "Next one.", "Last."]


def test_an_open_quote_of_one_document_does_not_reach_the_next() -> None:
    assert _cut("“Open. More.", "First. Second.") == ["“Open.", "More.", "First.", "Second."]


def test_abbreviations_and_decimals_end_nothing() -> None:
    assert _cut("Call Mr. Ode at 3.5 p.m. on Monday. Then Dr. Ruiz.") == [
        "Call Mr. Ode at 3.5 p.m. on Monday.",
        "Then Dr. Ruiz.",
    ]


def test_an_empty_text_has_no_sentence() -> None:
    assert _cut("", "  \n ") == []
