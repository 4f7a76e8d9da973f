from __future__ import annotations

import os
import time
from collections.abc import Callable

from made_nights import SOURCE, Desk

Named = Callable[[str, str], str]


def test_a_recording_still_being_written_is_left_for_the_next_night(desk: Desk, named: Named) -> None:
    desk.recording(named("old", "2026-10-09"))
    young = desk.recording(named("young", "2026-10-09"), age_s=30)
    empty = desk.recording(named("empty", "2026-10-09"), age_s=30)
    empty.write_text("")
    summary = desk.night(SOURCE + "settled_min: 10\n")
    assert (summary.exit_code, summary.total("heard"), summary.total("unsettled")) == (0, 1, 2)
    assert not desk.store.failures()
    for path in (young, empty):
        os.utime(path, (time.time() - 700, time.time() - 700))
    summary = desk.night(SOURCE + "settled_min: 10\n")
    assert (summary.exit_code, summary.total("heard"), summary.total("unsettled")) == (1, 1, 0)
    assert desk.night(SOURCE + "settled_min: 0\n").total("unsettled") == 0


def test_a_clock_that_went_ahead_does_not_hold_a_recording_back(desk: Desk, named: Named) -> None:
    desk.recording(named("c1", "2026-10-09"), age_s=-86_400)
    assert desk.night(SOURCE + "settled_min: 10\n").total("heard") == 1


def test_one_id_and_day_from_two_sources_is_refused_with_what_to_do(desk: Desk) -> None:
    desk.recording("001.wav", source="a")
    desk.recording("001.wav", source="b")
    two = "sources:\n  - {name: a, recordings: a}\n  - {name: b, recordings: b%s}\n"
    summary = desk.night(two % "")
    assert (summary.exit_code, summary.total("heard")) == (1, 1)
    (failure,) = desk.store.failures()
    assert str(desk.folder / "a" / "001.wav") in failure.reason
    assert "own_ids: true" in failure.reason
    summary = desk.night(two % ", own_ids: true")
    assert (summary.exit_code, summary.total("heard")) == (0, 1)
    assert [c.record.call_id for c in desk.store.read_calls()] == ["001", "b/001"]
    assert not desk.store.failures()


def test_links_out_of_a_source_are_heard_only_where_it_says_so(desk: Desk) -> None:
    outside = desk.recording("001.wav", source="elsewhere")
    (desk.folder / "a").mkdir()
    (desk.folder / "a" / "linked.wav").symlink_to(outside)
    source = "sources:\n  - {name: a, recordings: a%s}\n"
    assert desk.night(source % "").total("heard") == 0
    assert desk.night(source % ", follow_links: true").total("heard") == 1
