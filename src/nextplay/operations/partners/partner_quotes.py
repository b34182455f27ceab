"""What texts say of a partner, word for word, with the document and the place: nothing is quoted that is not there."""

from dataclasses import dataclass
from datetime import date, datetime

from nextplay.analysis.evidence import sentences
from nextplay.facts.scope import Reach
from nextplay.operations.installation import Installation
from nextplay.operations.partners.show_partner import require_partner
from nextplay.operations.viewer import TEAM, NotForThisViewer, Viewer, require
from nextplay.values.period import utc_day

# Under which of the 4Cs a label is told.
DIMENSION_OF = {
    "names_lead_seller": "capacity",
    "no_capacity": "capacity",
    "customer_in_own_words": "capability",
    "commits_to_date": "commitment",
    "sponsor_speaks": "commitment",
    "asks_for_co_sell": "commitment",
    "doubts": "commitment",
    "competing_product": "customer_alignment",
}


@dataclass(frozen=True)
class Quote:
    """Words of a document, from character `start` to `end`."""

    document_id: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Said:
    """A sentence that says something of a partner: in which kind of document, by whom, when."""

    quote: Quote
    label: str
    dimension: str
    kind: str | None
    author: str | None
    on: date | None


@dataclass(frozen=True)
class Quotes:
    """The newest first; `checked` were compared with their documents, `dropped` were not found there word for word."""

    said: tuple[Said, ...]
    checked: int
    dropped: int


@dataclass(frozen=True)
class Document:
    """A text by or about a partner."""

    document_id: str
    partner: str
    kind: str | None
    author: str | None
    on: date | None
    text: str


def quote_of(key: str, text: str, words: str | None = None) -> Quote | None:
    """What stands where a key says (`D-1#12-57`); None where the text is shorter than that, or holds other than these words."""
    document_id, _, place = key.rpartition("#")
    start, _, end = place.partition("-")
    if not (start.isdigit() and end.isdigit() and int(start) < int(end) <= len(text)):
        return None
    found = text[int(start) : int(end)]
    return Quote(document_id, found, int(start), int(end)) if words in (None, found) else None


def partner_quotes(installation: Installation, partner_id: str, *, now: datetime) -> Quotes:
    """Every sentence of twelve months that stands in its document as it is quoted. Who may see it is the caller's to decide."""
    facts = installation.facts(installation.reference_day(utc_day(now)), Reach(partner_id=partner_id))
    texts = facts.documents[["document_id", "text"]]
    rows = sentences(facts).inner_join(texts, "document_id")
    newest_first = {"written_at": True, "document_id": False, "start": False, "label": False}
    frame = installation.warehouse.read(rows).sort(*newest_first, descending=list(newest_first.values()))
    found = [row for row in frame.iter_rows(named=True) if row["label"] in DIMENSION_OF]
    true = [row for row in found if row["text"][row["start"] : row["end"]] == row["quote"]]
    said = tuple(
        Said(
            quote=Quote(row["document_id"], row["quote"], row["start"], row["end"]),
            label=row["label"],
            dimension=DIMENSION_OF[row["label"]],
            kind=row["kind"],
            author=row["author"],
            on=row["written_at"].date(),
        )
        for row in true
    )
    return Quotes(said, len(found), len(found) - len(true))


def show_document(installation: Installation, viewer: Viewer, partner_id: str, document_id: str, *, now: datetime) -> Document:
    """A text of a partner. Raises NotForThisViewer outside the viewer's reach, and for one that does not exist."""
    require(viewer, *TEAM)
    facts, partner = require_partner(installation, viewer, partner_id, now=now)
    documents = facts.documents
    own = documents.filter((documents.partner_id == partner_id) & (documents.document_id == document_id))
    found = installation.warehouse.read(own)
    if found.is_empty():
        raise NotForThisViewer
    row = found.row(0, named=True)
    on = row["written_at"].date() if row["written_at"] else None
    return Document(document_id, partner["name"].item(), row["kind"], row["author"], on, row["text"])
