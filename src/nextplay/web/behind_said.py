"""The rows behind a figure in words: what they come to, and what they are."""

from nextplay.intelligence.demand import WORDS
from nextplay.intelligence.direct import COMPARED
from nextplay.intelligence.passage import ALL_WAITING, STEPS
from nextplay.intelligence.pipeline import DEAL_STAGE_LABELS
from nextplay.operations.dashboards.behind_figure import FigureAsked
from nextplay.operations.dashboards.show_behind import BehindPage, Largest
from nextplay.program.definition import Program
from nextplay.web import figures

# One row, and several.
NOUNS = {
    "partners": ("partner", "partners"),
    "deals": ("deal", "deals"),
    "revenue": ("revenue row", "revenue rows"),
    "activities": ("activity", "activities"),
}
PART_LABELS = {"others": "all others", "none": "without any", "unvalued": "without an amount", "before": "the period before"}


def number_said(shown: BehindPage) -> str:
    """The figure, exact."""
    total = shown.total
    if shown.made == "sum":
        return figures.money_exact(total.amount or 0, shown.currency)
    if shown.made in ("median", "average") and shown.unit == "money" and total.value is not None:
        return figures.money_exact(total.value, shown.currency)
    if shown.made == "share":
        return f"{figures.count(total.marked)} of {figures.count(total.rows)}"
    if total.value is None:
        return figures.NOTHING
    return f"{figures.count(total.value)} days" if shown.unit == "days" else figures.count(total.value)


def rows_said(shown: BehindPage) -> str:
    """What the rows are, and how they make the figure."""
    total, (one, several) = shown.total, NOUNS[shown.kind]
    rows = figures.many(total.rows, one, several)
    if shown.kind == "partners" and total.rows > total.partners:
        rows = f"{figures.many(total.partners, one, several)}, counted {figures.many(total.rows, 'time')}"
    of = "" if shown.kind == "partners" or not total.partners else f" of {figures.many(total.partners, 'partner')}"
    if shown.made == "sum":
        return f"The sum of {rows}{of}."
    if shown.made == "share":
        return f"{figures.share(total.value)} of {rows}{of} {'counts' if total.rows == 1 else 'count'}."
    if shown.made == "median":
        return f"The middle one of {rows}{of}."
    if shown.made == "average":
        return f"The mean over {rows}{of}."
    if shown.made == "survival":
        return (
            f"Half of {rows} took so long or less (Kaplan-Meier): {figures.count(total.marked)} {shown.mark}, "
            "the others count up to the day or to when they left."
        )
    marked = f", {figures.count(total.marked)} of them {shown.mark}" if shown.mark else ""
    return f"{rows[:1].upper()}{rows[1:]}{of}{marked}."


def largest_said(found: Largest) -> str:
    """What the figure comes to, and how much of it the largest partners hold."""
    total, (one, several) = found.total, NOUNS[found.kind]
    money = figures.money_short(float(total.amount or 0), found.currency)
    sentence = f"{money} from {figures.many(total.partners, 'partner')}, {figures.many(total.rows, one, several)}."
    if total.partners <= len(found.partners) or not total.amount or total.amount <= 0:
        return sentence
    part = sum(one.value for one in found.partners) / float(total.amount)
    return f"{sentence} The largest {len(found.partners)} hold {figures.share(part)}."


def part_label(asked: FigureAsked, program: Program) -> str:
    """The part of a figure in the program's own words; empty for all of it."""
    part = asked.part
    if asked.figure == "passage":
        return passage_label(part.key)
    if asked.figure == "demand":
        covered, _, label = part.key.partition(":")
        return label or f"no {WORDS.get(covered, covered).partition(' ')[2]}"
    if part.which in PART_LABELS:
        return PART_LABELS[part.which]
    labels = {
        "pipeline_by_stage": {stage.name: stage.label for stage in program.lifecycle_stages},
        "stages": {stage.name: stage.label for stage in program.lifecycle_stages},
        "pipeline_by_deal_stage": DEAL_STAGE_LABELS,
        "strengths": {strength.name: strength.label for strength in program.strengths},
        "areas": {part.key: figures.words(part.key)},
        "direct_deals": dict(COMPARED),
    }
    return labels.get(asked.figure, {}).get(part.key, part.key)


def passage_label(key: str) -> str:
    """A part of how partners pass from stage to stage, in words."""
    name, _, rest = key.partition(":")
    step = next((one.label for one in STEPS if one.name == name), name)
    if not rest:
        return step
    if rest == ALL_WAITING:
        return f"{step}, waiting"
    return f"{step}, waiting for more than {rest} days" if rest.isdecimal() else f"{step}, {rest}"
