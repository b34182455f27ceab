"""Figures as people read them: counts, money and shares in few digits, with a real minus sign."""

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


def money_exact(value: Number | None, currency: str) -> str:
    """To the cent: `$118,000`, `$2,119,854.07`."""
    if value is None:
        return NOTHING
    exact = Decimal(value) if isinstance(value, int | Decimal) else Decimal(str(value))
    cents = exact.quantize(Decimal("0.01"))
    whole = cents == cents.to_integral_value()
    return _signed(float(cents), f"{_symbol(currency)}{abs(cents):,.{0 if whole else 2}f}")


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
    """A share from 0 to 1 as `28%`; what is there but rounds to nothing reads `<1%`, and what falls short of all `>99%`."""
    if value is None:
        return NOTHING
    if 0 < abs(float(value)) < 0.005:
        return "<1%"
    if 0.995 <= float(value) < 1:
        return ">99%"
    rounded = round(float(value) * 100)
    return _signed(rounded, f"{abs(rounded)}%")


def times(value: Number | None) -> str:
    """A multiple as `3.2x`."""
    return NOTHING if value is None else _signed(round(float(value), 1), f"{abs(float(value)):.1f}x")


def many(number: int, one: str, several: str = "") -> str:
    """`1 partner`, `12 partners`."""
    return f"{count(number)} {one if number == 1 else several or f'{one}s'}"


def written(value: Number, unit: str, currency: str) -> str:
    """A figure of a tile in words of its unit: count, money, share, days, daily (money a day) or times."""
    if unit in ("money", "daily"):
        return money_short(value, currency) + (" a day" if unit == "daily" else "")
    if unit == "times":
        return times(value)
    if unit == "share":
        return share(value)
    if unit == "days":
        return f"{count(round(value))} {'day' if round(value) == 1 else 'days'}"
    return count(value)


def _symbol(currency: str) -> str:
    return SYMBOLS.get(currency, f"{currency} ")


def _three_digits(amount: float) -> str:
    if amount >= 100:
        return f"{amount:.0f}"
    return f"{amount:.1f}" if amount >= 10 else f"{amount:.2f}"


def _signed(value: float, text: str) -> str:
    return f"{MINUS}{text}" if value < 0 else text


def day(value: date | datetime | None, today: date | None = None) -> str:
    """`Fri 13 Nov`, with the year where it is not this year's."""
    if value is None:
        return NOTHING
    plain = as_day(value)
    text = f"{plain:%a} {plain.day} {plain:%b}"
    return text if today is not None and plain.year == today.year else f"{text} {plain.year}"


def as_day(value: date | datetime) -> date:
    """The day itself, or the UTC day of a moment."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).date()
    return value
