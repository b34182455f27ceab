"""A dashboard as a file, from the command line."""

import re
from datetime import UTC, datetime
from pathlib import Path

from pypdf import PdfReader

from tests import files
from tests.running import done, nextplay

TODAY = datetime.now(UTC).date()  # noqa: TID251 the commands read the real clock


def test_both_dashboards_are_printed_with_all_that_is_offered(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done("init", "--home", home)
    done("import", "--home", home, *files.first_month(tmp_path, TODAY))
    for view, titles in (
        ("executive", ("Growth explained", "AI strengths", "Segment benchmark", "Concentration", "Pipeline by industry")),
        ("lifecycle", ("From stage to stage", "Partners by region", "Gaps worth closing", "of 12 profiles")),
    ):
        target = tmp_path / f"{view}.pdf"
        answer = done("dashboard", view, "--home", home, "--output", target, "--json").answer
        assert answer == {"view": view, "file": str(target), "bytes": target.stat().st_size}
        read = re.sub(r"\s+", "", " ".join(page.extract_text() for page in PdfReader(target).pages))
        assert all(title.replace(" ", "") in read for title in titles)
        assert "Salesvelocity" not in read
    refused = nextplay("dashboard", "executive", "--home", home, "--output", tmp_path / "pack.docx")
    assert refused.code != 0
    assert not (tmp_path / "pack.docx").exists()
