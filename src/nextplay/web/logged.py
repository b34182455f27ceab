"""What lines of the log may not hold. Read before Django's apps are there: imports nothing of ours."""

import logging
import re

# Whoever knows the token of a link is let in by it.
_TOKEN_IN_PATH = re.compile(r"(/(?:for-partners|stop|welcome/[^/\s?]+)/|/calendar/(?!told\b))[^/\s?]+")


class WithoutTokens(logging.Filter):
    """Takes tokens out of addresses before a line is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line passes, without its tokens."""
        if isinstance(record.args, tuple):
            record.args = tuple(_without(part) for part in record.args)
        record.msg = _without(record.msg)
        return True


def _without(part: object) -> object:
    return _TOKEN_IN_PATH.sub(r"\1…", part) if isinstance(part, str) else part
