"""The Activation Scorecard of a partner: scorecard."""

from pathlib import Path
from typing import Any

import click

from nextplay.cli.answer import answer, answer_json, table, tell
from nextplay.cli.run import run
from nextplay.cli.verb import Asked, Target, Verb, as_json, pass_asked

SHOWN = ("label", "value", "unit", "target", "floor", "verdict", "seen")


@click.command(
    cls=Verb,
    example="nextplay scorecard P-1\nnextplay scorecard P-1 --keep --pdf scorecard.pdf\nnextplay scorecard --pdf blank.pdf",
)
@click.argument("partner_id", required=False)
@click.option("--keep", is_flag=True, help="Keep how the card looks now as the partner's next version.")
@click.option("--version", type=click.IntRange(min=1), help="A version kept earlier (default: the newest).")
@click.option("--pdf", type=Target(".pdf"), help="Write it as one page of A4.")
@click.option("--xlsx", type=Target(".xlsx"), help="Write it as a sheet.")
@as_json
@pass_asked
def scorecard(
    asked: Asked, partner_id: str | None, keep: bool, version: int | None, pdf: Path | None, xlsx: Path | None, as_json: bool
) -> None:
    """Show a partner's Activation Scorecard, or write it to files; without a partner, the blank template."""
    if partner_id is None and (keep or version):
        raise click.UsageError("Name the partner whose scorecard is kept or shown.")
    files = [str(path) for path in (pdf, xlsx) if path]
    card = run(asked, "scorecard", partner_id=partner_id, keep=keep or None, version=version, files=files or None)
    if as_json:
        answer_json(card)
        return
    answer(_said(card))
    for file in files:
        tell(f"Written: {file}")


def _said(card: dict[str, Any]) -> str:
    lines = [[_cell(line[name]) for name in SHOWN] for line in card["lines"]]
    head = f"{card['name']}, {card['as_of']}" if card["name"] else "Blank template"
    kept = f", version {card['version']}" if card.get("version") else ""
    return f"{head}{kept}\n{table(SHOWN, lines)}"


def _cell(value: object) -> object:
    return round(value, 2) if isinstance(value, float) else value


COMMANDS = (scorecard,)
