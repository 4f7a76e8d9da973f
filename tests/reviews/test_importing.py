from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import made_calls as made
import openpyxl
import pytest

from pipeline.audit import score_night
from pipeline.errors import ConfigError
from pipeline.reviews import COLUMNS, Ledger, Standing, stored_marks
from pipeline.reviews.importing import Imported, import_marks
from pipeline.reviews.words import HEADERS_ZH
from pipeline.scorecards import merge
from pipeline.scoring import score
from pipeline.store import Store, files
from pipeline.tables import Judgement
from pipeline.verification import verify

DAY = "2026-10-09"
NOW = datetime(2026, 10, 13, 8, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
FINDINGS = (
    made.finding("OPS-01", "fail"),
    made.finding("OPS-02", "pass"),
    made.finding("OPS-03", "undetermined"),
)
Marks = dict[str, str]


def judgement(call_id: str, *, rulebook_hash: str = "r1", fails: str = "fail") -> Judgement:
    findings = (made.finding("OPS-01", fails), *FINDINGS[1:])
    total = score(findings, made.STANDARD)
    return Judgement.of(made.call(call_id), score=total, findings=findings, rulebook_hash=rulebook_hash)


def mark(rule_id: str = "OPS-01", verdict: str = "fail", **changes: str) -> Marks:
    return {
        "call_id": "c1",
        "call_date": DAY,
        "standard": made.STANDARD,
        "rule_id": rule_id,
        "verdict": verdict,
        "decision": "agree",
        "right_verdict": "",
        "reason": "",
        "reviewer": "王质检",
        "reviewed_at": "2026-10-12T09:30:00+08:00",
        "sha256": "aa",
        "rulebook_hash": "r1",
    } | changes


def overturned(right: str = "pass", **changes: str) -> Marks:
    return mark(decision="overturn", right_verdict=right) | {"reason": "坐席说了您好"} | changes


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "out")
    with store.writing():
        for call_id in ("c1", "c2"):
            store.write_call(replace(made.call(call_id), redacted=True))
        store.write_findings(DAY, made.STANDARD, [judgement("c1"), judgement("c2")])
        score_night(store)
    return store


@pytest.fixture
def bring(store: Store, tmp_path: Path) -> Callable[..., Imported]:
    def bring(
        *marks: Marks, name: str = "marks.csv", encoding: str = "utf-8-sig", reviewer: str = ""
    ) -> Imported:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(marks)
        with store.writing():
            imported = import_marks(store, [path], zone=ZONE, now=NOW, reviewer=reviewer)
            score_night(store)
        return imported

    return bring


def snapshot(out: Path) -> dict[str, tuple[bytes, int]]:
    parts = (p for p in out.rglob("*.parquet"))
    return {str(p): (p.read_bytes(), p.stat().st_mtime_ns) for p in parts}


def test_marks_come_in_and_show_in_scorecards(store: Store, bring: Callable[..., Imported]) -> None:
    before = merge(store.tables("scorecards")).iloc[0]
    imported = bring(overturned(), mark("OPS-02", "pass"))
    assert (len(imported.added), imported.overturned) == (2, 1)
    (first, _) = Ledger.of(store).reviews
    assert first.reviewed_at == datetime(2026, 10, 12, 1, 30, tzinfo=UTC)
    assert (first.reason, first.reviewer, first.source) == ("坐席说了您好", "王质检", "marks.csv")
    after = merge(store.tables("scorecards")).iloc[0]
    assert after["score_mean"] == before["score_mean"] == 50.0
    assert after["score_after_review_mean"] == 75.0
    assert (after["calls_reviewed"], after["findings_reviewed"], after["findings_overturned"]) == (1, 2, 1)
    assert not [problem for problem in verify(store).problems if "review" in str(problem)]


def test_the_same_import_again_changes_nothing(store: Store, bring: Callable[..., Imported]) -> None:
    marks = (overturned(), mark("OPS-03", "undetermined", reviewed_at=""))
    bring(*marks)
    before = snapshot(store.out)
    again = bring(*marks)
    assert (again.added, again.known) == ((), 2)
    assert snapshot(store.out) == before
    bring(*marks, mark("OPS-02", "pass"))
    assert len(Ledger.of(store).reviews) == 3


def test_marks_that_were_exported_again_with_later_ones_count_once(store: Store, tmp_path: Path) -> None:
    first, later = overturned(), mark("OPS-02", "pass")
    for name, marks in (("monday.csv", (first,)), ("tuesday.csv", (first, later))):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(marks)
    with store.writing():
        imported = import_marks(
            store, [tmp_path / "monday.csv", tmp_path / "tuesday.csv"], zone=ZONE, now=NOW
        )
    assert (len(imported.added), imported.known) == (2, 1)
    assert len(Ledger.of(store).reviews) == 2


def test_every_bad_row_is_told_at_once_and_nothing_comes_in(
    store: Store, bring: Callable[..., Imported]
) -> None:
    bad = (
        mark(),
        mark("OPS-99"),
        mark(call_id="c9"),
        mark(verdict="pass"),
        mark(sha256="bb"),
        mark(rulebook_hash="r0"),
        mark(decision="maybe"),
        mark(decision="overturn", right_verdict="good", reason="x"),
        overturned(reason=""),
        mark(reviewer=""),
        mark(reviewed_at="yesterday"),
        mark(reviewed_at="2031-01-01 00:00"),
        mark(right_verdict="pass"),
        mark(standard="", verdict="perhaps"),
        mark("OPS-02", "pass", reason="x" * 2001),
        mark(),
        overturned(),
    )
    with pytest.raises(ConfigError) as error:
        bring(*bad)
    told = str(error.value).splitlines()
    assert told[0] == "nothing was imported: 16 rows cannot be used"
    rows = {int(line.split("marks.csv:")[1].split(":")[0]): line for line in told[1:]}
    assert sorted(rows) == list(range(3, 19))
    assert "no finding of OPS-99" in rows[3]
    assert "call 'c9'" in rows[4]
    assert "verdict pass instead of fail" in rows[5]
    assert "recording bb instead of aa" in rows[6]
    assert "rulebook r0 instead of r1" in rows[7]
    assert "decision is 'maybe'; expected agree or overturn" in rows[8]
    assert "right_verdict is 'good'; expected pass, fail, not_applicable" in rows[9]
    assert "reason is empty" in rows[10]
    assert "reviewer is empty" in rows[11]
    assert "'yesterday' is not a date with a time" in rows[12]
    assert "is to come" in rows[13]
    assert "agrees with fail and right_verdict is 'pass'" in rows[14]
    assert "standard is empty; verdict is 'perhaps'" in rows[15]
    assert "2001 characters" in rows[16]
    assert "is there twice, " in rows[17]
    assert "marks.csv:2;" in rows[17]
    assert "says otherwise" in rows[18]
    assert Ledger.of(store).reviews == ()


def test_a_later_mark_supersedes_and_both_stay(store: Store, bring: Callable[..., Imported]) -> None:
    bring(overturned())
    bring(overturned("fail", reviewer="李主管", reviewed_at="2026-10-12T15:00:00+08:00"), name="appeal.csv")
    first, second = Ledger.of(store).reviews
    assert (first.decision, second.decision) == ("overturn", "agree")  # back to what the audit says
    standings = [standing for _, standing, _ in stored_marks(store, Ledger.of(store))]
    assert standings == [Standing.SUPERSEDED, Standing.HOLDS]
    card = merge(store.tables("scorecards")).iloc[0]
    assert (card["score_after_review_mean"], card["findings_overturned"]) == (50.0, 0)


def test_judging_otherwise_makes_marks_stale_and_keeps_them(
    store: Store, bring: Callable[..., Imported]
) -> None:
    bring(overturned())
    with store.writing():  # another clause was changed: the mark holds
        store.write_findings(DAY, made.STANDARD, [judgement("c1", rulebook_hash="r2"), judgement("c2")])
        score_night(store)
    assert merge(store.tables("scorecards")).iloc[0]["findings_overturned"] == 1
    with store.writing():  # this one was: the mark is of another finding
        store.write_findings(DAY, made.STANDARD, [judgement("c1", rulebook_hash="r3", fails="pass")])
        score_night(store)
    ((_, standing, now),) = stored_marks(store, Ledger.of(store))
    assert (standing, now and now.verdict) == (Standing.STALE, "pass")
    assert merge(store.tables("scorecards")).iloc[0]["findings_reviewed"] == 0
    assert bring(overturned()).known == 1  # known marks are not asked to fit again


def test_rows_without_a_mark_are_passed_over(bring: Callable[..., Imported]) -> None:
    imported = bring(mark(decision="", reviewer="", reviewed_at=""), mark(reviewer=""), reviewer="李主管")
    assert (imported.unmarked, imported.added[0].reviewer) == (1, "李主管")


def test_what_reviewers_write_keeps_no_personal_data(bring: Callable[..., Imported]) -> None:
    imported = bring(overturned() | {"reason": "客户电话13812345678，坐席复述了"})
    assert imported.added[0].reason == "客户电话[手机号]，坐席复述了"
    again = bring(overturned() | {"reason": "客户电话13812345678，坐席复述了"})
    assert again.known == 1


def test_a_file_as_a_spreadsheet_saves_it(bring: Callable[..., Imported]) -> None:
    one = overturned(call_date="2026/10/9", reviewed_at="2026/10/12 9:30", reason="'=没有问题")
    (added,) = bring(one, encoding="gb18030").added
    assert (added.call_date, added.reason) == (DAY, "=没有问题")
    assert added.reviewed_at == datetime(2026, 10, 12, 1, 30, tzinfo=UTC)


def test_a_workbook_in_chinese_below_a_title(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["怎样复核"])
    sheet = book.create_sheet("判定")
    sheet.append(["待复核的判定"])
    sheet.append([HEADERS_ZH[name] for name in COLUMNS] + ["标题"])
    row = overturned() | {"verdict": "不通过", "decision": "改判", "right_verdict": "通过"}
    sheet.append([row[name] if name != "reviewed_at" else datetime(2026, 10, 12, 9, 30) for name in COLUMNS])
    sheet.append([None] * len(COLUMNS))
    path = tmp_path / "复核.xlsx"
    book.save(path)
    with store.writing():
        imported = import_marks(store, [path], zone=ZONE, now=NOW)
    (added,) = imported.added
    assert (added.right_verdict, added.source) == ("pass", "复核.xlsx")
    assert added.reviewed_at == datetime(2026, 10, 12, 1, 30, tzinfo=UTC)
    sheet["F3"] = "也许"
    book.save(path)
    with store.writing(), pytest.raises(ConfigError, match=r"复核\.xlsx\[判定\]:3: decision is '也许'"):
        import_marks(store, [path], zone=ZONE, now=NOW)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.csv", b"call_id,rule_id\nc1,OPS-01\n", "no columns call_id, call_date, .* columns seen: call_id"),
        ("a.csv", b"", "columns seen: nothing"),
        ("a.csv", b"\xff\xff\xff", "cannot be read as text"),
        ("a.xlsx", b"PK\x03\x04 not a workbook", "no columns|cannot be read as text"),
    ],
)
def test_files_that_hold_no_marks_are_named(
    store: Store, tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with store.writing(), pytest.raises(ConfigError, match=f"{name}.*({told})"):
        import_marks(store, [tmp_path / name], zone=ZONE, now=NOW)


def test_an_import_that_is_stopped_leaves_nothing(
    store: Store, bring: Callable[..., Imported], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(store.out)

    def stopped(part: files.StagedPart) -> None:
        raise KeyboardInterrupt(part.path)

    with monkeypatch.context() as patch:
        patch.setattr(files.StagedPart, "commit", stopped)
        with pytest.raises(KeyboardInterrupt, match="reviews"):
            bring(overturned())
    assert snapshot(store.out) == before
    assert len(bring(overturned()).added) == 1


def test_an_import_that_is_stopped_before_adding_up_is_added_up_later(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerow(overturned())
    with store.writing():
        import_marks(store, [path], zone=ZONE, now=NOW)
    with store.writing():
        score_night(store)
    assert merge(store.tables("scorecards")).iloc[0]["findings_overturned"] == 1


def test_damage_to_the_ledger_is_named_and_stops_adding_to_it(
    store: Store, bring: Callable[..., Imported]
) -> None:
    bring(overturned())
    (part,) = (store.out / "reviews").iterdir()
    part.write_bytes(part.read_bytes()[:200])
    assert any("bring it back from a backup" in str(p) for p in verify(store).problems)
    with pytest.raises(Exception, match="reviews"):
        bring(mark("OPS-02", "pass"))
