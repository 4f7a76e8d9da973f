"""From what the user points at to records and failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from pipeline.call import CallRecord, Failure
from pipeline.errors import IntakeError
from pipeline.intake.candidates import fail, from_files, from_manifest
from pipeline.intake.clock import read_zone
from pipeline.intake.filenames import FilePattern
from pipeline.intake.identity import name_calls
from pipeline.intake.metadata import Candidate, build_record
from pipeline.intake.recordings import check_recording, decodable_text
from pipeline.intake.sources import is_manifest
from pipeline.places import is_object, place

DEFAULT_TIMEZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Intake:
    """What there is to hear.

    Attributes
    ----------
    records : tuple of CallRecord
        With unique call ids and files that exist, their paths absolute and not led through links: whatever
        reads them later may run in another folder.
    failures : tuple of Failure
        Everything that was pointed at and cannot be heard, with stage ``intake``.
    notes : tuple of str
        What a user should know although nothing failed.
    source : str
        What was searched, as an absolute path.
    """

    records: tuple[CallRecord, ...]
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]
    source: str


def find_calls(
    source: str | Path,
    *,
    pattern: FilePattern | None = None,
    timezone: str = DEFAULT_TIMEZONE,
    follow_links: bool = False,
) -> Intake:
    """List the calls of a folder, a glob, one recording, or a manifest.

    Parameters
    ----------
    source : str or Path
        A folder is searched with everything below it, a manifest by its extension (csv, parquet, pq).
    pattern : FilePattern or None
        What file names tell, and which files are legs of one call. With a manifest it fills empty cells only.
    timezone : str
        The desk's, as an IANA name; applied to times that give no offset, and UTC is converted to it.
    follow_links : bool
        Hear what links in a folder lead to also where that lies outside of it. A manifest may name anything.

    Returns
    -------
    Intake
        One bad file or row never stops the others, and none is left out silently.

    Raises
    ------
    ConfigError
        When the source does not exist or holds nothing, the manifest cannot be read or has no column
        ``path``, or the time zone is not known.
    """
    zone = read_zone(timezone)
    path = place(source)
    if is_manifest(path):
        batch = from_manifest(path if is_object(path) else path.absolute(), pattern=pattern)
    else:
        batch = from_files(source, pattern=pattern, follow_links=follow_links)
    records, failures = _build_records(batch.candidates, zone=zone)
    whole = path if is_object(path) else path.absolute()
    return Intake(records, (*batch.failures, *failures), batch.notes, decodable_text(whole))


def _check_files(candidate: Candidate) -> None:
    check_recording(candidate.path)
    if candidate.customer_path is None:
        return
    try:
        check_recording(candidate.customer_path)
    except IntakeError as error:
        raise IntakeError(f"customer_path {candidate.customer_path}: {error}") from error
    if candidate.path.samefile(candidate.customer_path):
        raise IntakeError("path and customer_path are the same file")


def _build_records(
    candidates: Sequence[Candidate], *, zone: tzinfo
) -> tuple[tuple[CallRecord, ...], tuple[Failure, ...]]:
    """Check files and values; of calls with one id, keep the first that can be heard."""
    kept: dict[str, tuple[CallRecord, Candidate]] = {}
    failures: list[Failure] = []
    for candidate, call_id in zip(candidates, name_calls(candidates), strict=True):
        reasons: list[str] = []
        record: CallRecord | None = None
        try:
            _check_files(candidate)
        except IntakeError as error:
            reasons.append(str(error))
        try:
            record = build_record(candidate, call_id=call_id, zone=zone)
        except IntakeError as error:
            reasons.append(str(error))
        if reasons or record is None:
            failures.append(fail(candidate, "; ".join(reasons)))
            continue
        first, source = kept.setdefault(record.call_id, (record, candidate))
        if first is not record:
            origin = f" ({source.origin})" if source.origin else ""
            reason = f"call_id {record.call_id!r} of {record.path} is already that of {first.path}{origin}"
            failures.append(fail(candidate, reason))
    return tuple(record for record, _ in kept.values()), tuple(failures)
