"""The order in which people number things: 一组, 二组, 三组, and 2 before 10."""

from __future__ import annotations

import re

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100}
_NUMBERS = re.compile(rf"([0-9]{{1,18}}|[{''.join((*_DIGITS, *_TENS))}]{{1,18}})")


def natural_key(text: str) -> tuple[str | int, ...]:
    """Return what a text is sorted by: its numbers, in digits or in Chinese, count as numbers.

    Texts and numbers take turns, beginning with a text, so that any two keys can be compared.
    """
    parts = _NUMBERS.split(text)
    return tuple(_value(part) if at % 2 else part for at, part in enumerate(parts))


def _value(number: str) -> int:
    if number.isascii():
        return int(number)
    if not any(unit in number for unit in _TENS):
        return int("".join(str(_DIGITS[digit]) for digit in number))
    total = pending = 0
    for character in number:
        if character in _TENS:
            total += (pending or 1) * _TENS[character]
            pending = 0
        else:
            pending = _DIGITS[character]
    return total + pending
