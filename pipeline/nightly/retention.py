"""Removing what is older than it may be kept; what was removed is written down, without a call's id."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from pipeline.errors import ConfigError, StoreError
from pipeline.nightly.summary import NIGHTS
from pipeline.reports.slugs import HASH_CHARS, slug_hash
from pipeline.store import PurgedDay, Store, expired_days, purge_day, purge_failures
from pipeline.store.files import writing

TRAIL = "purged.jsonl"
"""What was purged: a line when a purge begins, and one per day of calls that it has removed.

Never shortened, as nights take nothing older than it says.
"""

_AGE = re.compile(r"(\d{1,5})([dw])")
_CLIP = re.compile(r".+_[0-9.]+-[0-9.]+s\.mp3")
_CALL = re.compile(rf"(.*-)?(?P<call>[0-9a-f]{{{HASH_CHARS}}})")
_KEPT_BY_DAY = ("night-????-??-??.log", "????-??-??*.json")


@dataclass(frozen=True, slots=True)
class Purge:
    """What was removed, or would be.

    Attributes
    ----------
    days : tuple of PurgedDay
        Those that are gone.
    problems : tuple of str
        Why other days could not be removed; the next purge tries again.
    """

    before: date
    days: tuple[PurgedDay, ...] = ()
    failures: int = 0
    clips: int = 0
    problems: tuple[str, ...] = ()

    @property
    def calls(self) -> int:
        """Calls of those days."""
        return sum(day.calls for day in self.days)


def days_before(days: int) -> date:
    """Return the first day that is kept of so many."""
    return date.today() - timedelta(days=days)


def read_age(text: str) -> date:
    """Return the first day to keep for an age such as ``90d`` or ``12w``.

    Raises
    ------
    ConfigError
        When it is none.
    """
    match = _AGE.fullmatch(text)
    if match is None:
        raise ConfigError(f"--older-than {text!r}: expected days or weeks, such as 90d or 12w")
    return days_before(int(match[1]) * (7 if match[2] == "w" else 1))


def purge(
    store: Store,
    before: date,
    *,
    scorecards: bool = False,
    clips: Sequence[Path] = (),
    dry_run: bool = False,
) -> Purge:
    """Remove the calls of days before a date, with all that is known of them.

    A second purge, also of one that was stopped half-way, removes what is left and nothing else. A day that
    damage keeps from being removed costs only itself.

    Parameters
    ----------
    store : Store
        Inside ``store.writing()``, unless it is a dry run.
    before : date
    scorecards : bool
        Whether the scorecards of those days are to go as well.
    clips : sequence of Path
        Folders in which evidence clips of the calls may lie.
    dry_run : bool
        Only say what would go.
    """
    days = tuple(expired_days(store, before, scorecards=scorecards))
    gone: list[PurgedDay] = []
    problems: list[str] = []
    removed = 0
    if days and not dry_run:
        # Before anything is gone: the nights after one that is stopped here must not hear it again.
        _write_down(store.out, before)
    # What belongs to a call goes before the call, after which nobody could tell whose it was.
    paths = frozenset(path for day in days for path in day.paths)
    failures = purge_failures(store, before, paths, dry_run=dry_run)
    for day in days:
        found = list(_clips_of(day, clips))
        removed += len(found)
        if not dry_run:
            try:
                _unlink(found)
                _remove_empty(found)
                purge_day(store, day, scorecards=scorecards)
            except StoreError as error:
                problems.append(f"calls of {day.call_date} cannot be removed: {error}")
                continue
            kept = "removed" if scorecards else "kept"
            _write_down(store.out, before, call_date=day.call_date, calls=day.calls, scorecards=kept)
        gone.append(day)
    return Purge(before, tuple(gone), failures, removed, tuple(problems))


def last_purge(out: Path) -> date | None:
    """Return the latest date before which calls were purged; None without a purge."""
    try:
        lines = (out / TRAIL).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    return max((found for line in lines if (found := _limit(line)) is not None), default=None)


def remove_clips(folders: Iterable[Path], before: date) -> int:
    """Remove evidence clips that were cut before a date; return how many. Other files stay."""
    old = [p for p in _clips(folders) if date.fromtimestamp(p.stat().st_mtime) < before]
    _unlink(old)
    _remove_empty(old)
    return len(old)


def remove_logs(logs: Path, out: Path, before: date) -> int:
    """Remove logs and summaries of nights before a date; return how many."""
    old = [
        path
        for folder, pattern in zip((logs, out / NIGHTS), _KEPT_BY_DAY, strict=True)
        for path in folder.glob(pattern)
        if path.stem.removeprefix("night-")[:10] < before.isoformat()
    ]
    _unlink(old)
    return len(old)


def _clips_of(day: PurgedDay, folders: Iterable[Path]) -> Iterator[Path]:
    """Yield the clips of a day's calls, also of those of which only the name of their part is known."""
    parts = [Path(name).stem.removeprefix("part-") for name in day.unread]
    calls = {slug_hash(i) for i in day.call_ids} | {part[:HASH_CHARS] for part in parts}
    for path in _clips(folders):
        match = _CALL.fullmatch(path.parent.name)
        if match is not None and match["call"] in calls and path.parent.parent.name == day.call_date:
            yield path


def _clips(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield what lies in a folder of a day and of a call and is named as clips are."""
    for folder in folders:
        for path in sorted(folder.glob("*/*/*.mp3")):
            if _CLIP.fullmatch(path.name) and _CALL.fullmatch(path.parent.name):
                yield path


def _unlink(paths: Collection[Path]) -> None:
    """Remove files.

    Raises
    ------
    StoreError
        When one is not to be removed.
    """
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"{path}: cannot be removed: {error.strerror or error}") from error


def _remove_empty(clips: Iterable[Path]) -> None:
    """Remove the folders of calls and days that clips have left empty: their names tell of the calls."""
    for folder in {p.parent for p in clips}:
        with suppress(OSError):
            folder.rmdir()
            folder.parent.rmdir()


def _write_down(out: Path, before: date, **removal: str | int) -> None:
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    line = json.dumps({"at": at, "before": before.isoformat(), **removal})
    with writing(out / TRAIL):
        descriptor = os.open(out / TRAIL, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())


def _limit(line: str) -> date | None:
    """Return the limit of a line; None for one that a crash cut short."""
    try:
        return date.fromisoformat(json.loads(line)["before"])
    except (ValueError, KeyError, TypeError):
        return None
