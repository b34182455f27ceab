"""The one Django app: it owns every table of the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Django's handle on the ledger."""

    name = "nextplay.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
