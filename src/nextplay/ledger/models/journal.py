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

    objects = JournalLines.as_manager()

    class Meta:
        db_table = "ledger_journal"
        indexes = [models.Index(fields=["at"], name="journal_at")]

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
