"""Addresses as others open them: in mail, in a browser's address line, in a calendar program."""

from django.http import HttpRequest

from nextplay.operations.messages.letters import address


def whole_address(request: HttpRequest, path: str) -> str:
    """A path in full: under the address people open, where one is set, whatever host the request names itself."""
    return address(path) or request.build_absolute_uri(path)
