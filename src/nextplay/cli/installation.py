"""Making an installation and caring for it: init."""

from pathlib import Path

import click

from nextplay.cli.answer import answer, answer_json
from nextplay.cli.verb import Asked, Verb, as_json, pass_asked, start_django


@click.command(
    cls=Verb,
    example="nextplay init --program program.yaml\n"
    "nextplay init --home /srv/nextplay --facts-url postgresql://nextplay@db/facts --ledger-url postgresql://nextplay@db/ledger",
)
@click.option("--program", type=click.Path(dir_okay=False, exists=True, path_type=Path), help="Take this program file.")
@click.option("--ledger-url", help="Where the ledger is: sqlite:///… or postgresql://… (default: a file in the home folder).")
@click.option("--facts-url", help="Where the facts are: duckdb:///… or postgresql://… (default: a file in the home folder).")
@as_json
@pass_asked
def init(asked: Asked, program: Path | None, ledger_url: str | None, facts_url: str | None, as_json: bool) -> None:
    """Create a home folder, or bring one up to this version.

    Run again, it changes only what is named; facts and ledger stay.
    """
    from nextplay.home import SETTINGS_FILE

    there = (asked.folder / SETTINGS_FILE).exists()
    start_django(asked.folder)
    from nextplay.operations.set_up import prepare_home, prepare_ledger

    home = prepare_home(asked.folder, program=program, ledger_url=ledger_url, facts_url=facts_url)
    prepare_ledger()
    if as_json:
        answer_json({"home": str(home.path), "created": not there})
    else:
        answer(f"{home.path} is {'up to date' if there else 'ready'}. Next: nextplay import FILE..., then nextplay serve.")


COMMANDS = (init,)
