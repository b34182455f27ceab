"""Mail with a link to set a password: to who signs in, at most one an hour, and never by somebody's asking for another."""

from datetime import datetime, timedelta

import pytest

from nextplay.home import Home, open_home
from nextplay.ledger import journal, messages, people
from nextplay.ledger.records import PersonRecord
from nextplay.operations.messages.password_mail import can_mail, mail_password_link

pytestmark = pytest.mark.django_db
EVE = "eve@program.example"


def _ask(email: str, now: datetime) -> bool:
    return mail_password_link(email, lambda who, token: f"https://np.example/welcome/{who}/{token}", program="Ours", now=now)


def test_one_link_an_hour_and_none_for_strangers_or_who_is_shut_out(now: datetime) -> None:
    people.add_person(PersonRecord(EVE, "Eve", "admin", None, active=True), password="a long sentence 7", actor="x", now=now)
    assert [_ask(EVE.upper(), now), _ask(EVE, now), _ask("stranger@x.example", now)] == [True, False, False]
    assert [line.verb for line in journal.lines()].count("make password link") == 1
    assert _ask(EVE, now + timedelta(hours=1))
    message = messages.claim_message("tests", now=now + timedelta(minutes=1))
    assert message is not None
    assert (message.person, message.secret) == (EVE, True)
    who, token = message.text.split("/welcome/")[1].split()[0].split("/")
    assert people.person_of_link(who, token).email == EVE


def test_mail_that_is_set_up_wrongly_counts_as_none(home: Home) -> None:
    assert not can_mail(home)
    settings = home.path / "settings.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}mail_host = "mail.example"\n', encoding="utf-8")
    assert not can_mail(open_home(home.path))
    settings.write_text(f'{text}mail_host = "mail.example"\nmail_from = "np@x.example"\n', encoding="utf-8")
    assert can_mail(open_home(home.path))
