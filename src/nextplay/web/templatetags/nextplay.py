"""What templates need beyond Django's own: icons from the sprite, figures as text, marks as SVG."""

from collections.abc import Sequence
from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from nextplay.intelligence import said
from nextplay.intelligence.lifecycle_tiles import PassageStep
from nextplay.intelligence.tiles import MetricCard
from nextplay.values.figures import written
from nextplay.values.quoted import quoted
from nextplay.web import figures, svg
from nextplay.web.assumed import assumed, believed, said_of_both

register = template.Library()

VERDICTS = {"invest": "Invest", "change_approach": "Change approach", "stop": "Stop", "wait": "Wait"}
VERDICT_ICONS = {"invest": "invest", "change_approach": "turn", "stop": "stop", "wait": "clock"}
CHIPS = {"for": ("for", "plus", "Speaks for it: "), "against": ("against", "minus", "Speaks against it: ")}


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """One of the sprite's icons; decoration only, words stand beside it."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true" focusable="false"><use href="{1}#{2}"/></svg>',
        size,
        static("nextplay/icons.svg"),
        name,
    )


@register.simple_tag
def figure(value: float | None, unit: str, currency: str = "") -> str:
    """A tile's number in its unit."""
    return figures.NOTHING if value is None else written(value, unit, currency)


@register.simple_tag
def card_value(card: MetricCard, currency: str) -> str:
    """A metric card's number."""
    return said.card_value(card, currency)


@register.simple_tag
def card_moved(card: MetricCard) -> str:
    """What moved since the period before."""
    return said.card_moved(card)


@register.simple_tag
def step_rate(step: PassageStep) -> SafeString:
    """The share that took a step, the counts behind it in small."""
    rate, counts = said.step_rate(step)
    return format_html('{} <span class="meta">{}</span>', rate, counts) if rate else format_html("{}", counts)


@register.simple_tag
def money(value: float | None, currency: str) -> str:
    """Money in a table."""
    return figures.money(value, currency)


@register.simple_tag
def bar(value: float, longest: float, mark: float | None = None) -> SafeString:
    """A quantity bar."""
    return svg.bar(value, longest, mark)


@register.simple_tag
def bar_within(part: float, whole: float, longest: float, mark: float | None = None) -> SafeString:
    """A part over its whole."""
    return svg.bar_within(part, whole, longest, mark)


@register.simple_tag
def fall(start: float, end: float, last: bool) -> SafeString:
    """A bar of a waterfall."""
    return svg.fall(start, end, last=last)


@register.simple_tag
def interval(places: Sequence[float], zero: float, label: str) -> SafeString:
    """A difference with its intervals."""
    return svg.interval(places, zero, label)


@register.simple_tag
def said_and_happened(said: tuple[float, float], likely: tuple[float, float], happened: float, label: str) -> SafeString:
    """A box for what was said, a dot for what happened."""
    return svg.said_and_happened(said, likely, happened, label)


@register.simple_tag
def pareto(curve: Sequence[tuple[float, float]]) -> SafeString:
    """The curve of a concentration."""
    return svg.pareto(curve)


@register.simple_tag
def meter(value: float, longest: float = 1.0) -> SafeString:
    """A thin bar."""
    return svg.meter(svg.share_of(value, longest))


@register.simple_tag
def spark(points: Sequence[float], width: int = 92, height: int = 30) -> SafeString:
    """A sparkline."""
    return svg.sparkline(points, width, height)


@register.simple_tag
def ten(chance: float, tone: str) -> SafeString:
    """A chance as ten dots; the same stands beside them in words."""
    on = min(max(round(chance * 10), 0), 10)
    dots = format_html_join("", '<i class="{}"></i>', (("on" if dot < on else "",) for dot in range(10)))
    return format_html('<span class="ten tone-{}" aria-hidden="true">{}</span>', tone, dots)


@register.simple_tag
def day(value: date | datetime | None, today: date | None = None) -> str:
    """`Fri 13 Nov`, never broken over two lines."""
    return figures.day(value, today).replace(" ", "\N{NO-BREAK SPACE}")


@register.simple_tag
def ago(value: date | datetime | None, today: date) -> str:
    """`3 days ago`."""
    return figures.ago(value, today)


@register.simple_tag
def many(number: int, one: str, several: str) -> str:
    """`1 partner`, `12 partners`."""
    return figures.many(number, one, several)


@register.inclusion_tag("nextplay/parts/avatar.html")
def owner(name: str) -> dict[str, str]:
    """A person with initials."""
    return {"name": name, "initials": figures.initials(name)}


@register.inclusion_tag("nextplay/parts/chip.html")
def chip(text: str, speaks: str) -> dict[str, str]:
    """A piece of evidence, with whether it speaks for the decision in a sign and in hidden words."""
    css, sign, hidden = CHIPS.get(speaks, ("none", "dot", ""))
    return {"text": text, "css": css, "sign": sign, "hidden": hidden}


@register.inclusion_tag("nextplay/parts/pages.html", takes_context=True)
def pages(context: template.Context, page: int, last: int) -> dict[str, object]:
    """Links to the neighbouring pages of a list, keeping everything else in the address."""
    return {"request": context["request"], "page": page, "last": last, "before": page - 1, "after": page + 1}


@register.simple_tag(takes_context=True)
def querystring_without(context: template.Context, name: str) -> str:
    """The query of this page without one name, on its first page."""
    query = context["request"].GET.copy()
    query.pop(name, None)
    query.pop("page", None)
    return f"?{query.urlencode()}"


register.filter("count", figures.count)
register.filter("share", figures.share)
register.filter("short_day", figures.short_day)
register.filter("words", figures.words)
register.filter("initials", figures.initials)
register.filter("odds", figures.odds)
register.filter("quoted", quoted)
register.filter("assumed", assumed)
register.filter("believed", believed)
register.filter("said_of_both", said_of_both)


@register.filter
def wordlist(text: str) -> list[str]:
    """The words of a text, to go through."""
    return text.split()


@register.filter
def lower_first(text: str) -> str:
    """A label inside a sentence; what the field writes in capitals stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@register.filter
def full_stop(text: str) -> str:
    """A sentence of the program's, ended where its author did not."""
    plain = text.strip()
    return plain if not plain or plain.endswith((".", "!", "?")) else f"{plain}."


@register.filter
def tone_word(tone: str) -> str:
    """The word that goes with a tone: no tone is the only sign of something."""
    return said.TONE_WORDS.get(tone, "")


@register.filter
def verdict(name: str) -> str:
    """A verdict in the field's words."""
    return VERDICTS.get(name, figures.words(name))


@register.filter
def verdict_icon(name: str) -> str:
    """The icon of a verdict."""
    return VERDICT_ICONS.get(name, "dot")


@register.filter
def whole(value: float | None) -> str:
    """A score without decimals."""
    return figures.NOTHING if value is None else str(round(value))
