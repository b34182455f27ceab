"""Tries to come in, as they are counted: forgotten when they hold nobody up any more."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db import transaction

# Counted tries pause somebody for a quarter of an hour; who came in when stands in the journal.
KEPT = timedelta(days=2)


@transaction.atomic
def forget_tries(*, now: datetime) -> int:
    """Remove counts that hold nobody up any more. Returns how many rows."""
    return sum(
        table.objects.filter(attempt_time__lt=now - KEPT).delete()[0] for table in (AccessAttempt, AccessFailureLog, AccessLog)
    )
