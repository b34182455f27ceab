"""See it work: demo."""

from pathlib import Path

import click

from nextplay.cli.answer import answer, table, tell
from nextplay.cli.run import run
from nextplay.cli.serve import DEFAULT_PORT, refuse_taken_port, run_server
from nextplay.cli.verb import Asked, Verb, moment, pass_asked, start_django

FOLDER = Path("demo-home")
# Written down once, so that a second run can print it again; the sample is nobody's secret.
SIGN_INS = "demo-sign-ins.txt"
HEADINGS = ("role", "email", "password")


@click.command(cls=Verb, example="nextplay demo\nnextplay demo --home /tmp/trial --port 8400")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@pass_asked
def demo(asked: Asked, host: str, port: int) -> None:
    """Make a home with a sample program, decide this month, and serve it; run again, it serves the same home.

    The home is ./demo-home, unless --home names another.
    """
    refuse_taken_port(host, port)
    asked.home = (asked.home or FOLDER).expanduser().absolute()
    from nextplay.operations.admin.set_up import prepare_home, prepare_ledger

    start_django(prepare_home(asked.folder).path)
    prepare_ledger()
    if not (asked.folder / SIGN_INS).exists():
        _fill(asked)
    text = (asked.folder / SIGN_INS).read_text(encoding="utf-8")

    def ready(address: str) -> None:
        answer(f"\n{address}\n\n{text}\nStop with Ctrl-C. The home is {asked.folder}.")

    run_server(asked.folder, host, port, ready)


def _fill(asked: Asked) -> None:
    """Load the sample, analyse it, decide the month, and let one person a role in."""
    tell("Loading a sample program of about 180 partners ...")
    known = run(asked, "list_partners", size=1)["everyone"]
    if not known:
        run(asked, "load_sample")
    tell("Scoring every partner ...")
    run(asked, "analyze")
    tell("Deciding this month ...")
    cycle = run(asked, "decide", limit=0)
    tell(f"{len(cycle['focus'])} partners in focus.")
    _keep_sign_ins(asked.folder / SIGN_INS, _let_in())


def _let_in() -> list[tuple[str, str, str]]:
    """The people of the sample company; who was let in by a run that broke off gets a new password."""
    from nextplay.operations.data.load_sample import SAMPLE_PEOPLE
    from nextplay.operations.people import PersonExists, PersonRecord, add_user, new_password, set_password
    from nextplay.operations.viewer import OPERATOR

    rows = []
    for one in SAMPLE_PEOPLE:
        password = new_password()
        person = PersonRecord(email=one.email, name=one.name, role=one.role, partner_id=one.partner_id, active=True)
        try:
            add_user(lambda _: True, OPERATOR, person, password=password, now=moment())
        except PersonExists:
            set_password(OPERATOR, one.email, password=password, now=moment())
        rows.append((str(one.role), one.email, password))
    return rows


def _keep_sign_ins(target: Path, rows: list[tuple[str, str, str]]) -> None:
    target.touch(mode=0o600)
    target.write_text(table(HEADINGS, rows) + "\n", encoding="utf-8")


COMMANDS = (demo,)
