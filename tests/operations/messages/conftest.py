"""Real servers of mail and chat, set up as ours."""

from collections.abc import Iterator

import pytest

from tests.servers import ChatServer, MailServer, chat_server, mail_at, mail_server


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server that is set up as ours."""
    with mail_server() as server:
        mail_at(monkeypatch, server.port)
        yield server


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    """A chat that is set up as the channel `team`."""
    with chat_server() as server:
        monkeypatch.setenv("NEXTPLAY_CHANNEL_TEAM", f"json://127.0.0.1:{server.port}/hook")
        yield server
