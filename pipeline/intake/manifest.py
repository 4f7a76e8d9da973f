"""Manifests: one row per call, in CSV as spreadsheets export it or in Parquet.

The CSV reader is the standard library's rather than pandas', because one malformed row must not fail the
others, and every cell must stay the text that was written.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.call import Failure
from pipeline.errors import ConfigError
from pipeline.intake.metadata import COLUMNS, Candidate, Cells
from pipeline.intake.sources import relative_name
from pipeline.intake.states import state_of
from pipeline.places import join, readable

MAX_BYTES = 256 << 20
"""A million calls with all their columns."""
MAX_ROWS = 5_000_000
# Rows of Parquet are read so many at a time: a few bytes of it can stand for cells of megabytes.
BATCH_ROWS, MAX_BATCH_BYTES = 200, 64 << 20
MAX_SHOWN_COLUMNS = 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest holds.

    Attributes
    ----------
    candidates : tuple of Candidate
        One per usable row, in the order of the rows.
    failures : tuple of Failure
        Rows that name no recording or do not fit the header.
    notes : tuple of str
        Columns that are not used.
    """

    candidates: tuple[Candidate, ...]
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]


def decode(raw: bytes, *, source: Path) -> str:
    """Decode UTF-8, UTF-16 with its mark, or GB18030, which Chinese Excel writes."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ConfigError(f"{source}: cannot be read as text; expected CSV in UTF-8 or GB18030")


def _delimiter(header: str) -> str:
    """Return what separates the header's columns: the separator with ``path`` as a column of its own."""
    for delimiter in ",\t;":
        if "path" in (name.strip('"\r ').casefold() for name in header.split(delimiter)):
            return delimiter
    return ","


def _csv_rows(source: Path) -> Iterator[list[str]]:
    text = decode(source.read_bytes(), source=source)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=_delimiter(text.lstrip("\r\n").partition("\n")[0]),
        strict=True,
    )
    try:
        yield from reader
    except csv.Error as error:
        raise ConfigError(f"{source}, line {reader.line_num}: not valid CSV: {error}") from error


def _text(value: object) -> str:
    """Write a Parquet value as a CSV cell would read."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list):
        return ";".join(_text(item) for item in value)
    return str(value)


def _parquet_rows(source: Path) -> Iterator[list[str]]:
    import pyarrow
    from pyarrow import parquet

    read = 0
    try:
        file = parquet.ParquetFile(readable(source))
        if file.metadata.num_rows > MAX_ROWS:
            raise ConfigError(f"{source}: {file.metadata.num_rows} rows; expected at most {MAX_ROWS}")
        header = list(file.schema_arrow.names)
        yield header
        wanted = {name: name.strip().casefold() in COLUMNS for name in header}
        columns = [name for name in header if wanted[name]]
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=columns):
            if batch.nbytes > MAX_BATCH_BYTES:
                raise ConfigError(f"{source}: cells of megabytes below row {read + 1}; expected text")
            for row in batch.to_pylist():
                yield [_text(row.get(name)) for name in header]
            read += batch.num_rows
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        raise ConfigError(
            f"{source}: not a readable Parquet file (after row {read + 1}): {str(error)[:500]}"
        ) from error


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the manifest's columns are."""

    positions: tuple[tuple[str, int], ...]
    width: int
    unused: tuple[str, ...]


def _read_header(names: Sequence[str], *, source: Path) -> _Header:
    positions: dict[str, int] = {}
    unused: list[str] = []
    for position, raw in enumerate(names):
        name = raw.strip().casefold()
        if name in positions:
            raise ConfigError(f"{source}: column {name[:100]} is there twice")
        if name in COLUMNS:
            positions[name] = position
        elif name:
            unused.append(raw.strip())
    if "path" not in positions:
        # A file that is no CSV at all has a header of any length and any characters.
        seen = ", ".join(name.strip() if name.isprintable() else ascii(name.strip()) for name in names)
        raise ConfigError(
            f"{source}: no column path; columns seen: {seen[:500]}; expected some of {', '.join(COLUMNS)}"
        )
    return _Header(tuple(positions.items()), len(names), tuple(unused))


def _locate(cell: str, *, folder: Path) -> Path:
    """Resolve a path cell against the manifest's folder, with Windows separators where that is needed."""
    path = join(folder, cell)
    if "\\" in cell:
        try:
            return path if path.exists() else folder / cell.replace("\\", "/")
        except (OSError, ValueError):
            return path
    return path


def _candidate(row: Sequence[str], *, header: _Header, source: Path, origin: str) -> Candidate | Failure:
    texts = {name: row[position].strip() for name, position in header.positions if position < len(row)}
    cell = texts.pop("path", "")
    if not cell:
        # A manifest is written anew every day; the row is what was tried.
        return Failure(str(source), "intake", f"{origin}: path is empty", origin)
    path = _locate(cell, folder=source.parent)
    if any(extra.strip() for extra in row[header.width :]):
        reason = (
            f"{origin}: {len(row)} cells for {header.width} columns; quote a cell that holds the separator"
        )
        return Failure(str(path), "intake", reason, state_of(path))
    cells = Cells(**texts)
    customer = _locate(cells.customer_path, folder=source.parent) if cells.customer_path else None
    return Candidate(path, customer, relative_name(path, base=source.parent), cells, origin)


def read_manifest(source: Path) -> Manifest:
    """Read a manifest's rows; nothing is looked up on disk but the manifest itself.

    Parameters
    ----------
    source : Path
        CSV (comma, tab or semicolon; UTF-8 with or without mark, UTF-16, GB18030) or Parquet. Relative paths
        in it are relative to its folder. Rows are counted as a spreadsheet does, the header being row 1.

    Raises
    ------
    ConfigError
        When it cannot be read, has no column ``path`` or a known column twice, has no rows, or is larger than
        lists of calls are (256 MiB, 5 million rows, cells of megabytes).
    """
    try:
        if (size := source.stat().st_size) > MAX_BYTES:
            raise ConfigError(f"{source}: {size >> 20} MiB; expected at most {MAX_BYTES >> 20} MiB; split it")
        return _read_rows(
            _parquet_rows(source) if source.suffix.lower() != ".csv" else _csv_rows(source), source
        )
    except OSError as error:
        raise ConfigError(f"{source}: cannot be read: {error}") from error


def _read_rows(rows: Iterable[list[str]], source: Path) -> Manifest:
    header: _Header | None = None
    candidates: list[Candidate] = []
    failures: list[Failure] = []
    for number, row in enumerate(rows, start=1):
        if not any(cell.strip() for cell in row):
            continue
        if header is None:
            header = _read_header(row, source=source)
            continue
        read = _candidate(row, header=header, source=source, origin=f"{source.name} row {number}")
        if isinstance(read, Failure):
            failures.append(read)
        else:
            candidates.append(read)
    if header is None:
        raise ConfigError(f"{source}: is empty; expected a header with a column path")
    if not candidates and not failures:
        raise ConfigError(f"{source}: has a header but no rows")
    more = len(header.unused) - MAX_SHOWN_COLUMNS
    listed = ", ".join(name[:100] for name in header.unused[:MAX_SHOWN_COLUMNS])
    unused = f"{source}: columns not used: {listed}{f' and {more} more' if more > 0 else ''}"
    return Manifest(tuple(candidates), tuple(failures), (unused,) if header.unused else ())
