from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from made_nights import SOURCE, Desk
from prometheus_client.parser import text_string_to_metric_families

Named = Callable[[str, str], str]
TEXT = SOURCE + "standards:\n  - rulebooks: book.yaml\nmetrics: metrics/callaudit.prom\n"


def samples(path: Path) -> dict[str, float]:
    families = list(text_string_to_metric_families(path.read_text(encoding="utf-8")))
    assert all(f.documentation and f.type == "gauge" for f in families)
    assert all(f.name.startswith("callaudit_") for f in families)
    return {
        ".".join([s.name.removeprefix("callaudit_"), *(v for _, v in sorted(s.labels.items()))]): s.value
        for f in families
        for s in f.samples
    }


def test_a_nights_numbers_are_read_by_prometheus_parser(desk: Desk, named: Named) -> None:
    path = desk.folder / "metrics" / "callaudit.prom"
    desk.recording(named("c1", "2026-10-09"))
    desk.night(TEXT)
    first = samples(path)
    assert first["night_exit_code"] == 0
    assert first["night_calls.heard.calls"] == 1
    assert first["night_source_readable.calls"] == 1
    assert first["night_audio_seconds.calls"] > 0
    assert first["night_stage_seconds.decoder"] == pytest.approx(200)
    assert first["night_real_time_factor"] > 0
    assert first["free_disk_bytes"] > 0
    assert first["last_success_timestamp_seconds"] == first["night_end_timestamp_seconds"]
    assert path.stat().st_mode & 0o777 == 0o644
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_night_with_failures_keeps_the_last_success(desk: Desk, named: Named) -> None:
    path = desk.folder / "metrics" / "callaudit.prom"
    desk.recording(named("raises", "2026-10-09"))
    desk.night(TEXT)
    assert "last_success_timestamp_seconds" not in samples(path)
    (bad,) = (desk.folder / "calls").glob("raises*")
    bad.unlink()
    desk.recording(named("c1", "2026-10-09"))
    desk.night(TEXT)
    success = samples(path)["last_success_timestamp_seconds"]
    desk.recording(named("raises", "2026-10-09"))
    desk.night(TEXT)
    again = samples(path)
    assert again["night_failures.hear"] == 1
    assert again["night_exit_code"] == 1
    assert again["last_success_timestamp_seconds"] == success
