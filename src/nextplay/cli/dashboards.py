"""What the facts mean for the program: dashboard executive, dashboard lifecycle."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from nextplay.cli.answer import answer, answer_json, table
from nextplay.cli.run import run
from nextplay.cli.verb import DAY, Asked, Verb, Verbs, as_json, pass_asked

_segment = click.option("--segment", help="Of this segment only.")
_tier = click.option("--tier", help="Of this tier inside the segment only.")
_as_of = click.option("--as-of", type=DAY, help="As of the end of this day (default: today).")
_active = click.option("--active", help="Which definition of active counts (default: the program's first).")


def _pack_file(_context: click.Context, _parameter: click.Parameter, value: Path | None) -> Path | None:
    if value is not None and value.suffix not in (".pdf", ".png", ".svg"):
        raise click.BadParameter(f"{value.name!r} is no .pdf, .png or .svg.")
    return value


_output = click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=_pack_file,
    help="Write the board pack to this file instead: .pdf, .png or .svg.",
)


@click.group(cls=Verbs)
def dashboard() -> None:
    """Show a dashboard: executive or lifecycle."""


@dashboard.command(
    cls=Verb, example="nextplay dashboard executive --segment Alpha --tier Gold\nnextplay dashboard executive --period 0 --json"
)
@_segment
@_tier
@_as_of
@click.option("--period", type=click.IntRange(min=0), default=90, show_default=True, help="Days looked back; 0 for all time.")
@_active
@click.option("--sourced", help="Which definition of partner-sourced counts (default: the program's first).")
@_output
@as_json
@pass_asked
def executive(
    asked: Asked, /, as_json: bool, as_of: date | None, period: int, output: Path | None, **named: str | None
) -> None:
    """Show where the program stands: cards, strengths, areas to address, pipeline and revenue."""
    if output is not None:
        _write_pack(asked, "executive", output, as_json, as_of=as_of, period_days=period, **named)
        return
    shown = run(asked, "show_executive", as_of=as_of.isoformat() if as_of else None, period_days=period, **named)
    if as_json:
        answer_json(shown)
        return
    cards = [
        [card["label"], card["value"], card["unit"], card["change"], card["description"]]
        for card in shown["cards"]
        if card["shown"]
    ]
    answer(f"As of {shown['as_of']}, {shown['partners']:,} partners, in {shown['currency']}\n")
    answer(table(("metric", "value", "unit", "change", "what"), cards))
    for name in ("strengths", "areas"):
        rows = [[row["label"], row["partners"], row["average"]] for row in shown.get(name, ())]
        answer("\n" + (table((name, "partners", "average"), rows) if rows else f"{name}: no partner has been analyzed yet"))
    for tile in ("pipeline_by_stage", "pipeline_by_deal_stage", "revenue_by_industry", "pipeline_by_industry"):
        rows = [[row["label"], row["value"], row["count"]] for row in shown[tile]["rows"]]
        answer("\n" + table((shown[tile]["title"], shown["currency"], "count"), rows))


@dashboard.command(cls=Verb, example="nextplay dashboard lifecycle\nnextplay dashboard lifecycle --segment Alpha --json")
@_segment
@_tier
@_as_of
@_active
@_output
@as_json
@pass_asked
def lifecycle(asked: Asked, /, as_json: bool, as_of: date | None, output: Path | None, **named: str | None) -> None:
    """Show where each partner stands: profiles by lifecycle stage, and what they cover."""
    if output is not None:
        _write_pack(asked, "lifecycle", output, as_json, as_of=as_of, **named)
        return
    shown = run(asked, "show_lifecycle", as_of=as_of.isoformat() if as_of else None, **named)
    if as_json:
        answer_json(shown)
        return
    cards = [[card["label"], card["count"], card["share"]] for card in shown["cards"]]
    answer(f"As of {shown['as_of']}, {shown['profiles']:,} partner profiles\n")
    answer(table(("stage", "partners", "share"), cards))
    for tile in shown["coverage"]:
        rows = [[row["label"], row["count"], row["value"]] for row in tile["rows"]]
        answer("\n" + table((tile["title"], "partners", "active"), rows))


def _write_pack(asked: Asked, view: str, output: Path, as_json: bool, *, as_of: date | None, **named: Any) -> None:
    day = as_of.isoformat() if as_of else None
    written = run(asked, "board_pack", view=view, output=str(output.absolute()), as_of=day, **named)
    answer_json(written) if as_json else answer(f"{written['file']}: {written['bytes']:,} bytes.")


COMMANDS = (dashboard,)
