"""What people hide, and what the program offers."""

from django.db import models

from nextplay.ledger.models.people import Person


class Hidden(models.Model):
    """A tile or card that one person does not want to see in one view."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="hidden")
    view = models.CharField(max_length=40)
    item = models.CharField(max_length=80)

    class Meta:
        db_table = "ledger_hidden"
        constraints = [models.UniqueConstraint(fields=["person", "view", "item"], name="hidden_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.view} {self.item}"


class Availability(models.Model):
    """A tile or card that an admin took out of a view, for everybody."""

    view = models.CharField(max_length=40)
    item = models.CharField(max_length=80)

    class Meta:
        db_table = "ledger_unavailable"
        constraints = [models.UniqueConstraint(fields=["view", "item"], name="unavailable_once")]

    def __str__(self) -> str:
        return f"{self.view} {self.item}"
