"""People who may sign in."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class People(BaseUserManager["Person"]):
    """Finds people by address, however it is written."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person who signs in with an address."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Someone who signs in by e-mail address, in one role. `partner_id` names the organisation of a partner-role person."""

    email = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=16)
    partner_id = models.CharField(max_length=10_000, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    # How pages look for this person: theme, and whether single keys act.
    appearance = models.JSONField(default=dict)

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "ledger_person"

    def __str__(self) -> str:
        return self.email
