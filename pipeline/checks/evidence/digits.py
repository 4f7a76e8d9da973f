"""Runs of digits that somebody reads out, and what kind of number they may be.

Digits are read out one by one (三一零, 幺三八), in groups with pauses, or written by a recogniser as 310-104.
A run goes on over punctuation, short fillers and short pauses; a year (1988年) or an amount (一百二) ends it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.call import Utterance
from pipeline.spans import Span

_DIGITS = {
    **{str(n): str(n) for n in range(10)},
    **dict(zip("零〇一幺二两三四五六七八九", "0011223456789", strict=True)),
}
_DIGITS |= {"洞": "0", "拐": "7", "勾": "9", "Ｘ": "X", "x": "X", "X": "X"}
# Signs and fillers inside a number that is read out in groups.
_BETWEEN = re.compile(r"[\s，。、,.…\-—~～·！!？?；;]+|然后|接着|再来|后面是?|嗯+|呃+|啊|杠")
_NOT_DIGIT = re.compile(r"[年月日号点块元个十百千万亿岁楼栋室层%％]")
# A pause this long inside a number is still the same number.
_PAUSE_S = 6.0
_LEAST = 5


@dataclass(frozen=True, slots=True)
class DigitRun:
    """Digits in the order in which they are read out; ``X`` may end an identity number."""

    digits: str
    utterances: tuple[Utterance, ...]
    quote: str

    @property
    def span(self) -> Span:
        """The utterances in which it is read."""
        return Span(self.utterances[0].start_s, max(u.end_s for u in self.utterances))


def digit_runs(utterances: Sequence[Utterance]) -> tuple[DigitRun, ...]:
    """Find runs of five digits and more in what one party says."""
    found: list[DigitRun] = []
    open_run: DigitRun | None = None
    for utterance in utterances:
        pieces = _pieces(utterance.text)
        for position, (digits, quote) in enumerate(pieces):
            if digits and open_run and position == 0 and _follows(open_run, utterance):
                grown = open_run.digits + digits
                open_run = DigitRun(grown, (*open_run.utterances, utterance), f"{open_run.quote} {quote}")
                continue
            if open_run:
                found.append(open_run)
            open_run = DigitRun(digits, (utterance,), quote) if digits else None
    if open_run:
        found.append(open_run)
    return tuple(_said_once(run) for run in found if len(run.digits) >= _LEAST)


def _said_once(run: DigitRun) -> DigitRun:
    """Undo the repetition of a number that is read out twice without a word in between."""
    half = len(run.digits) // 2
    if half >= _LEAST and run.digits[:half] == run.digits[half:]:
        return replace(run, digits=run.digits[:half])
    return run


def _follows(run: DigitRun, utterance: Utterance) -> bool:
    return utterance.start_s - run.utterances[-1].end_s <= _PAUSE_S


def _pieces(text: str) -> list[tuple[str, str]]:
    """Split a text into runs of digits and what is none, ``("", words)``; a unit after a run undoes it."""
    pieces: list[tuple[str, str]] = []
    digits, start, at = "", 0, 0
    while at < len(text):
        between = _BETWEEN.match(text, at)
        if text[at] in _DIGITS:
            start = start if digits else at
            digits += _DIGITS[text[at]]
            at += 1
        elif between is not None:
            at = between.end()
        else:
            if digits and not _NOT_DIGIT.match(text, at):
                pieces.append((digits, text[start:at]))
            pieces.append(("", text[at]))
            digits, at = "", at + 1
    return [*pieces, (digits, text[start:])] if digits else pieces
