"""``address_by_name``: the agent uses the customer's name once it is known."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import ClassVar

from pipeline.call import Call, Role, Verdict
from pipeline.checks.base import Check, Outcome
from pipeline.checks.evidence.hearing import Heard, doubt_words, hear, whole, window
from pipeline.checks.evidence.names import (
    Address,
    Name,
    addresses,
    carries,
    logged_name,
    sounds_like_surname,
    spoken_name,
)
from pipeline.spans import Span
from pipeline.wording.matching import find_first
from pipeline.wording.phrases import compile_phrase
from pipeline.wording.surnames import RARE_SURNAMES, SURNAMES, TITLES

# A name recognised with less confidence than this may have been another.
NAME_CONFIDENCE = 0.5
# Courteous in its place, and not what is asked for.
OTHER_TITLES = ("老师", "经理", "总", "师傅", "医生", "同学", "太太")
# 请问是徐女士吗: what the recogniser makes of a name can be anything.
_ASKS_FOR = re.compile(r"(是|找)[^，。,.?？]{1,8}(吗|么|嘛|吧)")


class AddressByName(Check):
    """Pass when the agent says X先生, X女士 or X小姐 with the customer's surname, by sound.

    A name that the customer said and the agent never used fails; so does the name of whom the desk calls,
    unless the agent asks for somebody whose name may be misheard: that goes to review. So does a name that
    stands only in the log of an inbound call, because the agent may not have seen it, another name than the
    known one, unless the recogniser was unsure of that, and what is no surname.

    Options: ``logged_suffices`` (the agent sees the call log, so a name that stands only there is known).
    """

    kind: ClassVar[str] = "address_by_name"

    logged_suffices: bool = False

    def judge(self, call: Call) -> Outcome:
        """Look for the surname before a title."""
        heard = hear(call, Role.AGENT)
        spoken, logged = spoken_name(call), logged_name(call)
        used = tuple(addresses(heard.utterances))
        for address in used:
            known = [n for n in (spoken, logged) if n is not None and carries(address, n.surname)]
            if known:
                return self._pass(address, f"addressed by name (known from the {known[0].source})", 0.95)
        known_names = [n for n in (spoken, logged) if n is not None]
        misheard = next((o for n in known_names if (o := self._by_sound(heard, n))), None)
        if misheard is not None:
            return misheard
        named = next((a for a in used if sounds_like_surname(a)), None)
        if named is not None and all(_is_uncertain(n) for n in known_names):
            reason = "addressed by a name that may be misheard"
            return self._pass(named, reason, 0.4 if known_names else 0.6)
        return self._missed(call, heard, spoken, logged, used)

    def _pass(self, address: Address, reason: str, confidence: float) -> Outcome:
        said = address.utterance
        return Outcome(Verdict.PASS, reason, confidence, Role.AGENT, said.span, said.text)

    def _by_sound(self, heard: Heard, known: Name) -> Outcome | None:
        """Pass when surname and title are said, however the recogniser wrote them."""
        phrase = compile_phrase(f"{known.surname}({'|'.join(TITLES)})")
        match = find_first([phrase], heard.utterances).match
        if match is None:
            return None
        reason = f"addressed by name, by its sound ({match.similarity:.0%} alike)"
        span = Span(match.start_s, match.end_s)
        # The surname is a third of what is compared: 刘先生 is 90 % like 李先生.
        confidence = max(0.3, 1.0 - 4.0 * (1.0 - match.similarity))
        return Outcome(Verdict.PASS, reason, confidence, Role.AGENT, span, match.quote)

    def _missed(
        self, call: Call, heard: Heard, spoken: Name | None, logged: Name | None, used: tuple[Address, ...]
    ) -> Outcome:
        known = spoken or logged
        if known is None:
            doubt = doubt_words(call, heard, whole(call, heard))
            verdict = Verdict.UNDETERMINED if doubt else Verdict.NOT_APPLICABLE
            return Outcome(verdict, doubt or "the customer's name never becomes known", role=Role.AGENT)
        since_s = known.utterance.start_s if known.utterance else 0.0
        searched = whole(call, heard, since_s=since_s)
        # From the log it is known what to listen for, and a name that nobody says the agent does not say.
        listen = replace(heard, attributed=heard.attributed or spoken is None)
        doubt = doubt_words(call, listen, searched)
        if used:
            doubt = f"{used[0].before[-1:]}{used[0].title} is said, and the name in it may be misheard"
        elif spoken is not None and logged is None and known.surname not in SURNAMES + RARE_SURNAMES:
            doubt = "which is no surname and may be misheard"
        elif spoken is None and not self.logged_suffices and call.record.direction != "outbound":
            doubt = "the name stands only in the call log"
        elif spoken is None and any(_ASKS_FOR.search(u.text) for u in heard.utterances[:2]):
            doubt = "the agent asks for somebody, whose name may be misheard"
        elif any(f"{known.surname}{title}" in u.text for u in heard.utterances for title in OTHER_TITLES):
            doubt = "a title other than 先生 or 女士 is said with it"
        elif not searched.utterances:
            doubt = "the agent says nothing after the name is known"
        span = window(searched.utterances) or heard.span
        if doubt:
            reason = f"the name {known.surname} is not heard from the agent; {doubt}"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, span)
        quote = known.utterance.text if known.utterance else ""
        reason = f"the name {known.surname} is known from the {known.source} and never used to the customer"
        return Outcome(Verdict.FAIL, reason, 0.8, Role.AGENT, span, quote)


def _is_uncertain(name: Name) -> bool:
    """Whether the recogniser may have misheard the customer's own words for the name."""
    return name.utterance is not None and name.utterance.confidence < NAME_CONFIDENCE
