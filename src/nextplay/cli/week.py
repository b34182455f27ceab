"""The cadence: whose turn it is this week, and how committed decisions ended."""

from datetime import date
from typing import Any

import click

from nextplay.cli.answer import answer, answer_json, table
from nextplay.cli.run import run
from nextplay.cli.verb import Asked, Day, Verb, as_json, pass_asked


@click.command(cls=Verb, example="nextplay week\nnextplay week --owner ana@program.example --json")
@click.option("--owner", help="Whose week, by address; without it the whole team's cadence.")
@click.option("--of", "week_of", type=Day(), help="A day of the week that is meant (default: this week).")
@as_json
@pass_asked
def week(asked: Asked, owner: str | None, week_of: date | None, as_json: bool) -> None:
    """Say what one owner's plays ask for this week, or how the whole team keeps up."""
    if owner is None:
        found = run(asked, "show_team_week")
        say = _say_team
    else:
        found = run(asked, "show_week", owner=owner, week_of=week_of.isoformat() if week_of else None)
        say = _say_week
    answer_json(found) if as_json else say(found)


@click.command(cls=Verb, example="nextplay outcomes\nnextplay outcomes --result missed --json")
@click.option("--result", type=click.Choice(["met", "missed", "open"]), help="Only those that ended like this.")
@as_json
@pass_asked
def outcomes(asked: Asked, result: str | None, as_json: bool) -> None:
    """List how committed decisions ended, with the rows each outcome rests on."""
    found = run(asked, "show_outcomes", result=result)
    if as_json:
        answer_json(found)
        return
    rows = [
        [one["partner_name"], one["play_label"], one["by"], _result(one), ", ".join(one["rows"][:3]) or "–"]
        for one in found["outcomes"]
    ]
    answer(table(("partner", "play", "by", "result", "rests on"), rows) if rows else "Nothing has been committed.")


def _say_week(found: dict[str, Any]) -> None:
    steps = [("late", step) for step in found["late"]]
    steps += [(day, step) for day, held in found["days"] for step in held]
    rows = [
        [when, one["partner_name"], one["step"]["name"], "ours" if one["step"]["turn"] == "us" else "the partner's"]
        for when, one in steps
    ]
    answer(table(("due", "partner", "step", "turn"), rows) if rows else "Nothing is due in this week.")


def _say_team(found: dict[str, Any]) -> None:
    rows = [
        [
            one["name"],
            one["committed"],
            one["running"],
            one["done"],
            one["overdue"],
            one["met"],
            one["missed"],
            f"{one['hours']:g} of {one['capacity']:g}",
            "–" if one["follow_through"] is None else f"{one['follow_through']:.0%}",
        ]
        for one in (found["everyone"], *found["owners"])
    ]
    answer(table(("owner", "committed", "running", "done", "overdue", "met", "missed", "hours", "follow-through"), rows))


def _result(one: dict[str, Any]) -> str:
    was = f", was {one['was']}" if one["was"] else ""
    disputed = ", disputed" if one["disputed_by"] else ""
    return f"{one['result']}{was}{disputed}"


COMMANDS = (week, outcomes)
