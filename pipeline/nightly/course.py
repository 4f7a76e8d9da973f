"""What is known of a night while it goes on, so that its summary can be made whenever it ends."""

from __future__ import annotations

import platform
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from pipeline import __version__
from pipeline.audit import HearingSummary, Outcome
from pipeline.call import Call, Failure
from pipeline.nightly.gathering import SOURCE, Gathered
from pipeline.nightly.logs import Log
from pipeline.nightly.metrics import write_metrics
from pipeline.nightly.reading import NightConfig
from pipeline.nightly.summary import (
    Ending,
    JudgedCounts,
    NightSummary,
    PurgedCounts,
    SourceCounts,
    past_nights,
    write_summary,
)
from pipeline.profiling import Account
from pipeline.store import Store
from pipeline.store.files import hashed

METRICS = "metrics"
"""Stage of metrics that could not be written."""

PACKAGES = ("faster-whisper", "ctranslate2", "openai-whisper", "pyarrow")


@dataclass
class Course:
    """A night under way.

    Attributes
    ----------
    started : datetime
    clock_s : float
        The start by a clock that never jumps.
    account : Account
        Charged with stages, those of other processes included.
    noted : dict of int to HearingSummary
        What has come of the calls of each source so far, by its place.
    known_failures : tuple of Failure
        Of nights before; those that another try would only repeat are not tried.
    """

    config: NightConfig
    log: Log
    started: datetime = field(default_factory=lambda: datetime.now().astimezone())
    clock_s: float = field(default_factory=time.monotonic)
    account: Account = field(default_factory=Account)
    gathered: tuple[Gathered, ...] = ()
    heard: tuple[HearingSummary, ...] = ()
    noted: dict[int, HearingSummary] = field(default_factory=dict)
    hearing_s: float = 0.0
    heard_bytes: int = 0
    judged: JudgedCounts = field(default_factory=JudgedCounts)
    purged: PurgedCounts = field(default_factory=PurgedCounts)
    hearing_keys: dict[str, str] = field(default_factory=dict)
    known_failures: tuple[Failure, ...] = ()

    def note(self, outcome: Outcome) -> None:
        """Count and log a call that was heard or has failed, without anything that it says or is named."""
        record, result = outcome.task.record, outcome.result
        fields = {
            "call": hashed(record.call_id),
            "call_date": record.call_date,
            "source": self.config.sources[outcome.task.source].name,
            "seconds": round(sum(t.clock_s for t in outcome.times or ()), 3),
        }
        self.account.charge(outcome.times or ())
        so_far = self.noted.get(outcome.task.source, HearingSummary())
        if isinstance(result, Call):
            heard, audio_s = so_far.heard + 1, so_far.audio_s + result.duration_s
            self.noted[outcome.task.source] = replace(so_far, heard=heard, audio_s=audio_s)
            self.heard_bytes += _size(record.path) + _size(record.customer_path)
            self.log.info("call", outcome="heard", audio_s=round(result.duration_s, 3), **fields)
        else:
            self.noted[outcome.task.source] = so_far.with_failure(result)
            self.log.warning("call", outcome="failed", stage=result.stage, **fields)

    def counts(self) -> tuple[SourceCounts, ...]:
        """Return the counts of each source that was read."""
        return tuple(
            SourceCounts(
                name=found.source.name,
                heard=of_source.heard,
                known=of_source.known,
                failed=len(of_source.failures),
                known_failed=of_source.known_failed,
                left=of_source.left,
                unsettled=found.unsettled,
                too_old=found.too_old,
                audio_s=round(of_source.audio_s, 3),
                problem=found.problem,
            )
            for found, of_source in zip(self.gathered, self._heard(), strict=True)
        )

    def _heard(self) -> Sequence[HearingSummary]:
        """Return what came of each source's calls; where an error has ended hearing, what is known of it."""
        return self.heard or [self.noted.get(place, HearingSummary()) for place in range(len(self.gathered))]

    def ending(self) -> Ending:
        """Return how the night ends when no error ends it."""
        counts = self.counts()
        if any(source.left for source in counts):
            return Ending.CUT
        failed = any(source.failed or source.problem for source in counts)
        failed = failed or self.judged.unreadable > 0 or self.purged.problems > 0
        return Ending.SOME_FAILED if failed else Ending.DONE

    def summary(self, ending: Ending, out: Path, *, error: str | None = None) -> NightSummary:
        """Return the summary of the night as it is now."""
        failures = Counter(f.stage for heard in self._heard() for f in heard.failures)
        failures.update(SOURCE for found in self.gathered if found.problem)
        return NightSummary(
            ending=ending,
            started_at=self.started.isoformat(timespec="seconds"),
            ended_at=datetime.now().astimezone().isoformat(timespec="seconds"),
            night_s=round(time.monotonic() - self.clock_s, 3),
            hearing_s=round(self.hearing_s, 3),
            heard_bytes=self.heard_bytes,
            sources=self.counts(),
            failures=dict(sorted(failures.items())),
            judged=self.judged,
            purged=self.purged,
            stages=self.account.times,
            free_disk_bytes=free_bytes(out),
            versions=_versions(self),
            error=error,
        )


def end(course: Course, store: Store, ending: Ending, *, error: str | None = None) -> NightSummary:
    """Write the summary, the metrics and the log's last event of a night; no night ends for its metrics."""
    summary = course.summary(ending, store.out, error=error)
    if not _measured(course, store, summary):
        ending = Ending.SOME_FAILED if ending is Ending.DONE else ending
        summary = replace(summary, ending=ending, failures={**summary.failures, METRICS: 1})
    write_summary(store.out, summary)
    course.log.info("night ended", ending=str(ending), exit_code=summary.exit_code, error=error)
    return summary


def _measured(course: Course, store: Store, summary: NightSummary) -> bool:
    """Write the metrics; return whether that could be done, or was not asked for."""
    path = course.config.metrics
    if path is None:
        return True
    try:
        write_metrics(path, summary, last_success_s=_last_success_s(store.out, summary))
    except OSError as error:
        course.log.error("metrics not written", error=error.strerror)
        return False
    return True


def free_bytes(out: Path) -> int:
    """Return the free disk where a folder is, or will be."""
    return shutil.disk_usage(next(p for p in (out, *out.parents) if p.exists())).free


def _size(path: Path | None) -> int:
    try:
        return path.stat().st_size if path is not None else 0
    except OSError:
        return 0


def _versions(course: Course) -> dict[str, str]:
    return {
        "callaudit": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        **{f"hearing of {name}": key[:16] for name, key in course.hearing_keys.items()},
        **{f"rulebook {book.name}": book.content_hash[:16] for book in course.config.rulebooks},
    }


def _last_success_s(out: Path, summary: NightSummary) -> float | None:
    """Return when the latest night that ended well did so, this one included."""
    if summary.ending is Ending.DONE:
        return datetime.fromisoformat(summary.ended_at).timestamp()
    ended = next((n["ended_at"] for n in past_nights(out) if n.get("exit_code") == 0), None)
    return datetime.fromisoformat(ended).timestamp() if ended else None
