"""Words of somebody else stand in one pair of marks."""

from nextplay.values.quoted import quoted


def test_words_get_marks_and_a_sentence_that_quotes_gets_no_second_pair() -> None:
    assert quoted("We call on Friday.") == "“We call on Friday.”"
    assert quoted("“Next quarter,” said their director.") == "“Next quarter,” said their director."
    assert quoted('He said "next quarter".') == 'He said "next quarter".'
