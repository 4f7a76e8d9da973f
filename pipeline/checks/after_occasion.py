"""What kinds of check share that look at a call from the first moment of an occasion on."""

from __future__ import annotations

from abc import ABC
from typing import Self

from pydantic import model_validator

from pipeline.call import Call, Role, Verdict
from pipeline.checks.base import Check, Outcome
from pipeline.checks.conditions import CONDITIONS
from pipeline.checks.evidence.hearing import Heard, Part, whole


class AfterOccasion(Check, ABC):
    """A check of what is said from an occasion's first moment to the end of the call.

    Options: ``after`` (a condition; the whole call is searched where it is left out).
    """

    after: str | None = None

    @model_validator(mode="after")
    def _known_condition(self) -> Self:
        if self.after is not None and self.after not in CONDITIONS:
            raise ValueError(f"after is one of {', '.join(sorted(CONDITIONS))}, not {self.after!r}")
        return self

    def since(self, call: Call, heard: Heard) -> Part | Outcome:
        """Return what is searched, or the verdict where the occasion leaves nothing to search."""
        if self.after is None:
            return whole(call, heard)
        occasion = CONDITIONS[self.after](call)
        if not occasion.arises:
            verdict = Verdict.UNDETERMINED if occasion.arises is None else Verdict.NOT_APPLICABLE
            return Outcome(verdict, occasion.reason, 0.5, heard.role, occasion.span, occasion.quote)
        since_s = occasion.span.start_s if occasion.span else 0.0
        part = whole(call, heard, since_s=since_s)
        # What begins before the occasion and runs on into it was not said to it.
        said = tuple(u for u in part.utterances if u.start_s >= since_s)
        if not said and heard.role is Role.AGENT:
            reason = f"{occasion.reason}; the agent says nothing more"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, heard.role, occasion.span, occasion.quote)
        return Part(part.span, said)
