from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import made_calls as made
import openpyxl
import pytest

from pipeline.audit import current_cards, score_night
from pipeline.errors import ConfigError, StoreError
from pipeline.reports.language import Language
from pipeline.reports.pages.standards import shown_standards
from pipeline.reports.pages.texts import texts
from pipeline.reports.workbook import Wanted, Written, findings, write_workbook
from pipeline.reports.workbook.gathering import gather
from pipeline.reports.workbook.sheets import cell
from pipeline.reviews import COLUMNS, Ledger
from pipeline.reviews.files import NEEDED
from pipeline.reviews.importing import import_marks
from pipeline.reviews.words import HEADERS
from pipeline.scorecards import merge
from pipeline.scoring import score
from pipeline.store import Store
from pipeline.tables import Judgement

DAY, NEXT = "2026-10-09", "2026-10-10"
HOSTILE = "=1+1;@evil\x01_x0041_\ud800"
NOW = datetime(2026, 10, 20, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "out")
    found = [
        made.finding("OPS-01", "fail", quote="=HYPERLINK(1)", reason="+1 https://example.com"),
        made.finding("OPS-02", "pass"),
        made.finding("OPS-03", "undetermined"),
        made.finding("OPS-04", "not_applicable"),
    ]
    total = score(found, made.STANDARD)
    with store.writing():
        for day, ids in ((DAY, ("c1", "c2")), (NEXT, ("c3", HOSTILE))):
            calls = [
                replace(made.call(i, day=day, agent_name="=cmd|' /C calc'!A0"), redacted=True) for i in ids
            ]
            for call in calls:
                store.write_call(call)
            judged = [Judgement.of(c, score=total, findings=found, rulebook_hash="r1") for c in calls]
            store.write_findings(day, made.STANDARD, judged)
        score_night(store)
    return store


def write(store: Store, to: Path, **wanted: Any) -> Written:
    return write_workbook(store, to, Wanted(**wanted), cards_of=lambda day: current_cards(store, day))


def rows(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows below the header, which is the first row without an empty first two cells."""
    read = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    header: tuple[Any, ...] = next(row for row in read if row[0] and row[1])
    return [dict(zip(header, row, strict=True)) for row in read]


@pytest.mark.parametrize("language", Language)
def test_every_sheet_is_there_with_a_filter_and_frozen_header(
    store: Store, tmp_path: Path, language: Language
) -> None:
    to = tmp_path / "w.xlsx"
    written = write(store, to, language=language)
    assert (written.days, written.calls, written.findings, written.unreadable) == (2, 4, 8, ())
    t = texts(language)
    book = openpyxl.load_workbook(to)
    names = [
        t(f"book_{n}") for n in ("scorecards", "trend", "charts", "clauses", "findings", "calls", "glossary")
    ]
    assert book.sheetnames == names
    for name in names:
        if name != t("book_charts"):
            assert book[name].freeze_panes
            assert book[name].auto_filter.ref
    assert [type(c).__name__ for c in book[t("book_charts")]._charts] == ["BarChart", "LineChart"]
    assert to.stat().st_mode & 0o077 == 0
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".tmp")] == []


def test_numbers_are_those_of_the_scorecards(store: Store, tmp_path: Path) -> None:
    write(store, tmp_path / "w.xlsx", language=Language.EN)
    (card,) = rows(tmp_path / "w.xlsx", "Scorecards")
    known = merge(store.tables("scorecards")).iloc[0]
    assert (card["calls"], card["mean score"]) == (known["calls"], known["score_mean"]) == (4, 50.0)
    assert (card["score after review"], card["standing"]) == (None, "Too few calls to say")
    clauses = {row["clause"]: row for row in rows(tmp_path / "w.xlsx", "Clauses")}
    assert [*clauses] == ["OPS-01", "OPS-02", "OPS-03"]  # what never applied is left out
    assert (clauses["OPS-01"]["failed"], clauses["OPS-01"]["failure rate"]) == (4, 1.0)
    assert (clauses["OPS-03"]["undetermined findings"], clauses["OPS-03"]["failure rate"]) == (4, None)
    assert [row["date"] for row in rows(tmp_path / "w.xlsx", "Trend")] == [DAY, NEXT]
    assert len(rows(tmp_path / "w.xlsx", "Calls")) == 4
    assert len(rows(tmp_path / "w.xlsx", "Glossary")) > 50


def test_nothing_from_outside_is_a_formula_or_a_link(store: Store, tmp_path: Path) -> None:
    write(store, tmp_path / "w.xlsx")
    with zipfile.ZipFile(tmp_path / "w.xlsx") as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheets = [text for name, text in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    assert any("=HYPERLINK(1)" in sheet for sheet in sheets)


@pytest.mark.parametrize("language", Language)
def test_marks_in_the_workbook_come_back_as_scores(store: Store, tmp_path: Path, language: Language) -> None:
    to = tmp_path / "w.xlsx"
    write(store, to, language=language)
    t = texts(language)
    book = openpyxl.load_workbook(to)
    sheet = book[t("book_findings")]
    header = next(r for r in sheet.iter_rows() if HEADERS.get(str(r[0].value)) == "call_date")
    at = {HEADERS[c.value]: c.column for c in header if c.value in HEADERS}
    assert {*NEEDED} <= {*at} == {*COLUMNS}
    words = {
        str(v.sqref): str(v.formula1).strip('"').split(",") for v in sheet.data_validations.dataValidation
    }
    decisions, verdicts = words.values()
    for row in range(header[0].row + 1, sheet.max_row + 1):
        if sheet.cell(row, at["rule_id"]).value == "OPS-01":
            sheet.cell(row, at["decision"]).value = decisions[1]
            sheet.cell(row, at["right_verdict"]).value = verdicts[0]
            sheet.cell(row, at["reason"]).value = "坐席说了您好"
            sheet.cell(row, at["reviewer"]).value = "王质检"
    book.save(to)
    with store.writing():
        imported = import_marks(store, [to], zone=ZONE, now=NOW)
        score_night(store)
        assert import_marks(store, [to], zone=ZONE, now=NOW).known == 4
    assert (len(imported.added), imported.overturned, imported.unmarked) == (4, 4, 4)
    assert {mark.call_id for mark in Ledger.of(store).reviews} == {"c1", "c2", "c3", HOSTILE}
    assert merge(store.tables("scorecards")).iloc[0]["score_after_review_mean"] == 100.0
    write(store, to, language=language)
    (card,) = rows(to, t("book_scorecards"))
    assert (card[t("book_score_mean")], card[t("book_after_review")], card[t("book_overturned")]) == (
        50,
        100,
        4,
    )
    marked = [row for row in rows(to, t("book_findings")) if row[t("book_so_far")]]
    assert len(marked) == 4
    assert "王质检" in marked[0][t("book_so_far")]


def test_a_period_and_standards_limit_what_is_shown(store: Store, tmp_path: Path) -> None:
    assert write(store, tmp_path / "w.xlsx", first_day=NEXT).calls == 2
    assert write(store, tmp_path / "w.xlsx", standards=(made.STANDARD,)).findings > 0
    with pytest.raises(ConfigError, match="no call of these days was judged under other"):
        write(store, tmp_path / "w.xlsx", standards=("other",))
    with pytest.raises(StoreError, match="no stored calls from 2027-01-01 until the last"):
        write(store, tmp_path / "w.xlsx", first_day="2027-01-01")


def test_of_too_many_findings_the_latest_are_listed_and_it_says_so(store: Store) -> None:
    contents = gather(store, Wanted(language=Language.EN), lambda day: current_cards(store, day))
    notes = findings._notes(contents, 3, texts(Language.EN))
    assert notes[1] == "Not listed: 4 passes and 4 that do not apply; the page of each call shows them."
    assert notes[2].startswith("Too many findings: the latest 3 are listed, 5 earlier ones are not;")


def test_a_cell_is_never_longer_than_excel_allows() -> None:
    assert len(cell("好" * 40_000)) < 32_767
    assert cell("\ud800") == "\\ud800"


def test_standards_go_by_their_titles_and_the_import_has_the_ids(store: Store, tmp_path: Path) -> None:
    write(store, tmp_path / "w.xlsx", language=Language.EN)
    title = shown_standards([made.STANDARD])[made.STANDARD].title
    assert title != made.STANDARD
    for sheet in ("Scorecards", "Trend", "Clauses", "Calls"):
        assert {row["standard"] for row in rows(tmp_path / "w.xlsx", sheet)} == {title}
    found = rows(tmp_path / "w.xlsx", "Findings")
    assert {(row["standard title"], row["standard"]) for row in found} == {(title, made.STANDARD)}
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx")["Findings"]
    (header,) = [c for r in sheet.iter_rows() for c in r if c.value == "standard"]
    assert sheet.column_dimensions[header.column_letter].hidden


@pytest.mark.parametrize(
    ("verdict", "reason", "shown"),
    [
        ("fail", "not said (closing); the nearest words are 64% alike", "Nearest words: 退票"),
        ("fail", "not said (closing); the nearest words are 25% alike", None),
        ("fail", "never said; due at least once", None),
        ("fail", "says '退票'", "退票"),
        ("undetermined", "'退票' may stand in for it", "退票"),
    ],
)
def test_words_that_only_come_near_are_called_so(
    tmp_path: Path, verdict: str, reason: str, shown: str | None
) -> None:
    store = Store(tmp_path / "out")
    found = [replace(made.finding("OPS-01", verdict, quote="退票"), reason=reason)]
    judged = Judgement.of(made.call(), score=score(found, made.STANDARD), findings=found, rulebook_hash="r1")
    with store.writing():
        store.write_call(made.call())
        store.write_findings(DAY, made.STANDARD, [judged])
        score_night(store)
    write(store, tmp_path / "w.xlsx", language=Language.EN)
    assert [row["quote"] for row in rows(tmp_path / "w.xlsx", "Findings")] == [shown]
