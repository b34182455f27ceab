"""Trying a changed program on a page: for admins, refused in words, and run as a job."""

from datetime import UTC, datetime

from django.urls import reverse

from nextplay.operations.background.jobs import run_waiting
from nextplay.operations.installation import Installation
from nextplay.program.load import default_text
from tests.web.conftest import SignedIn

NO_SIGNAL = default_text().replace("signal: selling_90", "signal: seling_90", 1)


def test_a_changed_program_is_replayed_as_a_job_and_told_on_the_page(served: Installation, signed_in: SignedIn) -> None:
    admin = signed_in("admin")
    text = served.home.program_file.read_text(encoding="utf-8").replace("hours: 24", "hours: 8")
    sent = admin.post(reverse("replay"), {"text": text, "first": "2026-04", "last": "2026-04"})
    assert sent.status_code == 303
    assert run_waiting(served, now=datetime.now(UTC))  # noqa: TID251 a job is taken up when it is
    page = admin.get(sent["Location"]).content.decode()
    assert "Month by month" in page
    assert "2026-04" in page
    assert "Refused" in page or "No decision was left to chance" in page


def test_what_is_no_program_and_months_not_over_are_said_and_kept_in_the_form(signed_in: SignedIn) -> None:
    admin = signed_in("admin")
    wrong = admin.post(reverse("replay"), {"text": "capacity: {default_hours: many}", "first": "2026-04", "last": "2026-04"})
    assert wrong.status_code == 422
    assert "default_hours: many" in wrong.content.decode()
    untested = admin.post(reverse("replay"), {"text": NO_SIGNAL, "first": "2026-04", "last": "2026-04"})
    assert untested.status_code == 422
    assert "Did you mean selling_90" in untested.content.decode()
    for first, last in (("2026-05", "2026-04"), ("April", "2026-05"), ("2026-04", "2190-01")):
        assert admin.post(reverse("replay"), {"text": "name: X", "first": first, "last": last}).status_code == 422


def test_only_admins_replay(signed_in: SignedIn) -> None:
    for role in ("manager", "viewer", "partner"):
        assert signed_in(role).post(reverse("replay"), {"text": "name: X"}).status_code == 404
