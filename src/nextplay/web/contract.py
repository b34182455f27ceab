"""What each file of the facts contract gives, in the words of whoever brings it."""

from dataclasses import dataclass

from nextplay.facts.contract import TABLES

GIVES = {
    "partners": "coverage, lifecycle and filters",
    "contacts": "named sellers and who to call",
    "accounts": "industries, and who fits your ideal customer",
    "deals": "pipeline, activation and the focus list",
    "revenue": "revenue by industry",
    "activities": "4C scores, traits and next actions",
    "documents": "quotes as evidence for scores",
    "changes": "what stages and tiers were on a past day",
}


@dataclass(frozen=True)
class FileOffer:
    """One table a person can bring."""

    name: str
    gives: str
    required: tuple[str, ...]
    first: bool


def offers() -> tuple[FileOffer, ...]:
    """All tables of the contract, in the order they are best brought."""
    return tuple(
        FileOffer(table.name, GIVES[table.name], tuple(column.name for column in table.columns if column.required), not index)
        for index, table in enumerate(TABLES)
    )
