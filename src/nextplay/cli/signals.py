"""What one partner shows: signals."""

from datetime import date
from typing import Any

import click

from nextplay.cli.answer import answer, answer_json, table, tell
from nextplay.cli.run import run
from nextplay.cli.verb import DAY, Asked, Verb, as_json, pass_asked


@click.command(cls=Verb, example="nextplay signals P-1\nnextplay signals P-1 --rows selling_90 --json")
@click.argument("partner_id", metavar="PARTNER")
@click.option("--rows", "signal", metavar="SIGNAL", help="The rows behind this signal.")
@click.option("--as-of", type=DAY, help="Read only what had happened and was known by the end of this day (default: today).")
@click.option("--all", "everything", is_flag=True, help="Also signals that are 0 or not known.")
@as_json
@pass_asked
def signals(asked: Asked, partner_id: str, signal: str | None, as_of: date | None, everything: bool, as_json: bool) -> None:
    """Show every signal of a partner with its formula, or the rows behind one of them."""
    named = {"partner_id": partner_id, "signal": signal, "as_of": as_of.isoformat() if as_of else None}
    found = run(asked, "show_signals", **named)
    if as_json:
        answer_json(found)
    elif signal:
        _say_rows(found)
    else:
        _say(found, everything=everything)


def _say(found: dict[str, Any], *, everything: bool) -> None:
    shown = {name: one for name, one in found["signals"].items() if everything or one["value"] not in (None, 0)}
    rows = [[name, _value(one["value"]), one["unit"], one["formula"]] for name, one in shown.items()]
    answer(f"{found['name']}, as of {found['as_of']}\n" + table(("signal", "value", "unit", "formula"), rows))
    if found["recognized_as"]:
        tell(f"{found['recognized_as']['label']}: {found['recognized_as']['why']}")
    risk, reason = found["drop_off"]["risk"], found["drop_off"]["reason"]
    if risk is not None:
        tell(f"Drop-off risk: {risk:.0%} chance of no selling event in 60 days, as seen on {found['drop_off']['risk_on']}.")
    if reason:
        tell(reason)
    if not everything:
        tell(f"{len(found['signals']) - len(shown)} signals that are 0 or not known: --all shows them.")


def _say_rows(found: dict[str, Any]) -> None:
    signal, columns = found["signal"], ("at", "source", "row_id", "what", "account", "value")
    answer(f"{signal['name']} = {_value(signal['value'])}: {signal['formula']}")
    answer(table(columns, [[row[name] for name in columns] for row in found["rows"]]))
    again = found["counted_again"]
    tell(f"{found['total']} rows" + ("." if again is None else f", which give {again:g}."))


def _value(value: object) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else "–" if value is None else str(value)


COMMANDS = (signals,)
