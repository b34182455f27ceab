"""Make an installation, or bring one up to this version: home folder, program file, ledger tables."""

from pathlib import Path

from django.core.management import call_command

from nextplay.home import Home, create_home
from nextplay.program.load import load_program


def prepare_home(
    path: Path, *, program: Path | None = None, ledger_url: str | None = None, facts_url: str | None = None
) -> Home:
    """The folder with its settings, and the program file where one is named. What is there and not named stays.

    Raises ProgramError before anything is written.
    """
    if program is not None:
        load_program(program)
    home = create_home(path, ledger_url, facts_url)
    if program is not None and program.resolve() != home.program_file.resolve():
        unfinished = home.program_file.with_suffix(".new")
        unfinished.write_bytes(program.read_bytes())
        unfinished.replace(home.program_file)
    return home


def prepare_ledger() -> None:
    """The ledger's tables as this version needs them, in the ledger that Django was set up with. Safe to repeat."""
    call_command("migrate", interactive=False, verbosity=0)
