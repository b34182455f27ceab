"""A dashboard's page that was seen before, beside a constant page of the same size: one reader, and sixteen at once."""

import http.client
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import django
import psutil

from nextplay.home import Home

PORT = 8397
READERS = (1, 16)
REQUESTS = 800
ROUNDS = 3
PAGES = ("/dashboard", "/lifecycle")
PEOPLE = max(READERS)


def measured_pages(home: Home) -> list[str]:
    """Lines of the report."""
    os.environ |= {"NEXTPLAY_HOME": str(home.path), "DJANGO_SETTINGS_MODULE": "nextplay.settings"}
    django.setup()
    sessions = _sessions()
    constant = home.path / "constant.html"
    constant.write_text("", encoding="utf-8")
    lines = []
    for page in PAGES:
        with _served(home, constant) as process:
            body = _ready(page, sessions[0], process)
            constant.write_bytes(body)
            for session in sessions:
                _get(http.client.HTTPConnection("127.0.0.1", PORT), page, session)
            for readers in READERS:
                # In turns, so that what else the machine does falls on both.
                some = sessions[:readers]
                both = [(_requests(page, some), _requests("/constant", some)) for _ in range(ROUNDS)]
                ours, alone = (statistics.median(each) for each in zip(*both, strict=True))
                what = f"{page}, {len(body) / 1000:.0f} kB, {readers} at once"
                lines.append(f"| {what} | {ours * 1000:.2f} ms | {alone * 1000:.2f} ms | {ours / alone:.2f} | 2 |")
            memory = psutil.Process(process.pid).memory_info().rss + sum(
                child.memory_info().rss for child in psutil.Process(process.pid).children(recursive=True)
            )
    head = ["", "Time a request of a page seen since the last import, over all readers, beside a constant Django page:", ""]
    head += ["| page | nextplay | constant | ratio | limit |", "|---|--:|--:|--:|--:|"]
    return [
        *head,
        *lines,
        "",
        f"Memory of the server, having built the roll-ups itself and served this: {memory / 2**30:.1f} GB (limit 2 GB).",
    ]


def _sessions() -> list[str]:
    """Cookies of people who have signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model

    from nextplay.ledger.people import add_person
    from nextplay.ledger.records import PersonRecord
    from nextplay.operations.admin.set_up import prepare_ledger

    prepare_ledger()
    cookies = []
    for number in range(PEOPLE):
        email = f"reader{number}@program.example"
        if not get_user_model().objects.filter(email=email).exists():
            person = PersonRecord(email, f"Reader {number}", "admin", None, True)
            add_person(person, password="reading many pages", actor="bench", now=datetime.now(UTC))  # noqa: S106, TID251
        found = get_user_model().objects.get(email=email)
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(found.pk), "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = found.get_session_auth_hash()
        session.save()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return cookies


@contextmanager
def _served(home: Home, constant: Path) -> "Iterator[subprocess.Popen[bytes]]":
    named = {"NEXTPLAY_SERVE": "1", "NEXTPLAY_BENCH_CONSTANT": str(constant), "NEXTPLAY_HOME": str(home.path)}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(PORT), "--workers", "1"]
    command += ["--blocking-threads", "4", "--no-ws", "--log-level", "warning", "bench.dashboard_server:application"]
    process = subprocess.Popen(command, env=os.environ | named)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _ready(page: str, session: str, process: "subprocess.Popen[bytes]") -> bytes:
    """The page, once the server answers it from roll-ups that hold today."""
    for _ in range(600):
        assert process.poll() is None, "the server ended"
        time.sleep(1)
        try:
            began = time.perf_counter()
            body = _get(
                http.client.HTTPConnection("127.0.0.1", PORT, timeout=600), f"{page}?segment=Growth", session, plain=True
            )
        except OSError:
            continue
        if time.perf_counter() - began < 1:
            return body
    raise TimeoutError


def _requests(page: str, sessions: list[str]) -> float:
    """Seconds a request, over all readers: each keeps one connection and asks again as soon as it is answered."""
    each = REQUESTS // len(sessions)
    started = threading.Barrier(len(sessions) + 1)

    def read(session: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT)
        _get(connection, page, session)
        started.wait()
        for _ in range(each):
            _get(connection, page, session)

    readers = [threading.Thread(target=read, args=(session,)) for session in sessions]
    for reader in readers:
        reader.start()
    started.wait()
    began = time.perf_counter()
    for reader in readers:
        reader.join()
    return (time.perf_counter() - began) / (each * len(sessions))


def _get(connection: http.client.HTTPConnection, page: str, session: str, *, plain: bool = False) -> bytes:
    connection.request("GET", page, headers={"Cookie": session} | ({} if plain else {"Accept-Encoding": "gzip"}))
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (page, answer.status)
    return body
