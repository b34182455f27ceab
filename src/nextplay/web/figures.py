"""Numbers, money and days as people read them. The only place where a figure becomes text for a page."""

from datetime import UTC, date, datetime
from decimal import Decimal

MINUS = "\N{MINUS SIGN}"
# An en dash between spaces: nothing to show, as opposed to zero.
NOTHING = "–"
SYMBOLS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "INR": "₹",
    "CHF": "CHF ",
    "SEK": "SEK ",
    "NOK": "NOK ",
    "DKK": "DKK ",
}
_STEPS = ((1e9, "B"), (1e6, "M"), (1e3, "k"))

Number = float | int | Decimal


def count(value: Number | None) -> str:
    """`1,284`; a value that is not whole keeps one decimal."""
    if value is None:
        return NOTHING
    rounded = round(float(value), 1)
    text = f"{abs(rounded):,.0f}" if rounded == int(rounded) else f"{abs(rounded):,.1f}"
    return _signed(rounded, text)


def money(value: Number | None, currency: str) -> str:
    """For tables: `$118,000`, cents only where there are some below a thousand."""
    if value is None:
        return NOTHING
    cents = abs(float(value)) < 1000 and round(float(value), 2) != round(float(value))
    rounded = round(float(value), 2 if cents else 0)
    return _signed(rounded, f"{_symbol(currency)}{abs(rounded):,.{2 if cents else 0}f}")


def money_short(value: Number | None, currency: str) -> str:
    """For tiles: `$1.92M`, `$42.1k`, `$310`."""
    if value is None:
        return NOTHING
    amount = abs(float(value))
    for step, letter in _STEPS:
        # 999,600 would round up to 1,000k: it is shown one step higher.
        if amount >= step * 0.9995:
            return _signed(float(value), f"{_symbol(currency)}{_three_digits(amount / step)}{letter}")
    rounded = round(float(value))
    return _signed(rounded, f"{_symbol(currency)}{abs(rounded)}")


def share(value: Number | None) -> str:
    """A share from 0 to 1 as `28%`; what is there but rounds to nothing reads `<1%`."""
    if value is None:
        return NOTHING
    if 0 < abs(float(value)) < 0.005:
        return "<1%"
    rounded = round(float(value) * 100)
    return _signed(rounded, f"{abs(rounded)}%")


def odds(probability: float) -> str:
    """A probability as a count in ten: `3 in 10`; below one in twenty, in a hundred."""
    if probability < 0.05:
        return f"{max(round(probability * 100), 1)} in 100" if probability > 0 else "none in 100"
    return f"{min(round(probability * 10), 10) or 1} in 10"


def day(value: date | datetime | None, today: date | None = None) -> str:
    """`Fri 13 Nov`, with the year where it is not this year's."""
    if value is None:
        return NOTHING
    plain = _as_day(value)
    text = f"{plain:%a} {plain.day} {plain:%b}"
    return text if today is not None and plain.year == today.year else f"{text} {plain.year}"


def short_day(value: date | datetime | None) -> str:
    """`18 Dec 2026`, for tables."""
    if value is None:
        return NOTHING
    plain = _as_day(value)
    return f"{plain.day} {plain:%b} {plain.year}"


def ago(value: date | datetime | None, today: date) -> str:
    """How long past, in the largest unit that fits: `today`, `3 days ago`, `5 weeks ago`, `7 months ago`."""
    if value is None:
        return "never"
    days = (today - _as_day(value)).days
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
    """A key of the program or the contract as a label: `customer_alignment` reads `Customer alignment`."""
    text = key.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def _as_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).date()
    return value


def _symbol(currency: str) -> str:
    return SYMBOLS.get(currency, f"{currency} ")


def _three_digits(amount: float) -> str:
    if amount >= 100:
        return f"{amount:.0f}"
    return f"{amount:.1f}" if amount >= 10 else f"{amount:.2f}"


def _signed(value: float, text: str) -> str:
    return f"{MINUS}{text}" if value < 0 else text
