"""Serving the pages: serve."""

import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import click

from nextplay.cli.answer import answer, tell
from nextplay.cli.verb import Asked, Verb, pass_asked
from nextplay.home import open_home

DEFAULT_PORT = 8321
# Requests worked on at once: more than two cores can use, so that one slow page does not hold up the others.
THREADS = 4
PATIENCE_SECONDS = 60


class PortTaken(RuntimeError):
    """Something else listens where the pages were to be served."""


@click.command(cls=Verb, example="nextplay serve\nnextplay serve --host 0.0.0.0 --port 8080")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for every one.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@pass_asked
def serve(asked: Asked, host: str, port: int) -> None:
    """Serve the pages until interrupted, and run what other commands hand over."""
    asked.open()
    from nextplay.operations.admin.set_up import prepare_ledger

    # A home of an earlier version is brought up to this one.
    prepare_ledger()
    run_server(asked.folder, host, port)


def run_server(folder: Path, host: str, port: int, when_ready: Callable[[str], None] = answer) -> None:
    """Serve until interrupted; `when_ready` is told the address once pages answer. Raises PortTaken or AnotherServes."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    refuse_second_owner(folder)
    refuse_taken_port(host, port)
    # A copy of this process would hold the locks of threads that it does not have: the serving process starts afresh.
    multiprocessing.set_start_method("spawn", force=True)
    # Tells the serving process, not this one, to own the facts and run the jobs.
    os.environ["NEXTPLAY_SERVE"] = "1"
    server = Granian(
        "nextplay.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
    )
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    threading.Thread(target=_tell_ready, args=(f"http://{shown}:{port}/", when_ready), daemon=True).start()
    server.serve()


def refuse_second_owner(folder: Path) -> None:
    """Raise AnotherServes where another process holds the facts of this home."""
    from nextplay.operations.background.worker import AnotherServes
    from nextplay.operations.engine_owner import owned, owner_pid

    home = open_home(folder)
    with owned(home) as free:
        if not free:
            raise AnotherServes(f"Another process ({owner_pid(home)}) holds the facts of {folder}. Stop it, or wait for it.")


def refuse_taken_port(host: str, port: int) -> None:
    """Raise PortTaken where something listens already, which the server would only say in a trace."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"{host}:{port} cannot be listened on ({error.strerror}). Name another with --port, or stop what listens there."
            ) from error


def _tell_ready(address: str, when_ready: Callable[[str], None]) -> None:
    for _ in range(PATIENCE_SECONDS * 10):
        if _answers(address):
            when_ready(address)
            return
        time.sleep(0.1)
    tell(f"{address} does not answer after {PATIENCE_SECONDS} seconds; see the lines above.")


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=10):  # noqa: S310 our own address
            return True
    except HTTPError:
        return True
    except (URLError, OSError):
        return False


COMMANDS: tuple[Any, ...] = (serve,)
