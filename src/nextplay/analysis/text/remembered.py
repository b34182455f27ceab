"""Keeps what was read in texts, and which texts: only a new or changed one is read again.

A text is known by what it says, who wrote it and of whom (`digest`), and by the reader's version.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.analysis.text.labels import in_force, in_force_with_opinion
from nextplay.analysis.text.reader import BESIDE, read, version
from nextplay.analysis.text.second_opinion import SecondOpinion
from nextplay.facts.engines import Transaction
from nextplay.facts.scope import ScopedFacts
from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse
from nextplay.values.progress import Progress, silent

# Read and kept together: what was kept stays when the work is stopped. With an opinion fewer: it takes a hundred times as long.
BATCH, BATCH_WITH_OPINION = 5_000, 250


@dataclass(frozen=True)
class TextsRead:
    """What one pass over the texts did: documents that were new or changed and so `read`, and those `known` before."""

    read: int
    known: int
    found: int
    reader: str


def _md5(text: str) -> str:
    """Both engines' own digest of a text, in hex."""
    return text


md5 = ibis.udf.scalar.builtin(_md5, name="md5")


def renew(
    warehouse: Warehouse,
    *,
    partner_id: str | None = None,
    opinion: SecondOpinion | None = None,
    progress: Progress = silent,
) -> TextsRead:
    """Read every text that is new or changed, of all partners or of one, and forget what texts no longer say."""
    with warehouse.transaction() as transaction:
        _forget(transaction, partner_id, version(opinion))
    waiting, ours = _unread(partner_id), _our_names(warehouse)
    total = _count(warehouse, waiting)
    known = _count(warehouse, _of(stored("documents"), partner_id)) - total
    found, done = 0, 0
    while done < total:
        progress(done / total, f"Reading texts, {done:,} of {total:,}")
        read_now, found_now = _read_batch(warehouse, waiting, ours, opinion)
        if not read_now:
            break
        found, done = found + found_now, done + read_now
    return TextsRead(read=done, known=known, found=found, reader=version(opinion))


def text_evidence(facts: ScopedFacts) -> ir.Table:
    """Sentences found in the texts in scope, labels in force only, one row a sentence and label.

    `partner_id`, `document_id`, `label`, `quote`, `start`, `end`, `score`, and of the document `author`, `kind`, `written_at`.
    """
    documents = facts.documents[["document_id", "author", "kind", "written_at"]]
    rows = stored("text_evidence")
    backed = rows.label.isin(in_force_with_opinion()) & rows.reader.contains(BESIDE)
    counted = rows.filter(rows.label.isin(in_force(facts.scope.read_also)) | backed)
    return counted.inner_join(documents, "document_id").drop("reader")


def _read_batch(warehouse: Warehouse, waiting: ir.Table, ours: Sequence[str], opinion: SecondOpinion | None) -> tuple[int, int]:
    """Read and keep some of the texts that wait. Answers how many, and how many sentences they gave."""
    # Looked up inside the change: two runs at once must not read the same text.
    with warehouse.transaction() as transaction:
        batch = transaction.read(waiting.order_by("document_id").limit(BATCH_WITH_OPINION if opinion else BATCH))
        rows = read(batch, ours=ours, opinion=opinion)
        remembered = batch.select("document_id", "digest", reader=pl.lit(version(opinion)))
        for name, frame in (("texts_read", remembered), ("text_evidence", rows)):
            if not frame.is_empty():
                transaction.append(name, frame.to_arrow(compat_level=pl.CompatLevel.oldest()))
    return batch.height, rows.height


def _our_names(warehouse: Warehouse) -> list[str]:
    """Given names of partner managers, as their addresses write them: what they promise is ours, not the partner's."""
    managers = stored("partners")[["manager_email"]].distinct()
    local = pl.col("manager_email").str.extract(r"^([A-Za-z]{3,})[._-]").str.to_titlecase()
    return sorted(warehouse.read(managers).select(local).to_series().drop_nulls().unique().to_list())


def _count(warehouse: Warehouse, rows: ir.Table) -> int:
    return int(warehouse.read(rows.count().as_table()).item())


def _unread(partner_id: str | None) -> ir.Table:
    documents = _digested(_of(stored("documents"), partner_id))
    return documents.anti_join(stored("texts_read"), "document_id")


def _of(documents: ir.Table, partner_id: str | None) -> ir.Table:
    return documents if partner_id is None else documents.filter(documents.partner_id == partner_id)


def _digested(documents: ir.Table) -> ir.Table:
    author = documents.author.fill_null("")
    digest = md5(documents.partner_id + ibis.literal("|") + author + ibis.literal("|") + documents.text)
    return documents.select("document_id", "partner_id", "author", "text", digest=digest)


def _forget(transaction: Transaction, partner_id: str | None, reader: str) -> None:
    """Texts that are gone, changed or read by another version are unread again, and what they said is no evidence.

    Of one partner only those that are, or that counted, as its own: nobody reads the others again now.
    """
    its_own = (
        " AND (document_id IN (SELECT document_id FROM documents WHERE partner_id = ?)"
        " OR document_id IN (SELECT document_id FROM text_evidence WHERE partner_id = ?))"
    )
    transaction.execute(
        "DELETE FROM texts_read WHERE (reader <> ? OR NOT EXISTS (SELECT 1 FROM documents WHERE "
        "documents.document_id = texts_read.document_id AND texts_read.digest = "
        "md5(documents.partner_id || '|' || coalesce(documents.author, '') || '|' || documents.text)))"
        + (its_own if partner_id else ""),
        (reader, partner_id, partner_id) if partner_id else (reader,),
    )
    transaction.execute(
        "DELETE FROM text_evidence WHERE NOT EXISTS (SELECT 1 FROM texts_read WHERE "
        "texts_read.document_id = text_evidence.document_id)"
    )
