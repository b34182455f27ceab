"""Letters as text and HTML from one content. Names are written by others: nothing of them is read as markup."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

from django.conf import settings
from django.template import Context, Engine

from nextplay.ledger.records import Attached
from nextplay.operations.messages.notify import Letter

_FOLDER = Path(__file__).parent / "mail"


@dataclass(frozen=True)
class Item:
    """One line: of whom, what, by when, and what there is to say of it."""

    name: str
    what: str
    when: str = ""
    note: str = ""
    link: str = ""


@dataclass(frozen=True)
class Section:
    """Lines under one heading."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Footer:
    """Why somebody gets this, where they change it, and the link that stops it."""

    why: str
    preferences: str = ""
    stop: str = ""


@dataclass(frozen=True)
class Content:
    """What a letter says. `action`: label and link of what to do next."""

    subject: str
    heading: str
    sections: tuple[Section, ...]
    lead: str = ""
    action: Mapping[str, str] | None = None
    footer: Footer | None = None


def letter(content: Content, *, files: tuple[Attached, ...] = (), headers: tuple[tuple[str, str], ...] = ()) -> Letter:
    """The content as a letter; the text is whole without the HTML."""
    text, html = (_engine().get_template(f"items.{kind}").render(Context(dict(vars(content)))) for kind in ("txt", "html"))
    return Letter(content.subject, text.strip() + "\n", html, files, headers)


def address(path: str) -> str:
    """The address of a page as people open it from outside; empty where `NEXTPLAY_PUBLIC_URL` does not say: no link then."""
    return urljoin(settings.PUBLIC_URL.rstrip("/") + "/", path.lstrip("/")) if settings.PUBLIC_URL else ""


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(_FOLDER)], autoescape=True)
