"""Real servers on this machine that fail as real servers do: SMTP by aiosmtpd, HTTP by the standard library."""

import email
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default as modern
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.running import free_port


@dataclass
class MailServer:
    """Takes mail, unless told to fail: `answer` is said to DATA instead of yes, `cut` goes away after DATA."""

    port: int = 0
    answer: str = ""
    refuse_address: str = ""
    # Takes the message, and goes away before it says so.
    cut: bool = False
    taken: list[EmailMessage] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """Message-IDs in the order they came."""
        return [str(message["Message-ID"]) for message in self.taken]

    async def handle_RCPT(  # noqa: N802 aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse an address."""
        if self.refuse_address:
            return self.refuse_address
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd's name
        """Take or refuse a message."""
        if self.answer:
            return self.answer
        self.taken.append(email.message_from_bytes(cast(bytes, envelope.content), policy=modern))
        if self.cut:
            cast(Any, server).transport.abort()
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server that listens until the block ends."""
    handler = MailServer(port=free_port())
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port, ready_timeout=60)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


@dataclass
class ChatServer:
    """Answers each POST with `status`, after `delay` seconds."""

    port: int = 0
    status: int = 200
    delay: float = 0.0
    asked: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    """An HTTP server that listens until the block ends."""
    state = ChatServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.asked += 1
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(state.delay)
            if state.status == 200:
                state.taken.append(json.loads(body))
                state.keys.append(self.headers.get("Idempotency-Key", ""))
            try:
                self.send_response(state.status)
                self.send_header("Content-Length", "0")
                self.end_headers()
            except OSError:
                # Who asked did not wait for the answer.
                return

        def log_message(self, *_said: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def silent_server() -> Iterator[int]:
    """A port where connections are taken and nothing is ever said."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(5)
        yield listening.getsockname()[1]


def mail_at(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """Set a mail server up as ours."""
    for name, value in {"HOST": "127.0.0.1", "PORT": str(port), "SECURITY": "none", "FROM": "nextplay@program.example"}.items():
        monkeypatch.setenv(f"NEXTPLAY_MAIL_{name}", value)
