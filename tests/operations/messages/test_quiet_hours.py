"""Quiet hours hold for every try of what is news, and for nothing that somebody waits for."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nextplay.home import create_home
from nextplay.ledger import messages as outbox
from nextplay.operations.installation import Installation
from nextplay.operations.messages.notify import Letter, announce, notify
from nextplay.operations.messages.send_messages import Sent, send_messages
from nextplay.operations.messages.tell_person import SUMMARY, WEEKLY
from tests.running import free_port
from tests.servers import ChatServer, MailServer, mail_at

pytestmark = pytest.mark.django_db
ANA = "ana@program.example"
LETTER = Letter("What is due", "Call Fennmoor Digital.")


def _round(installation: Installation, moment: datetime) -> Sent:
    return send_messages(installation, moment, clock=lambda: moment)


def _news(now: datetime) -> bool:
    return notify(ANA, LETTER, key="digest 1", kind=WEEKLY, actor="clock", now=now)


def test_no_try_of_what_is_news_begins_in_quiet_hours(installation: Installation, mail: MailServer, now: datetime) -> None:
    """Quiet from eight in the evening to seven: whether it was written then, or could not leave before."""
    at_nine = now.replace(hour=21, minute=0)
    _news(at_nine)
    # Somebody waits for a link.
    notify(ANA, LETTER, key="link 1", kind="password link", actor="web", now=at_nine)
    assert _round(installation, at_nine) == Sent(sent=1)
    (waiting,) = outbox.messages(state="waiting")
    morning = at_nine.replace(hour=7) + timedelta(days=1)
    assert (waiting.next_try_at, waiting.attempts) == (morning, 0)
    assert _round(installation, morning - timedelta(minutes=1)) == Sent()
    assert _round(installation, morning) == Sent(sent=1)


def test_a_retry_waits_for_the_morning_too(installation: Installation, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    late = now.replace(hour=19, minute=59, second=30)
    mail_at(monkeypatch, free_port())
    _news(late)
    assert _round(installation, late) == Sent(put_back=1)
    assert _round(installation, late + timedelta(minutes=5)) == Sent()
    (waiting,) = outbox.messages(state="waiting")
    assert waiting.next_try_at == late.replace(hour=7, minute=0, second=0) + timedelta(days=1)


def test_the_teams_channel_is_left_alone_at_night_in_the_programs_zone(tmp_path: Path, chat: ChatServer, now: datetime) -> None:
    home = create_home(tmp_path / "auckland")
    installation = Installation(replace(home, held={**home.held, "time_zone": "Pacific/Auckland"}))
    # Ten in the morning here, eleven at night there.
    announce(installation.home, LETTER, key="team", kind=SUMMARY, actor="clock", now=now.replace(hour=10))
    assert _round(installation, now.replace(hour=10)) == Sent()
    assert _round(installation, now.replace(hour=19)) == Sent(sent=1)
    installation.close()
