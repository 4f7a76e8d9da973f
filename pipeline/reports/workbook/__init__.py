"""The workbook: scorecards, clauses, findings to review, calls and a glossary, for people who work in Excel.

Marks made in its sheet of findings come back with ``callaudit review import``.
"""

from pipeline.reports.workbook.gathering import Wanted
from pipeline.reports.workbook.writing import Written, write_workbook

__all__ = ["Wanted", "Written", "write_workbook"]
