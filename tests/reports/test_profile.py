from __future__ import annotations

import io
import json

import pytest
from rich.cells import cell_len
from rich.console import Console

from pipeline.profiling import Stage, StageTime
from pipeline.reports.profile import CallTimes, NightProfile, profile_table


def took(call_id: str, audio_s: float | None, **seconds: float) -> CallTimes:
    times = tuple(StageTime(Stage[name], 2 * s, s) for name, s in seconds.items())
    return CallTimes(call_id, audio_s, times)


NIGHT = NightProfile(
    calls=(
        took("short", 10.0, READING=1.0, ENCODER=3.0, DECODER=2.0),
        took("long", 90.0, READING=1.0, ENCODER=4.0, DECODER=5.0),
        took("failed", None, READING=4.0, STARTING=2.0),
    ),
    others=(
        StageTime(Stage.STARTING, 45.0, 23.0),
        StageTime(Stage.JUDGING, 2.0, 1.0),
    ),
)


def test_every_second_is_counted_once() -> None:
    shares = {s.stage: s for s in NIGHT.stages}
    assert NIGHT.processor_s == 24.0, "22 s of the calls are among those of the processes that ended"
    assert sum(s.share for s in NIGHT.stages) == pytest.approx(1.0)
    assert shares["starting workers"].processor_s == 3.0
    assert shares["starting workers"].clock_s == 5.0
    encoder = shares["encoder"]
    assert (encoder.processor_s, encoder.ms_per_call, encoder.ms_per_audio_s) == (7.0, 3500.0, 70.0)
    assert NIGHT.recogniser_share == pytest.approx(14 / 20)
    assert [s.stage for s in NIGHT.stages] == [
        "starting workers",
        "reading the recording",
        "encoder",
        "decoder",
        "judging",
    ]


def test_the_slowest_calls_come_first_and_failed_ones_not_at_all() -> None:
    assert [(c.call_id, c.pace) for c in NIGHT.heard] == [("short", 0.6), ("long", pytest.approx(1 / 9))]


def test_the_fields_are_json() -> None:
    told = json.loads(json.dumps(NIGHT.fields()))
    assert (told["processor_s"], told["recogniser_share"]) == (24.0, 0.7)
    assert told["stages"][0]["stage"] == "starting workers"
    assert told["slowest"][0] == {
        "call_id": "short",
        "audio_s": 10.0,
        "processor_s": 6.0,
        "s_per_audio_s": 0.6,
    }


@pytest.mark.parametrize(
    "night", [NIGHT, NightProfile((took("x" * 90, 1.0, ENCODER=12345.6),), ()), NightProfile((), ())]
)
def test_the_table_fits_80_columns(night: NightProfile) -> None:
    out = io.StringIO()
    Console(file=out, width=80).print(profile_table(night))
    assert all(cell_len(line) <= 80 for line in out.getvalue().splitlines())
    assert "…" not in out.getvalue()


def test_the_table_says_the_shares() -> None:
    out = io.StringIO()
    Console(file=out, width=80).print(profile_table(NIGHT))
    rows = [line.split() for line in out.getvalue().splitlines()]
    assert ["encoder", "7.00", "29.2%", "3500.0", "70.00"] in rows
    assert ["short", "10.0", "s", "6.00", "0.600"] in rows
    assert "recogniser: 70.0% of hearing" in out.getvalue()
