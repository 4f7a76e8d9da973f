"""Setups that show where on a cluster calls are heard, in a module that its machines can import."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from made_hearings import ScriptedHearing, ScriptedSetup

from pipeline.call import Call, CallRecord


class PlacedHearing(ScriptedHearing):
    """Leaves a line with process, machine and GPUs for each call beside the log.

    From the call ``c10`` on, it waits until so many workers have done so. On the machine that the file
    ``.held`` beside the log names, it never comes to the end of a call.
    """

    def __init__(self, log: Path, workers: int) -> None:
        super().__init__(log)
        self._places, self._workers = log.with_suffix(".places"), workers

    def hear(self, record: CallRecord, **rest: Any) -> Call:
        import ray

        machine, gpus = ray.get_runtime_context().get_node_id(), os.environ.get("CUDA_VISIBLE_DEVICES", "")
        with self._places.open("a") as places:
            places.write(f"{os.getpid()} {machine} {gpus or 'none'}\n")
        until = time.monotonic() + 60.0
        while record.call_id >= "c10" and self._seen() < self._workers and time.monotonic() < until:
            time.sleep(0.1)
        held = self._places.with_suffix(".held")
        while held.exists() and held.read_text() == machine:
            time.sleep(0.1)
        time.sleep(0.05)
        return super().hear(record, **rest)

    def _seen(self) -> int:
        return len({line.split()[0] for line in self._places.read_text().splitlines()})


@dataclass(frozen=True, slots=True)
class PlacedSetup(ScriptedSetup):
    """Loads a :class:`PlacedHearing`."""

    workers: int = 1

    def load(self) -> Any:
        return PlacedHearing(self.log, self.workers)


@dataclass(frozen=True, slots=True)
class OtherVersionsSetup(ScriptedSetup):
    """Hears with another key in each process."""

    @property
    def hearing_key(self) -> str:
        return f"h{os.getpid()}"


@dataclass(frozen=True, slots=True)
class DyingSetup(ScriptedSetup):
    """Kills the process that loads it."""

    def load(self) -> Any:
        os._exit(137)
