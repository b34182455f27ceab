"""What the program file assumes of a play before its own runs speak, in one sentence."""

from nextplay.program.engine import STAGES
from nextplay.program.plays import Effect, Play
from nextplay.web import figures

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
    return " ".join(told)


def _designed(effect: Effect) -> str:
    moves, adds = (dict(zip(STAGES, part.row, strict=True)) for part in (effect.moves, effect.adds))
    moved = [f"{figures.share(chance)} of those {_STANDS[stage]}" for stage, chance in moves.items() if chance]
    added = [f"{deals:g} for those {_STANDS[stage]}" for stage, deals in adds.items() if deals]
    parts = [f"moves to selling {', '.join(moved)}"] if moved else []
    parts += [f"brings deals at once: {', '.join(added)}"] if added else []
    return f"Where a partner does its part, it {' and '.join(parts)}." if parts else ""
