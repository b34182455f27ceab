"""Days and months. A day is a UTC day; stored times are naive UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

SATURDAY = 5
# Days before the first hold no facts, and windows that look back from a day end here.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)
# Plans reach a year ahead; what lies further is a slip of the pen.
DAYS_AHEAD = 366


class DayOutOfReach(ValueError):
    """A day that no question about facts can be about."""


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, the length of a cycle."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month that holds `day`."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read `2026-03`. Raises ValueError for anything else."""
        parsed = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC)
        return cls(parsed.year, parsed.month)

    @property
    def first(self) -> date:
        """First day of the month."""
        return date(self.year, self.number, 1)

    @property
    def next(self) -> "Month":
        """The month after this one."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def last(self) -> date:
        """Last day of the month."""
        return self.next.first - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def start_of(day: date) -> datetime:
    """First instant of the UTC day, naive as stored times are."""
    return datetime.combine(day, time.min)


def end_of(day: date) -> datetime:
    """First instant after the UTC day: `when < end_of(day)` means by the end of that day."""
    return start_of(day + timedelta(days=1))


def utc_day(now: datetime) -> date:
    """UTC day of an aware or naive-UTC time."""
    return (now.astimezone(UTC) if now.tzinfo else now).date()


def reachable(day: date, today: date) -> date:
    """The day itself. Raises DayOutOfReach where it lies before 1970, or more than a year after `today`."""
    last = min(today + timedelta(days=DAYS_AHEAD), LAST_DAY)
    if FIRST_DAY <= day <= last:
        return day
    raise DayOutOfReach(f"{day.isoformat()} is out of reach. Name a day from {FIRST_DAY} to {last}.")


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend: nobody is asked for work on a Sunday."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() >= SATURDAY else 0)


def naive_utc(now: datetime) -> datetime:
    """The same instant as stores hold it: naive, in UTC."""
    return now.astimezone(UTC).replace(tzinfo=None) if now.tzinfo else now
