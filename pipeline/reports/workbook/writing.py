"""Writing the workbook: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from pipeline.errors import WriteError
from pipeline.reports.pages.texts import texts
from pipeline.reports.workbook.calls import write_calls, write_glossary
from pipeline.reports.workbook.clauses import write_clauses
from pipeline.reports.workbook.findings import write_findings
from pipeline.reports.workbook.gathering import Wanted, gather
from pipeline.reports.workbook.scores import write_scorecards
from pipeline.reports.workbook.sheets import Book
from pipeline.store import StoreReader

# Rows go to disk as they are written, and a text is a text whatever it begins with.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True)
class Written:
    """What is in a workbook.

    Attributes
    ----------
    calls, findings : int
        Calls, and findings to review.
    unreadable : tuple of str
        Why some of what is stored is missing.
    """

    path: Path
    days: int
    calls: int
    findings: int
    unreadable: tuple[str, ...]


def write_workbook(
    store: StoreReader, to: Path, wanted: Wanted, *, cards_of: Callable[[str], pa.Table]
) -> Written:
    """Write a workbook of the stored calls.

    Parameters
    ----------
    to : Path
        The file, readable by its owner only; one that is there is replaced when the new one is whole.
    cards_of : callable
        The scorecards of a day.

    Raises
    ------
    StoreError
        When there is nothing to show.
    WriteError
        When the file cannot be written.
    """
    contents = gather(store, wanted, cards_of)
    t = texts(wanted.language)
    temporary = to.with_name(f".tmp-{to.name}")
    try:
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with xlsxwriter.Workbook(str(temporary), _OPTIONS) as workbook:
            book = Book(workbook)
            write_scorecards(book, contents, t)
            write_clauses(book, contents, t)
            write_findings(book, contents, t)
            write_calls(book, contents, t)
            write_glossary(book, t)
        temporary.replace(to)
    except (OSError, XlsxWriterException) as error:
        temporary.unlink(missing_ok=True)
        raise WriteError(f"{to}: cannot be written: {getattr(error, 'strerror', None) or error}") from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    calls = contents.calls[["call_date", "call_id"]].drop_duplicates()
    return Written(to, len(contents.days), len(calls), len(contents.findings), contents.unreadable)
