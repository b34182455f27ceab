"""Messages on their way to people, and how each person wants to be told."""

from django.db import models

from nextplay.ledger.models.people import Person


class Message(models.Model):
    """One message through one channel. The row is what was promised: it leaves only when somebody drops it."""

    # What it is about, for whom and by which way: the same is never written twice.
    key = models.CharField(max_length=300, unique=True)
    person = models.CharField(max_length=254)
    channel = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    files = models.JSONField(default=list)
    headers = models.JSONField(default=dict)
    # Holds a link that lets its reader in: never shown, and emptied once it is sent.
    secret = models.BooleanField(default=False)

    state = models.CharField(max_length=12, default="waiting")
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=80, blank=True)
    claimed_until = models.DateTimeField(null=True)
    written_by = models.CharField(max_length=254)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        db_table = "ledger_message"
        indexes = [
            models.Index(fields=["state", "next_try_at"], name="message_next"),
            models.Index(fields=["person"], name="message_person"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class Subscription(models.Model):
    """How one person wants to be told; nobody has a row until they change something."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="subscription")
    channels = models.JSONField(default=list)
    unsubscribed = models.JSONField(default=list)
    digest_day = models.PositiveSmallIntegerField()
    digest_hour = models.PositiveSmallIntegerField()
    # Hours of the person's day; the same twice: never quiet.
    quiet_from = models.PositiveSmallIntegerField()
    quiet_until = models.PositiveSmallIntegerField()
    # Empty: the program's.
    time_zone = models.CharField(max_length=64, blank=True)
    # SHA-256 of the calendar feed's token; empty: no feed.
    feed_digest = models.CharField(max_length=64, blank=True)
    feed_made_at = models.DateTimeField(null=True)
    # Told once a day: calendar programs ask every few minutes.
    feed_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_subscription"
        indexes = [models.Index(fields=["feed_digest"], name="subscription_feed")]

    def __str__(self) -> str:
        return f"{self.person_id}"
