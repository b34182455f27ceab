"""The pages as `nextplay serve` serves them, and beside them one of the same size that is a constant: what Django alone costs.

Both pass the same middleware and ask for the same session and person; only what answers differs.
"""

import os
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from nextplay.wsgi import application

__all__ = ["application", "urlpatterns"]

CONSTANT = Path(os.environ["NEXTPLAY_BENCH_CONSTANT"])


def constant(_request: HttpRequest) -> HttpResponse:
    """What a dashboard's page was when it was saved."""
    return HttpResponse(_saved())


def _saved() -> str:
    if not hasattr(_saved, "text"):
        _saved.text = CONSTANT.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    return str(_saved.text)  # type: ignore[attr-defined]


settings.ROOT_URLCONF = __name__
# Imported only now: importing `application` readied Django.
urlpatterns = [path("constant", constant), *import_module("nextplay.urls").urlpatterns]
