"""What a night came to: for its exit code, for ``summary.json``, and for the nights after it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from pipeline.profiling import StageTime
from pipeline.store.files import write

NIGHTS = "nights"
"""Folder of the summaries, inside that of the tables."""

LATEST = "summary.json"


class Ending(StrEnum):
    """How a night ended."""

    DONE = "done"
    SOME_FAILED = "some failed"
    CONFIGURATION = "configuration"
    DEFECT = "defect"
    CUT = "cut"
    STOPPED = "stopped"


EXIT_CODES = {
    Ending.DONE: 0,
    Ending.SOME_FAILED: 1,
    Ending.CONFIGURATION: 2,
    Ending.DEFECT: 3,
    Ending.CUT: 4,
    Ending.STOPPED: 5,
}


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """Calls of one source: heard now, stored before, failed, left for another night, or passed over.

    Attributes
    ----------
    failed, known_failed : int
        Inputs that failed tonight, and those that failed before and would only fail again.
    problem : str or None
        Why nothing could be read of the source.
    """

    name: str
    heard: int = 0
    known: int = 0
    failed: int = 0
    known_failed: int = 0
    left: int = 0
    unsettled: int = 0
    too_old: int = 0
    audio_s: float = 0.0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ClauseCounts:
    """How often a clause was decided and failed."""

    standard: str
    rule_id: str
    decided: int
    failed: int


@dataclass(frozen=True, slots=True)
class JudgedCounts:
    """What was judged, over the days that have changed.

    Attributes
    ----------
    undetermined_share : float or None
        Of all findings that are pass, fail or undetermined; None without any.
    worst_clauses : tuple of ClauseCounts
        The five failed most often.
    """

    days: int = 0
    judgements: int = 0
    calls_to_review: int = 0
    without_rulebook: int = 0
    unreadable: int = 0
    undetermined_share: float | None = None
    worst_clauses: tuple[ClauseCounts, ...] = ()


@dataclass(frozen=True, slots=True)
class PurgedCounts:
    """What was removed because it was too old; ``problems`` counts what could not be."""

    days: int = 0
    calls: int = 0
    failures: int = 0
    clips: int = 0
    logs: int = 0
    problems: int = 0


@dataclass(frozen=True, slots=True)
class NightSummary:
    """A night.

    Attributes
    ----------
    started_at, ended_at : str
        ISO 8601, with the machine's offset.
    night_s, hearing_s : float
        By the clock: the whole night, and hearing alone.
    heard_bytes : int
        Of the recordings heard.
    failures : mapping of str to int
        Inputs that failed tonight, by stage.
    stages : tuple of StageTime
        Where the time of hearing went, over all processes.
    versions : mapping of str to str
    error : str or None
        Kind of the error that ended the night.
    """

    ending: Ending
    started_at: str
    ended_at: str
    night_s: float
    hearing_s: float = 0.0
    heard_bytes: int = 0
    sources: tuple[SourceCounts, ...] = ()
    failures: dict[str, int] = field(default_factory=dict)
    judged: JudgedCounts = field(default_factory=JudgedCounts)
    purged: PurgedCounts = field(default_factory=PurgedCounts)
    stages: tuple[StageTime, ...] = ()
    free_disk_bytes: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    error: str | None = None

    @property
    def exit_code(self) -> int:
        """The exit code of the command."""
        return EXIT_CODES[self.ending]

    def total(self, count: str) -> Any:
        """Return a count of `SourceCounts` over all sources."""
        return sum(getattr(source, count) for source in self.sources)

    @property
    def real_time_factor(self) -> float | None:
        """Seconds of hearing per second of recordings; None when nothing was heard."""
        audio_s = self.total("audio_s")
        return self.hearing_s / audio_s if audio_s else None

    def fields(self) -> dict[str, Any]:
        """Return the summary as JSON takes it."""
        counts = ("heard", "known", "failed", "known_failed", "left", "unsettled", "too_old", "audio_s")
        given = asdict(self)
        given["stages"] = {str(t.stage): round(t.clock_s, 3) for t in self.stages}
        return {
            "exit_code": self.exit_code,
            "calls": {name: self.total(name) for name in counts},
            "real_time_factor": self.real_time_factor,
            **given,
        }


def write_summary(out: Path, summary: NightSummary) -> Path:
    """Write ``summary.json`` and, beside those of other nights, one that stays; return the latter."""
    day = summary.started_at[:10]
    folder = out / NIGHTS
    taken = len(list(folder.glob(f"{day}*.json")))
    kept = folder / (f"{day}-{taken + 1}.json" if taken else f"{day}.json")
    data = (json.dumps(summary.fields(), ensure_ascii=False, indent=2) + "\n").encode()
    write(kept, data, root=out)
    write(out / LATEST, data, root=out)
    return kept


def past_nights(out: Path) -> Iterator[dict[str, Any]]:
    """Yield the summaries of the nights before, the latest first; those that cannot be read are left out."""
    for path in sorted((out / NIGHTS).glob("????-??-??*.json"), key=_age, reverse=True):
        try:
            night = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(night, dict):
            yield night


def _age(path: Path) -> tuple[str, int]:
    day, number = path.stem[:10], path.stem[11:]
    return day, int(number) if number.isdecimal() else 1


def seconds_per_byte(nights: Sequence[dict[str, Any]]) -> float | None:
    """Return how long hearing took per byte of recordings in those nights; None when none has heard any."""
    heard = [n for n in nights if n.get("heard_bytes") and n.get("hearing_s")]
    total = sum(n["heard_bytes"] for n in heard)
    return sum(n["hearing_s"] for n in heard) / total if total else None
