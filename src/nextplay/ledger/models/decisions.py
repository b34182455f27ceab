"""Cycles, the decisions in them, and how their lots fell."""

from django.db import models


class Cycle(models.Model):
    """One month's run as it was last proposed."""

    month = models.CharField(max_length=7, unique=True)
    as_of = models.DateField()
    facts_version = models.CharField(max_length=40)
    program_version = models.CharField(max_length=40)
    seed = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    proposed_at = models.DateTimeField()
    # Somebody decided on something that was proposed in it, taken back or not: its lot is not drawn again.
    lot_stands = models.BooleanField(default=False)

    class Meta:
        db_table = "ledger_cycle"

    def __str__(self) -> str:
        return self.month


class Decision(models.Model):
    """A proposed decision, what a person made of it, and how it ended."""

    decision_id = models.CharField(max_length=64, primary_key=True)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="decisions")
    as_of = models.DateField()
    partner_id = models.CharField(max_length=10_000)
    verdict = models.CharField(max_length=20)
    play = models.CharField(max_length=200)
    step = models.TextField()
    owner = models.CharField(max_length=254)
    hours = models.FloatField()
    due = models.DateField()
    outcome_name = models.TextField()
    predicate = models.JSONField()
    outcome_by = models.DateField()
    probability = models.FloatField()
    probability_without = models.FloatField()
    expected_gain = models.FloatField()
    exploration = models.BooleanField()
    propensity = models.FloatField()
    why = models.TextField()
    evidence = models.JSONField()
    alternatives = models.JSONField()
    facts_version = models.CharField(max_length=40)
    program_version = models.CharField(max_length=40)
    seed = models.BigIntegerField()

    status = models.CharField(max_length=12, default="proposed")
    status_reason = models.TextField(blank=True)
    snoozed_until = models.DateField(null=True)
    decided_by = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField(null=True)
    # What undo puts back: the fields of the step before; empty where there is none.
    before = models.JSONField(default=dict)

    result = models.CharField(max_length=8, default="open")
    result_at = models.DateTimeField(null=True)
    result_rows = models.JSONField(default=list)
    # What it was closed as before facts that came in late said otherwise; and why a person disputes it.
    result_was = models.CharField(max_length=8, blank=True)
    result_note = models.TextField(blank=True)
    disputed_by = models.CharField(max_length=254, blank=True)
    disputed_at = models.DateTimeField(null=True)
    dispute_reason = models.TextField(blank=True)
    # When it was first proposed: the wait for a decision begins.
    first_proposed_at = models.DateTimeField(null=True)
    # Proposed by the method, or decided by a person beside it.
    origin = models.CharField(max_length=8, default="method")
    # Which verdict a person chose where it is another one than proposed; and what it stands in place of: of origin "person" it
    # was decided by hand instead, of origin "method" it was next in line for the hours of what was declined.
    chosen = models.CharField(max_length=20, blank=True)
    instead_of = models.CharField(max_length=64, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "ledger_decision"
        indexes = [
            models.Index(fields=["status", "result"], name="decision_status"),
            models.Index(fields=["partner_id"], name="decision_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.partner_id} {self.play}"


class Lot(models.Model):
    """How a month's lot fell on a partner, and what both of its sides are judged by."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="lots")
    partner_id = models.CharField(max_length=10_000)
    play = models.CharField(max_length=200)
    arm = models.CharField(max_length=12)
    propensity = models.FloatField()
    as_of = models.DateField()
    until = models.DateField()
    predicate = models.JSONField()

    class Meta:
        db_table = "ledger_lot"
        indexes = [models.Index(fields=["until"], name="lot_until")]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.partner_id} {self.arm}"
