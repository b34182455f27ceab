"""People who sign in: user add, user list, user set-role, user set-password, user let-in, user shut-out."""

import sys
from collections.abc import Callable

import click

from nextplay.cli.answer import answer, answer_json, table, tell
from nextplay.cli.run import run
from nextplay.cli.verb import Asked, Verb, Verbs, as_json, moment, pass_asked

ROLES = ("admin", "manager", "viewer", "partner")
password_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")


@click.group(cls=Verbs)
def user() -> None:
    """Say who may sign in, and as what."""


@user.command(
    cls=Verb,
    example="nextplay user add ana@company.example --role manager --name 'Ana Ruiz'\n"
    "nextplay user add cleo@partner.example --role partner --partner P-1",
)
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), default="viewer", show_default=True, help="What they are to the program.")
@click.option("--name", default="", help="Their name, as pages show it.")
@click.option("--partner", help="The partner_id of their organization; for the role partner, and required there.")
@password_stdin
@as_json
@pass_asked
def add(asked: Asked, email: str, role: str, name: str, partner: str | None, password_stdin: bool, as_json: bool) -> None:
    """Let somebody sign in. The password is asked for; without a terminal, one is made and shown once."""
    asked.open()
    from nextplay.operations.people import PersonRecord, add_user
    from nextplay.operations.viewer import OPERATOR

    password, made = _password(password_stdin)
    person = PersonRecord(email=email, name=name, role=role, partner_id=partner, active=True)
    added = add_user(_is_partner(asked), OPERATOR, person, password=password, now=moment())
    shown = {"email": added.email, "role": added.role, **({"password": password} if made else {})}
    if as_json:
        answer_json(shown)
    else:
        answer(f"{added.email} may sign in as {added.role}." + (f" Password: {password}" if made else ""))


@user.command("list", cls=Verb, example="nextplay user list\nnextplay user list --json")
@as_json
@pass_asked
def list_people(asked: Asked, as_json: bool) -> None:
    """List everybody who may sign in."""
    asked.open()
    from nextplay.operations.people import list_users
    from nextplay.operations.viewer import OPERATOR

    names = ("email", "name", "role", "partner_id", "active")
    people = [{name: getattr(person, name) for name in names} for person in list_users(OPERATOR)]
    if as_json:
        answer_json(people)
    elif people:
        answer(table(names, [list(person.values()) for person in people]))
    else:
        tell("Nobody may sign in yet. Add somebody with nextplay user add.")


@user.command(
    "set-role",
    cls=Verb,
    example="nextplay user set-role ana@company.example admin\n"
    "nextplay user set-role cleo@partner.example partner --partner P-1",
)
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--partner", help="The partner_id of their organization; for the role partner, and required there.")
@pass_asked
def set_role(asked: Asked, email: str, role: str, partner: str | None) -> None:
    """Make somebody something else to the program, from their next page on."""
    asked.open()
    from nextplay.operations.people import change_role
    from nextplay.operations.viewer import OPERATOR

    person = change_role(_is_partner(asked), OPERATOR, email, role=role, partner_id=partner, now=moment())
    answer(f"{person.email} is now {person.role}.")


@user.command("set-password", cls=Verb, example="nextplay user set-password ana@company.example")
@click.argument("email")
@password_stdin
@pass_asked
def set_new_password(asked: Asked, email: str, password_stdin: bool) -> None:
    """Give somebody a new password; their sessions end."""
    asked.open()
    from nextplay.operations.people import set_password
    from nextplay.operations.viewer import OPERATOR

    password, made = _password(password_stdin)
    person = set_password(OPERATOR, email, password=password, now=moment())
    answer(f"{person.email} has a new password." + (f" Password: {password}" if made else ""))


@user.command("shut-out", cls=Verb, example="nextplay user shut-out ana@company.example")
@click.argument("email")
@pass_asked
def shut_out(asked: Asked, email: str) -> None:
    """Let somebody no longer sign in; what they decided stays."""
    _let_in(asked, email, active=False)


@user.command("let-in", cls=Verb, example="nextplay user let-in ana@company.example")
@click.argument("email")
@pass_asked
def back_in(asked: Asked, email: str) -> None:
    """Let somebody sign in again who was shut out."""
    _let_in(asked, email, active=True)


def _is_partner(asked: Asked) -> Callable[[str], bool]:
    """Asks whoever holds the facts."""
    return lambda partner_id: bool(run(asked, "knows_partner", partner_id=partner_id)["known"])


def _let_in(asked: Asked, email: str, *, active: bool) -> None:
    asked.open()
    from nextplay.operations.people import let_in
    from nextplay.operations.viewer import OPERATOR

    person = let_in(OPERATOR, email, active=active, now=moment())
    answer(f"{person.email} may {'sign in again' if active else 'no longer sign in'}.")


def _password(from_stdin: bool) -> tuple[str, bool]:
    """The password, and whether it was made here."""
    from nextplay.operations.people import new_password

    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if sys.stdin.isatty():
        return click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True), False
    return new_password(), True


COMMANDS = (user,)
