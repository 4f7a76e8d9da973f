"""Recordings: whether they are there, and still what was heard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.call import CallRecord
from pipeline.errors import IntakeError
from pipeline.intake import content_hash
from pipeline.verification.heard import Calls, HeardCall
from pipeline.verification.problems import Problem

BRING_BACK = "bring it back, or leave it: what was heard is stored, only clips need it"


def recordings(calls: Calls, *, hashes: bool) -> Iterator[Problem]:
    """Look for the recordings of calls.

    Parameters
    ----------
    hashes : bool
        Read them and compare their hashes too.
    """
    for call in calls.values():
        paths = [Path(path) for path in call.paths]
        missing = [path for path in paths if not path.is_file()]
        for path in missing:
            yield Problem(path, f"the recording of call {call.call_id!r} is not there", BRING_BACK)
        if hashes and not missing:
            yield from _hash(call, paths)


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
