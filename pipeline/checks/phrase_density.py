"""``phrase_density``: how often something is said for how much the role says."""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple, Self

from pydantic import model_validator

from pipeline.call import Call, Role, Utterance, Verdict
from pipeline.checks.base import Check, Count, Number, OptionalPhrases, Outcome, Share
from pipeline.checks.evidence.hearing import NOTHING_FOUND, Heard, doubt_absence, doubt_words, hear, whole
from pipeline.checks.evidence.telling import times
from pipeline.checks.evidence.words import find_words
from pipeline.spans import Span
from pipeline.wording.lexicon import is_acknowledgement
from pipeline.wording.matching import find_all


class _Said(NamedTuple):
    """One occurrence: when, and in which words."""

    span: Span
    quote: str
    words: str


class PhraseDensity(Check):
    """Pass when the words are rare enough in what the role says, fail when they are a habit.

    Options: ``words`` (counted as written; a comma at an edge stands for a pause: ``，那个`` is 那个 at the
    start of a clause), ``not_counted`` (longer words they are part of), ``phrases`` (counted by sound, with
    ``threshold`` as the similarity a match needs), ``pass_count`` (so many pass whatever the density),
    ``fail_count`` (fewer never fail), ``per`` (``minute`` of speech or ``100_chars``), ``pass_below`` and
    ``fail_above`` (densities; between them the clause is undetermined), ``role``. A listener's 嗯 or 好的 by
    itself does not count.
    """

    kind: ClassVar[str] = "phrase_density"

    words: tuple[str, ...] = ()
    not_counted: tuple[str, ...] = ()
    phrases: OptionalPhrases = ()
    threshold: Share = 0.88
    per: Literal["minute", "100_chars"] = "minute"
    pass_count: Count = 0
    fail_count: Count = 1
    pass_below: Number = 0.0
    fail_above: Number = 0.0
    role: Role = Role.AGENT

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if not self.words and not self.phrases:
            raise ValueError("needs words, phrases or both")
        if self.pass_below > self.fail_above:
            raise ValueError(f"pass_below {self.pass_below:g} exceeds fail_above {self.fail_above:g}")
        if self.pass_count >= self.fail_count:
            raise ValueError(f"pass_count {self.pass_count} must be less than fail_count {self.fail_count}")
        return self

    def judge(self, call: Call) -> Outcome:
        """Count, and set the count against how much is said."""
        heard = hear(call, self.role)
        found = self._found(heard)
        if heard.span is None:
            doubt = doubt_words(call, heard, whole(call, heard))
            verdict = Verdict.UNDETERMINED if doubt else Verdict.NOT_APPLICABLE
            return Outcome(verdict, doubt or f"the {self.role} says nothing", role=self.role)
        density = self._density(len(found), heard)
        words = ", ".join(dict.fromkeys(said.words.strip("，,") for said in found))
        unit = "a minute" if self.per == "minute" else "in 100 characters"
        said = f"said {times(len(found))}" if found else "never said"
        reason = f"{said}, {density:.1f} {unit}" + (f" ({words})" if words else "")
        if len(found) <= self.pass_count or (density < self.pass_below and heard.attributed):
            return self._rare(call, heard, heard.span, reason)
        span, quote = found[0].span, found[0].quote
        doubt = None if heard.attributed else f"it is not known which voice is the {self.role}'s"
        if len(found) < self.fail_count or density < self.fail_above:
            doubt = doubt or "neither rare enough for a pass nor enough of a habit for a fail"
        if doubt:
            return Outcome(Verdict.UNDETERMINED, f"{reason}; {doubt}", 0.5, self.role, span, quote)
        confidence = min(1.0, 0.5 + 0.1 * len(found))
        return Outcome(Verdict.FAIL, reason, confidence, self.role, span, quote)

    def _rare(self, call: Call, heard: Heard, span: Span, reason: str) -> Outcome:
        """Pass, unless much of what is said was not heard; whose voice is whose is no doubt then."""
        doubt = doubt_absence(call, heard, whole(call, heard), NOTHING_FOUND, threshold=self.threshold)
        if doubt:
            return Outcome(Verdict.UNDETERMINED, f"{reason}, but {doubt}", 0.5, self.role, span)
        return Outcome(Verdict.PASS, reason, 0.85, self.role, span)

    def _density(self, count: int, heard: Heard) -> float:
        if self.per == "100_chars":
            chars = sum(u.chars for u in heard.utterances)
            return 100.0 * count / chars if chars else 0.0
        speech_s = sum(u.speech_s for u in heard.utterances)
        return 60.0 * count / speech_s if speech_s else 0.0

    def _found(self, heard: Heard) -> list[_Said]:
        spoken = tuple(u for u in heard.utterances if not is_acknowledgement(u.text))
        by_sound = [
            _Said(Span(m.start_s, m.end_s), m.utterance_text, m.quote)
            for m in find_all(self.phrases, spoken, threshold=self.threshold)
        ]
        as_written = [
            _Said(Span(at_s, at_s), u.text, word)
            for u in spoken
            for word, at in find_words(u.text, self.words, not_counted=self.not_counted)
            for at_s in [_time(u, at)]
            if not any(said.span.start_s <= at_s <= said.span.end_s for said in by_sound)
        ]
        widened = [said._replace(span=_around(said.span, spoken)) for said in as_written]
        return sorted([*by_sound, *widened], key=lambda said: said.span)


def _time(utterance: Utterance, share: float) -> float:
    return utterance.start_s + share * (utterance.end_s - utterance.start_s)


def _around(span: Span, utterances: tuple[Utterance, ...]) -> Span:
    """The utterance a word stands in, from the word on."""
    inside = (u for u in utterances if u.start_s <= span.start_s <= u.end_s)
    return Span(span.start_s, max((u.end_s for u in inside), default=span.end_s))
