"""``hang_up``: the agent does not end the call before it may."""

from __future__ import annotations

import re
from typing import ClassVar

from pipeline.call import Call, Role, Utterance, Verdict
from pipeline.checks.base import Check, Count, OptionalPhrases, Outcome, Share
from pipeline.checks.evidence.blocks import blocks
from pipeline.checks.evidence.courtesies import is_polite, says_goodbye
from pipeline.checks.evidence.hearing import doubt_hearing, doubt_recogniser, hear, whole
from pipeline.checks.evidence.telling import counted, phrase_of
from pipeline.checks.evidence.windows import closing
from pipeline.spans import Span
from pipeline.wording.matching import PhraseMatch, find_last

# Words this long before the end of the recording are cut off by it.
ABRUPT_S = 1.0
# A pause this long may part two prompts, or stand inside one.
SHORT_PAUSE_S = 1.2
# The agent's words with which a call ends lie in its last seconds.
LAST_S = 6.0
# How sure a search must be before it speaks of an offence.
OFFENCE = 0.85


# A prompt asks for an answer; this is said to nobody.
HANGS_UP = re.compile(r"(?:我|先|就|那|^|[，。])挂(?:了|断|机|线)")


class HangUp(Check):
    """Pass when the customer hangs up, or the agent does so once it may.

    Who hung up comes from the call log. Without it the clause is undetermined, and an end right after or
    during words of the customer is shown. Without ``prompts`` and ``unless`` the agent may never be first.

    Options: ``prompts`` (the agent may hang up after it has spoken that often without an answer),
    ``unless`` (after one of these phrases, in its last words), ``said_with`` (only a hang-up with one of
    these in the agent's last words counts), ``forbidden`` (fails whoever hangs up), ``threshold``.
    """

    kind: ClassVar[str] = "hang_up"

    prompts: Count = 0
    unless: OptionalPhrases = ()
    said_with: OptionalPhrases = ()
    forbidden: OptionalPhrases = ()
    threshold: Share = 0.78

    def judge(self, call: Call) -> Outcome:
        """Judge the end of the call by who ended it and what went before."""
        heard = hear(call, Role.AGENT)
        threat = find_last(self.forbidden, heard.utterances, threshold=OFFENCE).match
        if threat is not None:
            return self._threatened(call, threat)
        at = _ending(call)
        side = call.record.hangup_side
        if side is None:
            if self._allowed_anyhow(call):
                reason = "the agent might hang up: every prompt that is due was given"
                return Outcome(Verdict.PASS, reason, 0.85, Role.AGENT, at, _last_words(call))
            return Outcome(Verdict.UNDETERMINED, _unlogged(call), 0.5, Role.AGENT, at, _last_words(call))
        if side == Role.CUSTOMER:
            reason = "the customer hung up, by the call log"
            return Outcome(Verdict.PASS, reason, 0.95, Role.AGENT, at, _last_words(call))
        return self._hung_up(call, at)

    def _allowed_anyhow(self, call: Call) -> bool:
        """Whether the agent may have hung up: whoever did, the clause is met."""
        heard = hear(call, Role.AGENT)
        return 0 < self.prompts <= len(blocks(heard.utterances)) and heard.attributed

    def _threatened(self, call: Call, threat: PhraseMatch) -> Outcome:
        span = Span(threat.start_s, threat.end_s)
        reason = f"threatens to hang up, {threat.similarity:.2f} like {phrase_of(threat)}"
        doubt = None
        if not hear(call, Role.AGENT).attributed and call.by_role(Role.CUSTOMER):
            doubt = "in a voice whose role is not known"
        elif is_polite(threat.utterance_text) or "您" in threat.utterance_text:
            doubt = "courteously"
        if doubt:
            reason = f"{reason}, but {doubt}"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, span, threat.quote)
        return Outcome(Verdict.FAIL, reason, threat.similarity, Role.AGENT, span, threat.quote)

    def _hung_up(self, call: Call, at: Span) -> Outcome:
        """Judge a hang-up by the agent."""
        heard = hear(call, Role.AGENT)
        last = closing(call, heard)
        quote = last.utterances[-1].text if last.utterances else ""
        if self.prompts:
            return self._hung_up_after(call, at, quote)
        allowed = find_last(self.unless, last.utterances, threshold=self.threshold)
        if allowed.match is not None:
            span = Span(allowed.match.start_s, allowed.match.end_s)
            reason = f"the agent hung up after {allowed.match.quote!r}"
            return Outcome(Verdict.PASS, reason, allowed.match.similarity, Role.AGENT, span, quote)
        if self.said_with:
            return self._hung_up_with(call, at, last.utterances)
        return Outcome(Verdict.FAIL, "the agent hung up first, by the call log", 0.95, Role.AGENT, at, quote)

    def _hung_up_after(self, call: Call, at: Span, quote: str) -> Outcome:
        """Judge a hang-up by how often the agent spoke; a short pause may or may not part two prompts."""
        heard = hear(call, Role.AGENT)
        few, many = len(blocks(heard.utterances)), len(blocks(heard.utterances, pause_s=SHORT_PAUSE_S))
        if HANGS_UP.search(blocks(heard.utterances)[-1].utterances[-1].text) and heard.utterances:
            few, many = few - 1, many - 1
        reason = f"the agent hung up after {counted(few, 'prompt')}; {self.prompts} are due"
        if few >= self.prompts:
            return Outcome(Verdict.PASS, reason, 0.85, Role.AGENT, at, quote)
        doubt = doubt_hearing(call, heard, whole(call, heard))
        if many >= self.prompts:
            doubt = doubt or f"there are {many} when short pauses count"
        if doubt:
            return Outcome(Verdict.UNDETERMINED, f"{reason}, but {doubt}", 0.5, Role.AGENT, at, quote)
        return Outcome(Verdict.FAIL, reason, 0.9, Role.AGENT, at, quote)

    def _hung_up_with(self, call: Call, at: Span, last: tuple[Utterance, ...]) -> Outcome:
        """Judge a hang-up by the words it came with."""
        own = tuple(u for u in last if u.end_s >= last[-1].end_s - LAST_S) if last else ()
        offence = find_last(self.said_with, own, threshold=OFFENCE).match
        if offence is not None:
            heard = hear(call, Role.AGENT)
            words = tuple(u for u in own if u.idx == offence.utterance_idx)
            doubt = doubt_hearing(call, heard, closing(call, heard)) or doubt_recogniser(words)
            if all(is_polite(u.text) for u in words):
                doubt = doubt or "courteously"
            reason = f"the agent hung up with {offence.quote!r}"
            verdict = Verdict.UNDETERMINED if doubt else Verdict.FAIL
            reason = f"{reason}, but {doubt}" if doubt else reason
            return Outcome(verdict, reason, offence.similarity, Role.AGENT, at, offence.quote)
        quote = own[-1].text if own else ""
        if any(says_goodbye(u.text) for u in own):
            return Outcome(Verdict.PASS, "the agent said goodbye", 0.8, Role.AGENT, at, quote)
        reason = "the agent hung up first, with other words"
        return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, at, quote)


def _ending(call: Call) -> Span:
    """From the last words to the end of the recording."""
    end_s = max([call.duration_s, *(u.end_s for u in call.utterances)])
    return Span(max((u.start_s for u in call.utterances), default=0.0), end_s)


def _last_words(call: Call) -> str:
    return max(call.utterances, key=lambda u: u.end_s).text if call.utterances else ""


def _unlogged(call: Call) -> str:
    """Say that the call log is silent, and what the recording's end sounds like."""
    reason = "who hung up is not in the call's metadata"
    last = max(call.utterances, key=lambda u: u.end_s, default=None)
    if last is None or last.role is not Role.CUSTOMER or call.duration_s - last.end_s > ABRUPT_S:
        return reason
    if says_goodbye(last.text):
        return reason
    return f"{reason}; the recording ends abruptly with the customer's words"
