"""Who is at the other end, where a proxy stands between: what it forwards counts only if it is one of ours."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

Network = IPv4Network | IPv6Network


class BehindProxies:
    """Puts the address of whoever asked where everything else reads it: the journal, and the counting of wrong passwords."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response, self._trusted = get_response, networks(settings.TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the address of the far end."""
        near, forwarded = request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
        request.META["REMOTE_ADDR"] = far_end(near, forwarded, self._trusted)
        return self._get_response(request)


def networks(said: str) -> tuple[Network, ...]:
    """Addresses and networks as the setting lists them, with commas between. Raises ImproperlyConfigured."""
    try:
        return tuple(ip_network(one.strip(), strict=False) for one in said.split(",") if one.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"trusted_proxies: {error}. Write addresses or networks: 127.0.0.1, 10.0.0.0/8.") from error


def far_end(near: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The last address that no trusted proxy stands for. Anybody can write what stands before it: that is never read."""
    hops = [one.strip() for one in forwarded.split(",")]
    while hops and _is_address(hops[-1]) and _ours(near, trusted):
        near = hops.pop()
    return near


def _ours(address: str, trusted: Sequence[Network]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
