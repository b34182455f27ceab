"""What the people of a month share: a home with its clock and its mail, and a browser of each."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Page

from tests.running import PATIENCE_SECONDS, Clock, serving_at
from tests.servers import MailServer


@dataclass
class World:
    """What the people of the month share: the home, its clock and mail, and a page of each."""

    home: Path
    clock: Clock
    port: int
    mail: MailServer
    pages: dict[str, Page] = field(default_factory=dict)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The server, until the power goes."""
        settings = {"HOST": "127.0.0.1", "PORT": str(self.mail.port), "SECURITY": "none", "FROM": "nextplay@program.example"}
        told = {f"NEXTPLAY_MAIL_{name}": value for name, value in settings.items()}
        with serving_at(self.home, self.clock, self.port, NEXTPLAY_PUBLIC_URL=f"http://127.0.0.1:{self.port}", **told):
            yield

    def letter(self, to: str, subject: str = "") -> EmailMessage:
        """The letter to somebody whose subject begins so; the postman goes round every ten seconds."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            for one in self.mail.taken:
                if one["To"] == to and str(one["Subject"]).startswith(subject):
                    return one
            time.sleep(0.1)
        raise AssertionError(f"No {subject!r} to {to} among {[str(one['Subject']) for one in self.mail.taken]}")

    def at(self, day: str, hour: int = 9) -> None:
        """It is that day of 2026."""
        self.clock.set(datetime.fromisoformat(f"2026-{day}").replace(hour=hour, tzinfo=UTC))
