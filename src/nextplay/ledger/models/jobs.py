"""Long work waiting, under way and done; and what imports did."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Job(models.Model):
    """One piece of long work."""

    verb = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    actor = models.CharField(max_length=254)
    state = models.CharField(max_length=12, default="waiting")
    share = models.FloatField(default=0)
    doing = models.CharField(max_length=500, blank=True)
    result = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    error = models.TextField(blank=True)
    # Which process runs it: a token that dies with the process.
    runner = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_job"
        indexes = [models.Index(fields=["state", "id"], name="job_state")]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb} {self.state}"


class Import(models.Model):
    """What one import did, as it was reported."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=254)
    report = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        db_table = "ledger_import"

    def __str__(self) -> str:
        return f"{self.at} {self.actor}"
