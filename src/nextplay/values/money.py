"""Money and its conversion to the currency a program reports in."""

from dataclasses import dataclass
from decimal import Decimal

CENTS = Decimal("0.01")


@dataclass(frozen=True)
class Money:
    """An amount in one currency (ISO 4217 code)."""

    amount: Decimal
    currency: str

    def rounded(self) -> "Money":
        """To two decimals, half even."""
        return Money(self.amount.quantize(CENTS), self.currency)
