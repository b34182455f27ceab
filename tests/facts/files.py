"""Files as users hand them over, and an import of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse
from nextplay.home import Home, create_home
from nextplay.operations.data.import_facts import ImportReport, import_facts
from nextplay.operations.installation import Installation

NOW = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
PARTNERS = "partner_id,name,lifecycle_stage\np1,Alpha,active\np2,Beta,signed\n"
DEALS = (
    "deal_id,partner_id,stage,amount,currency,opened_at\nd1,p1,proposal,100,USD,2026-01-10\nd2,p2,won,250.50,USD,2026-02-10\n"
)


def write(folder: Path, **texts: str) -> list[Path]:
    """One CSV a table; the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in texts.items():
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


class Desk:
    """A home with facts, and short ways to import into it and look."""

    def __init__(self, folder: Path, facts_url: str | None = None) -> None:
        """Facts are DuckDB in the folder, unless an address says otherwise."""
        self.folder = folder
        self.home: Home = create_home(folder / "home", facts_url=facts_url)
        self.installation = Installation(self.home)
        self._files = 0

    @property
    def warehouse(self) -> Warehouse:
        """The facts."""
        return self.installation.warehouse

    def load(self, *paths: Path, now: datetime = NOW, **more: Any) -> ImportReport:
        """Import files."""
        return import_facts(self.installation, list(paths), actor="ana", now=now, **more)

    def load_text(self, now: datetime = NOW, texts: dict[str, str] | None = None, **more: Any) -> ImportReport:
        """Import texts, given by table; other arguments go to the import."""
        tables = {name: more.pop(name) for name in list(more) if isinstance(more[name], str) and name != "table"} | (
            texts or {}
        )
        self._files += 1
        return self.load(*write(self.folder / f"in{self._files}", **tables), now=now, **more)

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Stored rows, in order."""
        frame = self.warehouse.read(stored(table))
        return sorted((frame.select(columns) if columns else frame).rows(), key=str)

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All stored rows of the contract."""
        return {
            name: self.rows(name) for name in ("partners", "contacts", "accounts", "deals", "revenue", "activities", "changes")
        }


DeskMaker = Callable[[], Desk]
