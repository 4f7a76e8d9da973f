"""Hearing on a Ray cluster: the same outcomes as on this machine, whatever is lost on the way."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_hearings import ScriptedSetup, UnloadableSetup
from made_workers import DyingSetup, OtherVersionsSetup, PlacedSetup
from samples import sample

from pipeline.audio import Cut, cut_clips
from pipeline.audit import HearingTask, Outcome, hear_night
from pipeline.call import Call, CallRecord, Failure
from pipeline.errors import CallauditError, ConfigError, WeightsError
from pipeline.executors import CallLimit, Cluster, Setup, hear_all, hear_on_cluster
from pipeline.intake import content_hash, find_calls
from pipeline.spans import Span
from pipeline.store import Store

Tasks = Callable[..., list[HearingTask]]
TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def machines() -> Iterator[Any]:
    """A cluster of two machines, as far as Ray can tell: the head hears nothing, the other has two cores."""
    patch = pytest.MonkeyPatch()
    patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    patch.setenv("PYTHONPATH", os.pathsep.join([str(TESTS), str(TESTS.parent)]))
    from ray.cluster_utils import Cluster as Machines

    there = Machines(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    there.add_node(num_cpus=2, num_gpus=1)
    yield there
    there.shutdown()
    patch.undo()


@pytest.fixture
def cluster(machines: Any) -> Cluster:
    return Cluster(machines.address, patience_s=90.0)


@pytest.fixture
def tasks(tmp_path: Path) -> Callable[..., list[HearingTask]]:
    """Make tasks of calls of those ids and of so many others, with a recording each."""

    def make(count: int, *ids: str) -> list[HearingTask]:
        made = []
        for call_id in (*ids, *(f"c{n:02}" for n in range(count))):
            path = tmp_path / f"{call_id}.wav"
            path.write_text(call_id)
            record = CallRecord(call_id, path)
            made.append(HearingTask(record, content_hash(record)))
        return made

    return make


def results(outcomes: Iterable[Outcome]) -> dict[str, Call | Failure]:
    found = [(o.task.record.call_id, o.result) for o in outcomes]
    assert len(dict(found)) == len(found), "one outcome per task"
    return dict(found)


def places(log: Path) -> list[list[str]]:
    """Process, machine and GPUs of every call."""
    path = log.with_suffix(".places")
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def test_calls_are_heard_as_on_this_machine(tmp_path: Path, cluster: Cluster, tasks: Tasks) -> None:
    night, setup = tasks(30, "raises"), ScriptedSetup(log=tmp_path / "log")
    there = results(hear_on_cluster(night, setup, cluster))
    assert there == results(hear_all(night, setup))
    assert there["raises"].reason.count("raises.wav: unexpected RuntimeError in made_hearings.py, line ") == 1


def test_only_calls_that_end_their_worker_fail(tmp_path: Path, tasks: Tasks, cluster: Cluster) -> None:
    night = tasks(8, "kills", "hangs")
    setup = ScriptedSetup(log=tmp_path / "log", call_limit=CallLimit(fixed_s=2.0))
    there = results(hear_on_cluster(night, setup, cluster))
    assert set(there) == {t.record.call_id for t in night}
    assert {i for i, r in there.items() if isinstance(r, Failure)} == {"kills", "hangs"}
    for call_id in ("kills", "hangs"):
        assert f"{call_id}.wav: three workers ended while they heard this call" in there[call_id].reason


def test_a_machine_lost_on_the_way_costs_no_call(
    tmp_path: Path, machines: Any, cluster: Cluster, tasks: Tasks
) -> None:
    lost = machines.add_node(num_cpus=1)
    (tmp_path / "log.held").write_text(lost.node_id)
    night, setup = tasks(40), PlacedSetup(log=tmp_path / "log", workers=3)
    outcomes = hear_on_cluster(night, setup, replace(cluster, workers=3))
    found = []
    while len({machine for _, machine, _ in places(tmp_path / "log")}) < 2:
        found.append(next(outcomes))
    machines.remove_node(lost, allow_graceful=False)
    there = results([*found, *outcomes])
    assert len(places(tmp_path / "log")) > len(night), "what was under way there is heard again"
    assert there == results(hear_all(night, ScriptedSetup(log=tmp_path / "log")))


def test_a_machine_that_joins_hears_too(
    tmp_path: Path, machines: Any, cluster: Cluster, tasks: Tasks
) -> None:
    outcomes = hear_on_cluster(tasks(40), PlacedSetup(log=tmp_path / "log", workers=3), cluster)
    found = [next(outcomes)]
    joined = machines.add_node(num_cpus=1)
    found += outcomes
    machines.remove_node(joined)
    assert len(results(found)) == 40
    assert len({machine for _, machine, _ in places(tmp_path / "log")}) == 2


def test_workers_share_a_gpu(tmp_path: Path, cluster: Cluster, tasks: Tasks) -> None:
    log = tmp_path / "log"
    results(
        hear_on_cluster(tasks(12), PlacedSetup(log=log, workers=2), replace(cluster, gpus_per_worker=0.5))
    )
    assert {gpus for _, _, gpus in places(log)} == {"0"}
    assert len({process for process, _, _ in places(log)}) == 2


def test_what_no_machine_can_hold_is_said(cluster: Cluster, tasks: Tasks) -> None:
    with pytest.raises(CallauditError, match="no worker for 1 s; each takes 1 processors and 9 of a GPU"):
        list(
            hear_on_cluster(tasks(1), ScriptedSetup(), replace(cluster, gpus_per_worker=9.0, patience_s=1.0))
        )


def test_a_recogniser_that_cannot_be_loaded_is_no_calls_failure(cluster: Cluster, tasks: Tasks) -> None:
    with pytest.raises(WeightsError, match="no weights"):
        list(hear_on_cluster(tasks(1), UnloadableSetup(), cluster))
    with pytest.raises(CallauditError, match="3 workers died while they loaded the recogniser"):
        list(hear_on_cluster(tasks(5), DyingSetup(), replace(cluster, workers=1)))


def test_machines_with_other_versions_do_not_hear(cluster: Cluster, tasks: Tasks) -> None:
    with pytest.raises(CallauditError, match="install the same on every machine"):
        list(hear_on_cluster(tasks(1), OtherVersionsSetup(), cluster))


OFFLINE = """
from pipeline.executors.crew import connected

with connected(None):
    import ray
    from ray._common.usage import usage_lib

    print(usage_lib.usage_stats_enabled(), ray._private.worker.get_dashboard_url() or "no dashboard")
"""


def test_what_is_started_here_reports_nothing_and_has_no_dashboard(tmp_path: Path) -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    # Even where Ray was once told that it may.
    (tmp_path / "config.json").write_text('{"usage_stats": true}')
    ours["RAY_USAGE_STATS_CONFIG_PATH"] = str(tmp_path / "config.json")
    command = [sys.executable, "-c", OFFLINE]
    done = subprocess.run(command, cwd=TESTS.parent, env=ours, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[-2] == "False no dashboard"


def test_no_task_starts_nothing() -> None:
    assert list(hear_on_cluster([], Setup(weights="/no/such/weights"), Cluster("nowhere:1"))) == []


def test_without_ray_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tasks: Tasks) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ConfigError, match=r"pip install 'callaudit\[cluster\]'"):
        list(hear_on_cluster(tasks(1), ScriptedSetup(), Cluster()))


def test_where_no_cluster_is_the_message_says_so(tasks: Tasks) -> None:
    for address in ("127.0.0.1:1", "head"):
        with pytest.raises(ConfigError, match=f"--address {address}: no Ray cluster answers there"):
            list(hear_on_cluster(tasks(1), ScriptedSetup(), Cluster(address)))


def test_nothing_loads_ray_before_it_is_asked_for() -> None:
    program = "import sys, pipeline.cli, pipeline.executors; sys.exit('ray' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=TESTS.parent, check=False).returncode == 0


def rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the hearing tables, sorted."""
    return {
        table: sorted(map(repr, store.frame(table).itertuples(index=False, name=None)))
        for table in ("calls", "utterances", "events", "measurements")
    }


@pytest.mark.real
def test_the_tables_are_those_of_a_local_night(tmp_path: Path, machines: Any, cluster: Cluster) -> None:
    calls = tmp_path / "calls"
    for number, at_s in ((10, 2.0), (10, 12.0), (5, 4.0), (22, 6.0)):
        clip = Cut(Span(at_s, at_s + 7.0), calls / f"{number}-{at_s:g}.mp3")
        cut_clips(sample(number).record, [clip], margin_s=0.0)
    lost = machines.add_node(num_cpus=1)
    intake, setup, stores = find_calls(str(calls)), Setup(), []
    setup = replace(setup, transcriber=replace(setup.transcriber, threads=1))

    def there(night: Any) -> Iterator[Outcome]:
        outcomes = hear_on_cluster(night, setup, replace(cluster, workers=2))
        yield next(outcomes)
        machines.remove_node(lost, allow_graceful=False)
        yield from outcomes

    for name, executor in (("here", lambda night: hear_all(night, setup, workers=1)), ("there", there)):
        stores.append(Store(tmp_path / name))
        with stores[-1].writing():
            done = hear_night(
                intake.records, (), stores[-1], source="", hearing_key=setup.hearing_key, executor=executor
            )
        assert (done.heard, done.failures) == (4, ())
    here_rows, there_rows = map(rows, stores)
    assert here_rows == there_rows
    assert len(here_rows["utterances"]) >= 4
