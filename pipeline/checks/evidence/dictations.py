"""Numbers and addresses an agent reads out for the customer to note down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.call import Call, Role, Utterance
from pipeline.checks.evidence.hearing import hear
from pipeline.spans import Span

DIGIT = "0-9零〇一二三四五六七八九幺洞"
# Digits in a row, with the marks a recogniser puts between groups; amounts and dates end in a unit.
NUMBER = re.compile(rf"[{DIGIT}](?:[\s，,、\-—.。·…~～]*[{DIGIT}])+(?![\s]*[十百千万亿元块年月日点兆折%％])")
ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ENGLISH_NUMBER = re.compile(
    rf"\b(?:{'|'.join(ENGLISH)}|oh)(?:[\s,\-]+(?:{'|'.join(ENGLISH)}|oh))+\b", re.IGNORECASE
)
TO_DIGIT = str.maketrans("零〇一二三四五六七八九幺洞", "0012345678910")
ADDRESS = re.compile(
    r"[\u4e00-\u9fff]{2,8}(?:路|街|大道|巷)[^，。！？,.!?\s]{0,5}[0-9零〇一二三四五六七八九十百]号(?!线|车|门口|公交)|(?<![您你的])(?:地址|地点)(?:是|在|为|：|:)?[^。！？!?]{3,30}?(?:路|街|大道|巷|弄|胡同|镇|村|广场|大厦)[^。！？!?]{0,12}?(?:号|楼|层|室|座|栋)"
)
PLACE = re.compile(r"(\w{2})(?:路|街|大道|巷|弄|胡同|镇|村|广场|大厦)")
# The customer's own number, read to them from the screen to be confirmed.
OWN = re.compile(
    r"(?:您|你)(?:的|预留|登记|注册|绑定|留|这边|这个|名下)[^，。！？,.!?]{0,12}$|(?:尾号|核对|确认)[^。！？.!?]{0,8}$"
)
CHECKED = re.compile(r"^[^。！？.!?]{0,8}(?:对吗|是吗|对不对|对吧|是不是|没错吧|正确吗)")
# The customer's own address, read to them to be confirmed.
ASKED_BACK = re.compile(r"^[^。！？.!?]{0,24}(?:对吗|是吗|对不对|对吧|是不是|没错吧|正确吗)")
# As much of a number as shows that it is the same one.
SHARED_DIGITS = 4
# A number that follows one of the customer's of nearly this length is theirs, misheard.
ECHO_S, ECHO_DIGITS = 12.0, 2


@dataclass(frozen=True, slots=True)
class Dictated:
    """A number or an address, as recognised; ``digits`` is empty for an address."""

    text: str
    digits: str
    utterance: Utterance
    span: Span


def dictations(call: Call, *, at_least: int) -> tuple[Dictated, ...]:
    """Return what the agent reads out for the first time, numbers from ``at_least`` digits on, in order."""
    found: list[Dictated] = []
    for utterance in hear(call, Role.AGENT).utterances:
        for dictated in (*_numbers(utterance, at_least), *_addresses(utterance)):
            if not _is_known(call, dictated) and not _is_same(found, dictated):
                found.append(dictated)
    return tuple(found)


def is_repeated(call: Call, dictated: Dictated) -> bool:
    """Whether either party says the number, or a good part of it, again."""
    if not dictated.digits:
        return any(
            _shares_place(dictated.text, u.text) for u in call.utterances if u.start_s > dictated.span.end_s
        )
    at = dictated.utterance.text.find(dictated.text) + len(dictated.text)
    rest = [dictated.utterance.text[at:]]
    rest += [u.text for u in call.utterances if u.start_s > dictated.utterance.start_s]
    return any(_shares(dictated.digits, digits) for text in rest for digits in _digits_in(text))


def _numbers(utterance: Utterance, at_least: int) -> Iterator[Dictated]:
    text = utterance.text
    for match in (*NUMBER.finditer(text), *ENGLISH_NUMBER.finditer(text)):
        digits = _digits(match.group())
        own = OWN.search(text[: match.start()]) or CHECKED.search(text[match.end() :])
        if len(digits) >= at_least and not own:
            yield Dictated(match.group(), digits, utterance, _at(utterance, match))


def _addresses(utterance: Utterance) -> Iterator[Dictated]:
    for match in ADDRESS.finditer(utterance.text):
        if ASKED_BACK.search(utterance.text[match.end() :]):
            continue
        yield Dictated(match.group(), "", utterance, _at(utterance, match))


def _at(utterance: Utterance, match: re.Match[str]) -> Span:
    length_s = (utterance.end_s - utterance.start_s) / max(1, len(utterance.text))
    return Span(utterance.start_s + match.start() * length_s, utterance.start_s + match.end() * length_s)


def _is_known(call: Call, dictated: Dictated) -> bool:
    """Whether somebody other than the agent said it before."""
    others = [
        u for u in call.utterances if u.role is not Role.AGENT and u.start_s < dictated.utterance.start_s
    ]
    if not dictated.digits:
        return any(_shares_place(dictated.text, u.text) for u in others)
    for u in others:
        near = dictated.utterance.start_s - u.end_s <= ECHO_S
        for digits in _digits_in(u.text):
            like = len(digits) >= SHARED_DIGITS and abs(len(digits) - len(dictated.digits)) <= ECHO_DIGITS
            if _shares(digits, dictated.digits) or (near and like):
                return True
    return False


def _is_same(earlier: list[Dictated], dictated: Dictated) -> bool:
    if not dictated.digits:
        return any(_shares_place(d.text, dictated.text) for d in earlier)
    return any(_shares(d.digits, dictated.digits) for d in earlier)


def _digits_in(text: str) -> list[str]:
    return [_digits(m.group()) for m in (*NUMBER.finditer(text), *ENGLISH_NUMBER.finditer(text))]


def _digits(text: str) -> str:
    words = re.findall(r"[a-z]+", text.lower())
    if words:
        return "".join(str(ENGLISH.index(w)) if w in ENGLISH else "0" for w in words)
    return "".join(c for c in text.translate(TO_DIGIT) if c.isdigit())


def _shares(one: str, other: str) -> bool:
    pieces = {one[i : i + SHARED_DIGITS] for i in range(len(one) - SHARED_DIGITS + 1)}
    return any(piece in other for piece in pieces)


def _shares_place(one: str, other: str) -> bool:
    return bool(set(PLACE.findall(one)) & set(PLACE.findall(other)))
