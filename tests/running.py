"""The product as its users run it: a process of its own, on a home of its own."""

import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """Standard output, which must be JSON and nothing else."""
        return json.loads(self.out)


def command(*arguments: str | Path) -> list[str]:
    """The command line of this checkout."""
    return [sys.executable, "-m", "nextplay", *map(str, arguments)]


def environment(**more: str) -> dict[str, str]:
    """What a user's shell has: nothing of the test session's own home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NEXTPLAY_", "DJANGO_", "PYTEST_"))}
    source = str(Path(__file__).parent.parent / "src")
    return {**kept, "PYTHONPATH": source, "PYTHONWARNINGS": "default", **more}


def nextplay(*arguments: str | Path, stdin: str = "", **more: str) -> Ran:
    """Run a command to its end."""
    ran = subprocess.run(
        command(*arguments),
        input=stdin,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def done(*arguments: str | Path, stdin: str = "", **more: str) -> Ran:
    """Run a command that must go well."""
    ran = nextplay(*arguments, stdin=stdin, **more)
    assert ran.code == 0, f"{arguments}\n{ran.out}\n{ran.err}"
    return ran


def free_port() -> int:
    """A port that nothing listens on, below those that the system gives to whoever connects meanwhile."""
    while True:
        port = 15_000 + secrets.randbelow(15_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def serving(home: Path, **more: str) -> Iterator[str]:
    """A real server on the home, with `more` in its environment; yields its address without the last slash.

    Stops it as Ctrl-C does.
    """
    port = free_port()
    server = subprocess.Popen(
        command("serve", "--home", home, "--port", str(port)),
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # With a group of its own, so that its worker can be ended with it.
        start_new_session=True,
    )
    try:
        wait_for_line(server, f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}"
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        if server.stdout:
            server.stdout.close()


@dataclass(frozen=True)
class Clock:
    """The clock of a serving process, set by the test; from there it goes on by itself."""

    file: Path

    def set(self, moment: datetime) -> None:
        """From now on it is that moment."""
        new = self.file.with_suffix(".new")
        new.write_text(str((moment - datetime.now(UTC)).total_seconds()))  # noqa: TID251 what is set is how far it is ahead
        new.replace(self.file)


@contextmanager
def serving_at(home: Path, clock: Clock, port: int, **more: str) -> Iterator[str]:
    """A real server on the home that reads that clock; ended at once, as by a loss of power."""
    root = Path(__file__).parent.parent
    told = {"NEXTPLAY_HOME": str(home), "NEXTPLAY_SERVE": "1", "NEXTPLAY_TESTS_CLOCK": str(clock.file)}
    asked = ["--interface", "wsgi", "--no-ws", "--blocking-threads", "4", "--port", str(port), "--log-level", "warning"]
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", *asked, "tests.clocked_pages:application"],
        env=environment(**told, **more, PYTHONPATH=f"{root / 'src'}{os.pathsep}{root}"),
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_answer(server, address)
        yield address
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def wait_for_answer(process: "subprocess.Popen[bytes]", address: str) -> None:
    """Until a server answers at all; fails if the process ends before."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(address, timeout=10):  # noqa: S310 our own address
                return
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


def wait_for_line(process: "subprocess.Popen[str]", text: str) -> str:
    """The first line of standard output that holds `text`; fails with all that was said if the process ends before."""
    stream = process.stdout
    assert stream is not None
    said, until = "", time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if select.select([stream], [], [], 0.2)[0]:
            line = stream.readline()
            said += line
            if text in line:
                return line
        if process.poll() is not None:
            said += stream.read()
            break
    raise AssertionError(f"{text!r} was not said within {PATIENCE_SECONDS} seconds:\n{said}")
