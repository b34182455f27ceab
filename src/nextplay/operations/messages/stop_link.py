"""The link that stops one kind of message for one person, without signing in."""

from datetime import datetime

from django.core import signing

from nextplay.ledger import people, subscriptions

_SALT = "nextplay stop"


class NotALink(ValueError):
    """The link was changed on its way, or is none of ours."""


def stop_token(email: str, kind: str) -> str:
    """What a link carries that stops one kind of message for one person, without signing in."""
    return signing.dumps([email, kind], salt=_SALT, compress=False)


def stopped_by(token: str) -> tuple[str, str]:
    """Person and kind of a link. Raises NotALink."""
    try:
        email, kind = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise NotALink("This link is not complete. Open it from the message again.") from error
    return str(email), str(kind)


def stop(token: str, *, now: datetime) -> str:
    """Stop what the link names; which kind it was. The same link twice changes nothing. Raises NotALink."""
    email, kind = stopped_by(token)
    held = subscriptions.subscription(email).unsubscribed
    if kind not in held and people.person(email):
        subscriptions.change_subscription(email, {"unsubscribed": held | {kind}}, actor=email, now=now)
    return kind
