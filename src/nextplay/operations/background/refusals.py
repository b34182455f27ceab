"""Every refusal that is a sentence about what was asked, for faces to answer with; what is none of them is a fault of ours."""

from nextplay.facts.intake.unreadable import UnreadableFile
from nextplay.ledger.actions import AlreadyDecided, NothingToUndo
from nextplay.ledger.channels import ChannelExists, UnknownChannel
from nextplay.ledger.meetings import MeetingEnded
from nextplay.ledger.messages import UnknownMessage
from nextplay.ledger.people import ChangedMeanwhile, LastAdmin, LinkUsedUp, NoAddress, PersonExists, UnknownPerson, WeakPassword
from nextplay.ledger.promises import PromiseMoved
from nextplay.ledger.session_dates import SessionChanged
from nextplay.ledger.steps import StepMoved
from nextplay.operations.data.load_sample import FactsAlreadyThere
from nextplay.operations.data.portfolios import NobodyToMoveTo
from nextplay.operations.data.remove_sample import NoSampleHere
from nextplay.operations.deciding.decide_ad_hoc import NotADueDay, UnknownPlay
from nextplay.operations.deciding.snooze_decision import NotADayToSnoozeTo
from nextplay.operations.deciding.undecided import PlayUnderWay
from nextplay.operations.messages.manage_channels import UnfitChannel
from nextplay.operations.messages.told import NotAnHour
from nextplay.operations.people import OwnAccount, PartnerNeeded
from nextplay.operations.plays.dispute_outcome import NothingToDispute
from nextplay.operations.plays.invite_session import NoGuest
from nextplay.operations.plays.log_step import NotADayForAStep, UnknownOutcome
from nextplay.operations.plays.play_accounts import AllSent, NothingEntered, NotOnTheList
from nextplay.operations.plays.promises import NothingPromised
from nextplay.operations.portal.partner_answers import AnsweredEnough, PlayIsOver
from nextplay.operations.record.deciding import NotEnoughHours, ReasonNeeded, UnknownOwner
from nextplay.program.load import ProgramError
from nextplay.values.clock import UnknownZone

# Somebody or something else came first.
OVERTAKEN: tuple[type[Exception], ...] = (
    AllSent,
    AlreadyDecided,
    ChangedMeanwhile,
    ChannelExists,
    FactsAlreadyThere,
    NoSampleHere,
    NothingToUndo,
    PersonExists,
    PlayIsOver,
    PlayUnderWay,
    PromiseMoved,
    SessionChanged,
    StepMoved,
    UnknownChannel,
    MeetingEnded,
    UnknownMessage,
)
# What was handed in does not do.
UNFIT: tuple[type[Exception], ...] = (
    AnsweredEnough,
    NotAnHour,
    UnknownZone,
    NotADayForAStep,
    NotADayToSnoozeTo,
    NotADueDay,
    NotOnTheList,
    NothingEntered,
    NothingPromised,
    NothingToDispute,
    UnknownOutcome,
    UnknownPlay,
    NotEnoughHours,
    LastAdmin,
    LinkUsedUp,
    NoAddress,
    NoGuest,
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
