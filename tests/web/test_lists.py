"""Lists hold what they say they hold."""

import csv
import io
import re

from django.test import Client
from django.urls import reverse

from nextplay.analysis.criteria import MEASURES
from nextplay.facts.tables import stored
from nextplay.ledger.jobs import record_import
from nextplay.operations.background.jobs import latest_jobs, run_waiting, submit
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import OPERATOR
from nextplay.web.here import moment
from tests.stories import ALWAYS, load
from tests.web.conftest import PEOPLE, SignedIn


def body(client: Client, address: str, **more: object) -> str:
    answer = client.get(address, **more)  # type: ignore[arg-type]
    assert answer.status_code == 200, address
    return answer.content.decode()


def listed(page: str) -> int:
    """How many partners the list says it holds."""
    found = re.search(r'<p class="lead">([\d,]+) partners?', page)
    assert found
    return int(found[1].replace(",", ""))


def test_the_export_holds_the_list_as_it_is_filtered(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    for query in ("search=sys", "stage=active&manager=ines.quillon@quillharbor.example", "region=DACH&tier=Gold"):
        wanted = listed(body(client, f"/partners?{query}"))
        answer = client.get(f"/partners/export.csv?{query}&sort=name")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert len(list(csv.DictReader(io.StringIO(text)))) == wanted, query


def test_a_filter_from_another_page_is_named_kept_and_can_be_taken_away(signed_in: SignedIn) -> None:
    page = body(signed_in("admin"), "/partners?region=%3Cb%3E&segment=Growth")
    assert "Covers &lt;b&gt;" in page
    assert '<input type="hidden" name="region" value="&lt;b&gt;">' in page
    assert 'href="?segment=Growth"' in page


def test_a_card_says_why_it_has_its_tone_and_what_active_means(signed_in: SignedIn) -> None:
    titles = re.findall(r'<a class="metric [^"]*" href="[^"]*" title="([^"]*)"', body(signed_in("viewer"), "/dashboard"))
    assert len(titles) == 8
    assert all(titles)
    assert any("Active: " in title for title in titles)


def test_past_imports_are_listed_wherever_they_were_started(served: Installation, signed_in: SignedIn) -> None:
    gone = {"table": "deals", "added": 3, "updated": 0, "unchanged": 1, "removed": 0, "rejected": 2}
    report = {"tables": [gone], "rejected_files": ["/elsewhere/deals_rejected_1.csv", "/elsewhere/deals_rejected_2.csv"]}
    record_import(report, actor="<b>cli</b>", now=moment())
    served.home.rejected.mkdir(parents=True, exist_ok=True)
    (served.home.rejected / "deals_rejected_1.csv").write_text("deal_id\n", encoding="utf-8")
    page = body(signed_in("admin"), "/data")
    assert "Rows: 3 added, 1 unchanged, 2 left out." in page
    assert "&lt;b&gt;cli&lt;/b&gt;" in page
    assert reverse("rejected", args=["deals_rejected_1.csv"]) in page
    assert "deals_rejected_2.csv" not in page


def test_past_runs_tell_of_work_and_not_of_questions(served: Installation, signed_in: SignedIn) -> None:
    for verb in ("list_partners", "analyze"):
        submit(verb, {}, actor="operator", now=moment())
    while run_waiting(served, now=moment()):
        pass
    page = body(signed_in("admin"), "/data")
    assert "Refresh of scores" in page.split("Past runs")[1]
    assert "List partners" not in page


def test_each_criterion_opens_its_rows_and_no_role_sees_what_is_not_theirs(analyzed: Installation, signed_in: SignedIn) -> None:
    at = "/partners/PTR-007/evidence/"
    shown = body(signed_in("viewer"), "/partners/PTR-007")
    for name in MEASURES:
        assert f'href="{at}{name}"' in shown
        assert signed_in("viewer").get(f"{at}{name}").status_code == 200
    deals = stored("deals")
    own = analyzed.warehouse.read(deals.filter(deals.partner_id == "PTR-007"))["deal_id"].to_list()
    assert any(deal in body(signed_in("admin"), f"{at}win_rate") for deal in own)
    for address in (f"{at}win_rate", f"{at}charm", "/scores/how", "/scores/validity"):
        assert signed_in("partner").get(address).status_code == 404
    assert signed_in("admin").get(f"{at}charm").status_code == 404


def test_a_document_marks_the_quote_and_runs_nothing_in_it(served: Installation, signed_in: SignedIn) -> None:
    hostile = "Hello <script>alert(1)</script> they said it."
    row = {"document_id": "D/1", "partner_id": "PTR-007", "kind": "call_note", "author": "partner", "text": hostile}
    load(served.warehouse, "documents", row | {"observed_at": ALWAYS, "written_at": ALWAYS})
    page = body(signed_in("admin"), "/partners/PTR-007/documents/D/1?start=6&end=31")
    assert '<mark id="quote">&lt;script&gt;alert(1)&lt;/script&gt;</mark>' in page
    assert "<script>alert" not in page
    assert "<mark" not in body(signed_in("admin"), "/partners/PTR-007/documents/D/1?start=6&end=900")
    for role, address in (("partner", "/partners/PTR-007/documents/D/1"), ("admin", "/partners/PTR-008/documents/D/1")):
        assert signed_in(role).get(address).status_code == 404


def test_a_manager_refreshes_their_own_partners_and_no_others(served: Installation, signed_in: SignedIn) -> None:
    partners = stored("partners")
    rows = served.warehouse.read(partners.filter(partners.manager_email.notnull())[["partner_id", "manager_email"]])
    owners = dict(rows.iter_rows())
    me = PEOPLE["manager"].email
    own = next(name for name, owner in owners.items() if owner == me)
    other = next(name for name, owner in owners.items() if owner != me)
    assert signed_in("manager").post(reverse("refresh-scores", args=[other])).status_code == 404
    assert signed_in("viewer").post(reverse("refresh-scores", args=[own])).status_code == 404
    assert signed_in("manager").post(reverse("refresh-scores", args=[own])).status_code == 303
    signed_in("manager").post(f"{reverse('analyze')}?stage=active&sort=name")
    newest = latest_jobs(OPERATOR)[0]
    assert newest.arguments == {"narrowing": {"stage": "active"}, "manager_email": me}
    while run_waiting(served, now=moment()):
        pass
    found = latest_jobs(OPERATOR)[0].result
    assert found is not None
    assert 0 < found["partners_read"] < sum(owner == me for owner in owners.values())
    page = body(signed_in("manager"), reverse("job", args=[newest.job_id]))
    assert "for the first time" in page
    assert "What could not be read, and why" in page


def test_a_profile_shows_no_work_but_its_own_refresh(served: Installation, signed_in: SignedIn) -> None:
    partners = stored("partners")
    me = PEOPLE["manager"].email
    own, other = served.warehouse.read(partners.filter(partners.manager_email == me)[["partner_id"]])["partner_id"][:2]
    profile = reverse("partner", args=[own])
    mine = submit("analyze", {"partner_id": own}, actor=me, now=moment())
    others = [
        submit("analyze", {"partner_id": other}, actor=me, now=moment()),
        submit("validity", {}, actor=me, now=moment()),
        submit("analyze", {"partner_id": own}, actor=PEOPLE["admin"].email, now=moment()),
        999_999,
    ]
    waits = "Waits for its turn"
    assert waits in body(signed_in("manager"), f"{profile}?job={mine}")
    for job_id in others:
        assert waits not in body(signed_in("manager"), f"{profile}?job={job_id}"), job_id
