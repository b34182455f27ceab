"""The pages of the settings, in the order they stand beside each other."""

SECTIONS = (
    ("settings", "People"),
    ("portfolios", "Portfolios and hours"),
    ("program-file", "Program file"),
    ("channels", "Channels"),
    ("outbox", "Outbox"),
    ("tokens", "Links"),
    ("sample-data", "Sample data"),
)


def sections(here: str) -> dict[str, object]:
    """What the line of links needs: all sections, and which is open."""
    return {"sections": SECTIONS, "section": here}
