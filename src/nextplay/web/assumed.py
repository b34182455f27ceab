"""What the program file assumes of a play before its own runs speak, and what they made of it, in one sentence each."""

from nextplay.decisions.proposal import PlayDoes
from nextplay.operations.deciding.show_how import PlayMade
from nextplay.program.engine import STAGES
from nextplay.program.plays import Effect, Play
from nextplay.web import figures

# Less than one in a hundred is not told.
LEAST = 0.01
_STANDS = {"silent": "silent", "warming": "warming up", "selling": "selling", "fading": "fading", "gone": "gone"}


def assumed(play: Play) -> str:
    """Chances assumed by hand, or what the play does by where a partner stands."""
    told = [_designed(play.effect)] if play.effect else []
    if play.by_hand:
        prior = play.by_hand
        with_it, without = figures.odds_of_both(prior.with_play, prior.without)
        weight = figures.many(round(prior.weight), "outcome")
        told.append(f"Its outcome: {with_it} with the play, {without} without, which counts as {weight} of your own.")
    elif play.effect:
        told.append("Chances of its outcome follow from where each partner stands.")
    told += [
        f"Only {figures.share(one.leaves)} of the play counts where {_of_the_partner(one.because)}." for one in play.less_for
    ]
    return " ".join(told)


def believed(does: PlayDoes) -> str:
    """What the play is believed to do in this program, before its runs or after so many."""
    moved = _told(does.moves, tuple(round(deals, 2) for deals in does.adds))
    freed = _freed(does.frees) if does.frees >= LEAST else ""
    told = " and ".join(part for part in (moved, freed) if part) or "moves hardly anybody and brings hardly a deal at once"
    when = f"after {figures.many(does.runs, 'run')}" if does.runs else "before any run"
    return f"Believed here, {when}: where a partner does its part, it {told}."


def said_of_both(made: PlayMade) -> str:
    """What the list says of a play's outcome with it and without, told apart; nothing where it is not on the list."""
    if made.said_with is None or made.said_without is None:
        return ""
    with_it, without = figures.odds_of_both(made.said_with, made.said_without)
    return f"{with_it} with it and {without} without"


def _designed(effect: Effect) -> str:
    told = _told(effect.moves.row, effect.adds.row)
    freed = _freed(effect.frees) if effect.frees else ""
    both = " and ".join(part for part in (told, freed) if part)
    return f"Where a partner does its part, it {both}." if both else ""


def _freed(chance: float) -> str:
    return f"frees the largest deal that stands still {figures.share(chance)} of the time"


def _of_the_partner(because: str) -> str:
    """The reason of a `less_for` by itself: there "it" would be the play."""
    return f"the partner{because.removeprefix('it')}" if because.startswith("it ") else because


def _told(moves: tuple[float, ...], adds: tuple[float, ...]) -> str:
    """What would be shown as nothing is left out."""
    moved = [f"{figures.share(part)} of those {_STANDS[at]}" for at, part in zip(STAGES, moves, strict=True) if part >= LEAST]
    added = [f"{deals:g} for those {_STANDS[at]}" for at, deals in zip(STAGES, adds, strict=True) if deals >= LEAST]
    parts = [f"moves to selling {', '.join(moved)}"] if moved else []
    return " and ".join([*parts, f"brings deals at once: {', '.join(added)}"] if added else parts)
