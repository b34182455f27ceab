"""Tables of the ledger, by subject. Nothing outside the ledger imports them."""

from nextplay.ledger.models.channels import Channel
from nextplay.ledger.models.decisions import Cycle, Decision, Lot
from nextplay.ledger.models.jobs import Import, Job
from nextplay.ledger.models.journal import JournalLine
from nextplay.ledger.models.meetings import Meeting
from nextplay.ledger.models.messages import Message, Subscription
from nextplay.ledger.models.partners import PartnerLink, Scorecard
from nextplay.ledger.models.people import Person
from nextplay.ledger.models.plays import PlayStep, Promise, RecordedFact, SessionDate
from nextplay.ledger.models.preferences import Availability, Hidden
from nextplay.ledger.models.program import ProgramFile

__all__ = [
    "Availability",
    "Channel",
    "Cycle",
    "Decision",
    "Hidden",
    "Import",
    "Job",
    "JournalLine",
    "Lot",
    "Meeting",
    "Message",
    "PartnerLink",
    "Person",
    "PlayStep",
    "ProgramFile",
    "Promise",
    "RecordedFact",
    "Scorecard",
    "SessionDate",
    "Subscription",
]
