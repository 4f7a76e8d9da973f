"""A small night over the tables of an earlier one, and how to compare what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import made_calls as made
from made_hearings import ScriptedSetup

from pipeline.audit import HearingSummary, hear_night, judge_night, score_night
from pipeline.call import CallRecord, Failure
from pipeline.executors import hear_all
from pipeline.intake import content_hash
from pipeline.rulebook import load_rulebook
from pipeline.store import Store, StoreReader
from pipeline.store.bundling import bundle_day
from pipeline.tables import SCHEMAS
from pipeline.verification import verify

DAY, NEXT = "2026-10-09", "2026-10-10"
BOOK = Path(__file__).parents[2] / "pipeline" / "rulebook" / "starting.yaml"
REFUSED = Failure("/calls/empty.wav", "intake", "the file is empty (0 bytes)")


def record(folder: Path, call_id: str, day: str = DAY) -> CallRecord:
    """Return a call with a recording of its own."""
    path = folder / f"{call_id}.wav"
    if not path.exists():
        path.write_text(call_id)
    return CallRecord(
        call_id, path, started_at=datetime.fromisoformat(f"{day}T09:00:00+08:00"), agent_id="A1"
    )


def records(folder: Path) -> list[CallRecord]:
    """Return the calls of a night: one heard again, one whose day has changed, new ones, one that fails."""
    same = [record(folder, call_id) for call_id in ("again", "new", "raises")]
    return [*same, record(folder, "moved", NEXT)]


def earlier(folder: Path, out: Path) -> Store:
    """Store an earlier night: calls heard with other settings, put together, judged and added up."""
    store = Store(out)
    with store.writing():
        for call_id in ("again", "moved", "stays"):
            before = record(folder, call_id)
            taken = made.measured(net_pace=190.0)
            heard = made.call(
                call_id, sha256=content_hash(before), hearing_key="h0", path=before.path, measurements=taken
            )
            store.write_call(heard)
        bundle_day(store.out, DAY, own=1)
        store.write_refused([], source="/night.csv", inputs=[])
        judge_night(store, [load_rulebook(str(BOOK))])
        score_night(store)
    return store


def hear(store: Store, heard: Sequence[CallRecord], log: Path, *, workers: int = 0) -> HearingSummary:
    """Hear calls; inside ``store.writing()``."""
    setup = ScriptedSetup(log=log)
    return hear_night(
        heard,
        [REFUSED],
        store,
        source="/night.csv",
        hearing_key=setup.hearing_key,
        executor=partial(hear_all, setup=setup, workers=workers),
    )


def run(store: Store, folder: Path) -> HearingSummary:
    """Run a night to its end."""
    with store.writing():
        summary = hear(store, records(folder), folder / "log")
        judge_night(store, [load_rulebook(str(BOOK))])
        score_night(store)
    return summary


def stored(out: Path) -> dict[str, list[str]]:
    """Return all rows of every table, sorted, the names of all files, and what `verify` finds."""
    store = StoreReader(out)
    rows = {
        table: sorted(repr(row) for row in store.frame(table).to_dict(orient="records")) for table in SCHEMAS
    }
    files = sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file() and p.name != ".lock")
    return {**rows, "files": files, "problems": [str(p) for p in verify(store).problems]}
