"""A signed meeting as one PDF, from what was signed and nothing else."""

import json
from importlib.resources import files

import typst

from nextplay.ledger.records import MeetingRecord
from nextplay.operations.dashboards.pack_parts import settable


def meeting_pdf(signed: MeetingRecord) -> bytes:
    """The summary as a file. Text goes in as data: no name can be read as markup."""
    source = files("nextplay.operations.meeting").joinpath("meeting.typ").read_bytes()
    made = typst.compile(source, format="pdf", sys_inputs={"meeting": json.dumps(settable(signed.summary))})
    if not isinstance(made, bytes):
        raise TypeError(f"a summary came as {type(made).__name__}")
    return made
