"""One sheet: a title, notes, a header and rows, written from the top down so that none is kept in memory.

Every text is written as text: nothing that a call, a table or a person says becomes a formula or a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.reports.pages.formats import is_absent
from pipeline.tables import escape

MAX_ROWS = 1_048_576
"""Rows of a sheet, and with them its header, in Excel's format."""
MAX_TEXT = 32_000
"""Characters of a cell; Excel allows 32,767."""
# In characters: what is wider would be printed too small to be read.
_WIDEST_PAGE = 250
# In points: titles of two lines.
_HEADER_HEIGHT = 32
_LINE_HEIGHT, _MOST_LINES = 13.5, 4


class Kind(StrEnum):
    """What the cells of a column hold, hence how they are shown."""

    TEXT = "text"
    LONG = "long"
    ENTRY = "entry"
    WHOLE = "whole"
    NUMBER = "number"
    SCORE = "score"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    title : str
    width : float
        In characters.
    hidden : bool
        Kept for programs.
    """

    title: str
    kind: Kind = Kind.TEXT
    width: float = 12.0
    hidden: bool = False


_SHOWN: dict[Kind, dict[str, object]] = {
    Kind.TEXT: {},
    Kind.LONG: {"text_wrap": True},
    Kind.ENTRY: {"text_wrap": True, "border": 1, "border_color": "#7A869A", "locked": False},
    Kind.WHOLE: {"num_format": "#,##0"},
    Kind.NUMBER: {"num_format": "#,##0.0"},
    Kind.SCORE: {"num_format": "0.0", "bold": True},
    Kind.SHARE: {"num_format": "0.0%"},
}


class Book:
    """A workbook that is being written, with its formats."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.kinds = {
            kind: book.add_format({"valign": "top", "font_size": 10, **shown})
            for kind, shown in _SHOWN.items()
        }
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"italic": True, "font_size": 10, "font_color": "#44546A"})
        self.header = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "bg_color": "#E7ECF3"}
        )
        self.entry_header = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "bg_color": "#FFF2CC"}
        )

    def sheet(self, name: str, title: str, notes: Sequence[str], columns: Sequence[Column]) -> Sheet:
        """Begin a sheet."""
        return Sheet(self, name, title, notes, columns)


class Sheet:
    """A sheet that is being written.

    Attributes
    ----------
    first : int
        Row of the first row below the header, counted from 0.
    row : int
        Of the next one.
    """

    def __init__(
        self, book: Book, name: str, title: str, notes: Sequence[str], columns: Sequence[Column]
    ) -> None:
        self.name = name
        self.columns = tuple(columns)
        self.sheet = book.book.add_worksheet(name)
        self._kinds = book.kinds
        self.sheet.write_string(0, 0, title, book.title)
        for row, note in enumerate(notes, start=1):
            self.sheet.write_string(row, 0, note, book.note)
        header = len(notes) + 1
        self.sheet.set_row(header, _HEADER_HEIGHT)
        self.first = self.row = header + 1
        for at, column in enumerate(columns):
            shown = book.entry_header if column.kind is Kind.ENTRY else book.header
            self.sheet.write_string(header, at, column.title, shown)
            self.sheet.set_column(at, at, column.width, book.kinds[column.kind], {"hidden": column.hidden})
        self.sheet.freeze_panes(self.first, min(2, len(columns)))
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        wide = sum(column.width for column in columns if not column.hidden) > _WIDEST_PAGE
        self.sheet.fit_to_pages(2 if wide else 1, 0)
        self.sheet.repeat_columns(0, 1)
        self.sheet.repeat_rows(header)
        self.sheet.set_footer("&L&A&R&P / &N")

    def write(self, values: Iterable[object]) -> None:
        """Write the next row; what is missing stays empty."""
        values = tuple(values)
        lines = max(map(_lines, self.columns, values))
        if lines > 1:  # not every program makes rows as high as their text
            self.sheet.set_row(self.row, _LINE_HEIGHT * min(lines, _MOST_LINES) + 2)
        for at, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            shown = self._kinds[column.kind]
            if is_absent(value) or value == "":
                if column.kind is Kind.ENTRY:
                    self.sheet.write_blank(self.row, at, None, shown)
            elif isinstance(value, str):
                self.sheet.write_string(self.row, at, cell(value), shown)
            else:
                self.sheet.write_number(self.row, at, value, shown)
        self.row += 1

    def at(self, title: str) -> int:
        """Return the place of a column."""
        return next(at for at, column in enumerate(self.columns) if column.title == title)

    def done(self) -> None:
        """Filter the rows that were written."""
        last = max(self.row - 1, self.first)
        self.sheet.autofilter(self.first - 1, 0, last, len(self.columns) - 1)


def _lines(column: Column, value: object) -> int:
    if column.kind is not Kind.LONG or not isinstance(value, str):
        return 1
    # In this encoding a Chinese character takes two bytes, as it takes two columns.
    return 1 + int(len(value.encode("gbk", "replace")) // column.width)


def cell(text: str) -> str:
    """Return a text as a cell can hold it: undecodable bytes as escapes, and not longer than Excel allows."""
    return escape(text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…")
