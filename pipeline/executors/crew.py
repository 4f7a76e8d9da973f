"""Workers on a Ray cluster: actors that load the model once and hear what they are given.

Ray places them where processors, and shares of GPUs, are free, asks its autoscaler for machines where none
are, and notices when a worker or its machine is gone. A worker that died is replaced by a new one rather than
restarted: its machine may be gone, and a new one goes wherever there is room.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.audit import HearingTask, Outcome
from pipeline.errors import CallauditError, ConfigError
from pipeline.executors.groups import Setup, hear_group, load
from pipeline.executors.memory import keep_memory_steady
from pipeline.executors.watchdog import watched
from pipeline.hearing import Hearing

MOST_DEAD_STARTS = 3
"""So many workers may die one after the other while they load the model."""

# How often, in seconds, the cluster is asked for machines that have joined.
_LOOK_S = 2.0
# How long the head of a cluster may take to answer.
_ANSWERS_S = 10.0
# As in local processes: what a library's threads add up must not depend on how many there are.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where workers run, how many, and what each takes.

    Attributes
    ----------
    address : str or None
        Of a running cluster, ``host:port``. None takes what ``RAY_ADDRESS`` says, and without it starts Ray
        on this machine for as long as calls are heard.
    workers : int
        So many are asked for, also of an autoscaler; those without room wait for it. 0 for as many as the
        cluster has room for, on machines that join later too.
    gpus_per_worker : float
        Share of a GPU, 0 for none; 0.25 puts four workers on one.
    patience_s : float
        How long a night waits while there is no worker at all.
    """

    address: str | None = None
    workers: int = 0
    gpus_per_worker: float = 0.0
    patience_s: float = 900.0


@contextmanager
def connected(address: str | None) -> Iterator[None]:
    """Join the cluster at ``address``, or start one here; leave it at the end.

    Raises
    ------
    ConfigError
        When Ray is not installed, or no cluster can be joined.
    """
    # Read when Ray is imported: nothing is reported to its makers.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise ConfigError(
            "--executor ray needs Ray, which is not installed: pip install 'callaudit[cluster]'"
        ) from error

    address = address or os.environ.get("RAY_ADDRESS")
    if address:
        _expect_head(address)
    try:
        ray.init(address or "local", include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise ConfigError(f"--address {address}: no Ray cluster can be joined there: {error}") from error
    try:
        yield
    finally:
        ray.shutdown()


def _expect_head(address: str) -> None:
    """Make sure that something answers there: Ray itself would try for ever."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), _ANSWERS_S).close()
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"--address {address}: no Ray cluster answers there ({error}); expected host:port of one that "
            "'ray start --head' has started"
        ) from error


class HearingWorker:
    """What runs as an actor."""

    _hearing: Hearing
    _setup: Setup

    def load(self, setup: Setup) -> str:
        """Load the recogniser, and return the key of what is heard with it here."""
        keep_memory_steady()
        self._setup, self._hearing = setup, load(setup)
        return setup.hearing_key

    def hear(self, tasks: Sequence[HearingTask]) -> list[Outcome]:
        """Hear the first of the tasks, as many as are heard together."""
        # Where it stood when it was ended is lost with it: nobody else reads files of this machine.
        with watched(Path(os.devnull)) as allow:
            return hear_group(self._hearing, tasks, self._setup, allow=allow)


@dataclass(frozen=True, slots=True)
class Turn:
    """Calls that one worker hears at once, and how many workers have died of each before."""

    tasks: tuple[HearingTask, ...]
    deaths: int = 0


@dataclass
class Crew:
    """The workers of a night, inside `connected`.

    Attributes
    ----------
    setup : Setup
        A worker takes as many processors as its recogniser may use threads, at least one.
    free : list of worker
        Those that have loaded the model and hear nothing.
    """

    setup: Setup
    cluster: Cluster
    free: list[Any] = field(default_factory=list)
    _starting: dict[Any, Any] = field(default_factory=dict)
    _hearing: dict[Any, tuple[Any, Turn]] = field(default_factory=dict)
    _dead_starts: int = 0
    _last_seen_s: float = field(default_factory=time.monotonic)

    @property
    def size(self) -> int:
        """All workers, those without room yet included."""
        return len(self._starting) + len(self.free) + len(self._hearing)

    @property
    def hears(self) -> int:
        """Workers that hear calls now."""
        return len(self._hearing)

    def grow(self, most: int) -> None:
        """Ask for the workers that the user wants or the cluster has room for, but no more than ``most``."""
        for _ in range(min(most, self.cluster.workers or self._room()) - self.size):
            self._start()

    def give(self, turn: Turn) -> None:
        """Let a free worker hear calls."""
        worker = self.free.pop()
        self._hearing[worker.hear.remote(turn.tasks)] = (worker, turn)

    def wait(self) -> Iterator[tuple[Turn, list[Outcome] | None]]:
        """Wait a little, and yield the turns that ended: what was heard, or None when the worker is gone.

        Raises
        ------
        CallauditError
            When the recogniser cannot be loaded, or there has been no worker for too long.
        """
        import ray

        pending = [*self._starting, *self._hearing]
        if not pending:
            time.sleep(_LOOK_S)
        done = ray.wait(pending, num_returns=1, timeout=_LOOK_S)[0] if pending else []
        for ref in done:
            if ref in self._starting:
                self._begin(ref)
            else:
                yield self._end(ref)
        if self.free or self._hearing:
            self._last_seen_s = time.monotonic()
        elif time.monotonic() - self._last_seen_s > self.cluster.patience_s:
            raise CallauditError(
                f"the cluster has had no worker for {self.cluster.patience_s:g} s; each takes {self._cpus} "
                f"processors and {self.cluster.gpus_per_worker:g} of a GPU, and no machine of it has room"
            )

    def dismiss(self) -> None:
        """End all workers, whatever they do; a night that stops early waits for none of them."""
        import ray

        for worker in (*self._starting.values(), *self.free, *(w for w, _ in self._hearing.values())):
            ray.kill(worker)

    @property
    def _cpus(self) -> int:
        return max(1, self.setup.transcriber.threads)

    def _room(self) -> int:
        """Return how many workers the machines take that are there now."""
        import ray

        room, gpus = 0, self.cluster.gpus_per_worker
        for node in ray.nodes():
            has = node["Resources"] if node["Alive"] else {}
            fits = int(has.get("CPU", 0) // self._cpus)
            room += min(fits, int(has.get("GPU", 0) / gpus + 1e-6)) if gpus else fits
        return room

    def _start(self) -> None:
        import ray

        options = {
            "num_cpus": self._cpus,
            "num_gpus": self.cluster.gpus_per_worker,
            "runtime_env": {"env_vars": _ENVIRONMENT},
        }
        worker: Any = ray.remote(HearingWorker).options(**options).remote()
        self._starting[worker.load.remote(self.setup)] = worker

    def _begin(self, ref: Any) -> None:
        worker = self._starting.pop(ref)
        try:
            key = _answer(ref)
        except _WorkerGoneError as error:
            self._dead_starts += 1
            if self._dead_starts < MOST_DEAD_STARTS:
                return
            raise CallauditError(
                f"{MOST_DEAD_STARTS} workers died while they loaded the recogniser; the memory of their "
                f"machines may not be enough: {error}"
            ) from error
        if key != self.setup.hearing_key:
            raise CallauditError(
                "a machine of the cluster hears with other weights, or other versions of packages, than this "
                "one would; install the same on every machine"
            )
        self._dead_starts = 0
        self.free.append(worker)

    def _end(self, ref: Any) -> tuple[Turn, list[Outcome] | None]:
        import ray

        worker, turn = self._hearing.pop(ref)
        try:
            outcomes: list[Outcome] = _answer(ref)
        except _WorkerGoneError:
            # It may live on where the machine that held its answer is gone, or cannot be reached.
            ray.kill(worker)
            return turn, None
        self.free.append(worker)
        return turn, outcomes


class _WorkerGoneError(Exception):
    """The process of a worker, its machine, or what it answered is gone."""


def _answer(ref: Any) -> Any:
    """Return what a worker answered; its own errors are raised as what they were there."""
    import ray

    try:
        return ray.get(ref)
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, MemoryError):
            raise _WorkerGoneError("not enough memory") from error
        raise (error.cause if isinstance(error.cause, Exception) else error) from None
    except ray.exceptions.RayError as error:
        raise _WorkerGoneError(str(error)) from error
