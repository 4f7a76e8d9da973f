from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import made_calls as made
import pyarrow.parquet as pq
import pytest

from pipeline.audit import score_night
from pipeline.errors import StoreError
from pipeline.reviews import Ledger
from pipeline.reviews.marks import review_table
from pipeline.scorecards import merge
from pipeline.scoring import score
from pipeline.store import KEPT, Store, expired_days, purge_day
from pipeline.store.ledgers import ledger_parts
from pipeline.tables import ADDED_LATER, SCHEMAS, Judgement

OLD, NEW, UNDATED = "2026-07-01", "2026-10-09", "unknown"
FAIL = made.finding("OPS-01", "fail")
LIMIT = date(2026, 8, 1)


def judgement(call_id: str, day: str) -> Judgement:
    findings = (FAIL, made.finding("OPS-02", "pass"))
    call = made.call(call_id, day=None if day == UNDATED else day)
    return Judgement.of(call, score=score(findings, made.STANDARD), findings=findings, rulebook_hash="r1")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A call on each of two days and one without a start, each with an overturned failure, in two imports."""
    store = Store(tmp_path / "out")
    with store.writing():
        marks = []
        for call_id, day in (("c1", OLD), ("c2", NEW), ("c3", UNDATED)):
            store.write_call(made.call(call_id, day=None if day == UNDATED else day))
            judged = judgement(call_id, day)
            store.write_findings(day, made.STANDARD, [judged])
            marks.append(made.review(FAIL, judged, "pass", call_date=day))
        store.add("reviews", review_table(marks[:2]))
        store.add("reviews", review_table(marks[2:]))
        score_night(store)
    return store


def purge(store: Store) -> None:
    for day in expired_days(store, LIMIT):
        purge_day(store, day)


def test_marks_of_purged_calls_go_and_their_sums_stay(store: Store) -> None:
    with store.writing():
        purge(store)
        score_night(store)
    assert {mark.call_date for mark in Ledger.of(store).reviews} == {NEW, UNDATED}
    assert not list((store.out / "reviewed_scores").glob(f"*{OLD}/*"))
    cards = merge(store.tables("scorecards"), by=["date"]).set_index("date")
    assert cards.loc[OLD, "score_after_review_mean"] == 100.0
    assert cards.loc[OLD, "findings_overturned"] == 1
    assert store.scored(OLD) == (KEPT, 1)


def test_marks_of_calls_without_a_start_go_with_those_calls_only(store: Store) -> None:
    import os

    with store.writing():
        store.write_call(made.call("c4", day=None, sha256="cc"))
        later = judgement("c4", UNDATED)
        store.add("reviews", review_table([made.review(FAIL, later, "pass", call_date=UNDATED)]))
        for part in store.out.glob("calls/call_date=unknown/*"):
            store_row = pq.read_table(part)["call_id"].to_pylist()
            if store_row == ["c3"]:
                os.utime(part, (0, 0))
        purge(store)
    assert {mark.call_id for mark in Ledger.of(store).reviews} == {"c2", "c4"}


def test_a_purge_that_is_stopped_is_finished_by_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.store import purging

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with store.writing(), monkeypatch.context() as patch:
        patch.setattr(purging, "_remove_all", stopped)
        with pytest.raises(KeyboardInterrupt):
            purge(store)
    assert OLD not in {mark.call_date for mark in Ledger.of(store).reviews}
    with store.writing():
        purge(store)
    assert store.dates() == (NEW, UNDATED)


def test_a_damaged_part_is_left_alone_by_a_purge(store: Store) -> None:
    first = ledger_parts(store.out, "reviews")[0]
    damaged = first.read_bytes()[:300]
    first.write_bytes(damaged)
    with store.writing():
        purge(store)
    assert first.read_bytes() == damaged
    with pytest.raises(StoreError, match="bring it back from a backup"):
        Ledger.of(store)


def test_parts_are_numbered_on_and_never_written_over(store: Store) -> None:
    before = {part: part.read_bytes() for part in ledger_parts(store.out, "reviews")}
    with store.writing():
        mark = made.review(FAIL, judgement("c2", NEW), reviewed_at=datetime(2026, 10, 13, tzinfo=UTC))
        store.add("reviews", review_table([mark]))
    after = ledger_parts(store.out, "reviews")
    assert [part.name for part in after][-1] == "part-00000003.parquet"
    assert {part: part.read_bytes() for part in after[:2]} == before
    with pytest.raises(StoreError, match="not open for writing"):
        store.add("reviews", review_table([mark]))


def test_scorecards_from_before_there_were_reviews_are_read_and_add_up(store: Store) -> None:
    part = next((store.out / "scorecards").glob(f"*{OLD}/*"))
    added = [column.name for column in SCHEMAS["scorecards"] if ADDED_LATER in column.metadata]
    assert len(added) == 6
    pq.write_table(pq.read_table(part, partitioning=None).drop_columns(added), part)
    rows = store.table("scorecards", OLD)
    assert rows["findings_overturned"].to_pylist() == [0]
    assert rows["score_after_review_mean"].to_pylist() == [None]
    cards = merge(store.tables("scorecards"), by=[]).iloc[0]
    assert (cards["calls"], cards["findings_overturned"]) == (3, 2)
    assert cards["score_after_review_mean"] == pytest.approx((50 + 100 + 100) / 3)
