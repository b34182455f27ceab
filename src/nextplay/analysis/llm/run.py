"""One run of the analyst over some partners: within its limits, with an account of what it did, dropped and cost."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from nextplay.analysis.llm.answer import Kept, held
from nextplay.analysis.llm.ask import Answered, Asker, ModelFailed
from nextplay.analysis.llm.packet import Packet
from nextplay.analysis.llm.settings import ModelSettings
from nextplay.values.progress import Progress, silent

State = Literal["done", "limit reached", "failed"]
# So many partners in a row without an answer: the rest would fare no better.
_IN_A_ROW = 3


@dataclass
class ModelAccount:
    """What a run of the analyst says of itself. The scores and the built-in summary stand whatever its state is."""

    model: str
    state: State = "done"
    # Why it stopped or failed, the last time it did; empty where all is well.
    says: str = ""
    asked: int = 0
    answered: int = 0
    # Asked about before with the very same evidence and texts.
    known: int = 0
    # Left to the built-in summary by a limit or a fault.
    not_asked: int = 0
    sentences: int = 0
    quotes: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    tokens_in: int = 0
    tokens_out: int = 0
    # Of requests that gave no answer, at most: they count towards the limits.
    tokens_lost: int = 0
    cost: Decimal = Decimal(0)
    cost_known: bool = True

    def as_json(self) -> dict[str, Any]:
        """Plain values only; `cost_usd` None where no price is known."""
        counted = {name: getattr(self, name) for name in ("asked", "answered", "known", "not_asked", "sentences", "quotes")}
        used = {"tokens_in": self.tokens_in, "tokens_out": self.tokens_out, "tokens_lost": self.tokens_lost}
        cost = str(self.cost.quantize(Decimal("0.000001"))) if self.cost_known else None
        return {"model": self.model, "state": self.state, "says": self.says, **counted, **used} | {
            "dropped": dict(sorted(self.dropped.items())),
            "cost_usd": cost,
        }


def retell(
    settings: ModelSettings, packets: Iterable[Packet], account: ModelAccount, progress: Progress = silent
) -> Iterator[tuple[Packet, Kept]]:
    """Ask about each packet, and give what is kept of the answers; `account` is filled on the way.

    Nothing is raised for a model that fails: the account says so. Progress is told before each question.
    """
    waiting = list(packets)
    try:
        asker = Asker(settings)
    except ModelFailed as failed:
        account.state, account.says = "failed", str(failed)
        account.not_asked += len(waiting)
        return
    try:
        yield from _each(asker, waiting, account, progress)
    finally:
        asker.close()


def _each(asker: Asker, waiting: list[Packet], account: ModelAccount, progress: Progress) -> Iterator[tuple[Packet, Kept]]:
    failed_in_a_row = 0
    for at, packet in enumerate(waiting):
        limit = _limit(asker, packet, account)
        if limit:
            account.state, account.says = "limit reached", limit
            account.not_asked += len(waiting) - at
            return
        progress(at / len(waiting), f"Asking {account.model}, {at:,} of {len(waiting):,} partners")
        account.asked += 1
        try:
            answered = asker.ask(packet)
        except ModelFailed as failed:
            failed_in_a_row += 1
            account.says, account.state = str(failed), "failed"
            account.tokens_lost += failed.lost
            if failed.for_good or failed_in_a_row == _IN_A_ROW:
                account.not_asked += len(waiting) - at - 1
                return
            continue
        failed_in_a_row = 0
        yield packet, _counted(account, answered, held(answered.answer, packet))


def _counted(account: ModelAccount, answered: Answered, kept: Kept) -> Kept:
    account.answered += 1
    account.sentences += len(kept.sentences)
    account.quotes += len(kept.quotes)
    account.dropped += kept.dropped
    account.tokens_in += answered.tokens_in
    account.tokens_out += answered.tokens_out
    account.tokens_lost += answered.lost
    account.cost += answered.cost or Decimal(0)
    account.cost_known = account.cost_known and answered.cost is not None
    return kept


def _limit(asker: Asker, packet: Packet, account: ModelAccount) -> str:
    """Why the next question must not be asked; empty where it may."""
    settings, next_tokens = asker.settings, asker.estimate(packet)
    if account.asked >= settings.max_partners:
        return f"{settings.max_partners} partners were asked about, the limit of one run."
    used, at_most = account.tokens_in + account.tokens_out, account.tokens_lost + next_tokens
    if used + at_most > settings.max_tokens:
        return f"The next answer could pass {settings.max_tokens:,} tokens, the limit of one run."
    usual = account.cost / used if used else Decimal(0)
    dearest = max(settings.price) / 1_000_000 if settings.price else usual
    if not settings.local and account.cost + at_most * dearest > settings.max_cost:
        return f"The next answer could pass {settings.max_cost} US dollars, the limit of one run."
    return ""
