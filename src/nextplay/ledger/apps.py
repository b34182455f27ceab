"""The one Django app: it owns every table of the ledger."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class LedgerConfig(AppConfig):
    """Django's handle on the ledger."""

    name = "nextplay.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep Django from writing down a sign-in by itself: here it has its line in the journal (`people.note_sign_in`)."""
        user_logged_in.disconnect(dispatch_uid="update_last_login")
