"""The short summary as the profile shows it: what it rests on opens, and what somebody wrote stays text."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from nextplay.home import create_home
from nextplay.operations.installation import Installation
from nextplay.operations.partners.analyze import analyze
from nextplay.web.jobs_shown import shown_account
from nextplay.web.scores import scores_of
from tests.stories import activity, document, load, partner

pytestmark = pytest.mark.django_db


def test_each_sentence_opens_what_it_rests_on_and_the_account_tells_of_the_texts(tmp_path: Path, now: datetime) -> None:
    opened = Installation(create_home(tmp_path / "home"))
    opened.home.program_file.write_text("rubric: {read_also: [commits_to_date]}\n", encoding="utf-8")
    at = now.replace(tzinfo=None) - timedelta(days=3)
    said = "We will call <b>Ada & Co</b> on Friday. We will send you “five” names by Monday."
    load(opened.warehouse, "partners", partner("p1", employee_count=40))
    load(opened.warehouse, "activities", activity("p1", "deal_registered", at))
    load(opened.warehouse, "documents", document("d/1", "p1", said, written_at=at))
    report = analyze(opened, now=now)
    shown = scores_of(opened, "p1", now=now)
    opened.close()
    summary = shown["summary"]
    links = [rest.url for sentence in summary.sentences for rest in sentence.rests]  # type: ignore[attr-defined]
    assert "/partners/p1/documents/d/1?start=40&end=80#quote" in links
    # The sentence with markup was not written for people: it is no evidence.
    assert not any("Ada" in sentence.text for sentence in summary.sentences)  # type: ignore[attr-defined]
    account = shown_account(report.as_json())
    assert account.texts == ("Documents: 1 new or changed and read, 0 known from before.",)
    assert account.texts[0] in render_to_string("nextplay/parts/refreshed.html", {"account": account})
