"""A short summary of one partner: sentences that carry the evidence they rest on, the same for the same analysis."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import polars as pl

from nextplay.analysis.llm.packet import Packet, packet
from nextplay.analysis.llm.settings import WrongModelSetting, model_settings
from nextplay.analysis.text.labels import BY_NAME
from nextplay.analysis.text.remembered import text_evidence
from nextplay.facts.scope import Reach
from nextplay.facts.tables import stored
from nextplay.operations.installation import Installation
from nextplay.operations.partners.partner_analysis import CriterionRead, DimensionRead, PartnerAnalysis, whole_score
from nextplay.values.quoted import quoted

# Newest first, of each kind of sentence as many.
MOST_QUOTES = 2
_FOR = ("commits_to_date", "names_lead_seller", "sponsor_speaks", "asks_for_co_sell", "customer_in_own_words")
_AGAINST = ("no_capacity", "doubts", "competing_product")
_LONGEST_QUOTE = 220


@dataclass(frozen=True)
class SummarySentence:
    """One sentence. `evidence`: `criterion:NAME`, `dimension:NAME` or `quote:DOCUMENT:START-END`, at least one."""

    text: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """Who told it (`built-in`, or a model by name), its sentences, and passages a model picked, each with its document."""

    analyst: str
    sentences: tuple[SummarySentence, ...]
    quotes: tuple[SummarySentence, ...] = ()


def partner_summary(installation: Installation, partner_id: str, analysis: PartnerAnalysis) -> Summary:
    """The summary of the model in force, where it was told of this very reading and these very texts; else the built-in one."""
    own = own_summary(installation, partner_id, analysis)
    model = _model_in_force(installation)
    return (model and _told_by_model(installation, packet_of(installation, partner_id, analysis, own), model)) or own


def own_summary(installation: Installation, partner_id: str, analysis: PartnerAnalysis) -> Summary:
    """The built-in one, whether or not a model retold it."""
    quotes = _quotes(installation, partner_id, analysis)
    return built_in(analysis, quotes, address_below=installation.program.rubric.address_below)


def packet_of(installation: Installation, partner_id: str, analysis: PartnerAnalysis, own: Summary) -> Packet:
    """All that a model is sent of a partner; `own` is the built-in summary."""
    facts = installation.facts(analysis.reading.as_of, Reach(partner_id=partner_id))
    documents = installation.warehouse.read(facts.documents[["document_id", "text", "written_at"]])
    told = evidence_sentences(analysis, own, address_below=installation.program.rubric.address_below)
    return packet(partner_id, analysis.reading.run_id, told, documents)


def _quotes(installation: Installation, partner_id: str, analysis: PartnerAnalysis) -> pl.DataFrame:
    """What texts say of the partner as known on the day of its analysis, the newest first."""
    facts = installation.facts(analysis.reading.as_of, Reach(partner_id=partner_id))
    rows = text_evidence(facts)
    found = installation.warehouse.read(rows.filter(rows.partner_id == partner_id))
    return found.sort("written_at", "document_id", "start", "label", descending=[True, False, False, False], nulls_last=True)


def built_in(analysis: PartnerAnalysis, quotes: pl.DataFrame, *, address_below: float) -> Summary:
    """Strongest and weakest dimension with the criterion that makes it so, and the newest words for and against.

    Why the weakest is weak is told only below the score from which on nothing need be addressed.
    """
    known = sorted(
        (one for one in analysis.dimensions if one.score is not None), key=lambda one: (-(one.score or 0), one.label)
    )
    said = []
    if known:
        said.append(_strongest(known[0], address_below))
    if len(known) > 1:
        said.append(_weakest(known[-1], address_below))
    for labels in (_FOR, _AGAINST):
        mine = quotes.filter(pl.col("label").is_in(labels) & (pl.col("quote").str.len_chars() <= _LONGEST_QUOTE))
        said += [_quoted(row) for row in mine.unique("quote", maintain_order=True).head(MOST_QUOTES).iter_rows(named=True)]
    return Summary("built-in", tuple(said))


def evidence_sentences(analysis: PartnerAnalysis, summary: Summary, *, address_below: float) -> dict[str, str]:
    """By id, all that a summary may rest on: each score, each criterion with its counts, each sentence of the built-in one."""
    told: dict[str, str] = {}
    for dimension in analysis.dimensions:
        if dimension.score is not None:
            told[f"dimension:{dimension.dimension}"] = (
                f"{dimension.label} scores {whole_score(dimension.score, address_below)} of 100."
            )
        told |= {f"criterion:{one.name}": _counts(dimension, one) for one in dimension.criteria if one.points is not None}
    return told | {f"summary:{at}": sentence.text for at, sentence in enumerate(summary.sentences, start=1)}


def _strongest(dimension: DimensionRead, address_below: float) -> SummarySentence:
    best = max(
        (one for one in dimension.criteria if one.points is not None),
        key=lambda one: (one.points or 0) * one.weight,
        default=None,
    )
    about = f", above all by {_lower(best.label)}" if best and best.points else ""
    named = (f"criterion:{best.name}",) if about and best else ()
    told = f"Strongest in {dimension.label}, {_of_hundred(dimension, address_below)}{about}."
    return SummarySentence(told, (f"dimension:{dimension.dimension}", *named))


def _weakest(dimension: DimensionRead, address_below: float) -> SummarySentence:
    reason = dimension.reason if (dimension.score or 0) < address_below else ""
    costs = next((one for one in dimension.criteria if reason and one.gap == reason), None)
    about = f": {_lower(reason.rstrip('.'))}" if reason else ""
    named = (f"criterion:{costs.name}",) if costs else ()
    told = f"Weakest in {dimension.label}, {_of_hundred(dimension, address_below)}{about}."
    return SummarySentence(told, (f"dimension:{dimension.dimension}", *named))


def _of_hundred(dimension: DimensionRead, address_below: float) -> str:
    return f"{whole_score(dimension.score or 0.0, address_below)} of 100"


def _quoted(row: Mapping[str, object]) -> SummarySentence:
    says, words = BY_NAME[str(row["label"])].says, str(row["quote"])
    who = f"The partner {says}" if row["author"] == "partner" else f"By a note of ours the partner {says}"
    return SummarySentence(f"{who}: {quoted(words)}", (f"quote:{row['document_id']}:{row['start']}-{row['end']}",))


def _counts(dimension: DimensionRead, one: CriterionRead) -> str:
    counted = "" if one.numerator is None else f", {one.numerator:g}"
    counted += "" if one.numerator is None or one.denominator is None else f" of {one.denominator:g}"
    window = f" in {one.window_days} days" if one.window_days else ""
    return f"{dimension.label}: {one.label} earns {one.points:.0f} of 100 points{counted}{window}."


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _model_in_force(installation: Installation) -> str | None:
    try:
        settings = model_settings(installation.home.held)
    except WrongModelSetting:
        return None
    return settings.name if settings else None


def _told_by_model(installation: Installation, asked: Packet, model: str) -> Summary | None:
    rows = stored("summaries")
    mine = (rows.partner_id == asked.partner_id) & (rows.reading == asked.reading)
    same = rows.filter(mine & (rows.digest == asked.digest) & (rows.analyst == model))
    frame = installation.warehouse.read(same.order_by(ibis.desc("run_id"), "kind", "position"))
    newest = frame.filter(pl.col("run_id") == pl.col("run_id").first())
    told = [
        (row["kind"], SummarySentence(row["text"], tuple(json.loads(row["evidence"])))) for row in newest.iter_rows(named=True)
    ]
    sentences = tuple(sentence for kind, sentence in told if kind == "sentence")
    if not sentences:
        return None
    return Summary(newest["analyst"][0], sentences, tuple(sentence for kind, sentence in told if kind == "quote"))
