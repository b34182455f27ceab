"""A dead channel never loses a message and never doubles one: real servers that refuse, hang, cut, and come back."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nextplay.home import create_home
from nextplay.ledger import messages as outbox
from nextplay.ledger.journal import lines
from nextplay.operations.background.clock import duties
from nextplay.operations.background.postman import Postman
from nextplay.operations.installation import Installation
from nextplay.operations.messages import deliver
from nextplay.operations.messages.channels import WrongChannel, channels_of, mail_settings
from nextplay.operations.messages.notify import Letter, announce, notify
from nextplay.operations.messages.outbox import drop_message, send_again, show_outbox
from nextplay.operations.messages.send_messages import LONGEST_WAIT, Sent, send_messages, wait_after
from nextplay.operations.viewer import NotForThisViewer, Viewer
from tests.running import free_port
from tests.servers import ChatServer, MailServer, mail_at, mail_server, silent_server

pytestmark = pytest.mark.django_db

ANA = "ana@program.example"
LETTER = Letter("What is due", "Call Fennmoor Digital.")


def _write(now: datetime, key: str = "due 1", letter: Letter = LETTER) -> bool:
    return notify(ANA, letter, key=key, kind="reminder", actor="clock", now=now)


def _round(installation: Installation, moment: datetime) -> Sent:
    return send_messages(installation, moment, clock=lambda: moment)


def test_a_claim_late_in_a_round_lasts_as_long_as_one_at_its_beginning(installation: Installation, now: datetime) -> None:
    _write(now)
    late = now + 2 * outbox.LEASE
    assert outbox.claim_message("one", now=now, at=late) is not None
    assert outbox.claim_message("two", now=late + outbox.LEASE / 2) is None
    assert outbox.claim_message("two", now=late + 2 * outbox.LEASE) is not None


def test_a_message_is_written_once_and_sent_once(installation: Installation, mail: MailServer, now: datetime) -> None:
    assert _write(now) is True
    assert _write(now) is False
    assert _round(installation, now) == Sent(sent=1)
    assert _round(installation, now) == Sent()
    assert [message["Subject"] for message in mail.taken] == ["What is due"]
    assert mail.taken[0]["To"] == ANA
    assert mail.taken[0]["Auto-Submitted"] == "auto-generated"
    assert [line.verb for line in lines()][:2] == ["send", "write message"]


def test_letters_have_a_postman_of_their_own(installation: Installation, mail: MailServer, now: datetime) -> None:
    _write(now)
    assert "sending messages" not in {duty.name for duty in duties()}
    postman = Postman(installation)
    postman.round(now)
    postman.round(now)
    assert len(mail.taken) == 1


def test_nothing_leaves_before_its_time(installation: Installation, mail: MailServer, now: datetime) -> None:
    notify(ANA, LETTER, key="later", kind="reminder", actor="clock", now=now, not_before=now + timedelta(hours=2))
    assert _round(installation, now) == Sent()
    assert _round(installation, now + timedelta(hours=2)) == Sent(sent=1)


def test_a_server_that_refuses_connections_costs_one_try_a_round_and_loses_nothing(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    mail_at(monkeypatch, free_port())
    for number in range(3):
        _write(now, f"due {number}")
    assert _round(installation, now) == Sent(put_back=1)
    tried = [message for message in outbox.messages() if message.attempts]
    assert len(tried) == 1
    assert "cannot be reached" in tried[0].error
    with mail_server() as server:
        mail_at(monkeypatch, server.port)
        _round(installation, now + timedelta(minutes=2))
        assert len(set(server.ids)) == len(server.ids) == 3
    assert {message.state for message in outbox.messages()} == {"sent"}


def test_a_server_that_hangs_is_left_after_its_patience(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(deliver, "PATIENCE", 0.3)
    _write(now)
    with silent_server() as port:
        mail_at(monkeypatch, port)
        assert _round(installation, now) == Sent(put_back=1)
    assert "did not answer" in outbox.messages()[0].error


def test_a_yes_that_is_lost_sends_the_same_message_id_again(
    installation: Installation, mail: MailServer, now: datetime
) -> None:
    _write(now)
    mail.cut = True
    assert _round(installation, now) == Sent(put_back=1)
    assert "cannot be known" in outbox.messages()[0].error
    mail.cut = False
    assert _round(installation, now + timedelta(minutes=2)) == Sent(sent=1)
    # The protocol cannot tell; the reader's mail program can.
    assert len(mail.ids) == 2
    assert len(set(mail.ids)) == 1


def test_a_busy_server_is_asked_again_later(installation: Installation, mail: MailServer, now: datetime) -> None:
    _write(now)
    mail.answer = "451 Try again later"
    assert _round(installation, now) == Sent(put_back=1)
    assert _round(installation, now + timedelta(seconds=30)) == Sent()
    mail.answer = ""
    assert _round(installation, now + timedelta(minutes=2)) == Sent(sent=1)
    assert len(mail.taken) == 1


def test_an_address_that_does_not_exist_fails_at_once_and_holds_up_nobody(
    installation: Installation, mail: MailServer, ben: Viewer, now: datetime
) -> None:
    _write(now)
    mail.refuse_address = "550 No such user"
    assert _round(installation, now) == Sent(failed=1)
    found = show_outbox(ben)
    assert found.counts == {"failed": 1}
    assert "No such user" in found.rows[0].error
    mail.refuse_address = ""
    send_again(ben, found.rows[0].message, now=now)
    assert _round(installation, now) == Sent(sent=1)


def test_a_mail_server_that_is_dead_does_not_hold_up_the_chat(
    installation: Installation, chat: ChatServer, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    mail_at(monkeypatch, free_port())
    _write(now)
    assert announce(installation.home, LETTER, key="team", kind="summary", actor="clock", now=now) == 1
    assert _round(installation, now) == Sent(sent=1, put_back=1)
    assert [message["title"] for message in chat.taken] == ["What is due"]


@pytest.mark.parametrize("status", [500, 429])
def test_a_chat_that_fails_and_recovers_gets_the_message_once(
    installation: Installation, chat: ChatServer, now: datetime, status: int
) -> None:
    announce(installation.home, LETTER, key="team", kind="summary", actor="clock", now=now)
    chat.status = status
    assert _round(installation, now) == Sent(put_back=1)
    assert str(status) in outbox.messages()[0].error
    assert "hook" not in outbox.messages()[0].error
    chat.status = 200
    assert _round(installation, now + timedelta(minutes=2)) == Sent(sent=1)
    assert len(chat.taken) == 1


def test_a_chat_that_hangs_is_told_by_a_key_that_it_sees_a_message_again(
    installation: Installation, chat: ChatServer, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(deliver, "PATIENCE", 0.2)
    announce(installation.home, LETTER, key="team", kind="summary", actor="clock", now=now)
    chat.delay = 0.6
    assert _round(installation, now) == Sent(put_back=1)
    monkeypatch.setattr(deliver, "PATIENCE", 10)
    chat.delay = 0
    assert _round(installation, now + timedelta(minutes=2)) == Sent(sent=1)
    assert len(set(chat.keys)) == 1
    assert chat.keys[0]


def test_a_name_cannot_address_a_whole_chat_or_begin_another_header(
    installation: Installation, mail: MailServer, chat: ChatServer, now: datetime
) -> None:
    hostile = Letter("Due\nBcc: everybody@evil.example", "<!channel> @everyone <http://evil.example|click>")
    _write(now, letter=hostile)
    announce(installation.home, hostile, key="team", kind="summary", actor="clock", now=now)
    assert _round(installation, now) == Sent(sent=2)
    assert mail.taken[0]["Bcc"] is None
    assert "<" not in chat.taken[0]["message"]
    assert "@everyone" not in chat.taken[0]["message"]


def test_without_any_channel_messages_stay_and_leave_once_there_is_one(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    _write(now)
    assert _round(installation, now) == Sent(put_back=1)
    assert outbox.messages(person=ANA)[0].text == LETTER.text
    with mail_server() as server:
        mail_at(monkeypatch, server.port)
        assert _round(installation, now + timedelta(minutes=6)) == Sent(sent=1)
        assert len(server.taken) == 1


def test_what_could_not_be_sent_for_a_week_is_kept_as_failed(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    mail_at(monkeypatch, free_port())
    _write(now)
    _round(installation, now)
    assert _round(installation, now + timedelta(days=8)) == Sent(failed=1)
    assert outbox.messages()[0].state == "failed"
    assert outbox.messages()[0].text == LETTER.text


def test_a_link_is_gone_from_the_ledger_once_it_was_sent(installation: Installation, mail: MailServer, now: datetime) -> None:
    _write(now, letter=Letter("Your page", "https://x.example/p/s3cret", secret=True))
    _round(installation, now)
    assert "s3cret" in mail.taken[0].get_content()
    assert "s3cret" not in outbox.messages()[0].text


def test_a_link_that_could_not_be_sent_does_not_stay_in_the_ledger_either(installation: Installation, now: datetime) -> None:
    _write(now, letter=Letter("Your page", "https://x.example/p/s3cret", secret=True))
    message = outbox.claim_message("tests", now=now)
    assert message is not None
    assert outbox.give_up(message.message, "tests", error="No such address.", now=now)
    (kept,) = outbox.messages()
    assert (kept.state, kept.text) == ("failed", outbox.EMPTIED)
    outbox.forget_messages(now=now + timedelta(days=401))
    assert outbox.messages() == []


def test_waits_double_up_to_six_hours() -> None:
    minutes = [wait_after(attempt, "x").total_seconds() / 60 for attempt in (1, 2, 3)]
    for waited, least in zip(minutes, (1, 2, 4), strict=True):
        assert least <= waited <= 1.2 * least
    assert LONGEST_WAIT <= wait_after(10, "x") <= LONGEST_WAIT * 1.2
    assert LONGEST_WAIT <= wait_after(10_000, "x") <= LONGEST_WAIT * 1.2


def test_only_admins_see_and_move_the_outbox(installation: Installation, ana: Viewer, ben: Viewer, now: datetime) -> None:
    _write(now)
    message = outbox.messages()[0].message
    for refused in (
        lambda: show_outbox(ana),
        lambda: drop_message(ana, message, now=now),
        lambda: send_again(ana, message, now=now),
    ):
        with pytest.raises(NotForThisViewer):
            refused()
    assert drop_message(ben, message, now=now).state == "dropped"
    assert _round(installation, now) == Sent()


def test_a_claim_that_ran_out_is_taken_over_and_its_old_holder_can_mark_nothing(
    installation: Installation, now: datetime
) -> None:
    _write(now)
    first = outbox.claim_message("one", now=now)
    assert first is not None
    assert outbox.claim_message("two", now=now) is None
    again = outbox.claim_message("two", now=now + outbox.LEASE + timedelta(seconds=1))
    assert again is not None
    assert outbox.mark_sent(first.message, "one", now=now) is False
    assert outbox.mark_sent(again.message, "two", now=now) is True


def test_wrong_settings_are_said_in_a_sentence(installation: Installation) -> None:
    home = installation.home
    assert mail_settings(home, {}) is None
    assert channels_of(home, {"NEXTPLAY_CHANNEL_OPS": "slack://a/b/c"})["ops"].name == "ops"
    assert "b/c" not in repr(channels_of(home, {"NEXTPLAY_CHANNEL_OPS": "slack://a/b/c"}))
    for wrong in ({"FROM": "nobody"}, {"FROM": "a@b.example", "PORT": "x"}, {"FROM": "a@b.example", "SECURITY": "maybe"}):
        with pytest.raises(WrongChannel):
            mail_settings(home, {f"NEXTPLAY_MAIL_{key}": value for key, value in {"HOST": "h", **wrong}.items()})
    found = mail_settings(
        home, {"NEXTPLAY_MAIL_HOST": "h", "NEXTPLAY_MAIL_FROM": "a@b.example", "NEXTPLAY_MAIL_PASSWORD": "s3cret"}
    )
    assert found is not None
    assert found.port == 587
    assert "s3cret" not in repr(found)


KILLED = """
import os, signal
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from datetime import UTC, datetime
from pathlib import Path
from nextplay.home import open_home
from nextplay.ledger import messages as outbox
from nextplay.operations.messages import send_messages as sending
from nextplay.operations.installation import Installation
from nextplay.operations.messages.notify import Letter, notify
now = datetime(2026, 11, 9, 9, tzinfo=UTC)
notify("ana@program.example", Letter("Due", "Call."), key="k", kind="reminder", actor="clock", now=now)
if os.environ["DIE"] == "1":
    # Gone at once, with the server's yes in hand and nothing marked.
    outbox.mark_sent = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
installation = Installation(open_home(Path(os.environ["NEXTPLAY_HOME"])))
for minute in (0,) if os.environ["DIE"] == "1" else (3, 6):
    at = datetime(2026, 11, 9, 9, minute, tzinfo=UTC)
    sending.send_messages(installation, at, clock=lambda: at)
    print(minute, [(m.state, m.attempts) for m in outbox.messages()])
"""


def test_a_process_killed_between_sending_and_marking_sends_the_same_message_id_again(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    with mail_server() as server:
        settings = {"NEXTPLAY_MAIL_HOST": "127.0.0.1", "NEXTPLAY_MAIL_PORT": str(server.port), "NEXTPLAY_MAIL_SECURITY": "none"}
        environment = (
            os.environ | settings | {"NEXTPLAY_HOME": str(home.path), "NEXTPLAY_MAIL_FROM": "nextplay@program.example"}
        )

        def run(die: str) -> subprocess.CompletedProcess[str]:
            named = environment | {"DIE": die}
            return subprocess.run([sys.executable, "-c", KILLED], env=named, capture_output=True, text=True, check=False)

        assert run("1").returncode == -signal.SIGKILL
        # While the claim holds nobody sends it: its holder may still be at work.
        assert run("0").stdout.splitlines() == ["3 [('waiting', 1)]", "6 [('sent', 2)]"]
        assert len(server.ids) == 2
        assert len(set(server.ids)) == 1


HUNG = """
import os, time
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from datetime import UTC, datetime
from nextplay.ledger import jobs, messages as outbox
from nextplay.operations.background.jobs import submit
from nextplay.operations.messages.notify import Letter, notify
from nextplay.operations.background.worker import start_worker
now = datetime.now(UTC)
notify("ana@program.example", Letter("Due", "Call."), key="k", kind="reminder", actor="clock", now=now)
start_worker()
while not outbox.messages()[0].attempts:
    time.sleep(0.05)
asked = submit("import_facts", {"paths": ["/nowhere.csv"]}, actor="ana@program.example", now=now)
while jobs.job(asked).state in ("waiting", "running"):
    time.sleep(0.05)
held = outbox.messages()[0]
print(jobs.job(asked).state, held.state, held.attempts, repr(held.error), flush=True)
# The letter under way need not be waited for.
os._exit(0)
"""


def test_a_mail_server_that_hangs_holds_up_no_job(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    with silent_server() as port:
        settings = {"HOME": str(home.path), "MAIL_HOST": "127.0.0.1", "MAIL_PORT": str(port), "MAIL_SECURITY": "none"}
        named = os.environ | {f"NEXTPLAY_{key}": value for key, value in settings.items()}
        named |= {"NEXTPLAY_MAIL_FROM": "nextplay@program.example"}
        ran = subprocess.run([sys.executable, "-c", HUNG], env=named, capture_output=True, text=True, check=False, timeout=60)
    # The job ended while the letter was still on its way.
    assert ran.stdout == "failed waiting 1 ''\n", ran.stderr
