"""What a play is believed to do is told in numbers, and by how many runs."""

from nextplay.decisions.proposal import PlayDoes
from nextplay.web.assumed import believed

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
