"""``phrase_count``: wording that is said often enough, and not too often."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from pipeline.call import Call, Role, Verdict
from pipeline.checks.after_occasion import AfterOccasion
from pipeline.checks.base import Count, OptionalPhrases, Outcome, Phrases, Share
from pipeline.checks.evidence.hearing import (
    NOTHING_FOUND,
    Heard,
    Part,
    doubt_absence,
    find_variant,
    hear,
    window,
)
from pipeline.checks.evidence.telling import times
from pipeline.checks.evidence.wording import said_outside
from pipeline.spans import Span
from pipeline.wording.matching import PhraseMatch, find_first


class PhraseCount(AfterOccasion):
    """Pass when the role says the phrases at least ``at_least`` and at most ``at_most`` times.

    Options: ``phrases``, ``not_counted`` (longer wording in which they do not count), ``near`` (wording that
    sends too low a count to review), ``after`` (a condition; counted from its first moment on), ``at_least``,
    ``at_most``, ``fail_below`` (a count of at least this much and less than ``at_least`` goes to review;
    ``at_least`` unless told), ``fail_above`` (likewise above ``at_most``), ``role``, ``threshold``
    (similarity a match needs).
    """

    kind: ClassVar[str] = "phrase_count"

    phrases: Phrases
    not_counted: OptionalPhrases = ()
    near: OptionalPhrases = ()
    at_least: Count = 1
    at_most: Count | None = None
    fail_below: Count | None = None
    fail_above: Count | None = None
    role: Role = Role.AGENT
    threshold: Share = 0.8

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.at_most is not None and self.at_most < self.at_least:
            raise ValueError(f"at_least {self.at_least} exceeds at_most {self.at_most}")
        if self.fail_below is not None and self.fail_below > self.at_least:
            raise ValueError(f"fail_below {self.fail_below} exceeds at_least {self.at_least}")
        if self.fail_above is not None and (self.at_most is None or self.fail_above < self.at_most):
            raise ValueError("fail_above goes with at_most and is not below it")
        return self

    def judge(self, call: Call) -> Outcome:
        """Count what the role says, from the occasion on."""
        heard = hear(call, self.role)
        part = self.since(call, heard)
        if isinstance(part, Outcome):
            return part
        found = said_outside(self.phrases, self.not_counted, part.utterances, threshold=self.threshold)
        if len(found) < self.at_least:
            return self._too_few(call, heard, part, found)
        return self._enough(call, heard, part, found)

    def _enough(self, call: Call, heard: Heard, part: Part, found: tuple[PhraseMatch, ...]) -> Outcome:
        count = len(found)
        reason = f"said {times(count)}, as in {found[0].quote!r}" if found else "never said"
        span = Span(found[0].start_s, found[-1].end_s) if found else heard.span or Span(0.0, 0.0)
        quote = found[0].quote if found else ""
        confidence = min((m.similarity for m in found), default=0.9) * (1.0 if heard.attributed else 0.7)
        verdict = Verdict.PASS
        if self.at_most is not None and count > self.at_most:
            allowed = self.at_most if self.fail_above is None else self.fail_above
            verdict = Verdict.FAIL if count > allowed and heard.attributed else Verdict.UNDETERMINED
            reason = f"{reason}; at most {self.at_most} {'is' if self.at_most == 1 else 'are'} in place"
        elif self.at_most is not None and (doubt := self._unheard(call, heard, part)):
            verdict, confidence, reason = Verdict.UNDETERMINED, 0.5, f"{reason}, but {doubt}"
        return Outcome(verdict, reason, min(1.0, confidence), self.role, span, quote)

    def _too_few(self, call: Call, heard: Heard, part: Part, found: tuple[PhraseMatch, ...]) -> Outcome:
        search = find_first(self.phrases, part.utterances, threshold=self.threshold)
        nearest = search.nearest if search.match is None else None
        said = f"said {times(len(found))}" if found else "never said"
        reason = f"{said}; due at least {times(self.at_least)}"
        variant = find_variant(self.near, part.utterances)
        doubt = (
            self._unheard(call, heard, part)
            if search.match
            else doubt_absence(call, heard, part, search, threshold=self.threshold)
        )
        if len(found) >= (self.at_least if self.fail_below is None else self.fail_below):
            doubt = "neither enough for a pass nor few enough for a fail"
        elif variant is not None:
            doubt = f"{variant.quote!r} may stand in for it"
        quote = found[0].quote if found else nearest.quote if nearest else ""
        span = window(part.utterances) or part.span
        if doubt:
            return Outcome(Verdict.UNDETERMINED, f"{reason}; {doubt}", 0.5, self.role, span, quote)
        return Outcome(Verdict.FAIL, reason, 0.8, self.role, span, quote)

    def _unheard(self, call: Call, heard: Heard, part: Part) -> str | None:
        """Say why the phrases may have been said more often than they were found, or None."""
        return doubt_absence(call, heard, part, NOTHING_FOUND, threshold=self.threshold, wording=self.phrases)
