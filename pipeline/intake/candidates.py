"""Candidates for calls, from a manifest's rows or from files on disk, with what their names tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.call import Failure, Role
from pipeline.errors import IntakeError
from pipeline.intake.filenames import FilePattern, ParsedName, parse_name
from pipeline.intake.legs import NamedFile, join_legs
from pipeline.intake.manifest import read_manifest
from pipeline.intake.metadata import Candidate, Cells
from pipeline.intake.presets import PRESETS
from pipeline.intake.recordings import decodable_text
from pipeline.intake.sources import find_recordings, relative_name
from pipeline.intake.states import state_of, state_of_name


@dataclass(frozen=True, slots=True)
class Batch:
    """Candidates, what has already failed, and what the user should know although it did not fail."""

    candidates: tuple[Candidate, ...]
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]


def fail(candidate: Candidate, reason: str) -> Failure:
    """Report a candidate as a failed input, with the row it comes from."""
    origin = f"{candidate.origin}: " if candidate.origin else ""
    state = state_of(candidate.path, candidate.customer_path)
    return Failure(decodable_text(candidate.path), "intake", f"{origin}{reason}", state)


def _unmatched_note(unmatched: Sequence[str], pattern: FilePattern) -> tuple[str, ...]:
    if not unmatched:
        return ()
    return (f"file names that do not fit pattern {pattern.name}: {len(unmatched)}, such as {unmatched[0]}",)


def _presets_note(names: Sequence[str]) -> tuple[str, ...]:
    """Tell of a preset that every name fits: its metadata, or its legs, would otherwise be lost unnoticed."""
    for preset in PRESETS:
        try:
            fits = bool(names) and all(parse_name(name, pattern=preset) for name in names)
        except IntakeError:
            fits = False
        if fits:
            return (f"every file name fits the pattern {preset.name}, which was not asked for",)
    return ()


def _merge(candidate: Candidate, parsed: ParsedName) -> Candidate:
    """Fill a manifest row's empty cells from its file name."""
    if parsed.leg is Role.CUSTOMER or (parsed.leg is Role.AGENT and candidate.customer_path is None):
        raise IntakeError(
            f"is the {parsed.leg} leg of a call by its name; "
            "a manifest gives the agent's leg in path and the customer's in customer_path"
        )
    return replace(candidate, name=parsed.name, cells=candidate.cells.filled_from(parsed.cells))


def from_manifest(source: Path, *, pattern: FilePattern | None) -> Batch:
    """Take a manifest's rows; a pattern fills empty cells and may fit or not.

    Raises
    ------
    ConfigError
        When the manifest cannot be read.
    """
    manifest = read_manifest(source)
    if pattern is None:
        return Batch(manifest.candidates, manifest.failures, manifest.notes)
    candidates: list[Candidate] = []
    failures = list(manifest.failures)
    unmatched: list[str] = []
    for candidate in manifest.candidates:
        try:
            parsed = parse_name(candidate.name, pattern=pattern)
            if parsed is None:
                unmatched.append(candidate.path.name)
                candidates.append(candidate)
            else:
                candidates.append(_merge(candidate, parsed))
        except IntakeError as error:
            failures.append(fail(candidate, str(error)))
    notes = (*manifest.notes, *_unmatched_note(unmatched, pattern))
    return Batch(tuple(candidates), tuple(failures), notes)


def from_files(source: str | Path, *, pattern: FilePattern | None, follow_links: bool = False) -> Batch:
    """Take the recordings of a folder, a glob or a single file.

    Raises
    ------
    ConfigError
        When the source does not exist or holds nothing.
    """
    found = find_recordings(source, follow_links=follow_links)
    names = [relative_name(path, base=found.base) for path in found.files]
    if pattern is None:
        plain = (Candidate(path, None, name, Cells()) for path, name in zip(found.files, names, strict=True))
        return Batch(tuple(plain), found.failures, (*found.notes, *_presets_note(names)))
    named, failures, unmatched = _read_names(zip(found.files, names, strict=True), pattern)
    candidates, orphans = join_legs(named)
    notes = (*found.notes, *_unmatched_note(unmatched, pattern))
    return Batch(candidates, (*found.failures, *failures, *orphans), notes)


def _read_names(
    files: Iterable[tuple[Path, str]], pattern: FilePattern
) -> tuple[list[NamedFile], list[Failure], list[str]]:
    """Read every file's name; what does not fit fails or, where the pattern allows it, is a whole call."""
    named: list[NamedFile] = []
    failures: list[Failure] = []
    unmatched: list[str] = []
    for path, name in files:
        try:
            parsed = parse_name(name, pattern=pattern)
        except IntakeError as error:
            failures.append(Failure(str(path), "intake", str(error), state_of_name(path)))
            continue
        if parsed is None and pattern.required:
            example = f"; expected a name such as {pattern.example}" if pattern.example else ""
            reason = f"its name does not fit pattern {pattern.name}{example}"
            failures.append(Failure(str(path), "intake", reason, state_of_name(path)))
            continue
        if parsed is None:
            unmatched.append(path.name)
        named.append(NamedFile(path, parsed or ParsedName(Cells(), None, name)))
    return named, failures, unmatched
