"""What a partner is given by us: links to its own page, and scorecards."""

from django.db import models


class PartnerLink(models.Model):
    """A way in to one partner's page without a sign-in. The secret itself is never kept, only its digest."""

    # What finds the row; public, and no secret.
    handle = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    partner_id = models.CharField(max_length=10_000)
    # The address it was made for; what is done by the link is told as done by it. Empty: whoever holds the link.
    sent_to = models.CharField(max_length=254, blank=True)
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    # When something was last done by it; looking writes nothing.
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_partner_link"
        indexes = [models.Index(fields=["partner_id"], name="partner_link_partner")]

    def __str__(self) -> str:
        return f"{self.handle} {self.partner_id}"


class Scorecard(models.Model):
    """An Activation Scorecard as it was made: it opens as it was, whatever the facts and the program say since."""

    partner_id = models.CharField(max_length=10_000)
    version = models.PositiveIntegerField()
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField()
    as_of = models.DateField()
    # Head and lines, as they were shown.
    card = models.JSONField()
    facts_version = models.CharField(max_length=40)
    program_version = models.CharField(max_length=40)
    # Since when the partner's own people see its activation lines; empty: they do not.
    shared_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_scorecard"
        constraints = [models.UniqueConstraint(fields=["partner_id", "version"], name="scorecard_version")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.version}"
