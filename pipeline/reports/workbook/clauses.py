"""The sheet of clauses: how often each fails, is left open and is overturned."""

from __future__ import annotations

from collections import Counter

from pipeline.call import Verdict
from pipeline.estimates import share
from pipeline.reports.pages.texts import Texts
from pipeline.reports.workbook.gathering import Contents
from pipeline.reports.workbook.sheets import Book, Column, Kind


def write_clauses(book: Book, contents: Contents, t: Texts) -> None:
    """Write every clause with findings that apply, those that fail most surely first."""
    columns = [
        Column(t("book_standard"), Kind.LONG, 24),
        Column(t("book_clause"), width=10),
        Column(t("book_title"), Kind.LONG, 38),
        Column(t("book_dimension"), width=9),
        Column(t("book_worth"), Kind.NUMBER, 8),
        Column(t("book_is_critical"), width=8),
        Column(t("book_decided"), Kind.WHOLE, 9),
        Column(t("book_failed"), Kind.WHOLE, 9),
        Column(t("book_fail_rate"), Kind.SHARE, 9),
        Column(t("book_low"), Kind.SHARE, 9),
        Column(t("book_high"), Kind.SHARE, 9),
        Column(t("book_undetermined"), Kind.WHOLE, 9),
        Column(t("book_open_rate"), Kind.SHARE, 9),
        Column(t("book_reviewed"), Kind.WHOLE, 9),
        Column(t("book_overturned"), Kind.WHOLE, 9),
    ]
    sheet = book.sheet(t("book_clauses"), t("book_clauses_title"), [t("book_clauses_note")], columns)
    reviewed = Counter((m.standard, m.rule_id) for m in contents.holding.values())
    overturned = Counter((m.standard, m.rule_id) for m in contents.holding.values() if m.overturns)
    rows = []
    for name, rule_id in sorted({(name, rule) for name, rule, _ in contents.verdicts}):
        passed, failed, left_open = (
            contents.verdicts[name, rule_id, verdict]
            for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED)
        )
        decided = passed + failed
        if not decided + left_open:
            continue
        clause = contents.standards[name].clause(rule_id)
        rate = share(failed, decided)
        rows.append(
            (
                name,
                rule_id,
                clause.title_in(t.language),
                t(clause.dimension) if clause.dimension else None,
                clause.points or None,
                t("book_yes") if clause.critical else None,
                decided,
                failed,
                rate.value,
                rate.low,
                rate.high,
                left_open,
                share(left_open, decided + left_open).value,
                reviewed[name, rule_id],
                overturned[name, rule_id],
            )
        )
    for name, *row in sorted(rows, key=lambda row: (row[0], -(row[9] or 0.0), row[1])):
        sheet.write((contents.title_of(name, t.language), *row))
    sheet.done()
    if sheet.row > sheet.first:
        at = sheet.at(t("book_fail_rate"))
        bar = {"type": "data_bar", "bar_solid": True, "bar_color": "#E3A78C", "min_value": 0, "max_value": 1}
        bar |= {"min_type": "num", "max_type": "num"}
        sheet.sheet.conditional_format(sheet.first, at, sheet.row - 1, at, bar)
