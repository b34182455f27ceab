"""Which language model is asked, and within what limits: from the environment, else from the home's settings file."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

PROVIDERS = ("openai", "anthropic", "google")
# Where the setting is a number: its default, and the least it may be.
_NUMBERS = {
    "model_max_partners": (25, 1),
    "model_max_tokens": (200_000, 1_000),
    "model_answer_tokens": (700, 100),
    "model_timeout": (60, 1),
    "model_retries": (2, 0),
    "model_per_minute": (30, 1),
}
_LOCAL = ("localhost", "127.0.0.1", "::1")


class WrongModelSetting(ValueError):
    """A setting that nextplay cannot use, in one sentence."""


@dataclass(frozen=True)
class ModelSettings:
    """One provider, one model, and what a run may use of it."""

    provider: str
    model: str
    url: str | None
    # Never in a log.
    key: str | None = field(repr=False)
    # For one run over any number of partners.
    max_partners: int
    max_tokens: int
    max_cost: Decimal
    # Longest answer for one partner, in tokens.
    answer_tokens: int
    # Seconds for one answer, from asking to its last word.
    timeout: int
    # Times that an answer is asked for again after a fault that may pass.
    retries: int
    per_minute: int
    # US dollars a million tokens read and written; None: by the list of prices that comes with pydantic-ai.
    price: tuple[Decimal, Decimal] | None

    @property
    def name(self) -> str:
        """Provider and model, as shown to people."""
        return f"{self.provider}:{self.model}"

    @property
    def local(self) -> bool:
        """Whether the server is this machine, which asks for no key and no money."""
        return self.url is not None and urlsplit(self.url).hostname in _LOCAL


def model_settings(held: Mapping[str, str], environment: Mapping[str, str] = os.environ) -> ModelSettings | None:
    """The settings in force, or None: off. `held`: what the settings file holds. Raises WrongModelSetting."""
    said = {name: environment.get(f"NEXTPLAY_{name.upper()}") or held.get(name) for name in (*_TEXTS, *_NUMBERS)}
    if not said["model"]:
        return None
    provider, _, model = said["model"].partition(":")
    if provider not in PROVIDERS or not model:
        raise WrongModelSetting(f"NEXTPLAY_MODEL is {said['model']!r}. Write provider:model, with {', '.join(PROVIDERS)}.")
    url = said["model_url"]
    if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
        raise WrongModelSetting("NEXTPLAY_MODEL_URL is no address. Write http://… or https://….")
    return ModelSettings(
        provider=provider,
        model=model,
        url=url or None,
        key=said["model_key"],
        max_cost=_money("model_max_cost", said["model_max_cost"] or "1"),
        price=_price(said["model_price"]),
        **{name.removeprefix("model_"): _number(name, said[name]) for name in _NUMBERS},
    )


_TEXTS = ("model", "model_url", "model_key", "model_max_cost", "model_price")


def _number(name: str, written: str | None) -> int:
    usual, least = _NUMBERS[name]
    if not written:
        return usual
    if not written.isdecimal() or int(written) < least:
        raise WrongModelSetting(f"NEXTPLAY_{name.upper()} is {written!r}. Write a whole number from {least} on.")
    return int(written)


def _money(name: str, written: str) -> Decimal:
    try:
        amount = Decimal(written)
    except InvalidOperation as error:
        raise WrongModelSetting(f"NEXTPLAY_{name.upper()} is {written!r}. Write US dollars, such as 0.50.") from error
    if not amount.is_finite() or amount < 0:
        raise WrongModelSetting(f"NEXTPLAY_{name.upper()} is {written!r}. Write US dollars, such as 0.50.")
    return amount


def _price(written: str | None) -> tuple[Decimal, Decimal] | None:
    if not written:
        return None
    into, _, out = written.partition("/")
    return _money("model_price", into), _money("model_price", out or into)
