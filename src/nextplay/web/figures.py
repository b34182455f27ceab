"""Numbers, money and days as people read them. Counts, money and shares are written by `values.figures`, as in findings."""

from datetime import date, datetime

from nextplay.values.figures import MINUS, NOTHING, as_day, count, day, many, money, money_exact, money_short, share

__all__ = [
    "MINUS",
    "NOTHING",
    "ago",
    "count",
    "day",
    "initials",
    "many",
    "money",
    "money_exact",
    "money_short",
    "odds",
    "odds_of_both",
    "share",
    "short_day",
    "words",
]


# Short forms that the field writes in capitals.
CAPITALS = frozenset({"id", "qbr", "icp"})


def odds(probability: float) -> str:
    """A probability as a count in ten: `3 in 10`; below one in twenty, in a hundred."""
    if probability < 0.05:
        return f"{max(round(probability * 100), 1)} in 100" if probability > 0 else "none in 100"
    return f"{min(round(probability * 10), 10) or 1} in 10"


def odds_of_both(one: float, other: float) -> tuple[str, str]:
    """Two chances to be held beside each other, in one unit: in ten, and in a hundred where ten would not tell them apart."""
    said = odds(one), odds(other)
    if said[0] != said[1] and not any(part.endswith("in 100") for part in said):
        return said
    first, second = (f"{round(chance * 100) or 'none'} in 100" for chance in (one, other))
    return first, second


def short_day(value: date | datetime | None) -> str:
    """`18 Dec 2026`, for tables."""
    if value is None:
        return NOTHING
    plain = as_day(value)
    return f"{plain.day} {plain:%b} {plain.year}"


def ago(value: date | datetime | None, today: date) -> str:
    """How long past, in the largest unit that fits: `today`, `3 days ago`, `5 weeks ago`, `7 months ago`."""
    if value is None:
        return "never"
    days = (today - as_day(value)).days
    if days <= 0:
        return "today"
    for size, unit in ((365, "year"), (60, "month"), (14, "week"), (1, "day")):
        if days >= size:
            number = days // {"year": 365, "month": 30, "week": 7, "day": 1}[unit]
            return f"{number} {unit}{'' if number == 1 else 's'} ago"
    return "today"


def initials(name: str) -> str:
    """Up to two letters to stand for a person, from a name or an address."""
    words = [word for word in name.split("@", maxsplit=1)[0].replace(".", " ").replace("_", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


def words(key: str) -> str:
    """A key of the program or the contract as a label: `customer_alignment` reads `Customer alignment`, an `id` is an ID."""
    text = " ".join(word.upper() if word.lower() in CAPITALS else word for word in key.replace("_", " ").split())
    return text[:1].upper() + text[1:]
