"""Call ids: those given, and those made from file names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from pipeline.intake.metadata import Candidate


def _stem(candidate: Candidate) -> str:
    return PurePosixPath(candidate.name).name


def _folder(candidate: Candidate) -> str:
    folder = PurePosixPath(candidate.name).parent.as_posix()
    return "" if folder == "." else folder


def name_calls(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Give every candidate its call id.

    A given id is kept. Otherwise it is the file's stem, which both legs share; where another call has that id
    too, the folder is put before it: ``a/001``. Calls that then still share an id are duplicates, for the
    caller to report. Ids do not depend on whether a file can be heard, so a repaired file keeps its id.

    Returns
    -------
    tuple of str
        In the order of the candidates.
    """
    given = {candidate.cells.call_id for candidate in candidates if candidate.cells.call_id}
    folders: dict[str, set[str]] = {}
    for candidate in candidates:
        if not candidate.cells.call_id:
            folders.setdefault(_stem(candidate), set()).add(_folder(candidate))

    def call_id(candidate: Candidate) -> str:
        stem = _stem(candidate)
        if candidate.cells.call_id:
            return candidate.cells.call_id
        return candidate.name if len(folders[stem]) > 1 or stem in given else stem

    return tuple(call_id(candidate) for candidate in candidates)
