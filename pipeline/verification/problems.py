"""What does not fit together, as a line that says what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    file : Path
        The part, or the folder of the day, or the recording.
    seen : str
        What was found, and what was expected.
    mending : str
        What to do.
    """

    file: Path
    seen: str
    mending: str

    def __str__(self) -> str:
        return f"{self.file}: {self.seen}; {self.mending}"


def some(ids: Iterable[object]) -> str:
    """Count ids and name the first of them."""
    known = sorted({str(i) for i in ids})
    named = ", ".join(known[:_NAMED])
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    return f"{len(known)} {'call' if len(known) == 1 else 'calls'} ({named}{more})"
