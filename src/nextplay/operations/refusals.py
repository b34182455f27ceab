"""Every refusal that is a sentence about what was asked, for faces to answer with; what is none of them is a fault of ours."""

from nextplay.facts.intake.unreadable import UnreadableFile
from nextplay.ledger.actions import AlreadyDecided, NothingToUndo
from nextplay.ledger.channels import ChannelExists, UnknownChannel
from nextplay.ledger.people import ChangedMeanwhile, LastAdmin, LinkUsedUp, NoAddress, PersonExists, UnknownPerson, WeakPassword
from nextplay.operations.deciding import NotEnoughHours, UnknownOwner
from nextplay.operations.decline_decision import ReasonNeeded
from nextplay.operations.load_sample import FactsAlreadyThere
from nextplay.operations.manage_channels import UnfitChannel
from nextplay.operations.people import OwnAccount, PartnerNeeded
from nextplay.operations.portfolios import NobodyToMoveTo
from nextplay.operations.remove_sample import NoSampleHere
from nextplay.operations.snooze_decision import NotADayToSnoozeTo
from nextplay.program.load import ProgramError

# Somebody or something else came first.
OVERTAKEN: tuple[type[Exception], ...] = (
    AlreadyDecided,
    NothingToUndo,
    ChangedMeanwhile,
    ChannelExists,
    FactsAlreadyThere,
    NoSampleHere,
    PersonExists,
    UnknownChannel,
)
# What was handed in does not do.
UNFIT: tuple[type[Exception], ...] = (
    NotADayToSnoozeTo,
    NotEnoughHours,
    LastAdmin,
    LinkUsedUp,
    NoAddress,
    NobodyToMoveTo,
    OwnAccount,
    PartnerNeeded,
    ProgramError,
    ReasonNeeded,
    UnfitChannel,
    UnknownOwner,
    UnknownPerson,
    UnreadableFile,
    WeakPassword,
)
