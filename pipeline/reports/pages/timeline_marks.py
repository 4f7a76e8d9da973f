"""Where findings stand in a call, and the marks for them on its timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.call import Call, Finding, Verdict

WINDOW_S = 25.0
"""Evidence longer than this is a window that was searched: its finding stands where the search ends."""

# Marks nearer to each other than this share of the picture would lie on each other.
_MARK_SHARE = 0.03


class MarkState(StrEnum):
    """What holds of a marked finding after review, the gravest first.

    ``OVERTURNED``: the audit failed it or left it open, and a person says that it is met or does not apply.
    """

    FAIL = "fail"
    UNDETERMINED = "undetermined"
    OVERTURNED = "overturned"


def state_of(verdict: Verdict, after: Verdict) -> MarkState | None:
    """Return how a finding is marked by the audit's verdict and that after review; None where it is not."""
    if after is Verdict.FAIL:
        return MarkState.FAIL
    if after is Verdict.UNDETERMINED:
        return MarkState.UNDETERMINED
    return MarkState.OVERTURNED if verdict in (Verdict.FAIL, Verdict.UNDETERMINED) else None


@dataclass(frozen=True, slots=True)
class Marked:
    """A finding that is marked.

    Attributes
    ----------
    after : Verdict
        What holds after review: the reviewer's verdict, or the audit's.
    """

    finding: Finding
    state: MarkState
    after: Verdict

    @property
    def reviewed(self) -> bool:
        """Whether a person decided otherwise than the audit."""
        return self.after is not self.finding.verdict


@dataclass(frozen=True, slots=True)
class Mark:
    """Findings that stand at one place of the picture.

    Attributes
    ----------
    share : float
        Where, 0..1 of the width.
    findings : tuple of Marked
        Failures first, overturned ones last.
    """

    share: float
    at_s: float
    findings: tuple[Marked, ...]

    @property
    def state(self) -> MarkState:
        """The gravest of the states."""
        return self.findings[0].state

    @property
    def overturned(self) -> int:
        """How many of them a reviewer overturned."""
        return sum(one.state is MarkState.OVERTURNED for one in self.findings)


def place_of(call: Call, finding: Finding) -> float | None:
    """Return the second at which a finding stands: where its evidence begins, or where a search ended."""
    if finding.start_s is None:
        return None
    end_s = finding.start_s if finding.end_s is None else finding.end_s
    place_s = end_s if end_s - finding.start_s > WINDOW_S else finding.start_s
    return min(max(0.0, place_s), call.duration_s)


def marks_of(call: Call, judged: Iterable[tuple[Finding, Verdict]]) -> Iterator[Mark]:
    """Yield the marks of a call in order of time.

    Parameters
    ----------
    judged : iterable of (Finding, Verdict)
        Findings, each with the verdict after review.
    """
    placed = [
        (place_s, Marked(finding, state, after))
        for finding, after in judged
        if (state := state_of(finding.verdict, after)) and (place_s := place_of(call, finding)) is not None
    ]
    group: list[tuple[float, Marked]] = []
    for place in sorted(placed, key=lambda p: (p[0], p[1].finding.standard, p[1].finding.rule_id)):
        if group and place[0] - group[0][0] > _MARK_SHARE * call.duration_s:
            yield _mark(call, group)
            group = []
        group.append(place)
    if group:
        yield _mark(call, group)


def _mark(call: Call, group: Sequence[tuple[float, Marked]]) -> Mark:
    at_s = group[0][0]
    of = sorted((marked for _, marked in group), key=lambda m: list(MarkState).index(m.state))
    return Mark(round(at_s / max(call.duration_s, 0.1), 4), at_s, tuple(of))
