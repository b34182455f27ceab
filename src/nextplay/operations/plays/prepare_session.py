"""What to bring to a working session: the evidence both ways, their own words, and accounts to start from."""

from dataclasses import dataclass
from datetime import datetime

from nextplay.ledger.records import DecisionRecord
from nextplay.operations.installation import Installation
from nextplay.operations.partners.partner_analysis import StrengthRead, partner_analysis
from nextplay.operations.partners.partner_quotes import Said, partner_quotes
from nextplay.operations.plays.propose_accounts import ProposedAccount, propose_accounts

SESSION_MINUTES = 25
# Minutes, what is done in them, and what to ask or do.
AGENDA = (
    ("0–5", "The offer, in their words", "Ask: “Who has this problem this month, and how do they say it?”"),
    ("5–20", "Pick five accounts", "Start from the list below. They decide, you type."),
    ("20–25", "Who sends what by when", "One name, one date. Read it back to them."),
)
MOST_QUOTES, MOST_EACH = 3, 4


@dataclass(frozen=True)
class Preparation:
    """The evidence for a session. `scored` is False where the partner was never analyzed."""

    scored: bool
    strengths: tuple[StrengthRead, ...]
    gaps: tuple[str, ...]
    quotes: tuple[Said, ...]
    proposed: tuple[ProposedAccount, ...]
    # The partner's own latest words on what it offers, to start the offer from.
    draft_offer: str
    agenda: tuple[tuple[str, str, str], ...] = AGENDA


def prepare_session(installation: Installation, record: DecisionRecord, *, now: datetime) -> Preparation:
    """Everything that fits on one page beside the call. The asker's right to see the play is the caller's to check."""
    analysis = partner_analysis(installation, record.partner_id)
    said = partner_quotes(installation, record.partner_id, now=now).said
    gaps = [
        criterion.gap
        for dimension in (analysis.dimensions if analysis else ())
        for criterion in dimension.criteria
        if criterion.gap and criterion.points is not None and criterion.points < installation.program.rubric.address_below
    ]
    theirs = [one for one in said if one.author == "partner"]
    draft = next((one.quote.text for one in theirs if one.kind == "narrative"), theirs[0].quote.text if theirs else "")
    return Preparation(
        scored=analysis is not None,
        strengths=analysis.strengths[:MOST_EACH] if analysis else (),
        gaps=tuple(dict.fromkeys(gaps))[:MOST_EACH],
        quotes=tuple(theirs[:MOST_QUOTES] or said[:MOST_QUOTES]),
        proposed=propose_accounts(installation, record.partner_id, now=now),
        draft_offer=draft,
    )
