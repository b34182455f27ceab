"""Handing one message to a mail server or a channel: it was taken, or a sentence why not and whether trying again helps."""

import base64
import contextlib
import hmac
import logging
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate
from functools import cached_property

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from nextplay.home import Home
from nextplay.ledger.records import MessageRecord
from nextplay.operations.messages.channel_addresses import UnfitChannel, require_fit
from nextplay.operations.messages.channels import MAIL, PATIENCE, Channel, MailSettings, channels_of, mail_settings

# Signs that address everybody of a chat, or begin its markup: a partner's name must do neither.
_CHAT_SIGNS = str.maketrans({"<": "‹", ">": "›", "@": "@\u200b"})
# A server may answer with a page: a line of it is enough.
_LONGEST_ERROR = 300


class Undelivered(RuntimeError):
    """A message did not go out.

    `for_good`: trying again cannot help, as with an address that does not exist. `dead`: nothing else goes out that way now.
    """

    def __init__(self, sentence: str, *, for_good: bool = False, dead: bool = True) -> None:
        super().__init__(" ".join(sentence.split())[:_LONGEST_ERROR])
        self.for_good, self.dead = for_good, dead and not for_good


class NoChannel(Undelivered):
    """The way that a message was meant for is not set up."""


@dataclass
class Post:
    """What messages leave by, for one round of sending: one connection to the mail server, opened when first needed."""

    home: Home

    @cached_property
    def mail(self) -> MailSettings | None:
        """How mail leaves."""
        return mail_settings(self.home)

    @cached_property
    def channels(self) -> dict[str, Channel]:
        """The named channels."""
        return channels_of(self.home)

    @cached_property
    def _backend(self) -> EmailBackend:
        if self.mail is None:
            raise NoChannel("No mail is set up. The message can be read in nextplay.")
        return EmailBackend(
            host=self.mail.host,
            port=self.mail.port,
            username=self.mail.user,
            password=self.mail.password,
            use_tls=self.mail.security == "starttls",
            use_ssl=self.mail.security == "tls",
            timeout=PATIENCE,
        )

    def deliver(self, message: MessageRecord) -> None:
        """Hand the message over; it is the server's once this returns. Raises Undelivered."""
        if message.channel == MAIL:
            self._by_mail(message)
        elif message.channel in self.channels:
            _by_channel(self.channels[message.channel], message, self._token(message), self.home)
        else:
            raise NoChannel(f"There is no channel {message.channel}. The message can be read in nextplay.")

    def close(self) -> None:
        """Say goodbye to the mail server. What it took, it took: how it answers changes nothing."""
        backend = self.__dict__.pop("_backend", None)
        if backend is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                backend.close()

    def _token(self, message: MessageRecord) -> str:
        """The same for the same message on every try, and on no other installation."""
        return hmac.new(self.home.secret_key.encode(), message.key.encode(), "sha256").hexdigest()[:40]

    def _by_mail(self, message: MessageRecord) -> None:
        backend = self._backend
        try:
            # Opened apart from sending: sending would close it too, and an unfriendly goodbye is no failure.
            backend.open()
            backend.send_messages([self._letter(message)])
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self.close()
            raise _undelivered(error) from error

    def _letter(self, message: MessageRecord) -> EmailMultiAlternatives:
        sender, domain = (self.mail.sender, self.mail.domain) if self.mail else ("", "")
        written = message.written_at or message.next_try_at
        headers = {
            "Message-ID": f"<{self._token(message)}@{domain}>",
            **({"Date": formatdate(written.timestamp())} if written else {}),
            "Auto-Submitted": "auto-generated",
            **message.headers,
        }
        letter = EmailMultiAlternatives(message.subject, message.text, sender, [message.person], headers=headers)
        if message.html:
            letter.attach_alternative(message.html, "text/html")
        for file in message.files:
            content = base64.b64decode(file.content)
            # Text goes as text: a calendar's invitation is only shown as one when its type says so.
            letter.attach(file.name, content.decode() if file.media_type.startswith("text/") else content, file.media_type)
        return letter


def _undelivered(error: Exception) -> Undelivered:
    """What a failure of the mail server means for this message and for the next."""
    if isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
        return _answered(error)
    # The library tells a server that says nothing as one that went away.
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return Undelivered(f"The mail server did not answer in {PATIENCE} seconds.")
    match error:
        case smtplib.SMTPServerDisconnected():
            return Undelivered("The mail server cut the connection. Whether it took the message cannot be known.")
        case ValueError():
            return Undelivered(f"This is no message that can be sent: {error}", for_good=True)
    return Undelivered(f"The mail server cannot be reached: {error}")


def _answered(error: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> Undelivered:
    """A no that was said: to this address, to this message, to us, or to everything just now."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return Undelivered(f"The mail server refused the address: {code} {_read(said)}", for_good=code >= 500, dead=False)
    code, answer = error.smtp_code, _read(error.smtp_error)
    if isinstance(error, smtplib.SMTPDataError):
        return Undelivered(f"The mail server refused the message: {code} {answer}", for_good=code >= 500, dead=False)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Undelivered("The mail server refused the user or the password.")
    return Undelivered(f"The mail server answered {code} {answer}")


def _read(said: bytes | str) -> str:
    return said.decode("utf-8", errors="replace") if isinstance(said, bytes) else said


def _by_channel(channel: Channel, message: MessageRecord, token: str, home: Home) -> None:
    # Knows a hundred services and takes its time to: only who sends to one waits for it.
    import apprise

    if channel.by_page:
        _require_fit(channel, home)
    plugin = apprise.Apprise.instantiate(channel.url, suppress_exceptions=True)
    if plugin is None:
        raise Undelivered(f"The address of the channel {channel.name} is none that can be used.")
    # Where a service sends on to was never looked at.
    plugin.redirects = not channel.by_page
    plugin.socket_connect_timeout = plugin.socket_read_timeout = PATIENCE
    # Services that take headers are told by a key when they see a message again.
    headers = getattr(plugin, "headers", None)
    if isinstance(headers, dict):
        headers["Idempotency-Key"] = token
    with _warnings() as said:
        taken = plugin.notify(body=message.text.translate(_CHAT_SIGNS), title=message.subject.translate(_CHAT_SIGNS))
    if not taken:
        raise Undelivered(f"The channel {channel.name} did not take it. {said[-1] if said else ''}")


def _require_fit(channel: Channel, home: Home) -> None:
    """Asked anew for each message: a name may lead elsewhere by now. Raises Undelivered."""
    try:
        require_fit(channel.url, home.held)
    except UnfitChannel as error:
        raise Undelivered(f"The channel {channel.name} is not used. {error}", for_good=True) from error


@contextlib.contextmanager
def _warnings() -> Iterator[list[str]]:
    """What Apprise says while it fails: the only place where it says why."""
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger, listener = logging.getLogger("apprise"), Listener(logging.WARNING)
    kept = logger.propagate
    logger.addHandler(listener)
    logger.propagate = False
    try:
        yield said
    finally:
        logger.removeHandler(listener)
        logger.propagate = kept
