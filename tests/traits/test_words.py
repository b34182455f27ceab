"""How traits say what they rest on."""

from nextplay.traits.read import TRAITS
from nextplay.traits.words import WORDS, said


def test_every_signal_a_trait_rests_on_can_be_said() -> None:
    assert {name for trait in TRAITS for name in trait.rests_on} == set(WORDS)


def test_one_many_none_and_not_known_read_as_people_write_them() -> None:
    assert said((("selling_90", 1), ("selling_180", 3))) == "1 selling event in 90 days, 3 in 180"
    assert (
        said((("target_list_shared_90", 0), ("outreach_sent_90", 1200)))
        == "no target lists in 90 days, 1,200 outreach messages"
    )
    assert said((("response_days", None), ("proposals_180", 2.0))) == "2 proposals in 180 days"
    assert said((("sellers", 2), ("sellers_active_60", 0))) == "2 people who sell, none of them seen in 60 days"
    assert said((("commitment_met_270", 3), ("commitment_missed_270", 0))) == "3 commitments met in nine months, none missed"
