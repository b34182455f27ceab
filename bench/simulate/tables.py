"""The tables: policies beside the oracle in each kind of world, and what the list said beside what was true."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from bench.estimates import auc
from bench.simulate.play_out import Course
from bench.simulate.tally import DropOff, Tally
from bench.simulate.truth import Floats

# By policy, kind of world and seed.
Told = Mapping[tuple[str, str, int], Course]
BINS = 10


def shares(told: Told, policies: Sequence[str], kinds: Sequence[str], *, of: str = "pipeline") -> Iterable[str]:
    """What each policy brings over doing nothing, as a share of what the oracle does: mean over seeds, its standard error.

    `of`: `pipeline`, or `worth`, the true gain of what was chosen. Every program weighs alike.
    """
    yield f"| policy | {' | '.join(kinds)} | all | hours on polite |"
    yield f"|---|{'--:|' * (len(kinds) + 2)}"
    for policy in policies:
        by_kind = [_share(told, policy, kind, of) for kind in kinds]
        own = [told[policy, kind, seed] for kind in kinds for seed in _seeds(told, kind)]
        hours = sum(one.hours for one in own)
        polite = f"{100 * sum(one.polite_hours for one in own) / hours:.1f} %" if hours else ""
        cells = [_mean(part) for part in [*by_kind, np.concatenate(by_kind)]]
        yield f"| {policy} | {' | '.join(cells)} | {polite} |"


def ahead(told: Told, policies: Sequence[str], kinds: Sequence[str], *, of: str = "pipeline") -> Iterable[str]:
    """How far the list is ahead of each policy on the same programs (bold: behind), and how many times as much it brings."""
    yield f"| nextplay less | {' | '.join(kinds)} | all | times as much |"
    yield f"|---|{'--:|' * (len(kinds) + 2)}"
    for policy in policies:
        own, other = ([_share(told, name, kind, of) for kind in kinds] for name in ("nextplay", policy))
        apart = [one - two for one, two in zip(own, other, strict=True)]
        cells = [_bold_below_nothing(part) for part in [*apart, np.concatenate(apart)]]
        yield f"| {policy} | {' | '.join(cells)} | {np.concatenate(own).mean() / np.concatenate(other).mean():.2f} |"


def said(told: Told, policy: str, kinds: Sequence[str]) -> Iterable[str]:
    """What the list said beside what was true, a column a kind and one for all."""
    parts = [[one for seed in _seeds(told, kind) if (one := told[policy, kind, seed].tally)] for kind in kinds]
    columns = [_figures(part) for part in [*parts, [one for part in parts for one in part]]]
    yield f"| {policy} | {' | '.join(kinds)} | all |"
    yield f"|---|{'--:|' * len(columns)}"
    for name in columns[0]:
        yield f"| {name} | {' | '.join(column.get(name, '') for column in columns)} |"


def by_play(tallies: list[Tally]) -> Iterable[str]:
    """Each play: how often it was run, stated over true gain, and said beside happened."""
    yield "| play | run | stated / true gain | said | happened |"
    yield "|---|--:|--:|--:|--:|"
    for play in sorted({name for tally in tallies for name in tally.by_play}):
        runs = np.array([tally.by_play[play] for tally in tallies if play in tally.by_play]).sum(axis=0)
        own = np.array([pair for t in tallies for pair in t.forecasts_by_play.get(play, [])]).reshape(-1, 2)
        rates = f"{100 * own[:, 0].mean():.0f} % | {100 * own[:, 1].mean():.0f} %" if len(own) else "| "
        yield f"| {play} | {runs[0]:.0f} | {runs[1] / runs[2]:.2f} | {rates} |"


def _seeds(told: Told, kind: str) -> list[int]:
    """Those that were played out under every policy."""
    policies = {policy for policy, _, _ in told}
    seeds = sorted({seed for _, own, seed in told if own == kind})
    return [seed for seed in seeds if all((policy, kind, seed) in told for policy in policies)]


def _share(told: Told, policy: str, kind: str, of: str) -> Floats:
    rows = [[getattr(told[name, kind, seed], of) for name in ("nothing", policy, "oracle")] for seed in _seeds(told, kind)]
    nothing, own, most = np.array(rows, dtype=np.float64).reshape(-1, 3).T
    return np.asarray(100 * (own - nothing) / (most - nothing))


def _bold_below_nothing(values: Floats) -> str:
    told = _mean(values, "+")
    return f"**{told}**" if told.startswith("-") else told


def _mean(values: Floats, sign: str = "") -> str:
    if not len(values):
        return ""
    error = f" ({values.std(ddof=1) / np.sqrt(len(values)):.0f})" if len(values) > 1 else ""
    return f"{values.mean():{sign}.0f}{error}"


def _figures(tallies: list[Tally]) -> dict[str, str]:
    if not tallies:
        return {}
    pairs = np.array([pair for tally in tallies for pair in tally.forecasts]).reshape(-1, 2)
    told, met = pairs.T
    brier, base = ((told - met) ** 2).mean(), met.mean() * (1 - met.mean())
    ratios = np.array([tally.stated / tally.true for tally in tallies])
    again = sum(tally.chosen_again for tally in tallies) / max(sum(tally.once_more for tally in tallies), 1)
    hours = sum(tally.hours for tally in tallies)
    return {
        "programs, outcomes": f"{len(tallies)}, {len(pairs)}",
        "hours on polite partners": f"{100 * sum(tally.polite_hours for tally in tallies) / hours:.1f} %",
        "stated over true gain, in sum": f"{sum(t.stated for t in tallies) / sum(t.true for t in tallies):.2f}",
        "median of programs (least, most)": f"{np.median(ratios):.2f} ({ratios.min():.2f}, {ratios.max():.2f})",
        "said, happened": f"{100 * told.mean():.1f} %, {100 * met.mean():.1f} %",
        "calibration error, ten bins": f"{100 * _miscalibrated(told, met):.1f} %",
        "Brier skill over the base rate": f"{1 - brier / base:.2f}",
        **_drop_offs([one for tally in tallies for one in tally.drop_offs]),
        "months over capacity": f"{sum(tally.over_capacity for tally in tallies)}",
        "plays chosen again on facts four days older": f"{100 * again:.0f} %",
        "seconds a month's decision": f"{np.mean([second for tally in tallies for second in tally.seconds]):.1f}",
    }


def _miscalibrated(told: Floats, met: Floats) -> float:
    """Mean distance of what is said from how often it happens, over bins of equally many outcomes."""
    parts = np.array_split(np.argsort(told, kind="stable"), BINS)
    return float(sum(abs(told[part].mean() - met[part].mean()) * len(part) for part in parts if len(part)) / len(told))


def _drop_offs(told: list[DropOff]) -> dict[str, str]:
    """Of all months together, beside the true chance: nobody can rank better than by that."""
    figures = {}
    for lead in sorted({one.lead for one in told}):
        own = [one for one in told if one.lead == lead]
        risk, truth, gone = (np.concatenate([getattr(one, name) for one in own]) for name in ("said", "truth", "gone"))
        figures[f"drop-off AUC, window begins in {lead} days: ours, of the truth"] = (
            f"{auc(risk, gone):.2f}, {auc(truth, gone):.2f}"
        )
    return figures
