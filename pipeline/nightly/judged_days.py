"""Which days were judged as they are now, so that a night judges only what has changed.

What was judged is remembered beside the summaries, by a hash of the day's parts, of the rulebooks and of the
version. Losing the file costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from pipeline import __version__
from pipeline.audit.stored_days import days_of
from pipeline.nightly.summary import NIGHTS
from pipeline.rulebook import Rulebook, locate, shipped_rulebooks
from pipeline.store import Store
from pipeline.store.files import write
from pipeline.tables import HEARING_TABLES

FILE = "judged.json"
_TABLES = (*HEARING_TABLES, "findings", "scores")


class JudgedDays:
    """What is known of the days of a store.

    Parameters
    ----------
    store : Store
        Inside ``store.writing()`` when days are noted.
    rulebooks : iterable of Rulebook
        Those of desks; the shipped ones count as well, as calls may name them.
    """

    def __init__(self, store: Store, rulebooks: Iterable[Rulebook]) -> None:
        self._store = store
        self._path = store.out / NIGHTS / FILE
        self._books = _fingerprint(rulebooks)
        self._known = _read(self._path)

    def changed(self) -> list[str]:
        """Return the days to judge, in order."""
        return [day for day in days_of(self._store, "findings") if self._known.get(day) != self._state(day)]

    def note(self, call_dates: Iterable[str]) -> None:
        """Remember that those days are judged as they are; days that are gone are forgotten."""
        stored = days_of(self._store, "findings")
        known = self._known | {day: self._state(day) for day in call_dates}
        self._known = {day: known[day] for day in stored if day in known}
        write(self._path, json.dumps(self._known, indent=0).encode(), root=self._store.out)

    def _state(self, call_date: str) -> str:
        return f"{self._books}-{self._store.state(call_date, _TABLES)}"


def _fingerprint(rulebooks: Iterable[Rulebook]) -> str:
    parts = [book.content_hash for book in rulebooks]
    parts += [hashlib.sha256(locate(name).read_bytes()).hexdigest() for name in shipped_rulebooks()]
    return hashlib.sha256("|".join([__version__, *sorted(parts)]).encode()).hexdigest()[:16]


def _read(path: Path) -> dict[str, str]:
    try:
        known = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in known.items()} if isinstance(known, dict) else {}
