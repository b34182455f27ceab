"""Keeps what a benchmark measured in docs/benchmarks.md, each in its own section."""

from pathlib import Path

REPORT = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def keep_section(title: str, command: str, lines: list[str]) -> None:
    """Replace the section, or add it."""
    text = REPORT.read_text(encoding="utf-8") if REPORT.exists() else "# Benchmarks\n"
    before, _, rest = text.partition(f"\n## {title}\n")
    after = rest[rest.index("\n## ") :] if "\n## " in rest else "\n"
    body = "\n".join(["", f"Made by {command}, on 2 cores.", "", *lines])
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(f"{before.rstrip()}\n\n## {title}\n{body}\n{after.rstrip()}\n".rstrip() + "\n", encoding="utf-8")
