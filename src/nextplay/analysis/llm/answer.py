"""What a model may answer, and what of it is kept: quotes that stand word for word, sentences whose evidence holds them."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from nextplay.analysis.llm.packet import Packet
from nextplay.analysis.text.reader import legible

MOST_SENTENCES, MOST_QUOTES = 4, 5
LONGEST_SENTENCE = 300
# The shortest run of characters that says something.
_SHORTEST_QUOTE = 12
_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_SPELLED = {word: str(number) for number, word in enumerate(_WORDS)} | {
    "twenty": "20",
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "seventy": "70",
    "eighty": "80",
    "ninety": "90",
    "hundred": "100",
    "thousand": "1000",
    "million": "1000000",
    "billion": "1000000000",
    "half": "1/2",
    "halves": "1/2",
    "halved": "1/2",
    "third": "1/3",
    "thirds": "1/3",
    "quarter": "1/4",
    "quarters": "1/4",
    "twice": "2",
    "thrice": "3",
    "couple": "2",
    "dozen": "12",
    # Many hundreds are not one hundred, and two deals are not twice the deals: these stand for themselves.
    **{word: word for word in ("tens", "dozens", "hundreds", "thousands", "millions", "billions")},
    **dict.fromkeys(("double", "doubles", "doubled", "doubling"), "x2"),
    **dict.fromkeys(("triple", "triples", "tripled", "tripling"), "x3"),
    "all": "all",
    "every": "all",
    "none": "0",
    "never": "0",
    "always": "all",
    "most": "most",
    "majority": "most",
}
_ABOUT_NOTHING = {
    "points",
    "earns",
    "score",
    "scores",
    "days",
    "they",
    "their",
    "have",
    "with",
    "that",
    "this",
    "partner",
    "from",
    "most",
}
# Capitals of these open a sentence and name nobody.
_OPENERS = set(
    re.findall(
        r"\w+",
        """
    the they their them it its this that these those there here an and or but yet so as at by for from in into of on over
    since to with within without after before during until while when where although though because if however overall
    both each every all most many more some several few only also still no not none never nobody nothing now today
    our we us partner partners strong strongest strength weak weakest evidence reading scores what which who how
    """,
    )
)


class ToldSentence(BaseModel):
    """One sentence of a summary, with ids of what it rests on."""

    model_config = ConfigDict(extra="ignore")
    text: str
    evidence: list[str] = Field(default_factory=list)


class ToldQuote(BaseModel):
    """A passage of one document, word for word."""

    model_config = ConfigDict(extra="ignore")
    document: str
    text: str


class Answer(BaseModel):
    """All that a model can say. Anything else in its answer is not read."""

    model_config = ConfigDict(extra="ignore")
    summary: list[ToldSentence] = Field(default_factory=list)
    quotes: list[ToldQuote] = Field(default_factory=list)


@dataclass(frozen=True)
class KeptQuote:
    """`text[start:end]` of the document is the quote."""

    document_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Kept:
    """What passed, and how much was turned away, by reason."""

    sentences: tuple[ToldSentence, ...]
    quotes: tuple[KeptQuote, ...]
    dropped: Counter[str]


def held(answer: Answer, packet: Packet) -> Kept:
    """What of an answer its packet holds."""
    dropped: Counter[str] = Counter()
    sentences: list[ToldSentence] = []
    quotes: list[KeptQuote] = []
    for told in answer.summary:
        why = _against_sentence(told, packet) if len(sentences) < MOST_SENTENCES else "sentence was one more than asked for"
        dropped.update([why]) if why else sentences.append(told)
    for said in answer.quotes:
        at = packet.texts.get(said.document, "").find(said.text)
        why = _against_quote(said, at) if len(quotes) < MOST_QUOTES else "quote was one more than asked for"
        dropped.update([why]) if why else quotes.append(KeptQuote(said.document, at, at + len(said.text), said.text))
    return Kept(tuple(sentences), tuple(quotes), dropped)


def _against_sentence(told: ToldSentence, packet: Packet) -> str | None:
    """Why a sentence is turned away; None where nothing speaks against it."""
    if not told.text.strip() or len(told.text) > LONGEST_SENTENCE or not _legible(told.text) or "://" in told.text:
        return "sentence is not plain text"
    if not told.evidence or any(name not in packet.evidence and name not in packet.sent for name in told.evidence):
        return "sentence names no evidence that it was given"
    resting = [packet.evidence.get(name) or " ".join(packet.sent[name]) for name in told.evidence]
    # A number must come from evidence that speaks of the same thing: 37 points of headcount are not 37 deals.
    about = [one for one in resting if _subjects(one) & _subjects(told.text)]
    if not numbers(told.text) <= numbers(" ; ".join(about)):
        return "sentence holds a number that its evidence does not"
    if not _names(told.text) <= set(re.findall(r"\w+", " ".join(resting).casefold())):
        return "sentence names somebody whom its evidence does not"
    return None


def _against_quote(said: ToldQuote, at: int) -> str | None:
    if at < 0 or len(said.text.strip()) < _SHORTEST_QUOTE:
        return "quote does not stand in the document word for word"
    return None if _legible(said.text) else "quote is not plain text"


def numbers(text: str) -> set[str]:
    """Every number of a text, in figures or words, written one way: thousands together, no zeros at the end of decimals."""
    # The end of a scale is no number that anybody has: "95 of 100" holds 95 alone.
    unscaled = re.sub(r"(?<=\d) of 100\b", "", text)
    figures = (one.replace(",", "") for one in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", unscaled))
    plain = {one.rstrip("0").rstrip(".") if "." in one else one.lstrip("0") or "0" for one in figures}
    # Fractions, Roman and circled figures: no other way of writing them is known, so each stands for itself.
    signs = {sign for sign in text if unicodedata.category(sign) in ("No", "Nl")}
    return plain | signs | {_SPELLED[word] for word in re.findall(r"[a-z]+", text.casefold()) if word in _SPELLED}


def _subjects(text: str) -> set[str]:
    """Words that say what a text is about, as far as their first letters."""
    words = (word for word in re.findall(r"[a-z]{4,}", text.casefold()) if word not in _ABOUT_NOTHING)
    return {word[:6] for word in words}


def _names(text: str) -> set[str]:
    """Words with a capital, without common ones that open a sentence."""
    opening = {one.start(1) for one in re.finditer(r"(?:^|[.!?])\W*(\w\w+)", text)}
    words = ((one.start(), one.group()) for one in re.finditer(r"\w\w+", text))
    return {word.casefold() for at, word in words if word[0].isupper() and not (at in opening and word.casefold() in _OPENERS)}


def _legible(text: str) -> bool:
    return bool(pl.DataFrame({"sentence": [text]}).select(legible()).item())
