"""The short summary of a partner as its profile shows it: sentences with links to what they rest on."""

from dataclasses import dataclass

from django.urls import reverse

from nextplay.operations.partners.partner_analysis import LABELS, PartnerAnalysis
from nextplay.operations.partners.partner_summary import Summary, SummarySentence


@dataclass(frozen=True)
class ShownEvidence:
    """What a sentence rests on, and where it can be opened."""

    says: str
    url: str


@dataclass(frozen=True)
class ShownSentence:
    """One sentence, or one passage of a document."""

    text: str
    rests: tuple[ShownEvidence, ...]


@dataclass(frozen=True)
class ShownSummary:
    """The sentences, the passages a model picked, and who told it."""

    sentences: tuple[ShownSentence, ...]
    quotes: tuple[ShownSentence, ...]
    told_by: str


def shown_summary(summary: Summary, analysis: PartnerAnalysis, partner_id: str) -> ShownSummary | None:
    """None where there is nothing to say."""
    if not summary.sentences:
        return None
    built_in = summary.analyst == "built-in"
    by = "Told by the built-in analyst." if built_in else f"Told by {summary.analyst} from this evidence; no score rests on it."
    return ShownSummary(
        sentences=tuple(_sentence(one, analysis, partner_id) for one in summary.sentences),
        quotes=tuple(_sentence(one, analysis, partner_id) for one in summary.quotes),
        told_by=by,
    )


def _sentence(one: SummarySentence, analysis: PartnerAnalysis, partner_id: str) -> ShownSentence:
    rests = (_evidence(name, analysis, partner_id) for name in one.evidence)
    return ShownSentence(one.text, tuple(rest for rest in rests if rest is not None))


def _evidence(name: str, analysis: PartnerAnalysis, partner_id: str) -> ShownEvidence | None:
    kind, _, rest = name.partition(":")
    if kind == "criterion":
        try:
            label = analysis.criterion(rest)[1].label
        except KeyError:
            # The program dropped it since.
            return None
        return ShownEvidence(label, reverse("evidence", args=[partner_id, rest]))
    if kind == "dimension" and rest in LABELS:
        return ShownEvidence(LABELS[rest], "#h-4c")
    if kind == "quote":
        document, _, place = rest.rpartition(":")
        start, _, end = place.partition("-")
        return ShownEvidence(
            "in the document", f"{reverse('document', args=[partner_id, document])}?start={start}&end={end}#quote"
        )
    return None
