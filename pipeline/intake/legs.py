"""Joining the two one-channel recordings of a call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.call import Failure, Role
from pipeline.errors import IntakeError
from pipeline.intake.filenames import ParsedName
from pipeline.intake.metadata import Candidate
from pipeline.intake.recordings import check_recording
from pipeline.intake.states import state_of


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A recording with what its name tells."""

    path: Path
    parsed: ParsedName


@dataclass(slots=True)
class _Legs:
    """The legs found so far under one name."""

    files: dict[Role, NamedFile] = field(default_factory=dict)
    first: int = 0


def _failure(path: Path, reason: str) -> Failure:
    return Failure(str(path), stage="intake", reason=reason, tried=state_of(path))


def _candidate(name: str, legs: _Legs) -> Candidate:
    agent, customer = legs.files[Role.AGENT], legs.files[Role.CUSTOMER]
    cells = agent.parsed.cells.filled_from(customer.parsed.cells)
    return Candidate(agent.path, customer.path, name, cells)


def _other(role: Role) -> Role:
    return Role.CUSTOMER if role is Role.AGENT else Role.AGENT


def join_legs(files: Iterable[NamedFile]) -> tuple[tuple[Candidate, ...], tuple[Failure, ...]]:
    """Pair agent and customer legs of the same name in the same folder.

    Parameters
    ----------
    files : iterable of NamedFile
        Files without a leg pass through as whole calls.

    Returns
    -------
    candidates : tuple of Candidate
        In the order of each call's first file.
    failures : tuple of Failure
        For a leg whose other leg is missing or unusable, and for a second file of the same leg.
    """
    whole: list[tuple[int, Candidate]] = []
    failures: list[Failure] = []
    calls: dict[str, _Legs] = {}
    for position, file in enumerate(files):
        parsed = file.parsed
        if parsed.leg is None:
            whole.append((position, Candidate(file.path, None, parsed.name, parsed.cells)))
            continue
        legs = calls.setdefault(parsed.name, _Legs(first=position))
        twin = legs.files.setdefault(parsed.leg, file)
        if twin is not file:
            failures.append(_failure(file.path, f"is a second {parsed.leg} leg of the call of {twin.path}"))
    for name, legs in calls.items():
        broken = _broken(legs)
        if broken:
            failures.extend(broken)
        else:
            whole.append((legs.first, _candidate(name, legs)))
    return tuple(candidate for _, candidate in sorted(whole, key=lambda item: item[0])), tuple(failures)


def _broken(legs: _Legs) -> list[Failure]:
    """Tell for each leg why the call cannot be heard; nothing when it can."""
    reasons: dict[Role, str] = {}
    for role, file in legs.files.items():
        try:
            check_recording(file.path)
        except IntakeError as error:
            reasons[role] = str(error)
    if not reasons and len(legs.files) == 2:
        return []
    failures = []
    for role, file in legs.files.items():
        other = legs.files.get(_other(role))
        if role in reasons:
            reason = reasons[role]
        elif other is None:
            reason = f"is the {role} leg of a call whose {_other(role)} leg is missing from the same folder"
        else:
            reason = f"is the {role} leg of a call whose {_other(role)} leg {other.path} cannot be used"
        failures.append(_failure(file.path, reason))
    return failures
