"""``language_matches``: a customer who does not speak Mandarin is answered in their language."""

from __future__ import annotations

from typing import ClassVar

from pipeline.call import Call, Role, Utterance, Verdict
from pipeline.checks.base import Check, OptionalPhrases, Outcome, Phrases, Share
from pipeline.checks.evidence.hearing import (
    VARIANT_SIMILARITY,
    Part,
    doubt_coverage,
    doubt_recogniser,
    find_variant,
    hear,
)
from pipeline.checks.evidence.languages import Language, Speech, foreign_speech, speaks
from pipeline.spans import Span
from pipeline.wording.matching import find_first

# An answer of fewer spoken characters (OK, 好的) is in no language.
ANSWER_CHARS = 4
# Recognisers write these down in their own words; the others like Mandarin.
TOLD_APART = (Language.ENGLISH, Language.OTHER)


class LanguageMatches(Check):
    """Pass when the agent answers in the customer's language, or apologises for not being fluent in it.

    Not applicable to customers who speak Mandarin. An answer in a dialect is written like Mandarin, so
    without an apology or a refusal it goes to review.

    Options: ``apology`` (phrases that pass), ``refusal`` (phrases that fail), ``near`` (wording that goes to
    review, such as passing the call to somebody who speaks it), ``threshold``.
    """

    kind: ClassVar[str] = "language_matches"
    wordless: ClassVar[bool] = True

    apology: Phrases
    refusal: OptionalPhrases = ()
    near: OptionalPhrases = ()
    threshold: Share = 0.78

    def judge(self, call: Call) -> Outcome:
        """Judge what the agent says after the customer's first words in the other language."""
        customer, agent = hear(call, Role.CUSTOMER), hear(call, Role.AGENT)
        speech = foreign_speech(customer.utterances)
        if speech is None:
            doubt = doubt_coverage(call, Role.CUSTOMER, Span(0.0, call.duration_s))
            verdict = Verdict.UNDETERMINED if doubt else Verdict.NOT_APPLICABLE
            return Outcome(verdict, doubt or "the customer speaks Mandarin", role=Role.CUSTOMER)
        first = speech.utterances[0]
        if not (customer.attributed and agent.attributed):
            reason = f"{speech.language} is spoken; it is not known which voice is the customer's"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, first.span, first.text)
        said = tuple(u for u in agent.utterances if u.start_s > first.start_s)
        end_s = max([first.end_s, *(u.end_s for u in said)])
        return self._answered(call, speech, Part(Span(first.start_s, end_s), said))

    def _answered(self, call: Call, speech: Speech, answer: Part) -> Outcome:
        said, asked = answer.utterances, f"the customer speaks {speech.language}"
        same = next((u for u in said if speaks(u, speech.language)), None)
        if same is not None:
            reason = f"{asked} and is answered in it"
            return Outcome(Verdict.PASS, reason, same.confidence, Role.AGENT, same.span, same.text)
        sorry = find_first(self.apology, said, threshold=self.threshold).match
        if sorry is not None:
            reason, span = f"{asked}; the agent apologises for theirs", Span(sorry.start_s, sorry.end_s)
            return Outcome(Verdict.PASS, reason, min(1.0, sorry.similarity), Role.AGENT, span, sorry.quote)
        doubt = self._doubt(call, speech, answer)
        quote = said[0].text if said else speech.utterances[0].text
        reason = f"{asked}; the agent neither answers in it nor apologises"
        if doubt:
            reason = f"{reason}, but {doubt}"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, answer.span, quote)
        return Outcome(Verdict.FAIL, reason, 0.85, Role.AGENT, answer.span, quote)

    def _doubt(self, call: Call, speech: Speech, answer: Part) -> str | None:
        """Say why the agent may have answered rightly all the same, or None."""
        said: tuple[Utterance, ...] = answer.utterances
        variant = find_variant(self.near, said)
        if variant is not None:
            return f"{variant.quote!r} may stand in for it"
        if sum(u.chars for u in said) < ANSWER_CHARS:
            return "hardly says anything"
        refused = find_first(self.refusal, said, threshold=VARIANT_SIMILARITY).match
        if refused is not None:
            return None
        if speech.language not in TOLD_APART:
            return "an answer in it would be written like Mandarin"
        return doubt_coverage(call, Role.AGENT, answer.span) or doubt_recogniser(said)
