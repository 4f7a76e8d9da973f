"""Recordings: whether they are there, and still what was heard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.call import CallRecord
from pipeline.errors import IntakeError
from pipeline.intake import content_hash
from pipeline.places import place
from pipeline.verification.heard import Calls, HeardCall
from pipeline.verification.problems import Problem

BRING_BACK = "bring it back, or leave it: what was heard is stored, only clips need it"
FEW = 3
"""So many missing recordings are named one by one."""


class MissingRecording(Problem):
    """A recording that is not where it was heard."""

    __slots__ = ()


def recordings(calls: Calls, *, hashes: bool) -> Iterator[Problem]:
    """Look for the recordings of calls.

    Parameters
    ----------
    hashes : bool
        Read them and compare their hashes too.
    """
    for call in calls.values():
        paths = [place(path) for path in call.paths]
        missing = [path for path in paths if not path.is_file()]
        for path in missing:
            yield MissingRecording(path, f"the recording of call {call.call_id!r} is not there", BRING_BACK)
        if hashes and not missing:
            yield from _hash(call, paths)


def told(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield what is wrong, a problem a line, many missing recordings on one: they are mended together."""
    missing = [problem for problem in problems if isinstance(problem, MissingRecording)]
    apart = len(missing) <= FEW
    yield from (str(problem) for problem in problems if apart or not isinstance(problem, MissingRecording))
    if not apart:
        yield (
            f"{len(missing)} recordings are not there: {missing[0].file} is the first, --json names all; "
            "bring them back, or leave them: what was heard is stored, only clips need them"
        )


def _hash(call: HeardCall, paths: list[Path]) -> Iterator[Problem]:
    record = CallRecord(call.call_id, paths[0], paths[1] if len(paths) > 1 else None)
    try:
        now = content_hash(record)
    except IntakeError as error:
        yield Problem(paths[0], str(error), BRING_BACK)
        return
    if now != call.sha256:
        seen = f"SHA-256 is {now[:16]}…, and call {call.call_id!r} was heard from {call.sha256[:16]}…"
        yield Problem(paths[0], seen, "hear it again, or bring the old one back")
