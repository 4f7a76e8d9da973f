"""What failed in an earlier night and would only fail again."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from made_hearings import ScriptedSetup
from made_nights import SOURCE, Desk

from pipeline.nightly.planning import plan_night
from pipeline.nightly.summary import Ending, NightSummary

Named = Callable[[str, str], str]
DAY = "2026-10-09"


def told(summary: NightSummary) -> tuple[int, int, int]:
    return summary.exit_code, summary.total("failed"), summary.total("known_failed")


def tries(desk: Desk) -> list[str]:
    return (desk.folder / "log").read_text().split()


@pytest.fixture
def bad(desk: Desk, named: Named) -> Path:
    """Return a spoilt recording, beside a file that is none, a link that leads out and a good call."""
    desk.recording(named("c1", DAY))
    desk.recording("odd.xyz")
    (desk.folder / "calls" / "out.wav").symlink_to(desk.recording("x.wav", source="elsewhere"))
    link = desk.folder / "calls" / "out.wav"
    os.utime(link, (time.time() - 3600, time.time() - 3600), follow_symlinks=False)
    return desk.recording(named("spoilt", DAY))


def test_what_failed_before_is_not_tried_again_and_spoils_no_night(desk: Desk, bad: Path) -> None:
    assert told(desk.night(SOURCE)) == (1, 3, 0)
    noted = desk.store.failures()
    states = {part: part.stat().st_mtime_ns for part in desk.out.glob("failures/*")}
    again = desk.night(SOURCE + "metrics: callaudit.prom\n")
    assert told(again) == (0, 0, 3)
    assert (again.ending, again.failures, again.total("known")) == (Ending.DONE, {}, 1)
    assert tries(desk).count(bad.stem) == 1
    assert desk.store.failures() == noted
    assert {part: part.stat().st_mtime_ns for part in desk.out.glob("failures/*")} == states
    assert json.loads((desk.out / "summary.json").read_text())["calls"]["known_failed"] == 3
    metrics = (desk.folder / "callaudit.prom").read_text()
    assert 'callaudit_night_calls{outcome="known_failed",source="calls"} 3.0' in metrics


def test_it_is_tried_again_when_that_is_asked_for(desk: Desk, bad: Path) -> None:
    desk.night(SOURCE)
    assert told(desk.night(SOURCE, retry_failed=True)) == (1, 3, 0)
    assert tries(desk).count(bad.stem) == 2
    assert told(desk.night(SOURCE)) == (0, 0, 3)


def test_what_has_changed_is_tried_again(desk: Desk, bad: Path) -> None:
    desk.night(SOURCE)
    bad.write_text("another sound")
    (desk.folder / "calls" / "odd.xyz").write_text("another file")
    for path in (bad, desk.folder / "calls" / "odd.xyz"):
        os.utime(path, (time.time() - 3600, time.time() - 3600))
    assert told(desk.night(SOURCE)) == (1, 2, 1)
    assert tries(desk).count(bad.stem) == 2
    assert told(desk.night(SOURCE)) == (0, 0, 3)


def test_a_copy_with_the_same_bytes_is_no_other_recording(desk: Desk, bad: Path) -> None:
    desk.night(SOURCE)
    os.utime(bad, (time.time() - 7200, time.time() - 7200))
    assert told(desk.night(SOURCE)) == (0, 0, 3)


def test_another_way_of_hearing_tries_again(desk: Desk, bad: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.night(SOURCE)
    monkeypatch.setattr(ScriptedSetup, "hearing_key", property(lambda _: "h2"))
    assert plan_night(desk.config(SOURCE)).sources[0].known_failed == 2
    assert told(desk.night(SOURCE)) == (1, 1, 2)
    assert tries(desk).count(bad.stem) == 2


@pytest.mark.parametrize("call_id", ["raises", "full", "changes", "nan"])
def test_what_may_be_the_machines_is_tried_every_night(desk: Desk, named: Named, call_id: str) -> None:
    path = desk.recording(named(call_id, DAY))
    for _ in range(2):
        assert told(desk.night(SOURCE)) == (1, 1, 0)
        path.write_text("as it was")
        os.utime(path, (time.time() - 3600, time.time() - 3600))
    assert plan_night(desk.config(SOURCE)).sources[0].new == 1


@pytest.mark.usefixtures("bad")
def test_a_failure_noted_by_an_earlier_version_is_tried_once_more(desk: Desk) -> None:
    desk.night(SOURCE)
    for part in desk.out.glob("failures/*"):
        pq.write_table(pq.read_table(part).drop_columns("tried"), part)
    assert told(desk.night(SOURCE)) == (1, 3, 0)
    assert told(desk.night(SOURCE)) == (0, 0, 3)


def manifest(desk: Desk, *recordings: str) -> str:
    rows = "".join(f"{path},{DAY}T09:00:00\n" for path in recordings)
    path = desk.folder / "night.csv"
    path.write_text(f"path,started_at\n{rows}")
    os.utime(path, (time.time() - 3600, time.time() - 3600))
    return "sources:\n  - {name: calls, recordings: night.csv}\n"


def test_recordings_on_a_share_that_is_not_mounted_are_no_known_failures(desk: Desk) -> None:
    (desk.folder / "share").mkdir()
    rows = manifest(desk, "share/a.wav", "share/deep/b.wav")
    assert [told(desk.night(rows)) for _ in range(2)] == [(1, 2, 0), (1, 2, 0)]
    desk.recording("c.wav", source="share")
    assert [told(desk.night(rows)) for _ in range(2)] == [(1, 2, 0), (1, 1, 1)], (
        "one of their folders is there"
    )


def test_a_manifest_that_grows_has_no_new_failures(desk: Desk) -> None:
    desk.recording("a.wav")
    assert told(desk.night(manifest(desk, "", "calls/a.wav"))) == (1, 1, 0)
    desk.recording("b.wav")
    grown = desk.night(manifest(desk, "", "calls/a.wav", "calls/b.wav"))
    assert (told(grown), grown.total("heard")) == ((0, 0, 1), 1)


def test_a_purge_makes_no_known_failure_new(desk: Desk, bad: Path) -> None:
    today = time.strftime("%Y-%m-%d")
    young = bad.rename(bad.with_name(f"spoilt_{today}T00-00-00.wav"))
    desk.night(SOURCE)
    for part in desk.out.glob("failures/*"):
        os.utime(part, (0, 0))
    kept = desk.night(SOURCE + "retention: {tables_days: 30}\n")
    assert kept.purged.failures == 3
    assert told(kept) == (0, 0, 3)
    assert {f.path for f in desk.store.failures()} >= {str(young)}


def test_calls_of_days_that_were_purged_are_too_old_and_no_known_failures(desk: Desk, named: Named) -> None:
    desk.recording(named("spoilt", "2020-10-09"))
    desk.night(SOURCE)
    purged = desk.night(SOURCE + "retention: {tables_days: 30}\n")
    assert (told(purged), purged.total("too_old")) == ((0, 0, 0), 1)


def test_sources_have_known_failures_of_their_own(desk: Desk) -> None:
    for source in ("a", "b"):
        desk.recording("odd.xyz", source=source)
        desk.recording("c.wav", source=source)
    two = (
        "sources:\n  - {name: a, recordings: a, own_ids: true}\n  - {name: b, recordings: b, own_ids: true}\n"
    )
    assert told(desk.night(two)) == (1, 2, 0)
    assert [source.known_failed for source in desk.night(two).sources] == [1, 1]
    one = desk.night("sources:\n  - {name: a, recordings: a, own_ids: true}\n")
    assert told(one) == (0, 0, 1)
    assert len(desk.store.failures()) == 2, "what became of a source that is gone nobody has said"
    overlapping = two.replace("recordings: b,", "recordings: '[ab]',")
    assert [s.known_failed for s in desk.night(overlapping).sources] == [1, 2]


def test_a_call_that_another_source_has_is_a_known_failure_too(desk: Desk) -> None:
    for source in ("a", "b"):
        desk.recording("c.wav", source=source)
    two = "sources:\n  - {name: a, recordings: a}\n  - {name: b, recordings: b}\n"
    assert told(desk.night(two)) == (1, 1, 0)
    assert told(desk.night(two)) == (0, 0, 1)


def test_a_plan_tells_what_would_not_be_tried(desk: Desk, bad: Path) -> None:
    size = bad.stat().st_size
    desk.night(SOURCE)
    (source,) = plan_night(desk.config(SOURCE)).sources
    assert (source.new, source.new_bytes, source.refused, source.known_failed) == (0, 0, 0, 3)
    (source,) = plan_night(desk.config(SOURCE), retry_failed=True).sources
    assert (source.new, source.new_bytes, source.refused, source.known_failed) == (1, size, 2, 0)
    for part in desk.out.glob("failures/*"):
        part.write_bytes(b"torn")
    (source,) = plan_night(desk.config(SOURCE)).sources
    assert (source.new, source.refused, source.known_failed) == (1, 2, 0)
