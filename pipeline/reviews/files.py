"""Files of marks: CSV as the review page exports it, and workbooks that reviewers filled in."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.intake.manifest import decode
from pipeline.plain_files import open_file
from pipeline.reviews.marks import COLUMNS
from pipeline.reviews.words import HEADERS
from pipeline.spreadsheets import undo_neutral

MAX_BYTES = 64 << 20
MAX_UNPACKED_BYTES = 1 << 30
"""What a workbook may come to when it is unpacked: a full sheet of findings is a third of it."""
MAX_CELL = 2000
NEEDED = tuple(name for name in COLUMNS if name not in ("right_verdict", "reason", "reviewer", "reviewed_at"))
# A title and notes may stand above the header.
_HEADER_WITHIN = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file, its cells as text.

    Attributes
    ----------
    place : str
        ``file:row``, for a workbook with the name of the sheet.
    cells : mapping of str to str
        By column; a column that the file does not have is empty.
    """

    place: str
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the rows of a file of marks that are not empty.

    Raises
    ------
    ConfigError
        When it cannot be read, or has not the columns of marks.
    """
    try:
        with open_file(path) as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{path}: larger than {MAX_BYTES >> 20} MiB; expected a file of marks")
    if zipfile.is_zipfile(io.BytesIO(data)):
        yield from _workbook(path, data)
        return
    yield from _lines(_csv(path, data), str(path))


def _csv(path: Path, data: bytes) -> Iterator[Sequence[str]]:
    text = decode(data, source=path)
    header = text.partition("\n")[0]
    delimiter = max(",\t;", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise ConfigError(f"{path}:{reader.line_num}: not valid CSV: {error}") from error


def _workbook(path: Path, data: bytes) -> Iterator[Line]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise ConfigError(f"{path}: {unpacked >> 20} MiB when unpacked; expected a workbook of marks")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        seen = []
        for sheet in book.worksheets:
            rows = ([_text(value) for value in row] for row in sheet.iter_rows(values_only=True))
            try:
                yield from _lines(rows, f"{path}[{sheet.title}]")
                return
            except _NoHeaderError as error:
                seen.append(f"{sheet.title}: {error}")
    except ConfigError:
        raise
    except Exception as error:  # a broken workbook fails in any part of the reader, in many ways
        raise ConfigError(f"{path}: not a readable workbook ({error}); expected .xlsx or CSV") from error
    raise ConfigError(f"{path}: no sheet with the columns {', '.join(NEEDED)}; seen: {'; '.join(seen)[:500]}")


class _NoHeaderError(ConfigError):
    """No row of a table is the header of marks."""


def _columns_seen(rows: Sequence[Sequence[str]], place: str) -> _NoHeaderError:
    first = next((row for row in rows if any(row)), ())
    seen = ", ".join(cell[:50] for cell in first if cell)[:300] or "nothing"
    return _NoHeaderError(f"{place}: no columns {', '.join(NEEDED)}; columns seen: {seen}")


def _lines(rows: Iterable[Sequence[str]], place: str) -> Iterator[Line]:
    """Yield the rows below the header."""
    above: list[Sequence[str]] = []
    columns: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        if not columns:
            columns = _header(row, f"{place}:{number}")
            above.append(row)
            if not columns and number >= _HEADER_WITHIN:
                break
            continue
        cells = {name: row[at].strip() for name, at in columns.items() if at < len(row)}
        if any(cells.values()):
            yield Line(f"{place}:{number}", {name: undo_neutral(cell) for name, cell in cells.items()})
    if not columns:
        raise _columns_seen(above, place)


def _header(row: Sequence[str], place: str) -> dict[str, int]:
    """Return where columns are; nothing when this is not the header."""
    names = [HEADERS.get(cell.strip().casefold()) for cell in row]
    if not set(NEEDED) <= {*names}:
        return {}
    twice = sorted({name for name in names if name is not None and names.count(name) > 1})
    if twice:
        raise ConfigError(f"{place}: column {', '.join(twice)} is there twice")
    return {name: at for at, name in enumerate(names) if name is not None}


def _text(value: object) -> str:
    """Write a workbook's cell as a CSV file has it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    from openpyxl.utils.escape import unescape

    # Characters that XML cannot hold stand in a workbook as _x0001_.
    return str(unescape(str(value)))
