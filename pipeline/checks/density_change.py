"""``density_change``: what the role does at the start of its talk, it still does at the end."""

from __future__ import annotations

from typing import Annotated, ClassVar, NamedTuple, Self

from pydantic import Field, model_validator

from pipeline.call import Call, Role, Utterance, Verdict
from pipeline.checks.base import Check, Count, Number, Outcome, Share, Words
from pipeline.checks.evidence.hearing import Heard, doubt_words, hear, whole
from pipeline.checks.evidence.words import find_words
from pipeline.spans import Span

Parts = Annotated[int, Field(strict=True, ge=2, le=10)]
# Less voice than this in a part says nothing of its pace.
MIN_SPEECH_S = 4.0


class _Part(NamedTuple):
    """The words of one part of what a role says, and how much it says there."""

    words: int
    chars: float
    speech_s: float
    utterances: tuple[Utterance, ...]

    @property
    def per_100_chars(self) -> float:
        return 100.0 * self.words / self.chars if self.chars else 0.0

    @property
    def pace_cpm(self) -> float | None:
        return 60.0 * self.chars / self.speech_s if self.speech_s >= MIN_SPEECH_S else None

    @property
    def span(self) -> Span:
        return Span(self.utterances[0].start_s, max(u.end_s for u in self.utterances))


class DensityChange(Check):
    """Pass when the words are as frequent in the last part of what the role says as in the first.

    What the role says is cut into ``parts`` of equally many characters. Fails when hardly any of the words
    are left in the last, or when the pace there has risen beyond what is allowed.

    Options: ``words`` (counted as written), ``not_counted`` (longer words they are part of), ``parts``,
    ``pass_share`` and ``fail_share`` (density of the last part over the first's; between them the clause is
    undetermined), ``enough_per_100_chars`` (a density of the last part that passes whatever the first's),
    ``first_per_100_chars`` (the clause is not applicable when the first part has less),
    ``faster_at_most`` (pace of the last part over the first's), ``min_chars`` to judge by, ``role``.
    """

    kind: ClassVar[str] = "density_change"

    words: Words
    not_counted: tuple[str, ...] = ()
    parts: Parts = 3
    pass_share: Share = 0.4
    fail_share: Share = 0.15
    enough_per_100_chars: Number = 2.0
    first_per_100_chars: Number = 0.0
    faster_at_most: Number | None = None
    min_chars: Count = 45
    role: Role = Role.AGENT

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.fail_share > self.pass_share:
            raise ValueError(f"fail_share {self.fail_share:g} exceeds pass_share {self.pass_share:g}")
        return self

    def judge(self, call: Call) -> Outcome:
        """Compare the last part with the first."""
        heard = hear(call, self.role)
        doubt = doubt_words(call, heard, whole(call, heard))
        chars = sum(u.chars for u in heard.utterances)
        if chars < max(1, self.min_chars):
            doubt = doubt or f"only {chars} characters to judge by"
        if doubt:
            return Outcome(Verdict.UNDETERMINED, doubt, 0.5, self.role, heard.span)
        first, last = self._part(heard, 0), self._part(heard, self.parts - 1)
        reason = (
            f"such words in 100 characters: {first.per_100_chars:.1f} in the first of {self.parts} parts, "
            f"{last.per_100_chars:.1f} in the last"
        )
        if first.per_100_chars < self.first_per_100_chars:
            reason = f"{reason}; nothing to keep up"
            return Outcome(Verdict.NOT_APPLICABLE, reason, 1.0, self.role, first.span)
        return self._compare(first, last, reason)

    def _compare(self, first: _Part, last: _Part, reason: str) -> Outcome:
        quote = last.utterances[-1].text
        start, end = first.pace_cpm, last.pace_cpm
        if self.faster_at_most is not None and start and end and end / start > self.faster_at_most:
            reason = f"the pace rises from {start:.0f} to {end:.0f} characters a minute"
            return Outcome(Verdict.FAIL, reason, 0.75, self.role, last.span, quote)
        if last.per_100_chars <= self.fail_share * first.per_100_chars:
            return Outcome(Verdict.FAIL, reason, 0.8, self.role, last.span, quote)
        kept = last.per_100_chars >= min(self.pass_share * first.per_100_chars, self.enough_per_100_chars)
        if first.words and kept:
            return Outcome(Verdict.PASS, reason, 0.85, self.role, last.span, quote)
        return Outcome(Verdict.UNDETERMINED, f"{reason}; some, not all", 0.5, self.role, last.span, quote)

    def _part(self, heard: Heard, index: int) -> _Part:
        """What is said between two shares of the role's characters."""
        total = sum(u.chars for u in heard.utterances)
        low, high = total * index / self.parts, total * (index + 1) / self.parts
        words, chars, speech_s, inside = 0, 0.0, 0.0, []
        said = 0.0
        for utterance in heard.utterances:
            share = max(0.0, min(high, said + utterance.chars) - max(low, said)) / max(1, utterance.chars)
            if share:
                inside.append(utterance)
                chars += share * utterance.chars
                speech_s += share * utterance.speech_s
            places = find_words(utterance.text, self.words, not_counted=self.not_counted)
            words += sum(low <= said + at * utterance.chars < high for _, at in places)
            said += utterance.chars
        return _Part(words, chars, speech_s, tuple(inside))
