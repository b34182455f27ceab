"""Forgetting what was decided on the partners of the sample program, when it is taken out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core import serializers
from django.db import models, transaction
from django.db.models import Q

from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Cycle, Decision, JournalLine, Person

_PARTNER = "partner_id"


@transaction.atomic
def forget_partners(partner_ids: Sequence[str], team: Sequence[str], *, actor: str, now: datetime) -> int:
    """Remove every row about these partners, and shut out who signed in for them or is of the sample's `team`. Lines stay.

    Whoever asks for it stays, and so do the team's admins where nobody else is one.

    Returns how many decisions went.
    """
    decisions = Decision.objects.filter(partner_id__in=partner_ids).count()
    # Those that refer to others first.
    for table in reversed(_about_partners()):
        table._base_manager.filter(partner_id__in=partner_ids).delete()
    Cycle.objects.filter(decisions=None, lots=None).delete()
    details = {"partners": len(partner_ids), "decisions": decisions, "shut_out": _shut_out(partner_ids, team, actor)}
    write_line(at=now, actor=actor, verb="remove sample", subject="sample program", details=details)
    return decisions


def _shut_out(partner_ids: Sequence[str], team: Sequence[str], actor: str) -> list[str]:
    """Addresses of those who could sign in and no longer can."""
    active = Person.objects.filter(is_active=True)
    going = active.filter(Q(partner_id__in=partner_ids) | Q(email__in=team)).exclude(email=actor)
    emails = set(going.values_list("email", flat=True))
    if not active.filter(role="admin").exclude(email__in=emails).exists():
        emails -= set(active.filter(role="admin").values_list("email", flat=True))
    Person.objects.filter(email__in=emails).update(is_active=False)
    return sorted(emails)


def _about_partners() -> list[type[models.Model]]:
    """Tables whose rows are about one partner, those referred to first: also such as are added later."""
    listed: Any = serializers.sort_dependencies([(apps.get_app_config("ledger"), None)])
    kept = (JournalLine, Person)
    return [
        table
        for table in listed
        if table not in kept and any(field.attname == _PARTNER for field in table._meta.concrete_fields)
    ]
