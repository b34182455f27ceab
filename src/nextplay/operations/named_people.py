"""What people are called."""

from nextplay.ledger import people
from nextplay.program.definition import Program


def names_of_people(program: Program) -> dict[str, str]:
    """What people are called by address in small letters: by their sign-in, else by the program file."""
    called = {one.email.lower(): one.name for one in program.capacity.managers if one.name}
    return called | {one.email.lower(): one.name for one in people.people() if one.name}
