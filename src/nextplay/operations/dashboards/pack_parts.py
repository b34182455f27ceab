"""What a board pack is made of: cards, and tiles with a chart, tables and notes. Text only; it is set in type elsewhere."""

from dataclasses import dataclass

# So many groups stand beside each other on a page; more go into a table of their own.
MOST_GROUPS = 6
# Beyond the first a text is cut, since it would fill a page by itself; a word beyond the second may break where a line ends.
LONGEST = (300, 24)
LONGEST_IN = {"said": (1000, 24), "cards": (160, 16), "tables": (120, 11)}
# Room to break a word, with nothing to see.
BREAK = "\N{ZERO WIDTH SPACE}"


@dataclass(frozen=True)
class PackCard:
    """A card of the pack, as text; `spark` is its trend as a picture, or empty."""

    label: str
    value: str
    note: str
    tone: str = ""
    word: str = ""
    moved: str = ""
    more: tuple[str, ...] = ()
    spark: str = ""


@dataclass(frozen=True)
class PackColumn:
    """A column's head, what stands small below it, its width beside the others', and whether it holds numbers."""

    label: str
    below: str = ""
    width: float = 1.0
    number: bool = True


@dataclass(frozen=True)
class PackTable:
    """Lines of text under heads."""

    columns: tuple[PackColumn, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PackTile:
    """A tile. `item` is the name it is hidden by, `name` that of its chart; `svg` is empty where nothing is drawn."""

    item: str
    name: str
    title: str
    finding: str = ""
    svg: str = ""
    tables: tuple[PackTable, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pack:
    """What a pack says: its title, day, filter, definitions and facts version, its cards and its tiles."""

    title: str
    said: str
    cards: tuple[PackCard, ...]
    tiles: tuple[PackTile, ...]


def beside(
    first: str, heads: tuple[tuple[str, str], ...], lines: tuple[tuple[str, tuple[str, ...]], ...]
) -> tuple[PackTable, ...]:
    """Groups beside each other, as many to a table as a page holds."""
    tables = []
    for start in range(0, len(heads), MOST_GROUPS):
        part = slice(start, start + MOST_GROUPS)
        columns = (PackColumn(first, width=1.8, number=False), *(PackColumn(label, below) for label, below in heads[part]))
        tables.append(PackTable(columns, tuple((label, *cells[part]) for label, cells in lines)))
    return tuple(tables)


def settable(value: object, *, longest: tuple[int, int] = LONGEST) -> object:
    """The parts of a pack as plain values, every text of a kind that type can be set from; pictures stay as they are."""
    if isinstance(value, str):
        return _fitting(value, *longest)
    if isinstance(value, dict):
        return {name: _part(name, part, longest) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [settable(part, longest=longest) for part in value]
    return value


def _part(name: str, part: object, longest: tuple[int, int]) -> object:
    if name in ("svg", "spark"):
        return part
    return settable(part, longest=LONGEST_IN.get(name, longest))


def _fitting(text: str, longest: int, longest_word: int) -> str:
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    words = "".join(sign if sign.isprintable() else " " for sign in cut).split(" ")
    return " ".join(_breakable(word) if len(word) > longest_word else word for word in words)


def _breakable(word: str) -> str:
    return BREAK.join(word[start : start + 6] for start in range(0, len(word), 6))
