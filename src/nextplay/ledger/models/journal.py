"""The journal: who did what, when."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class JournalIsAppendOnlyError(TypeError):
    """A line of the journal was to be changed or removed."""


class JournalLines(models.QuerySet["JournalLine"]):
    """Lines that can be added and read."""

    def update(self, **_named: Any) -> int:
        """Refused."""
        raise JournalIsAppendOnlyError

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused."""
        raise JournalIsAppendOnlyError


class JournalLine(models.Model):
    """One change of the ledger. Lines are added, never changed."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=254)
    verb = models.CharField(max_length=60)
    subject = models.TextField()
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # From where: the face, and the network address behind it where one is known.
    origin = models.CharField(max_length=8, blank=True)
    address = models.CharField(max_length=64, blank=True)
    # The partner it is about; null where it is about none, or about many.
    partner_id = models.CharField(max_length=10_000, null=True)

    objects = JournalLines.as_manager()

    class Meta:
        db_table = "ledger_journal"
        indexes = [
            models.Index(fields=["at"], name="journal_at"),
            models.Index(fields=["partner_id"], name="journal_partner"),
            models.Index(fields=["actor"], name="journal_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.actor} {self.verb} {self.subject}"

    def save(self, *arguments: Any, **named: Any) -> None:
        """Add the line; refuse to write over one."""
        if self.pk is not None:
            raise JournalIsAppendOnlyError
        super().save(*arguments, **named)

    def delete(self, *_arguments: Any, **_named: Any) -> tuple[int, dict[str, int]]:
        """Refused."""
        raise JournalIsAppendOnlyError
