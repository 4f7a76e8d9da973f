"""What the recogniser's own score of a phrase on the audio says where characters and sounds leave a doubt.

The *loss* is what the phrase is less likely by than the text first heard, in nats per spoken character
(:mod:`pipeline.readings`). On 56 doubtful passages of 36 calls, those that truly said the phrase lost 0.1 to
0.9, those that said something else 1.0 and more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from pipeline.call import Call, EventKind, Role, Utterance
from pipeline.spans import Span
from pipeline.wording.matching import PhraseMatch, find_first
from pipeline.wording.phrases import Phrase, written_out

SAID_LOSS, NOT_SAID_LOSS = 0.7, 1.0
# Passages less alike than this are not worth asking about.
ASK_SIMILARITY = 0.66
# Every passage costs two or three decodes while a call is being heard.
ASK_AT_MOST = 2


def nearly_said(phrases: Sequence[Phrase], utterances: Sequence[Utterance]) -> tuple[PhraseMatch, ...]:
    """Return the passage nearest to each of the phrases that can be read again there."""
    nearest = (find_first([p], utterances, threshold=1.0).nearest for p in phrases if written_out(p))
    near = [match for match in nearest if match is not None and match.similarity >= ASK_SIMILARITY]
    return tuple(sorted(near, key=lambda match: -match.similarity)[:ASK_AT_MOST])


def confirmed(call: Call, phrases: Sequence[Phrase], within: Span, *, role: Role) -> PhraseMatch | None:
    """Return the passage, of the role or of an unknown voice, that says one of the phrases in the audio."""
    sources = {phrase.source for phrase in phrases}
    said = [
        (loss, event)
        for event in call.events_of(EventKind.READING)
        if event.role in (role, Role.UNKNOWN)
        if event.get("phrase") in sources and event.span.overlap_s(within) > 0
        if isinstance(loss := event.get("loss"), float) and loss <= SAID_LOSS
    ]
    if not said:
        return None
    loss, event = min(said, key=lambda pair: pair[0])
    odds = min(1.0, math.exp(-loss))
    phrase, quote = str(event.get("phrase")), str(event.get("quote"))
    quoted = (0, len(quote))
    return PhraseMatch(phrase, event.start_s, event.end_s, quote, odds, "recogniser", -1, quote, quoted)


def is_said(call: Call, match: PhraseMatch) -> bool | None:
    """Whether the audio says the phrase there; None when it was not asked or leaves the doubt."""
    for event in call.events_of(EventKind.READING):
        same = event.get("phrase") == match.phrase and event.get("quote") == match.quote
        loss = event.get("loss")
        if same and isinstance(loss, float) and abs(event.start_s - match.start_s) < 0.01:
            return True if loss <= SAID_LOSS else False if loss >= NOT_SAID_LOSS else None
    return None
