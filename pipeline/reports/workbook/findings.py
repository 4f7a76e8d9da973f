"""The sheet of findings to review, with columns to fill in that ``callaudit review import`` reads back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from pipeline.call import Verdict
from pipeline.reports.glossary import name_in
from pipeline.reports.language import Language
from pipeline.reports.pages.formats import clock, is_absent
from pipeline.reports.pages.texts import Texts
from pipeline.reports.plain import plain_text
from pipeline.reports.quotes import quote_of
from pipeline.reports.reasons import reason_in
from pipeline.reports.workbook.gathering import Contents
from pipeline.reports.workbook.sheets import MAX_ROWS, Book, Column, Kind, Sheet
from pipeline.reviews import Review
from pipeline.reviews.marks import AGREE, OVERTURN, RIGHT_VERDICTS
from pipeline.reviews.words import HEADERS_ZH
from pipeline.tables import unescape

MOST = 200_000
"""Findings of a workbook: more make a file that spreadsheets open slowly or not at all."""

DECISIONS_ZH = {AGREE: "同意", OVERTURN: "改判"}


def write_findings(book: Book, contents: Contents, t: Texts, *, most: int = min(MOST, MAX_ROWS - 20)) -> None:
    """Write fails and undetermined findings, call by call; of too many those of the latest days."""
    listed = contents.findings.tail(most)
    columns = _columns(t)
    sheet = book.sheet(
        t("book_findings"), t("book_findings_title"), _notes(contents, len(listed), t), columns
    )
    for row in listed.to_dict("records"):
        sheet.write(_cells({str(name): value for name, value in row.items()}, contents, t))
    sheet.done()
    if sheet.row > sheet.first:
        _validate(sheet, book, t)


def mark_header(name: str, t: Texts) -> str:
    """Return what a column of marks is called in the workbook."""
    return HEADERS_ZH[name] if t.language is Language.ZH else name.replace("_", " ")


def _columns(t: Texts) -> list[Column]:
    return [
        Column(mark_header("call_date", t), width=11),
        Column(mark_header("call_id", t), width=16),
        Column(t("book_agent"), width=10),
        Column(t("book_name"), width=9),
        Column(t("book_team"), width=9),
        Column(t("book_standard_title"), Kind.LONG, 20),
        Column(mark_header("rule_id", t), width=9),
        Column(t("book_title"), Kind.LONG, 28),
        Column(mark_header("verdict", t), width=10),
        Column(t("book_at"), width=11),
        Column(t("book_quote"), Kind.LONG, 26),
        Column(t("book_why"), Kind.LONG, 40),
        Column(t("book_confidence"), Kind.SHARE, 9),
        Column(t("book_is_critical"), width=8),
        Column(t("book_so_far"), Kind.LONG, 22),
        Column(mark_header("decision", t), Kind.ENTRY, 10),
        Column(mark_header("right_verdict", t), Kind.ENTRY, 11),
        Column(mark_header("reason", t), Kind.ENTRY, 32),
        Column(mark_header("reviewer", t), Kind.ENTRY, 10),
        Column(mark_header("reviewed_at", t), Kind.ENTRY, 17),
        Column(mark_header("standard", t), width=14, hidden=True),
        Column(mark_header("sha256", t), width=10, hidden=True),
        Column(mark_header("rulebook_hash", t), width=10, hidden=True),
    ]


def _cells(row: Mapping[str, Any], contents: Contents, t: Texts) -> tuple[object, ...]:
    call_id = unescape(row["call_id"])
    key = (row["call_date"], call_id, row["standard"], row["rule_id"])
    clause = contents.standards[row["standard"]].clause(row["rule_id"])
    return (
        row["call_date"],
        call_id,
        stored(row["agent_id"]),
        shown(row["agent_name"]),
        shown(row["team"]),
        contents.title_of(row["standard"], t.language),
        row["rule_id"],
        shown(clause.title_in(t.language)),
        verdict_in(row["verdict"], t),
        _at(row),
        _quote(row, t),
        shown(reason_in(row["reason"], t.language)),
        row["confidence"],
        t("book_yes") if row["critical"] else None,
        _so_far(contents.holding.get(key), t),
        *(None,) * 5,
        row["standard"],
        row["sha256"],
        row["rulebook_hash"],
    )


def verdict_in(verdict: str, t: Texts) -> str:
    """Return a verdict in the workbook's language, as `pipeline.reviews.words` reads it."""
    return name_in("verdict", verdict, t.language)


@lru_cache(maxsize=10_000)
def shown(text: object) -> str | None:
    """Return a stored text as a person reads it."""
    return None if is_absent(text) else plain_text(unescape(str(text)))


def stored(text: object) -> str | None:
    """Return a text as it was before it was stored."""
    return None if is_absent(text) else unescape(str(text))


def _quote(row: Mapping[str, Any], t: Texts) -> str | None:
    """Return the words that show a finding; those that only come near are called so."""
    quote = "" if is_absent(row["quote"]) else row["quote"]
    found = quote_of(Verdict(row["verdict"]), quote, row["reason"])
    said = shown(found.words) if found.words else None
    return f"{t('finding_nearest')}{t('book_colon')}{said}" if said and found.nearest else said


def _at(row: Mapping[str, Any]) -> str | None:
    if is_absent(row["start_s"]):
        return None
    end = "" if is_absent(row["end_s"]) else f"–{clock(row['end_s'])}"
    return f"{clock(row['start_s'])}{end}"


def _so_far(review: Review | None, t: Texts) -> str | None:
    if review is None:
        return None
    said = t("book_agreed") if not review.overturns else verdict_in(review.right_verdict, t)
    why = f"{t('book_colon')}{review.reason}" if review.reason else ""
    return plain_text(f"{said} ({review.reviewer} {review.reviewed_at.astimezone():%Y-%m-%d}){why}")


def _notes(contents: Contents, listed: int, t: Texts) -> list[str]:
    of = dict.fromkeys(Verdict, 0)
    for (_, _, verdict), count in contents.verdicts.items():
        of[Verdict(verdict)] += count
    left_out = len(contents.findings) - listed
    notes = [
        t("book_findings_how"),
        t("book_findings_left_out", passed=of[Verdict.PASS], not_applicable=of[Verdict.NOT_APPLICABLE]),
    ]
    if left_out:
        notes.append(t("book_findings_older", listed=listed, n=left_out))
    return notes


def _validate(sheet: Sheet, book: Book, t: Texts) -> None:
    """Offer the words that the import reads, and show with a pattern what is still to be filled in."""
    last = sheet.row - 1
    decisions = [DECISIONS_ZH[d] if t.language is Language.ZH else d for d in (AGREE, OVERTURN)]
    for name, words in (
        ("decision", decisions),
        ("right_verdict", [verdict_in(verdict, t) for verdict in RIGHT_VERDICTS]),
    ):
        at = sheet.at(mark_header(name, t))
        sheet.sheet.data_validation(
            sheet.first,
            at,
            last,
            at,
            {
                "validate": "list",
                "source": words,
                "input_title": mark_header(name, t),
                "input_message": t(f"book_help_{name}"),
                "error_title": mark_header(name, t),
                "error_message": t("book_help_error", words=", ".join(words)),
            },
        )
    decision = xl_col_to_name(sheet.at(mark_header("decision", t)))
    row = sheet.first + 1
    missing = book.book.add_format({"pattern": 8, "fg_color": "#B36B00", "bg_color": "#FFF2CC"})
    for name in ("right_verdict", "reason"):
        at = sheet.at(mark_header(name, t))
        own = xl_col_to_name(at)
        criteria = f'=AND(${decision}{row}="{decisions[1]}",LEN(${own}{row})=0)'
        sheet.sheet.conditional_format(
            sheet.first, at, last, at, {"type": "formula", "criteria": criteria, "format": missing}
        )
    verdict = sheet.at(mark_header("verdict", t))
    failed = book.book.add_format({"bold": True, "font_color": "#9C2B10"})
    criteria = f'=${xl_col_to_name(verdict)}{row}="{verdict_in("fail", t)}"'
    sheet.sheet.conditional_format(
        sheet.first, verdict, last, verdict, {"type": "formula", "criteria": criteria, "format": failed}
    )
