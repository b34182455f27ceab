"""Which addresses of channels may come from a page: an admin there is not who runs the machine.

Apprise knows hundreds of services, among them such as act on the machine itself, and options that open its files or ask any
address. From a page only services below count, with options that change how a message looks, and hosts that all the world
reaches. In settings.toml, which only who runs the machine writes, everything that Apprise knows may stand.
"""

import socket
from collections.abc import Collection, Mapping
from ipaddress import ip_address

# Services on a host of their own: what stands in the place of the host is a name or a token.
HOSTED = frozenset({"discord", "gchat", "msteams", "opsgenie", "pagerduty", "slack", "tgram", "webex", "wxteams", "zulip"})
# Services on a host that the address names, plain and with TLS.
_NAMED = ("form", "gotify", "json", "matrix", "mmost", "nctalk", "ntfy", "rocket", "workflow", "xml")
OPEN = frozenset(_NAMED) | frozenset(f"{one}s" for one in _NAMED)
# Options that change how a message looks; others open files, ask other addresses or trust any certificate.
_OPTIONS = frozenset({"avatar", "blocks", "footer", "format", "image", "priority", "tags", "thread", "timestamp", "topic"})
# `+name=`, `-name=` and `:name=` add headers, parameters and names of fields to what is sent.
_ADDED = ("+", "-", ":")
INNER_HOSTS = "inner_hosts"


class UnfitChannel(ValueError):
    """A name or an address that no channel can have, in one sentence."""


def require_fit(address: str, settings: Mapping[str, str]) -> None:
    """Raise UnfitChannel unless a page may name this address. Its text is in no sentence: it may hold a password.

    `settings`: those of settings.toml, whose `inner_hosts` lists hosts of one's own that may be asked all the same.
    """
    # Only who keeps or uses a channel waits for Apprise.
    import apprise
    from apprise.utils.parse import parse_url

    parts = parse_url(address, verify_host=False) or {}
    service = str(parts.get("schema", "")).lower()
    if service not in HOSTED | OPEN:
        known = ", ".join(sorted(HOSTED | frozenset(_NAMED)))
        raise UnfitChannel(
            f"That is no address of a service that may be added here: {known}. Others stand in settings.toml, as channel_NAME."
        )
    others = sorted(one for one in parts["qsd"] if one.lower() not in _OPTIONS and not one.startswith(_ADDED))
    if others:
        raise UnfitChannel(f"Addresses here may not have these options: {', '.join(others)}.")
    if service in OPEN:
        require_outside(str(parts.get("host") or "").strip("[]"), _named(settings))
    if apprise.Apprise.instantiate(address, suppress_exceptions=True) is None:
        raise UnfitChannel("That is no address of a channel. Write one as Apprise does, such as slack://… or jsons://….")


def require_outside(host: str, named: Collection[str]) -> None:
    """Raise UnfitChannel where a host is this machine or in its network, and not named. One that nobody knows harms nobody."""
    if host.lower() in named:
        return
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return
    if not all(_outside(one) for one in found):
        raise UnfitChannel(
            f"That host is this machine or in its own network. If it is meant, add it to {INNER_HOSTS} in settings.toml."
        )


def _outside(text: str) -> bool:
    address = ip_address(text.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or address
    return bool(inner.is_global and not inner.is_multicast)


def _named(settings: Mapping[str, str]) -> frozenset[str]:
    return frozenset(one.strip().lower() for one in settings.get(INNER_HOSTS, "").split(",") if one.strip())
