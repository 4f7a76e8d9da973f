"""What a condition answers: whether an occasion arises on a call, and each moment at which it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.call import Call, Role, Utterance
from pipeline.checks.evidence.hearing import doubt_coverage
from pipeline.spans import Span


@dataclass(frozen=True, slots=True)
class Moment:
    """One time at which an occasion arises; ``quote`` is what was said there, empty when nothing was."""

    span: Span
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Whether a condition holds, and why; None when it cannot be known.

    Attributes
    ----------
    moments : tuple of Moment
        Every time it arises, in order; empty for what is true of a call as a whole.
    """

    arises: bool | None
    reason: str
    moments: tuple[Moment, ...] = ()

    @property
    def span(self) -> Span | None:
        """Its first moment."""
        return self.moments[0].span if self.moments else None

    @property
    def quote(self) -> str:
        """What was said at its first moment."""
        return self.moments[0].quote if self.moments else ""


Condition = Callable[[Call], Occasion]


def said(reason: str, utterances: Sequence[Utterance]) -> Occasion:
    """Yes, at each of these utterances; not known when all of them are of voices whose role is not known."""
    attributed = [u for u in utterances if u.role is not Role.UNKNOWN]
    if not attributed:
        reason = f"{reason}, in a voice whose role is not known"
    moments = tuple(Moment(u.span, u.text) for u in attributed or utterances)
    return Occasion(True if attributed else None, reason, moments)


def absent(call: Call, reason: str, role: Role = Role.CUSTOMER) -> Occasion:
    """No, unless part of what the role says was not heard; all that may be theirs was searched."""
    doubt = doubt_coverage(call, role, Span(0.0, call.duration_s))
    return Occasion(None, f"{reason}, but {doubt}") if doubt else Occasion(False, reason)
