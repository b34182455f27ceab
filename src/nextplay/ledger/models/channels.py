"""Channels of the team: chats and other services that are told what happens."""

from django.db import models


class Channel(models.Model):
    """A named channel. `url` holds a password most times: it leaves the ledger only to be sent through."""

    name = models.CharField(max_length=60, unique=True)
    url = models.TextField()
    # Which kinds of messages it is told; empty: everything meant for the team.
    kinds = models.JSONField(default=list)
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "ledger_channel"

    def __str__(self) -> str:
        return self.name
