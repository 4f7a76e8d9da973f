"""``phrase_forbidden``: wording that must never be said."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from pipeline.call import Call, Role, Utterance, Verdict
from pipeline.checks.base import Check, Fixed, OptionalPhrases, Outcome, Phrases, Share, Table
from pipeline.checks.conditions import CONDITIONS, Moment
from pipeline.checks.evidence.hearing import (
    VARIANT_SIMILARITY,
    Heard,
    doubt_recogniser,
    hear,
    unheard,
    voiced,
)
from pipeline.checks.evidence.mending import mended
from pipeline.checks.evidence.signs import Told, told_and_minded, told_in_answer, told_together, turns
from pipeline.checks.evidence.telling import phrase_of
from pipeline.spans import Span, total_s
from pipeline.wording.matching import PhraseMatch, find_all
from pipeline.wording.spoken import spoken_units

# A phrase this short is ordinary speech unless it stands alone (讲话！ but not 您讲话的声音).
ALONE_CHARS = 3
# In a phrase shorter than this one wrong syllable makes another sentence; homophones (0.9 each) are no error.
LONG_CHARS = 6
VERBATIM = 0.92
POLITE = re.compile(r"(?<![申邀聘])请(?![假客示])|麻烦[您你]|劳驾|好吗|可以吗|行吗|您看")
RESPECTFUL = re.compile(r"您|麻烦|抱歉|对不起|不好意思")
REGRETFUL = re.compile(rf"{POLITE.pattern}|抱歉|对不起|不好意思|建议")
# A pass claims that nothing was missed in all the role says; the shortest phrases take half a second.
UNHEARD_S, UNHEARD_SHARE = 0.5, 0.1
# What somebody else said is reported, not said.
REPORTED = re.compile(
    r"(?:[他她谁]们?|同事|客户|客人|有人|别人|(?<!我[跟和对])您|怎么能|不(?:能|会|该|可以|是)|没有?)"
    r"(?:[跟和对向][您你我])?(?:刚才|刚刚|之前|一直)?(?:说|讲|回答)[过了的是]?[“‘：:，]?$"
)
CLAUSE_END = "，。！？；、,.!?; "
SENTENCE_END = "。！？；.!?;"


def _known(name: str) -> str:
    if name not in CONDITIONS:
        raise ValueError(f"a condition is one of {', '.join(sorted(CONDITIONS))}, not {name!r}")
    return name


ConditionName = Annotated[str, AfterValidator(_known)]


class PhraseForbidden(Check):
    """Fail when the role says one of the phrases; absence passes.

    A phrase inside a polite request is not a hit. One that is only nearly said, stands among respectful
    words (您), reports what another said or whose speaker is not known goes to review; so does an absence
    where speech was not heard.

    Options: ``phrases``, ``near`` (variants that go to review), ``allowed`` (longer wording in which a
    phrase does not count), ``signs`` (kinds of short wording: two of different kinds in one turn are a
    hit too, among respectful words they go to review), ``minded`` (what the other party says right
    before or after one sign and so makes it a hit: 什么态度), ``answering`` (conditions, each with the
    kinds of signs of which one is a hit in the turn that answers it), ``mended_by`` (wording in the
    same turn that makes signs and variants harmless: the agent takes the matter on),
    ``politeness_excuses`` (false for what no 请 or 您 makes better, such as passing the buck), ``after``
    (conditions: only what is said after the first of their moments counts, and the clause is not
    applicable without one), ``until`` (a condition: only what is said before it arises counts),
    ``role``, ``hit_similarity`` and ``review_similarity`` of the longer phrases (short ones match
    verbatim or by homophones).
    """

    kind: ClassVar[str] = "phrase_forbidden"

    phrases: Phrases
    near: OptionalPhrases = ()
    allowed: OptionalPhrases = ()
    signs: Fixed[str, Phrases] = Table()
    minded: OptionalPhrases = ()
    answering: Fixed[ConditionName, tuple[str, ...]] = Table()
    mended_by: OptionalPhrases = ()
    politeness_excuses: bool = True
    after: tuple[ConditionName, ...] = ()
    until: ConditionName | None = None
    role: Role = Role.AGENT
    hit_similarity: Share = 0.85
    review_similarity: Share = 0.8

    def judge(self, call: Call) -> Outcome:
        """Search all that the role says, or what it says after or before an occasion."""
        heard = hear(call, self.role)
        since_s, until_s = 0.0, math.inf
        if self.after:
            occasions = [CONDITIONS[name](call) for name in self.after]
            arisen = [m for o in occasions if o.arises for m in o.moments or (Moment(Span(0.0, 0.0)),)]
            if not arisen:
                unsure = next((o for o in occasions if o.arises is None), None)
                verdict = Verdict.UNDETERMINED if unsure else Verdict.NOT_APPLICABLE
                return Outcome(verdict, (unsure or occasions[0]).reason, 0.5 if unsure else 1.0, self.role)
            since_s = min(m.span.start_s for m in arisen)
        if self.until:
            occasion = CONDITIONS[self.until](call)
            until_s = occasion.span.start_s if occasion.span else until_s
        if self.after or self.until:
            said = tuple(u for u in heard.utterances if u.end_s > since_s and u.start_s < until_s)
            heard = replace(heard, utterances=said)
        return self._search(call, heard)

    def _search(self, call: Call, heard: Heard) -> Outcome:
        if not heard.utterances or heard.span is None:
            doubt = self._doubt(call, heard)
            verdict = Verdict.UNDETERMINED if doubt else Verdict.NOT_APPLICABLE
            return Outcome(verdict, doubt or f"the {self.role} says nothing there", role=self.role)
        found = self._found(self.phrases, heard, self.review_similarity)
        weighed = [(match, self._weigh(match, heard)) for match in found]
        hit = max((m for m, w in weighed if w is Verdict.FAIL), key=lambda m: m.similarity, default=None)
        if hit is not None:
            reason = f"said a forbidden phrase, {hit.similarity:.2f} like {phrase_of(hit)}"
            return self._outcome(Verdict.FAIL, reason, hit, _confidence(hit, heard))
        told = self._told(call, heard)
        if any(verdict is Verdict.FAIL for verdict, _ in told):
            return next(outcome for verdict, outcome in told if verdict is Verdict.FAIL)
        review = [m for m, w in weighed if w is Verdict.UNDETERMINED]
        review += [m for m in self._found(self.near, heard, VERBATIM) if not self._mended(m, call, heard)]
        if review:
            reason = f"comes near a forbidden phrase ({phrase_of(review[0])}); needs a listener"
            return self._outcome(Verdict.UNDETERMINED, reason, review[0], 0.5)
        if told:
            return told[0][1]
        return self._absent(call, heard, heard.span)

    def _told(self, call: Call, heard: Heard) -> list[tuple[Verdict, Outcome]]:
        """Return the turns in which signs come together or are minded, and what is said of each."""
        others = self._others(call)
        together = told_together(self.signs, heard.utterances, others, apart_from=self.allowed)
        minded = told_and_minded(
            self.signs, heard.utterances, others, minded=self.minded, apart_from=self.allowed
        )
        told = (*together, *minded, *self._in_answer(call, heard, others))
        return [self._weigh_told(t) for t in told if not mended(self.mended_by, t.turn)]

    def _others(self, call: Call) -> list[Utterance]:
        return [u for u in call.utterances if u.role not in (self.role, Role.UNKNOWN)]

    def _in_answer(self, call: Call, heard: Heard, others: list[Utterance]) -> Iterator[Told]:
        """Signs that need no other in answer to an occasion."""
        for condition, kinds in self.answering.items():
            occasion = CONDITIONS[condition](call)
            starts = {m.span.start_s for m in occasion.moments} if occasion.arises else set()
            to = {u.idx for u in others if u.start_s in starts}
            signs = {name: self.signs[name] for name in kinds if name in self.signs}
            yield from told_in_answer(signs, heard.utterances, others, to=to, apart_from=self.allowed)

    def _weigh_told(self, told: Told) -> tuple[Verdict, Outcome]:
        sure = all(u.role is self.role for u in told.turn) and doubt_recogniser(told.turn) is None
        respectful = REGRETFUL.search(told.text) or (self.politeness_excuses and RESPECTFUL.search(told.text))
        verdict = Verdict.FAIL if sure and not respectful else Verdict.UNDETERMINED
        reason = f"{told.first.quote!r} and {told.second.quote!r} together say what is forbidden"
        if told.first is told.second:
            reason = f"{told.first.quote!r}, said in answer to the customer, is forbidden"
        if told.minded:
            reason = f"{told.first.quote!r} and {told.second.quote!r}: the other party minds"
        reason += "" if verdict is Verdict.FAIL else "; needs a listener"
        confidence = 0.7 if verdict is Verdict.FAIL else 0.5
        return verdict, Outcome(verdict, reason, confidence, self.role, told.span, told.text)

    def _found(self, phrases: OptionalPhrases, heard: Heard, threshold: float) -> list[PhraseMatch]:
        """Return what is said of the phrases outside the wording that is allowed."""
        found = find_all(phrases, heard.utterances, threshold=threshold)
        if not found:
            return []
        allowed = find_all(self.allowed, heard.utterances, threshold=VARIANT_SIMILARITY)
        return [m for m in found if not any(_inside(m, other) for other in allowed)]

    def _mended(self, match: PhraseMatch, call: Call, heard: Heard) -> bool:
        """Whether the matter is taken on in the turn in which the words are said."""
        said = turns(heard.utterances, self._others(call)) if self.mended_by else ()
        turn = next((t for t in said if match.utterance_idx in {u.idx for u in t}), ())
        return mended(self.mended_by, turn)

    def _absent(self, call: Call, heard: Heard, span: Span) -> Outcome:
        doubt = self._doubt(call, heard)
        if doubt:
            reason = f"no forbidden phrase found, but {doubt}"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, self.role, span)
        return Outcome(Verdict.PASS, "no forbidden phrase is said", 0.9, self.role, span)

    def _doubt(self, call: Call, heard: Heard) -> str | None:
        """Say why a phrase may have been missed, by whichever voice, or None."""
        all_of_it = Span(0.0, max([call.duration_s, *(u.end_s for u in heard.utterances)]))
        lost_s = total_s(unheard(call, self.role, all_of_it))
        if lost_s > UNHEARD_S and lost_s > UNHEARD_SHARE * total_s(voiced(call, self.role, all_of_it)):
            return f"{lost_s:.1f} s of the {self.role}'s speech has no recognised words"
        return doubt_recogniser(heard.utterances)

    def _weigh(self, match: PhraseMatch, heard: Heard) -> Verdict:
        """FAIL for a hit, UNDETERMINED for review, PASS for words that only look like the phrase."""
        said = _utterance(match, heard)
        clause = _around(match, CLAUSE_END)
        length = spoken_units(match.quote)
        if self.politeness_excuses and POLITE.search(clause):
            return Verdict.PASS
        if length <= ALONE_CHARS and not _stands_alone(match):
            return Verdict.PASS
        if match.similarity < (self.hit_similarity if length >= LONG_CHARS else VERBATIM):
            return Verdict.PASS if length < LONG_CHARS else Verdict.UNDETERMINED
        softened = POLITE.search(_around(match, SENTENCE_END)) is not None
        respectful = RESPECTFUL.search(clause) and not RESPECTFUL.search(match.phrase)
        polite = self.politeness_excuses and (softened or bool(respectful))
        reported = REPORTED.search(match.around[0]) is not None
        return Verdict.UNDETERMINED if polite or reported or said.role is not self.role else Verdict.FAIL

    def _outcome(self, verdict: Verdict, reason: str, match: PhraseMatch, confidence: float) -> Outcome:
        return Outcome(verdict, reason, confidence, self.role, Span(match.start_s, match.end_s), match.quote)


def _confidence(match: PhraseMatch, heard: Heard) -> float:
    return min(1.0, match.similarity * (0.5 + 0.5 * _utterance(match, heard).confidence))


def _utterance(match: PhraseMatch, heard: Heard) -> Utterance:
    return next(u for u in heard.utterances if u.idx == match.utterance_idx)


def _inside(match: PhraseMatch, other: PhraseMatch) -> bool:
    """Whether the match is a part of the other."""
    return other.start_s <= match.start_s and match.end_s <= other.end_s


def _around(match: PhraseMatch, ends: str) -> str:
    """Return the quote widened to the nearest of ``ends`` on both sides."""
    before, after = match.around
    start = max(before.rfind(end) for end in ends) + 1
    stop = min((at for end in ends if (at := after.find(end)) >= 0), default=len(after))
    return f"{before[start:]}{match.quote}{after[:stop]}"


def _stands_alone(match: PhraseMatch) -> bool:
    """Whether nothing but the quote and particles fills its clause."""
    around = _around(match, CLAUSE_END)
    return len(around.strip(CLAUSE_END)) <= len(match.quote.strip(CLAUSE_END)) + 1
