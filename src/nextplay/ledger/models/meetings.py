"""Decision meetings, and what was signed at their end."""

from django.db import models


class Meeting(models.Model):
    """One decision meeting: under way until it is signed, and from then on as it was signed."""

    month = models.CharField(max_length=7)
    started_by = models.CharField(max_length=254)
    started_at = models.DateTimeField()
    # Who took part: everybody who opened or decided while it was under way.
    present = models.JSONField(default=list)
    # What was put off to later in this meeting, by id.
    skipped = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=254, blank=True)
    summary = models.JSONField(default=dict)

    class Meta:
        db_table = "ledger_meeting"
        constraints = [
            # One meeting of a month at a time.
            models.UniqueConstraint(fields=["month"], condition=models.Q(ended_at__isnull=True), name="meeting_under_way")
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.started_at}"
