"""Reads and writes of people: who may sign in, and how pages look for them."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet, Value
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from nextplay.ledger import links, messages
from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Availability, Hidden, Person, Subscription
from nextplay.ledger.records import PersonRecord

_LARGEST_KEY = 2**63
# Who may make links to partners' pages, and hold a calendar feed.
_DECIDE = ("admin", "manager")


class PersonExists(ValueError):
    """Somebody signs in with that address already."""


class UnknownPerson(LookupError):
    """Nobody signs in with that address."""


class LastAdmin(ValueError):
    """Nobody would be left who can let people in."""


class ChangedMeanwhile(RuntimeError):
    """Somebody else changed the same thing since it was shown."""


class LinkUsedUp(ValueError):
    """A link to set a password that was used, has run out, or never was: which of them, nobody is told."""


class WeakPassword(ValueError):
    """The password would be guessed."""


class NoAddress(ValueError):
    """That is no e-mail address."""


@transaction.atomic
def add_person(record: PersonRecord, *, password: str | None, actor: str, now: datetime) -> PersonRecord:
    """Let somebody sign in; without a password, once they have set one by a link.

    Raises PersonExists, NoAddress or WeakPassword.
    """
    email = _address(record.email)
    person = Person(email=email, name=record.name, role=record.role, partner_id=record.partner_id, created_at=now)
    if password is None:
        person.set_unusable_password()
    else:
        _give_password(person, password)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise PersonExists(f"{email} signs in already. Use `nextplay user set-password {email}` for a new password.") from error
    write_line(at=now, actor=actor, verb="add person", subject=f"person {email}", details={"role": record.role})
    return _record(person)


@transaction.atomic
def set_password(email: str, *, password: str, actor: str, now: datetime) -> PersonRecord:
    """Give a new password; sessions of the old one end. Raises UnknownPerson or WeakPassword."""
    person = _locked(email)
    _give_password(person, password)
    person.save()
    write_line(at=now, actor=actor, verb="set password", subject=f"person {person.email}")
    return _record(person)


@transaction.atomic
def change_person(
    email: str,
    *,
    role: str | None = None,
    partner_id: str | None = None,
    active: bool | None = None,
    seen: PersonRecord | None = None,
    actor: str,
    now: datetime,
) -> PersonRecord:
    """Give another role, with the organization that goes with it or none; shut out or let back in.

    `seen` is the person as the one who changes saw them. Raises UnknownPerson, ChangedMeanwhile, and LastAdmin where no
    admin would be left.
    """
    # All admins, so that two who shut each other out at once do not both succeed.
    admins = set(
        Person.objects.select_for_update().filter(role="admin", is_active=True).order_by("pk").values_list("pk", flat=True)
    )
    person = _locked(email)
    if seen is not None and (seen.role, seen.partner_id, seen.active) != (person.role, person.partner_id, person.is_active):
        raise ChangedMeanwhile(f"{person.email} was changed by somebody else since you opened the page. Look again.")
    if admins == {person.pk} and (role not in (None, "admin") or active is False):
        raise LastAdmin(f"{person.email} is the last admin. Make somebody else an admin first.")
    if role is not None:
        person.role, person.partner_id = role, partner_id
    person.is_active = person.is_active if active is None else active
    person.save()
    _let_go(person, actor=actor, now=now)
    details = {"role": person.role, "partner_id": person.partner_id, "active": person.is_active}
    write_line(at=now, actor=actor, verb="change person", subject=f"person {person.email}", details=details)
    return _record(person)


def _let_go(person: Person, *, actor: str, now: datetime) -> None:
    """End what would outlive somebody's rights: links made by or for them, mail that waits, their calendar feed."""
    if not person.is_active:
        messages.drop_waiting(person.email, reason="Shut out before it was sent.", actor=actor, now=now)
        links.revoke_links(Q(sent_to__iexact=person.email), actor=actor, now=now)
    if not person.is_active or person.role not in _DECIDE:
        links.revoke_links(Q(made_by__iexact=person.email), actor=actor, now=now)
        _end_feed(person, actor=actor, now=now)


def _end_feed(person: Person, *, actor: str, now: datetime) -> None:
    opens = Subscription.objects.filter(person=person).exclude(feed_digest="")
    if opens.update(feed_digest="", feed_made_at=None, feed_used_at=None):
        write_line(at=now, actor=actor, verb="revoke feed", subject=f"person {person.email}")


@transaction.atomic
def make_password_link(email: str, *, actor: str, now: datetime) -> tuple[str, str]:
    """Who and token of a link by which a person sets a password once, within three days. Raises UnknownPerson.

    Signed over the password and the last sign-in: whichever changes first ends every link made before.
    """
    person = _locked(email)
    write_line(at=now, actor=actor, verb="make password link", subject=f"person {person.email}")
    return urlsafe_base64_encode(str(person.pk).encode()), default_token_generator.make_token(person)


def person_of_link(who: str, token: str) -> PersonRecord:
    """Whose password a link sets. Raises LinkUsedUp."""
    return _record(_of_link(Person.objects.all(), who, token))


@transaction.atomic
def set_password_by_link(who: str, token: str, *, password: str, now: datetime) -> PersonRecord:
    """Give the password that the holder of a link chose; the link is then of no more use. Raises LinkUsedUp, WeakPassword."""
    person = _of_link(Person.objects.select_for_update(), who, token)
    _give_password(person, password)
    person.save()
    write_line(at=now, actor=person.email, verb="set password", subject=f"person {person.email}", details={"by": "link"})
    return _record(person)


@transaction.atomic
def note_sign_in(email: str, *, now: datetime) -> None:
    """Write down that somebody signed in. Raises UnknownPerson."""
    person = _locked(email)
    person.last_login = now
    person.save(update_fields=["last_login"])
    write_line(at=now, actor=person.email, verb="sign in", subject=f"person {person.email}")


def people() -> list[PersonRecord]:
    """Everybody, by address."""
    return [_record(person) for person in Person.objects.order_by("email")]


def person(email: str) -> PersonRecord | None:
    """The person who signs in with an address, or None."""
    row = Person.objects.filter(email=email.strip().lower()).first()
    return _record(row) if row else None


@transaction.atomic
def change_appearance(email: str, changed: dict[str, str], *, now: datetime) -> dict[str, str]:
    """Keep how pages look for one person. Raises UnknownPerson."""
    row = _locked(email)
    row.appearance = {**row.appearance, **changed}
    row.save()
    write_line(at=now, actor=row.email, verb="change appearance", subject=f"person {row.email}", details=changed)
    return dict(row.appearance)


@transaction.atomic
def change_name(email: str, name: str, *, now: datetime) -> PersonRecord:
    """Keep what a person is called. Raises UnknownPerson."""
    row = _locked(email)
    row.name = name
    row.save()
    write_line(at=now, actor=row.email, verb="change name", subject=f"person {row.email}", details={"name": name})
    return _record(row)


def hidden_items(email: str, view: str) -> frozenset[str]:
    """Tiles and cards that a person does not see in a view: their own choice, and what an admin took out for everybody."""
    own, unavailable = hidden_and_unavailable(email, view)
    return own | unavailable


def hidden_and_unavailable(email: str, view: str) -> tuple[frozenset[str], frozenset[str]]:
    """What a person hid in a view, and what an admin took out of it, in one question: every page of the view asks it."""
    own = Hidden.objects.filter(person__email=email, view=view).values_list("item", Value(value=False))
    taken = Availability.objects.filter(view=view).values_list("item", Value(value=True))
    items = list(own.union(taken, all=True))
    return frozenset(item for item, out in items if not out), frozenset(item for item, out in items if out)


def unavailable_items(view: str) -> frozenset[str]:
    """Tiles and cards that an admin took out of a view."""
    return frozenset(Availability.objects.filter(view=view).values_list("item", flat=True))


@transaction.atomic
def hide_items(email: str, view: str, items: frozenset[str], *, now: datetime) -> frozenset[str]:
    """Make exactly these items of a view the hidden ones, for this person only. Raises UnknownPerson."""
    row = _locked(email)
    held = Hidden.objects.filter(person=row, view=view)
    held.exclude(item__in=items).delete()
    there = set(held.values_list("item", flat=True))
    Hidden.objects.bulk_create(Hidden(person=row, view=view, item=item) for item in sorted(items - there))
    write_line(at=now, actor=row.email, verb="hide", subject=f"view {view}", details={"items": sorted(items)})
    return hidden_items(email, view)


@transaction.atomic
def offer_items(view: str, unavailable: frozenset[str], *, actor: str, now: datetime) -> None:
    """Take exactly these items out of a view for everybody."""
    Availability.objects.filter(view=view).exclude(item__in=unavailable).delete()
    there = unavailable_items(view)
    Availability.objects.bulk_create(Availability(view=view, item=item) for item in sorted(unavailable - there))
    write_line(at=now, actor=actor, verb="offer", subject=f"view {view}", details={"unavailable": sorted(unavailable)})


def _of_link(rows: QuerySet[Person], who: str, token: str) -> Person:
    try:
        pk = int(urlsafe_base64_decode(who).decode("ascii"))
    except (ValueError, OverflowError):
        pk = 0
    found = rows.filter(pk=pk, is_active=True).first() if 0 < pk < _LARGEST_KEY else None
    if found is None or not default_token_generator.check_token(found, token):
        raise LinkUsedUp("This link has been used, or its three days are over. Ask an admin for a new one.")
    return found


def _locked(email: str) -> Person:
    row = Person.objects.select_for_update().filter(email=email.strip().lower()).first()
    if row is None:
        raise UnknownPerson(f"Nobody signs in as {email}. `nextplay user list` shows who does.")
    return row


def _address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise NoAddress(f"{email!r} is no e-mail address. Write it as name@company.example.") from error
    return address


def _give_password(person: Person, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages)) from error
    person.set_password(password)


def _record(row: Person) -> PersonRecord:
    return PersonRecord(
        email=row.email,
        name=row.name,
        role=row.role,
        partner_id=row.partner_id,
        active=row.is_active,
        last_sign_in=row.last_login,
        invited=not row.has_usable_password(),
    )
