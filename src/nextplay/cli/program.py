"""The program definition: program show, program check."""

from pathlib import Path

import click

from nextplay.cli.answer import answer, answer_json
from nextplay.cli.verb import Asked, Verb, Verbs, as_json, pass_asked


@click.group(cls=Verbs)
def program() -> None:
    """Show and check the program definition."""


@program.command(cls=Verb, example="nextplay program show > program.yaml\nnextplay program show --json")
@click.option("--default", "shipped", is_flag=True, help="The shipped program, with a reason beside every number.")
@as_json
@pass_asked
def show(asked: Asked, shipped: bool, as_json: bool) -> None:
    """Print the program in force; --json with every default filled in."""
    from nextplay.home import open_home
    from nextplay.program.load import default_program, default_text, load_program

    file = None if shipped else open_home(asked.folder).program_file
    own = file if file is not None and file.exists() else None
    if as_json:
        answer_json((load_program(own) if own else default_program()).model_dump(mode="json"))
    else:
        answer((own.read_text(encoding="utf-8") if own else default_text()).rstrip("\n"))


@program.command(cls=Verb, example="nextplay program check program.yaml")
@click.argument("file", required=False, type=click.Path(dir_okay=False, exists=True, path_type=Path))
@as_json
@pass_asked
def check(asked: Asked, file: Path | None, as_json: bool) -> None:
    """Say whether a program file can be used (default: the one in force), and which line is wrong."""
    from nextplay.home import open_home
    from nextplay.operations.admin.show_program import problems_of
    from nextplay.program.load import ProgramError, default_program, load_program, refuse

    named = file or open_home(asked.folder).program_file
    try:
        read = load_program(named) if named.exists() else default_program()
        refuse(problems_of(read), str(named))
    except ProgramError as error:
        if as_json:
            answer_json({"valid": False, "version": None, "problems": str(error).splitlines()})
            raise click.exceptions.Exit(1) from error
        raise
    if as_json:
        answer_json({"valid": True, "version": read.version, "problems": []})
    else:
        answer(f"{named if named.exists() else 'The shipped program'} can be used: {read.name}, version {read.version}.")


COMMANDS = (program,)
