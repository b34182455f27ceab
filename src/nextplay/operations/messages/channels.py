"""By which ways messages leave: mail by SMTP, named channels by Apprise addresses; from the environment or settings.toml."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from nextplay.home import Home
from nextplay.ledger.channels import channel_addresses

MAIL = "mail"
# Seconds that a server may take for one answer before it counts as dead.
PATIENCE = 10
Security = Literal["starttls", "tls", "none"]
_PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
_TEXTS = ("mail_host", "mail_port", "mail_user", "mail_password", "mail_security", "mail_from")
_CHANNEL = "channel_"


class WrongChannel(ValueError):
    """A setting of mail or of a channel that nextplay cannot use, in one sentence."""


@dataclass(frozen=True)
class MailSettings:
    """One SMTP server and who the mail is from."""

    host: str
    port: int
    security: Security
    user: str
    # Never in a log.
    password: str = field(repr=False)
    sender: str

    @property
    def domain(self) -> str:
        """The domain that the mail is from."""
        return self.sender.rpartition("@")[2].strip("> ") or "localhost"


@dataclass(frozen=True)
class Channel:
    """A named way to a chat or any other service. `kinds`: what it is told; empty: everything meant for the team."""

    name: str
    # Holds a password most times: never in a log, never shown whole.
    url: str = field(repr=False)
    kinds: frozenset[str] = frozenset()
    # Added on a page, and so held to what an admin there may reach.
    by_page: bool = False

    def takes(self, kind: str) -> bool:
        """Whether it is told messages of that kind."""
        return not self.kinds or kind in self.kinds


def mail_settings(home: Home, environment: Mapping[str, str] = os.environ) -> MailSettings | None:
    """How mail leaves, or None: no mail is set up. Raises WrongChannel."""
    said = {name: environment.get(f"NEXTPLAY_{name.upper()}") or home.held.get(name, "") for name in _TEXTS}
    if not said["mail_host"]:
        return None
    security = _security(said["mail_security"])
    port = said["mail_port"] or str(_PORTS[security])
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise WrongChannel(f"NEXTPLAY_MAIL_PORT is {port!r}. Write a port, such as 587.")
    if "@" not in said["mail_from"]:
        raise WrongChannel("NEXTPLAY_MAIL_FROM is no address. Write who mail is from: nextplay@company.example.")
    return MailSettings(
        said["mail_host"], int(port), security, said["mail_user"], said["mail_password"], " ".join(said["mail_from"].split())
    )


def channels_of(home: Home, environment: Mapping[str, str] = os.environ) -> dict[str, Channel]:
    """Named channels: those of the settings page, and `channel_NAME = "address"` in settings.toml or `NEXTPLAY_CHANNEL_NAME`
    in the environment, which win over a page's of the same name.
    """
    kept = {name: Channel(name, url, frozenset(kinds), by_page=True) for name, url, kinds in channel_addresses()}
    said = {key.lower(): url for key, url in home.held.items() if key.lower().startswith(_CHANNEL)}
    prefix = f"NEXTPLAY_{_CHANNEL.upper()}"
    said |= {f"{_CHANNEL}{key.removeprefix(prefix).lower()}": url for key, url in environment.items() if key.startswith(prefix)}
    named = {key.removeprefix(_CHANNEL): Channel(key.removeprefix(_CHANNEL), url) for key, url in said.items() if url}
    return dict(sorted((kept | named).items()))


def _security(written: str) -> Security:
    match written or "starttls":
        case "starttls":
            return "starttls"
        case "tls":
            return "tls"
        case "none":
            return "none"
    raise WrongChannel(f"NEXTPLAY_MAIL_SECURITY is {written!r}. Accepted: starttls, tls, none.")
