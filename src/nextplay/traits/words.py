"""How the signals that traits rest on read to a person: one sentence part each, for one and for many."""

WORDS: dict[str, tuple[str, str]] = {
    "selling_90": ("{} selling event in 90 days", "{} selling events in 90 days"),
    "selling_180": ("{} in 180", "{} in 180"),
    "days_in_program": ("{} day in the program", "{} days in the program"),
    "sellers": ("{} person who sells", "{} people who sell"),
    "sellers_active_60": ("{} of them seen in 60 days", "{} of them seen in 60 days"),
    "contacts": ("{} person on record", "{} people on record"),
    "target_list_shared_90": ("{} target list in 90 days", "{} target lists in 90 days"),
    "outreach_sent_90": ("{} outreach message", "{} outreach messages"),
    "proposals_180": ("{} proposal in 180 days", "{} proposals in 180 days"),
    "answered_180": ("{} answered", "{} answered"),
    "response_days": ("about {} day to an answer, open ones counted", "about {} days to an answer, open ones counted"),
    "outreach_sent_180": ("{} outreach message in 180 days", "{} outreach messages in 180 days"),
    "outreach_replied_180": ("{} reply", "{} replies"),
    "narrative_shared_180": ("{} offer in own words", "{} offers in own words"),
    "commitment_met_270": ("{} commitment met in nine months", "{} commitments met in nine months"),
    "commitment_missed_270": ("{} missed", "{} missed"),
}

# Where "no" before the word for many is no English.
NONE = {
    "sellers_active_60": "none of them seen in 60 days",
    "answered_180": "none answered",
    "commitment_missed_270": "none missed",
}


def said(evidence: tuple[tuple[str, float | str | None], ...]) -> str:
    """The counts of a trait in one line; what is not known is left out."""
    parts = [_part(name, value) for name, value in evidence if isinstance(value, int | float)]
    return ", ".join(parts)


def _part(name: str, value: float) -> str:
    one, many = WORDS[name]
    rounded = round(value)
    if not rounded and name in NONE:
        return NONE[name]
    return (one if rounded == 1 else many).format(f"{rounded:,}" if rounded else "no")
