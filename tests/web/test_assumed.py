"""What a play is believed to do is told in numbers, and by how many runs."""

from nextplay.decisions.proposal import PlayDoes
from nextplay.operations.deciding.show_how import PlayMade
from nextplay.program.load import default_program
from nextplay.web.assumed import assumed, believed, said_of_both

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
    assert believed(PlayDoes("reactivation", 1, (0.004,) * 5, NOTHING)).endswith(
        "it moves hardly anybody and brings hardly a deal at once."
    )


def test_what_a_play_is_believed_to_free_is_told_too() -> None:
    freed = PlayDoes("deal_unblock", 4, (0.0, 0.1, 0.0, 0.0, 0.0), NOTHING, 0.123)
    assert believed(freed).endswith("10% of those warming up and frees the largest deal that stands still 12% of the time.")
    assert believed(PlayDoes("deal_unblock", 4, NOTHING, NOTHING, 0.12)).endswith(
        "where a partner does its part, it frees the largest deal that stands still 12% of the time."
    )
    assert "frees" not in believed(PlayDoes("deal_unblock", 4, NOTHING, NOTHING, 0.004))


def test_two_chances_that_are_alike_in_ten_are_told_apart_in_a_hundred() -> None:
    play = default_program().plays[0]
    assert said_of_both(PlayMade(play, 3, 0, 0, 0.31, 0.27, None)) == "31 in 100 with it and 27 in 100 without"
    assert said_of_both(PlayMade(play, 3, 0, 0, 0.52, 0.27, None)) == "5 in 10 with it and 3 in 10 without"


def test_what_stands_still_and_for_whom_a_play_is_worth_less_is_told_of_the_shipped_plays() -> None:
    plays = {play.name: play for play in default_program().plays}
    assert "frees the largest deal that stands still 15% of the time." in assumed(plays["deal_unblock"])
    assert "Only 30% of the play counts where the partner is silent no longer than is usual for it." in assumed(
        plays["reactivation"]
    )
