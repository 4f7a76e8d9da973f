"""The stored example under data/example: a month of a small air-ticket desk, for the notebooks.

``python benchmarks/example_month.py HEARD --out data/example`` takes the heard sample calls (``make demo``),
stores them as they are, and makes the other calls of the month from those of the ticket desk: slower or
faster as the agent's habit is, now and then an utterance lost, on other days and at other hours. Agents
differ in the scripts they follow, one is trained in the middle of the month, and the end of a shift is
worse than its beginning, so that there is something to find. The rulebooks judge all of them as they judge
any call; no recording belongs to a made-up one. The same heard calls make the same month.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from pipeline.audit import judge_night, score_night
from pipeline.call import Call, Event, Measurement
from pipeline.store import Store, StoreReader
from pipeline.store.bundling import bundle_day

DESK_TIME = timezone(timedelta(hours=8))
STANDARD = "dinghao-380"
DAYS = tuple(
    day for n in range(23) if (day := date(2026, 10, 8) + timedelta(days=n)).weekday() < 5
)  # the desk opens after the national holiday
SHIFT_STARTS_H, SHIFT_H = (8, 13), 8
LOST = 0.02
GOOD, FAIR, BAD = ("dev-001", "dev-004", "dev-007"), ("dev-002", "dev-003", "dev-019"), ("dev-005", "dev-008")
TIRED_H, TIRED = 6, 0.25

Random = np.random.Generator


@dataclass(frozen=True)
class Agent:
    """An agent's habits.

    Attributes
    ----------
    good, fair : float
        Share of calls by the book, and with a fault or two; the rest are bad. 0..1.
    pace : float
        Times are multiplied by it: below 1 is faster.
    trained : float or None
        Share of good calls from the middle of the month on.
    """

    id: str
    name: str
    team: str
    good: float
    fair: float
    pace: float = 1.0
    trained: float | None = None


AGENTS = (
    Agent("A01", "陈静", "一组", 0.85, 0.15, 1.0),
    Agent("A02", "赵磊", "一组", 0.40, 0.55, 0.85),
    Agent("A03", "李娜", "一组", 0.35, 0.60, 1.0),
    Agent("A04", "周强", "二组", 0.60, 0.35, 1.0),
    Agent("A05", "孙悦", "二组", 0.30, 0.60, 1.1),
    Agent("A06", "刘洋", "二组", 0.35, 0.30, 0.95),
    Agent("A07", "马超", "三组", 0.30, 0.25, 0.9),
    Agent("A08", "吴婷", "三组", 0.80, 0.20, 1.0),
    Agent("A09", "郑爽", "三组", 0.05, 0.95, 0.95, trained=0.95),
    Agent("A10", "王磊", "三组", 0.55, 0.40, 1.0),
)


def month(samples: dict[str, Call], per_day: int, random: Random) -> Iterator[Call]:
    """Yield the made-up calls, day by day."""
    for number, day in enumerate(DAYS):
        for agent in AGENTS:
            for turn in range(int(random.poisson(per_day / len(AGENTS)))):
                yield _made_up(samples, agent, day, number >= len(DAYS) / 2, turn, random)


def _made_up(
    samples: dict[str, Call], agent: Agent, day: date, late: bool, turn: int, random: Random
) -> Call:
    shift_h = SHIFT_STARTS_H[int(agent.id[1:]) % len(SHIFT_STARTS_H)]
    shift = datetime(day.year, day.month, day.day, shift_h, tzinfo=DESK_TIME)
    second = int(random.integers(0, SHIFT_H * 3600))
    habit = agent.trained if late and agent.trained is not None else agent.good
    good = habit - (TIRED if second >= TIRED_H * 3600 else 0.0)
    fair = agent.fair * (1.0 - good) / max(1e-6, 1.0 - agent.good)
    shares = np.clip([good, fair, 1.0 - good - fair], 0.0, 1.0)
    script = (GOOD, FAIR, BAD)[int(random.choice(3, p=shares / shares.sum()))]
    base = samples[str(random.choice(script))]
    call_id = f"ex-{day:%m%d}-{agent.id}-{turn + 1}"
    record = replace(
        base.record,
        call_id=call_id,
        path=Path(f"/no-recording/{call_id}.wav"),
        started_at=shift + timedelta(seconds=second),
        shift_started_at=shift,
        agent_id=agent.id,
        agent_name=agent.name,
        team=agent.team,
        standards=(STANDARD,),
    )
    factor = agent.pace * float(random.uniform(0.94, 1.06))
    kept = [u for u in base.utterances if u.idx == 0 or random.random() >= LOST]
    return replace(
        base,
        record=record,
        sha256=random.bytes(32).hex(),
        duration_s=base.duration_s * factor,
        utterances=tuple(
            replace(
                u,
                idx=idx,
                start_s=u.start_s * factor,
                end_s=u.end_s * factor,
                speech_s=u.speech_s * factor,
            )
            for idx, u in enumerate(kept)
        ),
        events=tuple(_moved(event, factor) for event in base.events),
        measurements=tuple(_scaled(m, factor) for m in base.measurements),
    )


def _moved(event: Event, factor: float) -> Event:
    attributes = tuple(
        (name, value * factor if name.endswith("_s") and isinstance(value, float) else value)
        for name, value in event.attributes
    )
    return replace(event, start_s=event.start_s * factor, end_s=event.end_s * factor, attributes=attributes)


def _scaled(measurement: Measurement, factor: float) -> Measurement:
    if measurement.value is None:
        return measurement
    if measurement.unit == "s":
        return replace(measurement, value=measurement.value * factor)
    if measurement.unit.endswith("/min"):
        return replace(measurement, value=measurement.value / factor)
    return measurement


def fill(out: Path, heard: Path, *, per_day: int, seed: int) -> int:
    """Write the example and return how many calls it has."""
    samples = {call.record.call_id: call for call in StoreReader(heard).read_calls()}
    store = Store(out)
    with store.writing():
        for call in samples.values():
            # As the manifest names it, wherever it was heard.
            path = Path("data/calls") / call.record.path.name
            store.write_call(replace(call, record=replace(call.record, path=path)))
        for call in month(samples, per_day, np.random.default_rng(seed)):
            store.write_call(call)
        for day in store.dates():
            bundle_day(store.out, day, own=2)
        judge_night(store, [])
        score_night(store)
    return store.count()


def main() -> None:
    """Write the example and print its size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("heard", type=Path, help="folder of the heard sample calls, such as demo-out")
    parser.add_argument("--out", type=Path, required=True, help="folder to write, new")
    parser.add_argument("--per-day", type=int, default=13, help="calls a day, on average")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    calls = fill(options.out, options.heard, per_day=options.per_day, seed=options.seed)
    files = [path for path in options.out.rglob("*.parquet") if path.is_file()]
    print(f"{calls} calls, {len(files)} files, {sum(f.stat().st_size for f in files) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
