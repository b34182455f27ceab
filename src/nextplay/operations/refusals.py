"""Every refusal that is a sentence about what was asked, for faces to answer with; what is none of them is a fault of ours."""

from nextplay.facts.intake.unreadable import UnreadableFile
from nextplay.ledger.actions import AlreadyDecided, NothingToUndo
from nextplay.ledger.people import NoAddress, PersonExists, UnknownPerson, WeakPassword
from nextplay.operations.deciding import NotEnoughHours, UnknownOwner
from nextplay.operations.decline_decision import ReasonNeeded
from nextplay.operations.load_sample import FactsAlreadyThere
from nextplay.operations.people import OwnAccount, PartnerNeeded
from nextplay.operations.snooze_decision import NotADayToSnoozeTo
from nextplay.program.load import ProgramError

# Somebody or something else came first.
OVERTAKEN: tuple[type[Exception], ...] = (AlreadyDecided, NothingToUndo, FactsAlreadyThere, PersonExists)
# What was handed in does not do.
UNFIT: tuple[type[Exception], ...] = (
    NotADayToSnoozeTo,
    NotEnoughHours,
    NoAddress,
    OwnAccount,
    PartnerNeeded,
    ProgramError,
    ReasonNeeded,
    UnknownOwner,
    UnknownPerson,
    UnreadableFile,
    WeakPassword,
)
