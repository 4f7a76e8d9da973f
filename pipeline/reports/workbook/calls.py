"""The sheets of calls and of the glossary."""

from __future__ import annotations

from pipeline.reports.glossary import terms
from pipeline.reports.pages.formats import is_absent
from pipeline.reports.pages.texts import Texts
from pipeline.reports.workbook.findings import shown, stored
from pipeline.reports.workbook.gathering import Contents
from pipeline.reports.workbook.sheets import MAX_ROWS, Book, Column, Kind
from pipeline.tables import DIMENSIONS


def write_calls(book: Book, contents: Contents, t: Texts, *, most: int = MAX_ROWS - 20) -> None:
    """Write a row per call and rulebook; of too many those of the latest days."""
    columns = [
        Column(t("book_day"), width=11),
        Column(t("book_call"), width=18),
        Column(t("book_agent"), width=10),
        Column(t("book_name"), width=9),
        Column(t("book_team"), width=9),
        Column(t("book_direction"), width=9),
        Column(t("book_started"), width=20),
        Column(t("book_minutes"), Kind.NUMBER, 9),
        Column(t("book_quality"), Kind.SHARE, 9),
        Column(t("book_standard"), Kind.LONG, 24),
        Column(t("book_score"), Kind.SCORE, 9),
        Column(t("book_after_review"), Kind.SCORE, 9),
        Column(t("book_reviewed"), Kind.WHOLE, 9),
        Column(t("book_overturned"), Kind.WHOLE, 9),
        *(Column(t(d), Kind.NUMBER, 9) for d in DIMENSIONS),
        Column(t("book_critical_n"), Kind.WHOLE, 9),
        Column(t("book_status"), width=12),
    ]
    listed = contents.calls.tail(most)
    notes = [t("book_calls_note")]
    if len(listed) < len(contents.calls):
        notes.append(t("book_calls_older", n=len(contents.calls) - len(listed)))
    sheet = book.sheet(t("book_calls"), t("book_calls_title"), notes, columns)
    for row in listed.to_dict("records"):
        judged = not is_absent(row["standard"])
        direction = row["direction"]
        sheet.write(
            (
                row["call_date"],
                stored(row["call_id"]),
                stored(row["agent_id"]),
                shown(row["agent_name"]),
                shown(row["team"]),
                t(f"book_{direction}") if direction in ("inbound", "outbound") else None,
                None
                if is_absent(row["started_at_local"])
                else row["started_at_local"][:19].replace("T", " "),
                row["duration_s"] / 60,
                row["hearing_quality"],
                contents.title_of(row["standard"], t.language) if judged else None,
                row["score"],
                row["score_after_review"],
                row["findings_reviewed"],
                row["findings_overturned"],
                *(row[d] for d in DIMENSIONS),
                row["critical_failures"],
                t(f"book_status_{'judged' if row['status'] == 'judged' else 'review'}")
                if judged
                else t("book_status_none"),
            )
        )
    sheet.done()
    if sheet.row > sheet.first:
        at = sheet.at(t("book_score"))
        bar = {
            "type": "data_bar",
            "bar_solid": True,
            "bar_color": "#9DB7DD",
            "min_value": 0,
            "max_value": 100,
        }
        bar |= {"min_type": "num", "max_type": "num"}
        sheet.sheet.conditional_format(sheet.first, at, sheet.row - 1, at, bar)


def write_glossary(book: Book, t: Texts) -> None:
    """Write what the words and measures of the other sheets mean."""
    columns = [
        Column(t("book_term_kind"), width=14),
        Column(t("book_term"), width=26),
        Column(t("book_meaning"), Kind.LONG, 90),
        Column(t("book_unit"), width=12),
        Column(t("book_source"), Kind.LONG, 40),
    ]
    sheet = book.sheet(t("book_glossary"), t("book_glossary_title"), [], columns)
    for term in terms(t.language):
        sheet.write((t(f"book_kind_{term.kind}"), term.name, term.text, term.unit, term.source))
    sheet.done()
