"""After an upgrade: the list that the earlier version proposed is there, can be decided on, and says where it comes from."""

import json
import re

from nextplay.operations.background.jobs import run_waiting
from nextplay.operations.installation import Installation
from nextplay.operations.wall_clock import wall_clock
from nextplay.program.load import default_text
from tests.web.conftest import SignedIn
from tests.web.test_decisions import first_decision

EARLIER = "An earlier version of nextplay proposed this list."
PROPOSE = "Propose again</b> makes the list anew"


def _of_an_earlier_version(installation: Installation) -> None:
    pointer = installation.home.cycles / "latest.json"
    pointer.write_text(json.dumps(json.loads(pointer.read_text(encoding="utf-8")) | {"code": "other"}), encoding="utf-8")


def _in_a_form_that_nobody_reads(installation: Installation) -> None:
    _of_an_earlier_version(installation)
    for frame in installation.home.cycles.rglob("*.parquet"):
        frame.write_bytes(b"another form")


def _partners(page: str) -> list[str]:
    return re.findall(r'<h3><a data-first href="/partners/([^"]+)"', page)


def test_a_list_of_an_earlier_version_is_shown_whole_with_a_note(served: Installation, signed_in: SignedIn) -> None:
    before = signed_in("admin").get("/focus").content.decode()
    assert EARLIER not in before
    _of_an_earlier_version(served)
    page = signed_in("admin").get("/focus").content.decode()
    assert EARLIER in page
    assert PROPOSE in page
    assert "Only its decisions are here" not in page
    assert _partners(page) == _partners(before)
    seen = signed_in("viewer").get("/focus").content.decode()
    assert EARLIER in seen
    assert PROPOSE not in seen


def test_a_list_that_nobody_reads_any_more_is_decided_on_and_then_made_anew(served: Installation, signed_in: SignedIn) -> None:
    admin = signed_in("admin")
    before = _partners(admin.get("/focus").content.decode())
    _in_a_form_that_nobody_reads(served)
    page = admin.get("/focus").content.decode()
    assert EARLIER in page
    assert "Only its decisions are here" in page
    assert _partners(page) == before
    assert admin.get("/focus/how").content.decode().count("not known</td>") == page.count('class="cap"')
    decision, revision = first_decision(page)
    committed = admin.post(f"/focus/{decision}/commit", {"revision": revision}, follow=True).content.decode()
    assert "Committed." in committed
    for path in ("/focus/how", "/partners", "/learning", f"/partners/{before[1]}"):
        assert admin.get(path).status_code == 200
    assert signed_in("manager").get("/focus").status_code == 200
    admin.post("/focus/propose")
    assert run_waiting(served, now=wall_clock())
    anew = admin.get("/focus").content.decode()
    assert EARLIER not in anew
    assert "Only its decisions are here" not in anew
    assert f'id="d-{decision}"' in anew
    assert "Committed and running" in anew


def test_a_file_put_into_the_home_that_tests_no_signal_is_refused_in_the_words_of_program_check(
    served: Installation, signed_in: SignedIn
) -> None:
    text = default_text().replace("signal: selling_90", "signal: seling_90", 1)
    served.home.program_file.write_text(text, encoding="utf-8")
    admin = signed_in("admin")
    job = admin.post("/focus/propose")["Location"]
    assert run_waiting(served, now=wall_clock())
    assert "Did you mean selling_90" in admin.get(job).content.decode()


def test_a_file_put_into_the_home_that_shows_no_metric_is_refused_in_words_on_the_dashboard(
    served: Installation, signed_in: SignedIn
) -> None:
    served.home.program_file.write_text("cards:\n  - {metric: mood, label: Mood, description: x}\n", encoding="utf-8")
    page = signed_in("admin").get("/dashboard")
    assert page.status_code == 422
    assert "No metric is called &#x27;mood&#x27;" in page.content.decode()
