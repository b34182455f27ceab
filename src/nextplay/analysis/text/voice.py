"""Who speaks in a sentence, and the sentence told from one point of view.

A partner's "we" is the partner, ours is us. Both are put into the same words, so that one cue fits either author: PP for the
partner, VV for the vendor (us), QQ for a quote of somebody else. Set-based: one pass over all sentences a step.
"""

import re
from collections.abc import Iterable

import polars as pl

CUSTOMER = (
    r"(?:end[- ])?(?:customers?|clients?|prospects?|buyers?|shoppers?|patients?|tenants?|procurement|purchasing|end users?"
    r"|(?:cio|cfo|coo|ceo|plant manager|it director) (?:of|at) [A-Z]\w+)"
)
_SAYS = r"(?:said|says|told|wrote|writes|asked|asks|replied|replies|answered|added|insist(?:s|ed)|promised|promises|explained)"
_OTHERS = (
    r"(?:competitors?|distributors?|analysts?|journalists?|consultants?|another partner|(?:an)?other partners?|a former \w+"
    r"|headlines?|press release|article|brochure|somebody|someone|a friend)"
)


def _speaks(who: str) -> str:
    """The words of `who` are led in or out, in a sentence whose quotes were taken out."""
    return rf"(?i)\b{who}\b[^.;]{{0,60}}?(?:\b{_SAYS}\b|:\s*QQ)|\b{_SAYS}\b[^.;]{{0,30}}?\b{who}\b|QQ\W+{who}\b"


_BY_OTHERS = f"{_speaks(CUSTOMER)}|{_speaks(_OTHERS)}"
_BY_US = (
    rf"(?i)\b(?:we|i|VV|our \w+) {_SAYS}\b|\b{_SAYS} (?:we|i|VV|our \w+)\b"
    r"|\bour (?:answer|reply|ask|proposal|offer|e-?mail|pitch|slides?|message|wording)\b[^.;]*:"
)
_BY_YOU = (
    rf"(?i)\byou(?:r \w+(?: \w+)?)? (?:{_SAYS}|have written|had written)\b|\b{_SAYS} you\b"
    r"|\byour (?:e-?mail|letter|slides?|website|program|guide|brochure)\b[^.;]*"
)
# Written in full, so that a cue need not know short forms; and turns that say no without denying anything.
_PLAIN = {
    "won't": "will not",
    "can't": "cannot",
    "n't ": " not ",
    "'ll ": " will ",
    "'ve ": " have ",
    "'re ": " are ",
    "'m ": " am ",
    "we'd ": "we would ",
    "they'd ": "they would ",
    "let's ": "let us ",
    "no later than": "by",
    "No later than": "By",
    "not later than": "by",
    "no problem": "all well",
    "not only": "also",
}
# Capitals that open a sentence and name nobody.
_OPENERS = (
    r"^(\W*(?:The|A|An|In|At|On|By|For|From|To|Of|If|As|No|Not|So|It|This|That|These|There|All|Some|Every|Each|Most|Half"
    r"|Both|Two|Three|Four|Five|Ten|And|But|Or|With|After|Before|Until|Since|When|What|Who|How|Only|Lead|Seller|Owner|Boss|Country"
    r"|Managing|Sales|Executive|Action|Next|New|Call|Customer|Client|Buyer|Nobody|Everybody|Everyone|Somebody|Someone|Please|Could"
    r"|Would|Can|Will|Agreed|Yes|Let|Night|Small|School|People|Promise|Expect|Now|Then|Today|Tomorrow|Also|Maybe|Perhaps)\b)"
)
_QUOTE = r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\""
_FIRST = r"(?i)\b(?:we|i|us|our|ours|my|me|mine|ourselves|myself)\b"
_SECOND = r"(?i)\b(?:you|your|yours|yourselves)\b"
_THIRD = r"(?i)\b(?:they|them|their|theirs|themselves|he|she|his|her|hers|him|the partner)\b"


def told(sentences: pl.DataFrame, ours: Iterable[str]) -> pl.DataFrame:
    """The rows of `sentence` and `author` (partner, us or null) with `words`.

    `ours`: given names of our own people.
    `words`: what the partner says itself, then `||`, then what is told of it.
    """
    flat = pl.col("sentence").str.replace_all("[’‘`´]", "'").str.replace_all(r"[\s\u{00a0}]+", " ")
    flat = flat.str.replace_many(list(_PLAIN), list(_PLAIN.values()))
    opener = flat.str.extract(_OPENERS).fill_null("")
    flat = opener.str.to_lowercase() + flat.str.slice(opener.str.len_chars())
    rows = sentences.with_columns(flat=_named(flat, ours), by_partner=pl.col("author").eq_missing("partner"))
    rows = rows.with_columns(
        quoted=pl.col("flat").str.extract_all(_QUOTE).list.join(" ").str.replace_all(r'[“”„«»"]', " "),
        rest=pl.col("flat").str.replace_all(_QUOTE, " QQ "),
    )
    rows = rows.with_columns(speaker=_speaker()).with_columns(words=pl.concat_str(_own(), pl.lit(" || "), _ours()))
    return rows.drop("flat", "by_partner", "quoted", "rest", "speaker")


def _named(words: pl.Expr, ours: Iterable[str]) -> pl.Expr:
    names = "|".join(re.escape(name) for name in sorted(ours))
    return words.str.replace_all(rf"\b(?:{names})(?: \p{{Lu}}\p{{Ll}}+)?\b", "VV") if names else words


def _speaker() -> pl.Expr:
    """Whose quote the sentence holds: partner, us or other; `author` where it holds none."""
    rest = pl.col("rest")
    ours = pl.when(pl.col("by_partner")).then(rest.str.contains(_BY_YOU)).otherwise(rest.str.contains(_BY_US))
    return (
        pl.when(pl.col("quoted") == "")
        .then(pl.lit("author"))
        .when(rest.str.contains(_BY_OTHERS))
        .then(pl.lit("other"))
        .when(ours)
        .then(pl.lit("us"))
        .otherwise(pl.lit("partner"))
    )


def _own() -> pl.Expr:
    """The partner's own words: its documents without quotes of others, or its quote in ours."""
    foreign = pl.col("speaker").is_in(["other", "us"])
    theirs = pl.when(foreign).then(pl.col("rest")).otherwise(pl.col("flat").str.replace_all(r'[“”„«»"]', " "))
    quoted = pl.when(foreign).then(pl.lit("")).otherwise(pl.col("quoted"))
    words = pl.when(pl.col("by_partner")).then(theirs).otherwise(quoted)
    return words.str.replace_all(_FIRST, "PP").str.replace_all(_SECOND, "VV")


def _ours() -> pl.Expr:
    """What our documents tell of the partner: the partner is they, we are us."""
    words = pl.when(pl.col("by_partner")).then(pl.lit("")).otherwise(pl.col("rest"))
    return words.str.replace_all(_FIRST, "VV").str.replace_all(_THIRD, "PP")
