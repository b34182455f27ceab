"""Plays under way: their steps, what both sides promised, and the facts that people enter while they run."""

from django.db import models

from nextplay.ledger.models.decisions import Decision


class PlayStep(models.Model):
    """One step of a committed decision's play, as the program had it on the day of commitment."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    name = models.TextField()
    turn = models.CharField(max_length=8)
    # What the step is made of: task, session, outreach or review.
    form = models.CharField(max_length=12, default="task")
    # How it can end: name, label, state and facts of each, best first.
    outcomes = models.JSONField(default=list)
    week = models.PositiveSmallIntegerField()
    due = models.DateField()

    state = models.CharField(max_length=8, default="open")
    result = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    done_by = models.CharField(max_length=254, blank=True)
    done_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "ledger_play_step"
        constraints = [models.UniqueConstraint(fields=["decision", "number"], name="step_once")]
        indexes = [models.Index(fields=["state", "due"], name="step_due")]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.number} {self.name}"


class Promise(models.Model):
    """What one side said it would do, by when, and what became of it."""

    partner_id = models.CharField(max_length=10_000)
    decision = models.ForeignKey(Decision, on_delete=models.SET_NULL, null=True, related_name="promises")
    step = models.ForeignKey(PlayStep, on_delete=models.SET_NULL, null=True, related_name="promises")
    by = models.CharField(max_length=8)
    who = models.CharField(max_length=254, blank=True)
    text = models.TextField()
    made_at = models.DateTimeField()
    due = models.DateField()
    state = models.CharField(max_length=10, default="open")
    closed_at = models.DateTimeField(null=True)
    # When the partner answered what was proposed, and what it said.
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, blank=True)
    reason = models.TextField(blank=True)
    # When the clock closed it as missed: it does so once, whatever a person says later.
    lapsed_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "ledger_promise"
        indexes = [
            models.Index(fields=["partner_id"], name="promise_partner"),
            models.Index(fields=["state", "due"], name="promise_due"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.text}"


class RecordedFact(models.Model):
    """An activity that somebody entered here, on its way into the facts. It stays: the facts can be filled again from it."""

    activity_id = models.CharField(max_length=80, unique=True)
    partner_id = models.CharField(max_length=10_000)
    kind = models.CharField(max_length=60)
    occurred_at = models.DateTimeField()
    account = models.TextField(blank=True)
    play = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)
    step = models.ForeignKey(PlayStep, on_delete=models.SET_NULL, null=True, related_name="facts")
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
    # Taken back by a person; it leaves the facts as well.
    withdrawn_at = models.DateTimeField(null=True)
    in_facts_at = models.DateTimeField(null=True)
    # Why the facts do not take it, until they do.
    refused = models.TextField(blank=True)

    class Meta:
        db_table = "ledger_recorded_fact"
        indexes = [
            models.Index(fields=["partner_id"], name="fact_partner"),
            models.Index(fields=["in_facts_at"], name="fact_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.kind}"


class SessionDate(models.Model):
    """When a working session takes place and who was invited. It outlives its step: the invitation must be called off."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="session_dates")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    # In which zone it was set: the invitation names it.
    time_zone = models.CharField(max_length=64)
    guest = models.CharField(max_length=254, blank=True)
    owner = models.CharField(max_length=254)
    # Rises with every change, so that calendar programs know which word is the last.
    sequence = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, default="planned")
    set_by = models.CharField(max_length=254)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_session_date"
        constraints = [models.UniqueConstraint(fields=["decision", "number"], name="session_once")]
        indexes = [models.Index(fields=["state", "starts_at"], name="session_ahead")]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.number} {self.starts_at}"
