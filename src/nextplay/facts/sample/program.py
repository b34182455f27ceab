"""The whole sample program: its eight tables, and the program file that goes with them."""

from datetime import date
from importlib.resources import files

import polars as pl

from nextplay.facts.sample.activities import activity_frame
from nextplay.facts.sample.changes import change_frame
from nextplay.facts.sample.deals import deal_frame, open_deals
from nextplay.facts.sample.documents import document_frame
from nextplay.facts.sample.people import account_frame, contact_frame
from nextplay.facts.sample.revenue import revenue_frame
from nextplay.facts.sample.roster import call_roster, partner_frame

SEED = 2026


def sample_facts(*, today: date, seed: int = SEED) -> dict[str, pl.DataFrame]:
    """All tables of the contract, by name; the history ends on the day before `today`. The same call gives the same rows."""
    roster = call_roster(today, seed)
    deals = open_deals(roster, seed)
    partners, contacts, accounts = partner_frame(roster, seed), contact_frame(roster, seed), account_frame(seed)
    deal_rows = deal_frame(roster, deals, accounts, seed)
    return {
        "partners": partners,
        "contacts": contacts,
        "accounts": accounts,
        "deals": deal_rows,
        "revenue": revenue_frame(roster, deals, deal_rows, seed),
        "activities": activity_frame(roster, deals, accounts, contacts, seed),
        "documents": document_frame(roster, contacts, accounts, seed),
        "changes": change_frame(roster, deals, partners, deal_rows, seed),
    }


def sample_program_text() -> str:
    """The program file of the sample company."""
    return (files("nextplay.facts.sample") / "program.yaml").read_text(encoding="utf-8")
