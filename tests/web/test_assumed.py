"""What a play is believed to do is told in numbers, and by how many runs."""

from nextplay.decisions.proposal import PlayDoes
from nextplay.operations.deciding.show_how import PlayMade
from nextplay.program.load import default_program
from nextplay.web.assumed import believed, said_of_both

NOTHING = (0.0, 0.0, 0.0, 0.0, 0.0)


def test_what_runs_say_of_a_play_is_told_by_stage_with_their_number() -> None:
    does = PlayDoes("co_sell_sprint", 31, (0.0, 0.12, 0.004, 0.2, 0.0), (0.0, 0.0, 0.456, 0.0, 0.0))
    assert believed(does) == (
        "Believed here, after 31 runs: where a partner does its part, it moves to selling 12% of those warming up, "
        "20% of those fading and brings deals at once: 0.46 for those selling."
    )


def test_what_is_believed_of_a_play_that_was_never_run_is_told_too() -> None:
    assert believed(PlayDoes("reactivation", 0, (0.1, 0.0, 0.0, 0.0, 0.0), NOTHING)) == (
        "Believed here, before any run: where a partner does its part, it moves to selling 10% of those silent."
    )


def test_a_play_after_which_nothing_follows_is_said_to_do_next_to_nothing() -> None:
    assert believed(PlayDoes("reactivation", 1, (0.004,) * 5, NOTHING)).endswith("it does next to nothing.")


def test_two_chances_that_are_alike_in_ten_are_told_apart_in_a_hundred() -> None:
    play = default_program().plays[0]
    assert said_of_both(PlayMade(play, 3, 0, 0, 0.31, 0.27, None)) == "31 in 100 with it and 27 in 100 without"
    assert said_of_both(PlayMade(play, 3, 0, 0, 0.52, 0.27, None)) == "5 in 10 with it and 3 in 10 without"
