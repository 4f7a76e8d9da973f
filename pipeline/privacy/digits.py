"""Digits in a text: written, spoken one by one, as English words, in groups, and misheard in between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pipeline.wording.pinyin import fold, syllables

HAN_DIGITS = {
    **dict(zip("零〇一幺二两三四五六七八九", "0011223456789", strict=True)),
    "洞": "0",
    "拐": "7",
    "勾": "9",
}
WORDS = {
    **{
        w: str(n)
        for n, w in enumerate(
            ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        )
    },
    "oh": "0",
}
# What stands for a digit of which only the place is known.
UNKNOWN = "?"
# Signs and fillers inside a number that is read out in groups.
_BETWEEN = re.compile(
    r"(?:[\s，。、,.…\-—–~～·！!？?；;：:()（）]+|然后|接着|再来|后面是?|中间是?|最后是?|"
    r"还有|那个|就是|嗯+|呃+|额+|啊|哦|横?杠|转)+"
)
_WORD = re.compile(
    rf"(?:(?P<times>double|triple)[\s\-]+)?(?P<word>{'|'.join(WORDS)})(?![a-z])", re.IGNORECASE
)
# A unit right after digits makes them an amount, a date, a time or a count.
_UNIT = re.compile(
    r"\s*(?:[年月日点块元角分秒个十百千万亿岁楼栋幢层折度倍兆名位次件张台天周遍趟回%％℃]|"
    r"米|克|公|斤|号(?:楼|线|门|桌|床|店)|小时|工作日|多[块个万元]|\.\d)"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
# A misheard digit needs this many digits on either side, and so many in all, to be taken for one.
_SIDE, _IN_ALL = 2, 7
_SIDE_UNALIKE, _IN_ALL_UNALIKE = 2, 9


@dataclass(frozen=True, slots=True)
class Digit:
    """One digit and its place in the text; ``shape`` as in :class:`pipeline.privacy.entities.Entity`."""

    value: str
    shape: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Group:
    """Digits without a sign or word between them."""

    digits: tuple[Digit, ...]

    @property
    def text(self) -> str:
        """The digits' values."""
        return "".join(d.value for d in self.digits)


@dataclass(frozen=True, slots=True)
class DigitRun:
    """Groups of digits with nothing but signs and fillers between them.

    ``counted`` says that a unit follows, so that the last group is an amount, a date or a time.
    """

    groups: tuple[Group, ...]
    counted: bool
    opens: bool
    closes: bool

    @property
    def digits(self) -> tuple[Digit, ...]:
        """All digits in order."""
        return tuple(d for g in self.groups for d in g.digits)


def digit_runs(text: str) -> tuple[DigitRun, ...]:
    """Find the runs of digits of a text, single ones too.

    Parameters
    ----------
    text : str
        Simplified.

    Returns
    -------
    tuple of DigitRun
        In order; ``opens`` and ``closes`` say that nothing but signs and fillers stands before or after.
    """
    plain = tuple(_plain(text))
    joined = _bridged(text, plain)
    runs: list[list[Group]] = []
    for group in joined:
        if runs and _BETWEEN.fullmatch(text[runs[-1][-1].digits[-1].end : group.digits[0].start]):
            runs[-1].append(group)
        else:
            runs.append([group])
    return tuple(_run(text, tuple(groups)) for groups in runs)


def digit_sound(char: str) -> str | None:
    """Return the digit that a Han character sounds like, or None."""
    if not _HAN.match(char):
        return None
    return _SOUNDS.get(fold(syllables(char)[0]))


_SOUNDS = {
    **{
        fold(sound): digit
        for sound, digit in zip(
            ["ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu"], "0123456789", strict=True
        )
    },
    "yao": "1",
    "liang": "2",
    "lv": "6",
    "lu": "6",
}


def _run(text: str, groups: tuple[Group, ...]) -> DigitRun:
    before, after = text[: groups[0].digits[0].start], text[groups[-1].digits[-1].end :]
    return DigitRun(
        groups,
        counted=_UNIT.match(after) is not None,
        opens=not before or _BETWEEN.fullmatch(before) is not None,
        closes=not after or _BETWEEN.fullmatch(after) is not None,
    )


def _plain(text: str) -> Iterator[Group]:
    """Yield what is written as digits, group by group."""
    digits: list[Digit] = []
    at = 0
    while at < len(text):
        found = tuple(_digits_at(text, at))
        if found:
            digits += found
            at = found[-1].end
            continue
        spaced = re.compile(r"[\s,\-]+").match(text, at)
        word_next = digits and digits[-1].shape == "w" and spaced and _WORD.match(text, spaced.end())
        if spaced and word_next:
            at = spaced.end()
            continue
        if digits:
            yield Group(tuple(digits))
        digits, at = [], at + 1
    if digits:
        yield Group(tuple(digits))


def _digits_at(text: str, at: int) -> Iterator[Digit]:
    char = text[at]
    if char.isascii() and char.isdigit():
        yield Digit(char, "0", at, at + 1)
    elif char in HAN_DIGITS:
        yield Digit(HAN_DIGITS[char], "零", at, at + 1)
    elif char in "Xx叉" and at and text[at - 1] in {*"0123456789", *HAN_DIGITS}:
        if not re.match(r"[A-Za-z0-9]", text[at + 1 : at + 2]):
            yield Digit("X", "0", at, at + 1)
    elif char.isascii() and char.isalpha() and (at == 0 or not text[at - 1].isalpha()):
        found = _WORD.match(text, at)
        if found:
            count = {"double": 2, "triple": 3}.get((found["times"] or "").lower(), 1)
            value = WORDS[found["word"].lower()]
            yield from (Digit(value, "w", at, found.end()) for _ in range(count))


def _bridged(text: str, groups: tuple[Group, ...]) -> list[Group]:
    """Join groups with one misheard character between them: like a digit, or between long sides."""
    joined: list[Group] = []
    for place, group in enumerate(groups):
        between = _misheard(text, joined, group, groups[place + 1 :]) if joined else None
        if between is None:
            joined.append(group)
        else:
            joined[-1] = Group((*joined[-1].digits, between, *group.digits))
    return joined


def _misheard(text: str, joined: list[Group], group: Group, rest: tuple[Group, ...]) -> Digit | None:
    left, right = joined[-1].digits[-1].end, group.digits[0].start
    found = re.fullmatch(r"[\s，、,\-]*([\u4e00-\u9fff])[\s，、,\-]*", text[left:right])
    if found is None or found[1] in "年月日号点块元角十百千万亿楼栋层岁个到至和或":
        return None
    sound = digit_sound(found[1])
    # What was joined or follows over signs is part of the same number.
    before, after = _reach(text, joined[::-1], left=True), _reach(text, [group, *rest], left=False)
    side, in_all = (_SIDE, _IN_ALL) if sound else (_SIDE_UNALIKE, _IN_ALL_UNALIKE)
    if min(before, after) < side or before + after + 1 < in_all:
        return None
    at = left + found.start(1)
    return Digit(sound or UNKNOWN, "某", at, at + 1)


def _reach(text: str, groups: list[Group], *, left: bool) -> int:
    count = len(groups[0].digits)
    for near, far in pairwise(groups):
        first, last = (far, near) if left else (near, far)
        if not re.fullmatch(r"[\s，、,\-]+", text[first.digits[-1].end : last.digits[0].start]):
            break
        count += len(far.digits)
    return count
