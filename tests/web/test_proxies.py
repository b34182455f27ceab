"""Who is at the other end: believed of our own proxies, and of nobody else."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from nextplay.ledger import journal
from nextplay.operations.installation import Installation
from nextplay.web.proxies import far_end, networks
from tests.web.conftest import PASSWORD, PEOPLE

OURS = networks("127.0.0.1, 10.0.0.0/8")
ADMIN = PEOPLE["admin"].email


@pytest.mark.parametrize(
    ("near", "forwarded", "found"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        # What a person wrote themselves stands before what the proxy added.
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7, 10.1.2.3", "203.0.113.7"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "<script>", "127.0.0.1"),
        ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("", "203.0.113.7", ""),
    ],
)
def test_the_last_address_before_our_proxies_counts(near: str, forwarded: str, found: str) -> None:
    assert far_end(near, forwarded, OURS) == found


def test_nobody_is_believed_unless_named() -> None:
    assert far_end("127.0.0.1", "203.0.113.7", networks("")) == "127.0.0.1"


def test_a_setting_that_names_no_network_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="trusted_proxies"):
        networks("the proxy")


def test_strangers_behind_the_same_proxy_lock_nobody_out_and_the_journal_tells_them_apart(
    browsed: Installation, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = "127.0.0.1"

    def tried(word: str, place: str) -> int:
        sent = {"username": ADMIN, "password": word}
        return Client().post("/sign-in", sent, REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": place}).status_code

    for _ in range(6):
        tried("wrong", "198.51.100.9")
    assert tried(PASSWORD, "203.0.113.7") == 302
    line = next(line for line in journal.lines() if line.verb == "sign in")
    assert line.address == "203.0.113.7"
