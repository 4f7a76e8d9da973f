"""Failures of earlier nights that another try would only repeat."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version

from pipeline.call import CallRecord, Failure
from pipeline.errors import AudioError, UnavailableError
from pipeline.version import __version__

HEAR = "hear"
"""Stage of recordings that could not be heard."""

# What a defect raises that meets the same recording again in the same way.
_DEFECTS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)


def repeats(error: Exception) -> bool:
    """Whether hearing the same recording in the same way would fail with the same error.

    Not when the machine may be why: its disk, its memory, or what native code makes of them.
    """
    if isinstance(error, UnavailableError):
        return False
    return isinstance(error, (AudioError, *_DEFECTS))


def heard_with(hearing_key: str) -> str:
    """Return what stands for how a recording is heard: settings, version of the program, decoders."""
    seed = f"{__version__} {version('av')} {hearing_key}"
    return hashlib.sha256(seed.encode()).hexdigest()[:16]


def tried(sha256: str, hearing_key: str) -> str:
    """Return what was tried when a recording was heard."""
    return f"{sha256} {heard_with(hearing_key)}"


class KnownFailures:
    """Failures of earlier nights, by what was tried.

    Parameters
    ----------
    failures : iterable of Failure
        As they are stored; those that may be the machine's are left out.
    """

    def __init__(self, failures: Iterable[Failure] = ()) -> None:
        lasting = [f for f in failures if f.tried is not None]
        self._all = {(f, f.tried) for f in lasting}
        self._heard = {(f.path, f.tried): f for f in lasting if f.stage == HEAR}
        self._ways = {(path, str(what).rpartition(" ")[2]) for path, what in self._heard}

    def __contains__(self, failure: Failure) -> bool:
        """Whether an input has failed so before, and is as it was."""
        return (failure, failure.tried) in self._all

    def hearing(self, record: CallRecord, sha256: str, hearing_key: str) -> Failure | None:
        """Return how hearing this recording in this way has failed; None when it has not."""
        return self._heard.get((str(record.path), tried(sha256, hearing_key)))

    def unopened(self, record: CallRecord, hearing_key: str) -> bool:
        """Whether hearing the call has failed in this way, if its recording is as it was."""
        return (str(record.path), heard_with(hearing_key)) in self._ways
