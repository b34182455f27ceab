"""The mail by which somebody sets a password: when they forgot theirs, or were invited."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from nextplay.home import Home
from nextplay.ledger import people
from nextplay.operations.messages.channels import WrongChannel, mail_settings
from nextplay.operations.messages.notify import Letter, notify

KIND = "password link"
# Who asked, where nobody has signed in: it may be anybody.
SIGN_IN_PAGE = "sign-in page"


def can_mail(home: Home) -> bool:
    """Whether a mail server is set up, in a way that can be used."""
    try:
        return mail_settings(home) is not None
    except WrongChannel:
        return False


def mail_password_link(
    email: str, address_of: Callable[[str, str], str], *, program: str, now: datetime, actor: str = SIGN_IN_PAGE
) -> bool:
    """Write the mail with a link that sets a password once; at most one an hour and address. False for who cannot sign in.

    `address_of` makes a whole address of the link's who and token.
    """
    person = people.person(email)
    if person is None or not person.active:
        return False
    with transaction.atomic():
        who, token = people.make_password_link(person.email, actor=actor, now=now)
        text = (
            f"Hello {person.name or person.email},\n\n"
            f"this link sets your password for {program}. It works once, within three days:\n\n{address_of(who, token)}\n\n"
            "You did not ask for it? Then do nothing: your password stays as it is.\n"
        )
        letter = Letter(f"Set your password for {program}", text, secret=True)
        key = f"password/{person.email}/{now:%Y-%m-%dT%H}"
        written = notify(person.email, letter, key=key, kind=KIND, actor=actor, now=now)
        if not written:
            # Asking again within the hour leaves nothing behind.
            transaction.set_rollback(True)
        return written
