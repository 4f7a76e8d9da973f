from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from made_nights import SOURCE, Desk

from pipeline.nightly.planning import plan_night

Named = Callable[[str, str], str]
OLD = (date.today() - timedelta(days=100)).isoformat()


def test_a_plan_says_what_a_night_would_do_and_does_nothing(desk: Desk, named: Named) -> None:
    desk.recording(named("c1", "2026-10-09"))
    desk.recording(named("old", OLD))
    desk.recording(named("young", "2026-10-09"), age_s=5)
    assert plan_night(desk.config(SOURCE)).hours is None
    assert not desk.out.exists()
    desk.night(SOURCE)
    (new,) = (desk.recording(named(f"c{n}", "2026-10-09")) for n in (2,))
    before = sorted(desk.out.rglob("*"))
    plan = plan_night(desk.config(SOURCE + "retention: {tables_days: 90}\n"))
    assert sorted(desk.out.rglob("*")) == before
    (source,) = plan.sources
    assert (source.new, source.known, source.unsettled, source.too_old) == (1, 1, 1, 1)
    assert source.new_bytes == new.stat().st_size
    assert plan.purge is not None
    assert plan.purge.calls == 1


def test_hours_come_from_the_nights_before(desk: Desk, named: Named) -> None:
    new = desk.recording(named("c1", "2026-10-09"))
    nights = desk.out / "nights"
    nights.mkdir(parents=True)
    size = new.stat().st_size
    for name, night in {
        "2026-11-20.json": {"heard_bytes": size, "hearing_s": 1800},
        "2026-11-21.json": {"heard_bytes": size, "hearing_s": 5400},
        "2026-11-22.json": {"heard_bytes": 0, "hearing_s": 3},
    }.items():
        (nights / name).write_text(json.dumps(night))
    (nights / "2026-11-23.json").write_text("torn")
    assert plan_night(desk.config(SOURCE)).hours == pytest.approx(1.0)
