"""Signing in: how often it may be tried, by whom, and what the browser is given."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from nextplay.home import create_home
from nextplay.operations.installation import Installation
from tests.web.conftest import PASSWORD, PEOPLE

ADMIN = PEOPLE["admin"].email
COOKIES = """
import json, django
django.setup()
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in (
    "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS")}))
"""


def tried(client: Client, email: str, typed: str = "wrong", place: str = "203.0.113.7") -> int:
    return client.post("/sign-in", {"username": email, "password": typed}, REMOTE_ADDR=place).status_code


def test_five_failures_and_the_right_password_has_to_wait_too(served: Installation) -> None:
    assert [tried(Client(), ADMIN) for _ in range(5)] == [200, 200, 200, 200, 429]
    assert tried(Client(), ADMIN, PASSWORD) == 429


def test_another_spelling_of_an_address_buys_no_more_tries(served: Installation) -> None:
    spellings = [ADMIN, ADMIN.upper(), ADMIN.title(), f" {ADMIN} ", ADMIN.swapcase()]
    assert [tried(Client(), email) for email in spellings][-1] == 429


def test_one_persons_failures_do_not_keep_a_colleague_out(served: Installation) -> None:
    for _ in range(6):
        tried(Client(), ADMIN)
    assert tried(Client(), PEOPLE["viewer"].email, PASSWORD) == 302


def test_failures_from_elsewhere_do_not_keep_the_person_out(served: Installation) -> None:
    for _ in range(6):
        tried(Client(), ADMIN, place="198.51.100.9")
    assert tried(Client(), ADMIN, PASSWORD) == 302


def test_signing_in_forgets_earlier_failures(served: Installation) -> None:
    for _ in range(2):
        assert [tried(Client(), ADMIN) for _ in range(4)] == [200] * 4
        assert tried(Client(), ADMIN.upper(), PASSWORD) == 302


def test_no_script_reads_the_session_and_no_other_site_sends_it(served: Installation) -> None:
    client = Client()
    client.get("/sign-in")
    assert tried(client, ADMIN, PASSWORD) == 302
    for name in ("sessionid", "csrftoken"):
        assert (client.cookies[name]["httponly"], client.cookies[name]["samesite"]) == (True, "Lax")
    assert client.cookies["sessionid"]["max-age"] == 14 * 24 * 3600


def test_somebody_shut_out_is_out_at_once(served: Installation) -> None:
    from nextplay.ledger.people import change_person
    from tests.conftest import MOMENT

    client = Client()
    dan = PEOPLE["viewer"].email
    tried(client, dan, PASSWORD)
    assert client.get("/focus").status_code == 200
    change_person(dan, active=False, actor="tests", now=MOMENT)
    assert client.get("/focus").status_code == 302


@pytest.mark.parametrize(("address", "secure"), [("https://np.example", True), ("http://np.example", False), ("", False)])
def test_cookies_travel_by_https_only_where_the_pages_do(address: str, secure: bool, tmp_path: Path) -> None:
    home = create_home(tmp_path / "home").path
    told = {"NEXTPLAY_HOME": str(home), "NEXTPLAY_PUBLIC_URL": address, "DJANGO_SETTINGS_MODULE": "nextplay.settings"}
    environment = {**os.environ, **told, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", COOKIES], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    read = json.loads(ran.stdout)
    assert (read["SESSION_COOKIE_SECURE"], read["CSRF_COOKIE_SECURE"], read["SECURE_HSTS_SECONDS"] > 0) == (secure,) * 3
    assert ("np.example" in read["ALLOWED_HOSTS"]) == bool(address)
    assert "*" not in read["ALLOWED_HOSTS"]
