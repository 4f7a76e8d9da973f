"""Setups whose hearing needs no model, in a module that a started process can import."""

from __future__ import annotations

import os
import re
import resource
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import made_calls as made

from pipeline.call import Call, CallRecord
from pipeline.errors import AudioError, WeightsError
from pipeline.executors import Setup
from pipeline.profiling import Account, Stage, StageTime
from pipeline.wording.matching import PhraseMatch


class ScriptedHearing:
    """Does what a call's id says, or hears it.

    ``kills`` its process, ``once`` only the first time; ``hangs``, or is ``stuck`` in native code; ``sleeps``
    a minute, its process id in the log; has its memory ``full``, or ``crowded`` as long as fewer than four
    calls were heard; ``eats`` all that it may; ``raises``; has a value that no table takes (``nan``); its
    recording ``changes``, ``vanishes`` or is ``spoilt``.

    Every call leaves a line with what happened in ``log``.
    """

    def __init__(self, log: Path) -> None:
        self._log = log

    def hear(self, record: CallRecord, *, sha256: str, read: Callable[[float], None]) -> Call:
        heard_before = self._log.read_text().split() if self._log.exists() else []
        with self._log.open("a") as log:
            log.write(f"{record.call_id}\n")
        if record.call_id.startswith("kills") or (
            record.call_id.startswith("once") and record.call_id not in heard_before
        ):
            os.kill(os.getpid(), signal.SIGKILL)
        if record.call_id.startswith("sleeps"):
            self._log.write_text(str(os.getpid()))
            time.sleep(60)
        read(1.0)
        _do_badly(record, heard_before)
        if record.call_id.startswith("raises"):
            raise RuntimeError("a defect")
        if record.call_id.startswith("spoilt"):
            raise AudioError(f"{record.path}: silent")
        if record.call_id.startswith("nan"):
            return made.call(record.call_id, measurements=made.measured(net_pace=float("nan")))
        measured = made.measured(net_pace=200.0)
        return replace(made.call(record.call_id, sha256=sha256, measurements=measured), record=record)

    def settle(self, call: Call) -> Call:
        return call

    def hear_together(
        self,
        calls: Iterable[tuple[CallRecord, str]],
        accounts: Iterable[Account | None],
        read: Callable[[float], None],
    ) -> list[Call | Exception]:
        """Hear three at most, one after the other; each takes 200 s of the decoder and 100 s of measuring."""
        heard: list[Call | Exception] = []
        for (record, sha256), account in islice(zip(calls, accounts, strict=True), 3):
            if account is not None:
                account.charge(
                    [StageTime(Stage.DECODER, 200.0, 200.0), StageTime(Stage.MEASURING, 100.0, 100.0)]
                )
            try:
                heard.append(self.hear(record, sha256=sha256, read=read))
            except Exception as error:
                heard.append(error)
        return heard

    def listen_again(self, call: Call, asked: Iterable[PhraseMatch]) -> Call:  # noqa: ARG002
        """Hear nothing new."""
        return call


def _do_badly(record: CallRecord, heard_before: list[str]) -> None:
    if record.call_id.startswith("hangs"):
        time.sleep(600)
    if record.call_id.startswith("stuck"):
        re.match(r"(a+)+b", "a" * 64)  # does not let go of the interpreter
    if record.call_id.startswith("full") or (record.call_id.startswith("crowded") and len(heard_before) < 4):
        raise MemoryError
    if record.call_id.startswith("eats"):
        in_use = 4096 * int(Path("/proc/self/statm").read_text().split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (in_use + (64 << 20), resource.RLIM_INFINITY))
        bytearray(1 << 30)
    if record.call_id.startswith("changes"):
        record.path.write_text("something else")
    if record.call_id.startswith("vanishes"):
        record.path.unlink()


@dataclass(frozen=True, slots=True)
class ScriptedSetup(Setup):
    """Loads a :class:`ScriptedHearing`."""

    log: Path = Path()

    @property
    def hearing_key(self) -> str:
        return "h1"

    def load(self) -> Any:
        return ScriptedHearing(self.log)


@dataclass(frozen=True, slots=True)
class UnloadableSetup(Setup):
    """Its weights are not there."""

    def load(self) -> Any:
        raise WeightsError("no weights")


@dataclass(frozen=True, slots=True)
class LargeSetup(ScriptedSetup):
    """Has no memory for its recogniser."""

    def load(self) -> Any:
        raise MemoryError


@dataclass(frozen=True, slots=True)
class DyingSetup(ScriptedSetup):
    """Is killed when it loads its recogniser."""

    def load(self) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)
