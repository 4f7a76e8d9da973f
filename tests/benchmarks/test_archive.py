"""The synthetic archive is a store like any other, and no two of its calls are the same."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import made_calls as made
import pytest
from typer.testing import CliRunner

from pipeline.call import Measurement, Role
from pipeline.cli import app
from pipeline.store import Store, StoreReader

PACE = Measurement("net_pace", Role.AGENT, 200.0, "chars/min")
SOURCE = Path(__file__).parents[2] / "benchmarks" / "archive.py"
TEXTS = (
    "您好，请问有什么可以帮您？",
    "订单号是123，金额45元。",
    "好的，谢谢您，再见。",
    "我想改签，可以吗？",
)


@pytest.fixture(scope="module")
def archive() -> ModuleType:
    spec = importlib.util.spec_from_file_location("archive", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["archive"] = module
    sys.path.insert(0, str(SOURCE.parent))
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = Store(tmp_path_factory.mktemp("heard"))
    judged = []
    with store.writing():
        for number in range(4):
            call = made.call(f"c{number}", sha256=str(number), measurements=[PACE])
            said = tuple(
                made.utterance(n, u.role, u.start_s, TEXTS[(number + n) % 4])
                for n, u in enumerate(call.utterances)
            )
            store.write_call(replace(call, utterances=said))
            judged.append(
                made.judgement(call, 60.0, *(made.finding(f"R{n}", "fail") for n in range(number + 1)))
            )
        store.write_findings("2026-10-09", made.STANDARD, judged)
    return store.out


def written(archive: ModuleType, heard: Path, out: Path, *, seed: int = 0) -> StoreReader:
    archive.fill(out, [heard], 620, per_day=400, seed=seed)
    return StoreReader(out)


def test_an_archive_is_read_as_if_it_had_been_heard(archive: ModuleType, heard: Path, tmp_path: Path) -> None:
    store = written(archive, heard, tmp_path / "out")
    calls = list(store.read_calls())
    assert store.dates() == ("2026-01-01", "2026-01-02")
    assert len(calls) == store.count() == 620
    assert len({(c.record.call_date, c.record.call_id) for c in calls}) == 620
    for call in calls:
        assert call.record.started_at is not None
        assert call.record.started_at.date().isoformat() == call.record.call_date
        assert [u.idx for u in call.utterances] == list(range(len(call.utterances)))
        assert all(0.0 <= u.start_s < u.end_s <= call.duration_s for u in call.utterances)
    assert [store.damaged(day) for day in store.dates()] == [{}, {}]
    assert store.read_call(calls[-1].record.call_id) == calls[-1]


def test_no_two_calls_are_the_same(archive: ModuleType, heard: Path, tmp_path: Path) -> None:
    calls = list(written(archive, heard, tmp_path / "out").read_calls())
    for facts in ("utterances", "events", "measurements"):
        assert len({getattr(call, facts) for call in calls}) == len(calls)
    texts = [u.text for c in calls for u in c.utterances]
    assert len(set(texts)) > len(texts) / 2
    assert not {c.record.agent_id for c in calls} & {"A01"}


def test_the_same_seed_makes_the_same_archive(archive: ModuleType, heard: Path, tmp_path: Path) -> None:
    first, again, other = (
        list(written(archive, heard, tmp_path / name, seed=seed).read_calls())
        for name, seed in (("first", 0), ("again", 0), ("other", 1))
    )
    assert first == again
    assert not {c.utterances for c in first} & {c.utterances for c in other}


def test_a_calls_numbers_change_alike_and_its_lengths_stay(
    archive: ModuleType, heard: Path, tmp_path: Path
) -> None:
    archive.fill(tmp_path / "out", [heard], 50, error_rate=0.0)
    for call in StoreReader(tmp_path / "out").read_calls():
        numbers = {u.text[4:7] for u in call.utterances if u.text.startswith("订单号是")}
        assert len(numbers) <= 1
        assert all(len(set(number)) == 3 for number in numbers)


def test_the_product_shows_its_calls(archive: ModuleType, heard: Path, tmp_path: Path) -> None:
    store = written(archive, heard, tmp_path / "out")
    shown = CliRunner().invoke(app, ["show", "20260102-000007", "--out", str(store.out)])
    assert shown.exit_code == 0, shown.output
    assert "20260102-000007" in shown.output


def test_judgements_come_with_the_calls_they_were_made_for(
    archive: ModuleType, heard: Path, tmp_path: Path
) -> None:
    archive.fill(tmp_path / "out", [heard], 90, judged=True)
    store = StoreReader(tmp_path / "out")
    judged = store.read_judgements("2026-01-01", made.STANDARD)
    calls = list(store.read_calls())
    assert [(j.call_id, j.sha256) for j in judged] == [(c.record.call_id, c.sha256) for c in calls]
    assert {len(j.findings) for j in judged} == {1, 2, 3, 4}
    assert {f.rule_id for f in judged[0].findings} == {f"R{n}" for n in range(len(judged[0].findings))}
