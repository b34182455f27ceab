"""Which partners an address asks for: the same words on the list, in its files, and in a refresh of their scores."""

from dataclasses import fields

from django.http import QueryDict

from nextplay.operations.narrowing import Narrowing


def narrowing_of(query: QueryDict) -> Narrowing:
    """What a query names; empty parts ask for nothing."""
    named = {field.name: query.get(field.name, "") for field in fields(Narrowing)}
    return Narrowing(**{name: value for name, value in named.items() if value})
