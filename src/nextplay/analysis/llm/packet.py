"""What a model is given of one partner: evidence with ids, and sentences of documents as data. No name and no description.

Sentences that were written to a machine, or with characters nobody sees, are left out before anything is sent.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from nextplay.analysis.text.reader import legible
from nextplay.analysis.text.sentences import cut

# Characters of documents sent for one partner, the newest first.
MOST_TEXT = 8_000


@dataclass(frozen=True)
class Packet:
    """`evidence`: sentences of ours by id. `texts`: whole documents, to hold quotes against. `sent`: what of them is sent."""

    partner_id: str
    # Run of the reading that the evidence is of.
    reading: str
    evidence: Mapping[str, str]
    texts: Mapping[str, str]
    sent: Mapping[str, tuple[str, ...]]

    @property
    def prompt(self) -> str:
        """One JSON object."""
        documents = [{"id": name, "sentences": list(said)} for name, said in self.sent.items()]
        return json.dumps({"evidence": dict(self.evidence), "documents": documents}, ensure_ascii=False, sort_keys=True)

    @property
    def digest(self) -> str:
        """Moves with anything that is sent: the same packet is not asked about twice."""
        return hashlib.sha256(self.prompt.encode()).hexdigest()


def packet(partner_id: str, reading: str, evidence: Mapping[str, str], documents: pl.DataFrame) -> Packet:
    """Of one partner's `document_id`, `text`, `written_at`."""
    newest = documents.sort("written_at", "document_id", descending=[True, False], nulls_last=True)
    said = (
        cut(newest)
        .filter(legible())
        .join(newest.with_row_index("order").select("document_id", "order"), on="document_id", maintain_order="left")
    )
    kept = said.sort("order", "start").with_columns(room=pl.col("sentence").str.len_chars().cum_sum())
    kept = kept.filter(pl.col("room") <= MOST_TEXT)
    by_document = kept.group_by("document_id", maintain_order=True).agg("sentence")
    texts = dict(newest.select("document_id", "text").iter_rows())
    sent = {name: tuple(sentences) for name, sentences in by_document.iter_rows()}
    return Packet(partner_id, reading, dict(evidence), {name: texts[name] for name in sent}, sent)
