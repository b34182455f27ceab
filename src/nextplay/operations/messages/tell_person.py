"""Telling one person by the way they chose: nothing where they stopped the kind, no link of theirs into a shared channel."""

from dataclasses import replace
from datetime import datetime

from nextplay.ledger import subscriptions
from nextplay.ledger.records import Attached
from nextplay.ledger.subscriptions import SubscriptionRecord
from nextplay.operations.installation import Installation
from nextplay.operations.messages.channels import MAIL, channels_of
from nextplay.operations.messages.letters import Content, Footer, address, letter
from nextplay.operations.messages.notify import notify
from nextplay.operations.messages.stop_link import stop_token
from nextplay.operations.viewer import Viewer

WEEKLY, DAILY, SUMMARY = "weekly digest", "daily reminder", "meeting summary"
# What a person can stop, one by one.
KINDS = (WEEKLY, DAILY, SUMMARY)


def way_of(installation: Installation, wants: SubscriptionRecord) -> str:
    """Mail, or the team's channel that the person chose; mail again where that one is gone."""
    named = channels_of(installation.home)
    return next((one for one in wants.channels if one in named), MAIL)


def tell_person(
    installation: Installation,
    to: Viewer,
    content: Content,
    *,
    key: str,
    kind: str,
    actor: str,
    now: datetime,
    files: tuple[Attached, ...] = (),
) -> bool:
    """Write the message down, in the caller's transaction. False where it was told before, or the person stopped the kind.

    `content.footer` says why they get it; the link that stops it is added. Files go by mail only.
    """
    wants = subscriptions.subscription(to.email)
    if not wants.wants(kind):
        return False
    way = way_of(installation, wants)
    if way != MAIL:
        # Everybody in the channel reads it: whom it is for stands first, and nobody else may stop it.
        told = replace(content, subject=f"{to.name or to.email}: {content.subject}", footer=None)
        return notify(to.email, letter(told), key=key, kind=kind, actor=actor, now=now, channel=way)
    stop = address(f"stop/{stop_token(to.email, kind)}")
    why = content.footer.why if content.footer else ""
    told = replace(content, footer=Footer(why, preferences=address("calendar"), stop=stop))
    headers = (("List-Unsubscribe", f"<{stop}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")) if stop else ()
    return notify(to.email, letter(told, headers=headers, files=files), key=key, kind=kind, actor=actor, now=now)
