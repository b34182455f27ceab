"""A page shown again is the page that would be made now, for this person and no other."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from nextplay.operations.installation import Installation
from nextplay.web import page_again
from nextplay.web.page_again import Same
from tests.web.conftest import PEOPLE, SignedIn

DASHBOARD = "/dashboard?segment=Growth"


def text(client: Client, address: str = DASHBOARD, **headers: str) -> str:
    return client.get(address, headers=headers).content.decode()


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_the_second_time_it_is_the_same_page_and_is_not_made(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in("admin")
    first = text(client)
    monkeypatch.setattr(page_again, "render_to_string", None)
    assert without_tokens(text(client)) == without_tokens(first)


def test_everybody_gets_the_own_page(signed_in: SignedIn) -> None:
    assert "Leda Marsh" in text(signed_in("admin"))
    theirs = text(signed_in("viewer"))
    assert "Halle Strand" in theirs
    assert "Leda Marsh" not in theirs


def test_a_form_of_a_page_shown_again_is_trusted(served: Installation) -> None:
    tokens = []
    for role in ("admin", "viewer"):
        client = Client(enforce_csrf_checks=True)
        person = get_user_model().objects.get(email=PEOPLE[role].email)
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        for _ in range(2):
            page = text(client)
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found is not None
        tokens.append(found[1])
        sent = {"csrfmiddlewaretoken": found[1], "known": ["areas"], "shown": ["areas"]}
        assert client.post("/customize/executive", sent).status_code == 303
        assert client.post("/customize/executive", sent | {"csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert tokens[0] != tokens[1]


def test_what_is_hidden_is_gone_at_once_and_for_nobody_else(signed_in: SignedIn) -> None:
    admin, viewer = signed_in("admin"), signed_in("viewer")
    assert "t-areas" in text(admin)
    assert "t-areas" in text(viewer)
    admin.post("/customize/executive", {"known": ["areas"], "shown": []})
    assert "t-areas" not in text(admin)
    assert "t-areas" in text(viewer)


def test_a_theme_shows_at_once(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    assert 'data-theme="dark"' not in text(client)
    client.post("/appearance", {"theme": "dark"})
    assert 'data-theme="dark"' in text(client)


def test_the_part_that_htmx_asks_for_is_never_the_whole_page(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    for _ in range(2):
        assert "<html" in text(client)
        assert "<html" not in text(client, **{"HX-Request": "true"})


def test_same_is_the_very_object_and_not_an_equal_one() -> None:
    one, equal = [1], [1]
    assert Same(one) == Same(one)
    assert hash(Same(one)) == hash(Same(one))
    assert Same(one) != Same(equal)
    assert Same(one) != one
