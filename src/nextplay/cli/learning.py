"""What it was worth: learning."""

from typing import Any

import click

from nextplay.cli.answer import answer, answer_json, table, tell
from nextplay.cli.run import run
from nextplay.cli.verb import Asked, Verb, as_json, pass_asked

ANSWERS = {
    "works": "works",
    "probably_helps": "probably helps",
    "too_early": "too early",
    "no_sign": "no sign it helps",
}


@click.command(cls=Verb, example="nextplay learning\nnextplay learning --json")
@as_json
@pass_asked
def learning(asked: Asked, as_json: bool) -> None:
    """Report what plays were worth: outcome rates, effects against those held back by lot, and whether our odds were honest."""
    found = run(asked, "show_learning")
    if as_json:
        answer_json(found)
        return
    _say_rates(found)
    _say_effects(found)
    _say_calibration(found["calibration"])
    hours = found["hours"]
    tell(f"Hours of plays that are over: {hours['hours']:g}, {hours['unmoved_hours']:g} of them on partners that never moved.")


def _say_rates(found: dict[str, Any]) -> None:
    rows = [
        [one["play"], one["closed"], one["met"], one["open"], _percent(one["rate"]), _between(one["low"], one["high"])]
        for one in found["rates"]
    ]
    answer("Outcomes of plays that were run (a rate is no effect)")
    answer(table(("play", "over", "met", "open", "rate", "likely"), rows) if rows else "No play has been run.")


def _say_effects(found: dict[str, Any]) -> None:
    shown = [found["all_plays"] | {"play": "all plays"}, *found["lifts"]]
    rows = [
        [
            one["play"],
            one["offered"],
            f"{one['held']} ({one['crossed']} got it by hand)" if one["crossed"] else one["held"],
            _points(one["difference"]),
            _between(one["low95"], one["high95"]),
            ANSWERS[one["answer"]],
        ]
        for one in shown
    ]
    answer("\nWhat plays added: those offered one by lot, minus those the lot held back")
    answer(table(("play", "offered", "held back", "points", "95 % between", "answer"), rows))
    for plan in found["plans"][:1]:
        told = ", ".join(f"{least:.0%} after {months}" for months, least in plan["least"] if least is not None and least < 1)
        tell(f"Smallest difference that would show at this pace, by months: {told or 'none within a year'}.")


def _say_calibration(told: dict[str, Any]) -> None:
    rows = [
        [f"{band['said_from']:.0%} to {band['said_to']:.0%}", _percent(band["happened"]), band["cases"]]
        for band in told["bands"]
    ]
    answer("\nWhat we said and what happened")
    answer(table(("said", "happened", "cases"), rows))
    if told["skill"] is not None:
        tell(f"Brier score {told['brier']:.3f}; {told['skill']:+.0%} against always saying the base rate.")


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _points(value: float | None) -> str:
    points = None if value is None else round(100 * value)
    return "–" if points is None else f"{points:+d}" if points else "0"


def _between(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{100 * low:+.0f} to {100 * high:+.0f}"


COMMANDS = (learning,)
