"""One fast pass over the bytes of a text file: is it UTF-8, how many records, is each as long as the header."""

import codecs
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nextplay.facts.intake.unreadable import UnreadableFile

_CHUNK = 1 << 24
_QUOTE, _NEWLINE, _RETURN = 34, 10, 13

Positions = npt.NDArray[np.int64]


@dataclass
class Survey:
    """What the bytes say. A record is what a row is made from; it may run over several lines inside quotation marks."""

    records: int = 0
    blank: int = 0
    delimiters: int = 0
    has_nul: bool = False
    # An odd number of quotation marks, or line ends of a kind that only a careful reader understands.
    odd: bool = False
    # For each newline inside quotation marks, the record it belongs to; ascending.
    inside: Positions = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def lines_of(self, records: Positions) -> Positions:
        """Line (from 1) that each record (from 0, the header) starts on."""
        return records + 1 + np.searchsorted(self.inside, records, side="left")

    def regular(self, columns: int) -> bool:
        """Whether every record that is not blank has as many values as the header names."""
        return not self.odd and self.delimiters == (self.records - self.blank) * (columns - 1)


def survey(path: Path, delimiter: str) -> Survey:
    """Read the file once. Raises UnreadableFile where it is not UTF-8."""
    found = Survey()
    inside: list[Positions] = []
    decoder = codecs.getincrementaldecoder("utf-8")()
    in_quotes, tail, done, returns = False, b"", 0, 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            _decode(decoder, chunk, path, done)
            done += len(chunk)
            found.has_nul |= b"\0" in chunk
            returns += b"\r" in chunk and found.records == 0
            in_quotes = _count(found, inside, chunk, tail, delimiter, in_quotes)
            tail = chunk[-2:]
    _decode(decoder, b"", path, done, final=True)
    if tail and not tail.endswith(b"\n"):
        found.records += 1
    found.odd = in_quotes or (found.records <= 1 and returns > 0)
    if inside:
        found.inside = np.concatenate(inside)
    return found


def _count(found: Survey, inside: list[Positions], chunk: bytes, before: bytes, delimiter: str, in_quotes: bool) -> bool:
    """Add one chunk; answers whether the next begins inside quotation marks."""
    codes = np.frombuffer(chunk, dtype=np.uint8)
    newlines = np.flatnonzero(codes == _NEWLINE)
    quotes = np.flatnonzero(codes == _QUOTE) if b'"' in chunk else np.empty(0, dtype=np.int64)
    opened = _inside(quotes, newlines, in_quotes)
    ends = newlines[~opened]
    if opened.any():
        inside.append(found.records + np.searchsorted(ends, newlines[opened]))
    if len(quotes) or in_quotes:
        separators = np.flatnonzero(codes == ord(delimiter))
        found.delimiters += int(np.count_nonzero(~_inside(quotes, separators, in_quotes)))
    else:
        found.delimiters += chunk.count(delimiter.encode())
    found.blank += _blank(codes, ends, before, first=found.records == 0)
    found.records += len(ends)
    return bool((len(quotes) + in_quotes) % 2)


def _inside(quotes: Positions, places: Positions, in_quotes: bool) -> npt.NDArray[np.bool_]:
    """Which places lie inside quotation marks: an odd number of marks stands before them."""
    inside: npt.NDArray[np.bool_] = (np.searchsorted(quotes, places) + in_quotes) % 2 == 1
    return inside


def _blank(codes: npt.NDArray[np.uint8], ends: Positions, before: bytes, *, first: bool) -> int:
    """How many records that end in this chunk hold nothing."""
    if not len(ends):
        return 0
    lengths = np.diff(ends)
    returns = codes[np.maximum(ends - 1, 0)] == _RETURN
    blank = int((lengths == 1).sum() + ((lengths == 2) & returns[1:]).sum())
    start = (before + codes[: ends[0]].tobytes())[-2:] if ends[0] < 2 else b"xx"
    starts_blank = start.endswith(b"\n") or start == b"\n\r" or (first and start in (b"", b"\r"))
    return blank + int(starts_blank)


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes, path: Path, done: int, *, final: bool = False) -> None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        raise _not_utf8(path, done + error.start) from error


def _not_utf8(path: Path, position: int) -> UnreadableFile:
    line = 1
    with path.open("rb") as file:
        while position > _CHUNK:
            line += file.read(_CHUNK).count(b"\n")
            position -= _CHUNK
        line += file.read(position).count(b"\n")
        after = file.read(1)
    shown = f"byte 0x{after.hex()}" if after else "a character that is cut off"
    return UnreadableFile(
        path.name,
        f"is not UTF-8 text: line {line} holds {shown}.",
        "Save it again as “CSV UTF-8” (in Excel: Save as, CSV UTF-8).",
    )
