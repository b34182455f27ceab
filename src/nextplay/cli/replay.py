"""What another program would have done: replay."""

from pathlib import Path
from typing import Any

import click

from nextplay.cli.answer import answer, answer_json, table, tell
from nextplay.cli.run import run
from nextplay.cli.verb import MONTH, Asked, Verb, as_json, pass_asked


@click.command(cls=Verb, example="nextplay replay --program changed.yaml --from 2025-01 --to 2025-12")
@click.option(
    "--program",
    required=True,
    type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
    help="The changed program file.",
)
@click.option("--from", "first", required=True, type=MONTH, help="The first month.")
@click.option("--to", "last", required=True, type=MONTH, help="The last month; it has to be over.")
@as_json
@pass_asked
def replay(asked: Asked, program: Path, first: str, last: str, as_json: bool) -> None:
    """Show who would enter and leave the list under a changed program, month by month, with only what was known then."""
    found = run(asked, "replay", program=str(program), first=first, last=last)
    if as_json:
        answer_json(found)
        return
    rows = [_row(month) for month in found["months"]]
    gained = f"pipeline in-out ({found['currency']})"
    headings = ("month", "list now", "changed", "enter", "produced", "leave", "produced", gained, "other play")
    answer(table(headings, rows))
    tell(
        "Produced: brought a deal within 90 days. A difference between partners, not an effect: no lot decided who was played."
    )
    told = found["off_policy"]
    if told["value"] is None:
        tell(told["refusal"])
    else:
        tell(f"From lots that were drawn: {told['value']:.0%} of outcomes met, likely {told['low']:.0%} to {told['high']:.0%}.")


def _row(month: dict[str, Any]) -> list[object]:
    enters, leaves = month["enters"], month["leaves"]
    later = (lambda one: one["produced"]) if month["ripe"] else (lambda _: "too early")
    return [
        month["cycle"],
        month["in_force"],
        month["tried"],
        enters["partners"],
        later(enters),
        leaves["partners"],
        later(leaves),
        round(enters["pipeline"] - leaves["pipeline"]) if month["ripe"] else None,
        month["changes"]["partners"],
    ]


COMMANDS = (replay,)
