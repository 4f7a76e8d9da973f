"""What the sources of a night hold: calls to hear, and what is passed over tonight, counted."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipeline.audit import known_standards
from pipeline.call import CallRecord, Failure
from pipeline.errors import ConfigError
from pipeline.intake import Intake, find_calls
from pipeline.intake.states import state_of
from pipeline.nightly.reading import DeskStandards, NightConfig, NightSource

SOURCE = "source"
"""Stage of a source that could not be read at all."""

_UNDATED = "unknown"


@dataclass(frozen=True, slots=True)
class Limits:
    """Which recordings a night takes.

    Attributes
    ----------
    now_s : float
        Seconds since the epoch.
    settled_s : float
        A recording written less long ago may still be written, and is left for the next night.
    before : date or None
        Calls before it are too old.
    """

    now_s: float
    settled_s: float
    before: date | None

    def settled(self, *paths: Path | None) -> bool:
        """Whether nobody writes to those files any more; a time far ahead is a wrong clock's."""
        times = [t for t in map(_written_s, paths) if t is not None]
        return all(abs(self.now_s - t) >= self.settled_s for t in times)

    def too_old(self, record: CallRecord) -> bool:
        """Whether a call would be purged; one without a start is as old as its recording."""
        if self.before is None:
            return False
        day = record.call_date
        if day == _UNDATED:
            written_s = _written_s(record.path)
            return written_s is not None and date.fromtimestamp(written_s) < self.before
        return day < self.before.isoformat()


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a source gave.

    Attributes
    ----------
    intake : Intake
        Calls that may be heard, and what was refused.
    unsettled, too_old : int
        Recordings passed over.
    problem : str or None
        Why nothing could be read of it.
    """

    source: NightSource
    intake: Intake
    unsettled: int = 0
    too_old: int = 0
    problem: str | None = None


def gather(config: NightConfig, limits: Limits) -> tuple[Gathered, ...]:
    """Return what each source holds, its calls with the standards of their desks.

    A source that cannot be read costs only itself, and one that is empty is no error. Of two calls with one
    id and day the second is refused.
    """
    first: dict[tuple[str, str], tuple[str, Path]] = {}
    gathered = []
    for source in config.sources:
        found = _read(source, config.standards, limits)
        records, repeated = _parted(found.intake.records, source, first)
        intake = replace(found.intake, records=records, failures=(*found.intake.failures, *repeated))
        gathered.append(replace(found, intake=intake))
    return tuple(gathered)


def _read(source: NightSource, standards: Sequence[DeskStandards], limits: Limits) -> Gathered:
    try:
        intake = find_calls(
            source.recordings,
            pattern=source.pattern,
            timezone=source.timezone,
            follow_links=source.follow_links,
        )
    except (ConfigError, OSError) as error:  # a share that is gone may not even say whether it is a folder
        if isinstance(error, ConfigError) and _is_empty(source.recordings):
            return Gathered(source, Intake((), (), (), source.recordings))
        # Without a source's name, what was refused from there before is not forgotten.
        return Gathered(source, Intake((), (), (), ""), problem=str(error))
    settled = [r for r in intake.records if limits.settled(r.path, r.customer_path)]
    failures = tuple(f for f in intake.failures if limits.settled(Path(f.path)))
    kept = [r for r in settled if not limits.too_old(r)]
    too_old = len(settled) - len(kept)
    kept, wrong = _with_rulebooks(kept)
    unsettled = len(intake.records) - len(settled) + len(intake.failures) - len(failures)
    records = tuple(_of_desk(source, standards, r) for r in kept)
    intake = replace(intake, records=records, failures=(*failures, *wrong))
    return Gathered(source, intake, unsettled, too_old)


def _with_rulebooks(records: Sequence[CallRecord]) -> tuple[list[CallRecord], list[Failure]]:
    """Part calls from those that name a rulebook file with errors, which would end the judging of all."""
    reasons: dict[tuple[str, ...], str] = {}
    for standards in {record.standards for record in records}:
        try:
            known_standards(standards)
        except ConfigError as error:
            reasons[standards] = f"names a rulebook with errors: {error}"
    wrong = [Failure(str(r.path), "intake", reasons[r.standards]) for r in records if r.standards in reasons]
    return [r for r in records if r.standards not in reasons], wrong


def _is_empty(recordings: str) -> bool:
    """Whether the folder, or a glob's fixed folder, is there, so that it only holds nothing."""
    fixed = Path(recordings)
    try:
        while glob.has_magic(str(fixed)) and not fixed.is_dir():
            fixed = fixed.parent
        return fixed.is_dir()
    except OSError:
        return False


def _of_desk(source: NightSource, standards: Iterable[DeskStandards], record: CallRecord) -> CallRecord:
    if source.own_ids:
        record = replace(record, call_id=f"{source.name}/{record.call_id}")
    if record.standards:
        return record
    fitting = next((desk for desk in standards if _fits(desk, source, record)), None)
    return record if fitting is None else replace(record, standards=fitting.rulebooks)


def _fits(desk: DeskStandards, source: NightSource, record: CallRecord) -> bool:
    return (
        (desk.source is None or source.name in desk.source)
        and (desk.team is None or record.team in desk.team)
        and (desk.agent_id is None or record.agent_id in desk.agent_id)
        and desk.direction in (None, record.direction)
    )


def _parted(
    records: Iterable[CallRecord], source: NightSource, first: dict[tuple[str, str], tuple[str, Path]]
) -> tuple[tuple[CallRecord, ...], tuple[Failure, ...]]:
    """Return the calls no source before has, and the others as failures."""
    new: list[CallRecord] = []
    repeated: list[Failure] = []
    for record in records:
        known = first.setdefault((record.call_id, record.call_date), (source.name, record.path))
        if known == (source.name, record.path):
            new.append(record)
        else:
            state = state_of(record.path, record.customer_path)
            repeated.append(Failure(str(record.path), "intake", _repeated(record, *known), state))
    return tuple(new), tuple(repeated)


def _repeated(record: CallRecord, source: str, path: Path) -> str:
    return (
        f"call_id {record.call_id!r} of {record.call_date} is already that of {path} from the source "
        f"{source!r}; give one of the sources own_ids: true, or take the recording out of one of them"
    )


def _written_s(path: Path | None) -> float | None:
    try:
        return None if path is None else path.stat().st_mtime
    except (OSError, ValueError):
        return None
