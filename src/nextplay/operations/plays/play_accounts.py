"""The outputs of a play: one list of target accounts, one offer, and how far the outreach to each account is.

Each is an activity that a person entered, so the facts know it too, and the page knows it at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.db import transaction

from nextplay.ledger import play_queries, recorded_facts
from nextplay.ledger.recorded_facts import ToRecord
from nextplay.ledger.records import DecisionRecord, FactRecord, Turn
from nextplay.operations.data.record_activity import record_activity
from nextplay.operations.installation import Installation
from nextplay.operations.plays.log_step import require_under_way
from nextplay.operations.record.deciding import decision_for
from nextplay.operations.viewer import NotForThisViewer, Viewer

# A sprint is five accounts, one message and two follow-ups to each; a list may hold a few more to choose from.
ACCOUNTS, MESSAGES, MOST_ACCOUNTS = 5, 3, 20
LONGEST_NAME, LONGEST_OFFER = 200, 2000
LIST, OFFER, SENT, REPLIED, NOT_FOR_US = (
    "target_list_shared",
    "narrative_shared",
    "outreach_sent",
    "outreach_replied",
    "account_declined",
)
OUTPUTS = (LIST, OFFER, SENT, REPLIED, NOT_FOR_US)
Outreach = Literal["sent", "replied", "not_for_us"]
_KIND: dict[str, str] = {"sent": SENT, "replied": REPLIED, "not_for_us": NOT_FOR_US}


class NothingEntered(ValueError):
    """A list without accounts, or an offer without words."""


class NotOnTheList(ValueError):
    """The account is not among those of the play."""


class AllSent(ValueError):
    """An account gets one message and two follow-ups."""


@dataclass(frozen=True)
class PlayAccount:
    """An account of the list: how many messages went out, and how it answered. Ids are of the latest entry of each kind."""

    account: str
    sent: int = 0
    last_sent: datetime | None = None
    replied_at: datetime | None = None
    not_for_us: str | None = None
    # Which side said that it is not for them.
    declined_by: Turn = "us"
    # What undo takes back.
    latest: str = ""

    @property
    def closed(self) -> bool:
        """Whether nothing more is to be sent."""
        return self.replied_at is not None or self.not_for_us is not None or self.sent >= MESSAGES


@dataclass(frozen=True)
class Outputs:
    """What the play has brought forth so far."""

    accounts: tuple[PlayAccount, ...] = ()
    offer: str = ""
    # Ids of the entries, for undo; empty where nothing was entered.
    list_id: str = ""
    offer_id: str = ""

    @property
    def contacted(self) -> int:
        """Accounts that a message went to."""
        return sum(one.sent > 0 for one in self.accounts)

    @property
    def replied(self) -> int:
        """Accounts that answered."""
        return sum(one.replied_at is not None for one in self.accounts)


def outputs_of(decision_id: str) -> Outputs:
    """The outputs of a play as they were entered."""
    entered = play_queries.facts_entered(decision_id=decision_id)
    lists = [one for one in entered if one.kind == LIST]
    offers = [one for one in entered if one.kind == OFFER]
    named = lists[0].details.get("accounts", []) if lists else []
    return Outputs(
        accounts=tuple(_account(str(name), [one for one in entered if one.account == name]) for name in named),
        offer=str(offers[0].details.get("text", "")) if offers else "",
        list_id=lists[0].activity_id if lists else "",
        offer_id=offers[0].activity_id if offers else "",
    )


def share_target_list(
    installation: Installation,
    viewer: Viewer,
    decision_id: str,
    accounts: Sequence[str],
    *,
    step: int | None = None,
    now: datetime,
) -> FactRecord:
    """Enter the one target list of a play; a list entered before gives way to it.

    Raises NotForThisViewer, AlreadyDecided or NothingEntered.
    """
    record = _under_way(installation, viewer, decision_id)
    named = list(dict.fromkeys(_one_line(name)[:LONGEST_NAME] for name in accounts if _one_line(name)))[:MOST_ACCOUNTS]
    if not named:
        raise NothingEntered("Name at least one account.")
    fact = _fact(record, LIST, now, step, {"accounts": named})
    return _instead_of(decision_id, fact, viewer.email, now)


def share_narrative(
    installation: Installation, viewer: Viewer, decision_id: str, text: str, *, step: int | None = None, now: datetime
) -> FactRecord:
    """Enter the one offer of a play, in the partner's words. Raises NotForThisViewer, AlreadyDecided or NothingEntered."""
    record = _under_way(installation, viewer, decision_id)
    said = text.strip()[:LONGEST_OFFER]
    if not said:
        raise NothingEntered("Write the offer in the partner's words.")
    return _instead_of(decision_id, _fact(record, OFFER, now, step, {"text": said}), viewer.email, now)


def log_outreach(
    installation: Installation,
    viewer: Viewer,
    decision_id: str,
    account: str,
    what: Outreach,
    *,
    reason: str = "",
    step: int | None = None,
    now: datetime,
) -> FactRecord:
    """Enter a message sent to an account, its reply, or that it is not for us and why.

    Raises NotForThisViewer, AlreadyDecided, NotOnTheList or AllSent.
    """
    record = _under_way(installation, viewer, decision_id)
    return enter_outreach(record, account, what, reason=reason, step=step, actor=viewer.email, now=now)


def enter_outreach(
    record: DecisionRecord,
    account: str,
    what: Outreach,
    *,
    reason: str = "",
    step: int | None = None,
    by: Turn = "us",
    actor: str,
    now: datetime,
) -> FactRecord:
    """The same for whoever may act on the play already, as a partner's seller by link. Raises NotOnTheList or AllSent.

    Messages are counted, so a form that is sent twice counts once.
    """
    held = next((one for one in outputs_of(record.decision_id).accounts if one.account == account), None)
    if held is None:
        raise NotOnTheList(f"{account!r} is not on the target list of this play.")
    if what == "sent" and held.closed:
        raise AllSent(f"{account} needs no further message: one and two follow-ups are enough, and an answer ends them.")
    details: dict[str, object] = {"message": held.sent + 1} if what == "sent" else {}
    if reason.strip():
        details |= {"reason": _one_line(reason)[:LONGEST_NAME], "by": by}
    fact = replace(_fact(record, _KIND[what], now, step, details, account), once=True, about=str(details.get("message", "")))
    return record_activity([fact], actor=actor, now=now)[0]


def take_back_entry(installation: Installation, viewer: Viewer, decision_id: str, activity_id: str, *, now: datetime) -> None:
    """Take an entry of the play back. Raises NotForThisViewer, also where the play has no such entry, or AlreadyDecided."""
    _under_way(installation, viewer, decision_id)
    outputs = (one for one in play_queries.facts_entered(decision_id=decision_id) if one.kind in OUTPUTS)
    if activity_id not in {one.activity_id for one in outputs}:
        raise NotForThisViewer
    recorded_facts.withdraw_facts([activity_id], actor=viewer.email, now=now)


def _under_way(installation: Installation, viewer: Viewer, decision_id: str) -> DecisionRecord:
    record = decision_for(installation, viewer, decision_id)
    require_under_way(record)
    return record


@transaction.atomic
def _instead_of(decision_id: str, fact: ToRecord, actor: str, now: datetime) -> FactRecord:
    """Record the fact; entries of its kind before it go."""
    (kept,) = record_activity([fact], actor=actor, now=now)
    before = [
        one.activity_id
        for one in play_queries.facts_entered(decision_id=decision_id)
        if one.kind == fact.kind and one.activity_id != kept.activity_id
    ]
    recorded_facts.withdraw_facts(before, actor=actor, now=now)
    return kept


def _fact(
    record: DecisionRecord, kind: str, now: datetime, step: int | None, details: dict[str, object], account: str = ""
) -> ToRecord:
    held = play_queries.steps(decision_ids=[record.decision_id])
    number = step or next((one.number for one in held if one.state == "open"), held[-1].number if held else 1)
    return ToRecord(record.partner_id, kind, now, account, record.play, details, record.decision_id, number)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _account(name: str, entered: Sequence[FactRecord]) -> PlayAccount:
    sent = [one for one in entered if one.kind == SENT]
    replied = [one for one in entered if one.kind == REPLIED]
    declined = [one for one in entered if one.kind == NOT_FOR_US]
    return PlayAccount(
        account=name,
        sent=len(sent),
        last_sent=max((one.occurred_at for one in sent), default=None),
        replied_at=min((one.occurred_at for one in replied), default=None),
        not_for_us=str(declined[0].details.get("reason", "")) if declined else None,
        declined_by="partner" if declined and declined[0].details.get("by") == "partner" else "us",
        latest=entered[0].activity_id if entered else "",
    )
