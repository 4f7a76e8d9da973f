"""Hearing a group of calls in the process it was given to, whoever started that process.

A call that fails becomes an outcome with a reason; it never stops the others. What a process cannot tell of
itself, that it died or did not get on, whoever started it tells with `died` and `hung`. The rules are the
same wherever calls are heard: when a group is lost, each of its calls is heard again with nothing beside it,
and only a call that is lost then as well has failed.
"""

from __future__ import annotations

import functools
import itertools
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.audit import HearingTask, Outcome, listen_again
from pipeline.audit.known_failures import HEAR, repeats, tried
from pipeline.call import Call, CallRecord, Failure
from pipeline.errors import CallauditError, UnavailableError
from pipeline.executors.watchdog import CallLimit, watched
from pipeline.hearing import Hearing, HearingOptions, hearing_key
from pipeline.intake import content_hash
from pipeline.profiling import Account, charged_to
from pipeline.transcribers import load_transcriber
from pipeline.transcribers.base import TranscriberOptions


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything a process needs to start hearing.

    Attributes
    ----------
    engine, weights : str
        As :func:`pipeline.transcribers.load_transcriber` takes them.
    rulebooks : tuple of str
        Whose wording is listened for again where it was nearly said; empty: each call's own standards'.
    profile : bool
        Measure what the stages of each call take.
    call_limit : CallLimit
        How long a call may take.
    """

    engine: str = "faster-whisper"
    weights: str = "base"
    transcriber: TranscriberOptions = field(default_factory=TranscriberOptions)
    hearing: HearingOptions = field(default_factory=HearingOptions)
    rulebooks: tuple[str, ...] = ()
    profile: bool = False
    call_limit: CallLimit = field(default_factory=CallLimit)

    @property
    def hearing_key(self) -> str:
        """The key of every call heard with this setup, known without loading the model."""
        return hearing_key(self.engine, self.weights, self.transcriber, self.hearing)

    def load(self) -> Hearing:
        """Load the recogniser."""
        return Hearing(
            load_transcriber(self.engine, weights=self.weights, options=self.transcriber), self.hearing
        )

    def of(self, task: HearingTask) -> Setup:  # noqa: ARG002
        """Return the setup that hears a task: this one."""
        return self


@dataclass(frozen=True, slots=True)
class SourceSetups:
    """The setups of a night's sources, in the order of their places."""

    setups: tuple[Setup, ...]

    def of(self, task: HearingTask) -> Setup:
        """Return the setup that hears a task."""
        return self.setups[task.source]


def first_of(setup: Setup | SourceSetups, tasks: Sequence[HearingTask]) -> tuple[Setup, list[HearingTask]]:
    """Return the setup of the first task, and the tasks from there on that it hears as well."""
    own = setup.of(tasks[0])
    return own, list(itertools.takewhile(lambda task: setup.of(task) == own, tasks))


def load(setup: Setup) -> Hearing:
    """Load the recogniser.

    Raises
    ------
    CallauditError
        When it cannot be loaded, or not into the memory there is: that is no call's failure.
    """
    try:
        return setup.load()
    except MemoryError as error:
        raise CallauditError(no_memory_to_load()) from error


def no_memory_to_load() -> str:
    """Say that the recogniser does not fit."""
    return (
        "the recogniser could not be loaded: its memory may not be enough; hear with fewer --workers or "
        "smaller --weights. What is stored stays, and the same command goes on from there"
    )


def hear_group(
    hearing: Hearing,
    tasks: Sequence[HearingTask],
    setup: Setup,
    *,
    allow: Callable[[float], None] | None = None,
) -> list[Outcome]:
    """Hear the first of the tasks, as many as are heard together.

    Parameters
    ----------
    allow : callable, optional
        Told the seconds that each call may take, as `watched` yields it.

    Raises
    ------
    MemoryError
        When there was not enough for one of them, perhaps because of the others.
    """

    def begun() -> Iterator[tuple[CallRecord, str]]:
        for task in tasks:
            if allow is not None:
                allow(setup.call_limit.before_reading())
            yield task.record, task.sha256

    def read(duration_s: float) -> None:
        if allow is not None:
            allow(setup.call_limit.for_length(duration_s))

    accounts = [Account() if setup.profile else None for _ in tasks]
    heard = hearing.hear_together(begun(), accounts, read)
    outcomes = []
    for task, account, result in zip(tasks, accounts, heard, strict=False):
        with charged_to(account):
            settled = _settled(hearing, task, result, setup)
        outcomes.append(Outcome(task, settled, account.times if account is not None else None))
    return outcomes


@functools.cache
def _loaded(setup: Setup) -> Hearing:
    """Load the recogniser once per process."""
    return load(setup)


def hear_here(setup: Setup | SourceSetups, tasks: Sequence[HearingTask], note: Path) -> list[Outcome]:
    """Hear as `hear_group` does in a process that is ended when a call takes too long.

    The recogniser is loaded with the first group. Of tasks of several setups, those of the first are heard.

    Parameters
    ----------
    note : Path
        Is there when the recogniser is loaded, and not empty when the process was ended.

    Raises
    ------
    CallauditError, MemoryError
        As `load` and `hear_group` do.
    """
    own, first = first_of(setup, tasks)
    hearing = _loaded(own)
    with watched(note) as allow:
        return hear_group(hearing, first, own, allow=allow)


def died(task: HearingTask) -> Outcome:
    """Return the outcome of a call whose process died twice, or had not enough memory."""
    return _lost(
        task,
        "the process that heard this call died, and again when it heard nothing else; its memory may not "
        "be enough, or the recording has hit a defect in native code",
    )


def hung(task: HearingTask, setup: Setup) -> Outcome:
    """Return the outcome of a call that took too long twice."""
    return _lost(
        task,
        f"hearing this call took longer than {setup.call_limit}, and again when nothing else was heard "
        "beside it; the recording has hit a defect, or the machine is too slow: --call-limit-s allows more",
    )


def ended(task: HearingTask, setup: Setup) -> Outcome:
    """Return the outcome of a call whose worker on a cluster ended three times, nobody knows of what."""
    return _lost(
        task,
        "three workers ended while they heard this call, the second and the third with nothing beside it: it "
        f"took longer than {setup.call_limit}, or their memory is not enough, or the recording has hit a "
        "defect in native code",
    )


def _lost(task: HearingTask, why: str) -> Outcome:
    path = str(task.record.path)
    return Outcome(task, Failure(path, HEAR, f"{path}: {why}"))


def _settled(hearing: Hearing, task: HearingTask, heard: Call | Exception, setup: Setup) -> Call | Failure:
    try:
        if isinstance(heard, Exception):
            raise heard
        call = _settle(hearing, heard, setup)
        _expect_unchanged(task)
        return call
    except CallauditError as error:
        return _failure(task, str(error), error, setup)
    except MemoryError:
        raise
    except Exception as error:  # one call's defect must not cost the night; where it is, is kept
        reason = f"{task.record.path}: unexpected {type(error).__name__} {_place(error)}"
        return _failure(task, reason, error, setup)


def _failure(task: HearingTask, reason: str, error: Exception, setup: Setup) -> Failure:
    what = tried(task.sha256, setup.hearing_key) if repeats(error) else None
    return Failure(str(task.record.path), HEAR, reason, what)


def _place(error: Exception) -> str:
    """Say where an error arose; its message may quote what was said in the call."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "somewhere"


def _settle(hearing: Hearing, call: Call, setup: Setup) -> Call:
    """Add readings, which need every word, and take personal data out.

    A call is heard without readings too; judging names a rulebook that has errors.
    """
    with suppress(CallauditError):
        call = listen_again(hearing, call, setup.rulebooks)
    return hearing.settle(call)


def _expect_unchanged(task: HearingTask) -> None:
    """Make sure that what was heard is what has the hash under which it is stored.

    Raises
    ------
    UnavailableError, IntakeError
        When the recording has other bytes than before, or is gone.
    """
    now = content_hash(task.record)
    if now != task.sha256:
        raise UnavailableError(
            f"{task.record.path}: changed while it was heard: SHA-256 {now[:16]}…, and {task.sha256[:16]}… "
            "before; nothing is stored of it: run again when nobody writes to it"
        )
