"""A text with everything masked but its form."""

from __future__ import annotations

import re

from pipeline.privacy.digits import HAN_DIGITS, Digit

MASK = "某"
# Fillers and answers inside a number that is read out; they tell nothing about it.
_FILLERS = frozenset("嗯呃额啊哦然后接着再来面是中间最还有那个就杠横转对好")
_PARTS = re.compile(
    r"大道|大街|胡同|广场|大厦|小区|花园|公寓|单元|街道|自治区|[省市区县镇乡村路街道巷弄号栋幢座楼室层]"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def shape_of_digits(text: str, digits: tuple[Digit, ...]) -> str:
    """Return the shape of a text from its first digit to its last; a word for a digit becomes one ``w``."""
    shape, at = "", digits[0].start
    for place, digit in enumerate(digits):
        shape += "".join(_separator(char) for char in text[at : digit.start])
        again = place and digits[place - 1].start == digit.start
        shape += " w" if again else digit.shape
        at = digit.end
    return shape


def shape_of_name(text: str, surname: str) -> str:
    """Return the shape of a name: its surname told from the given name."""
    if text.startswith(surname) and _HAN.match(text):
        return "姓" * len(surname) + MASK * (len(text) - len(surname))
    return "".join(_letter(char) for char in text)


def shape_of_address(text: str) -> str:
    """Return the shape of a postal address: what is common to all addresses stays."""
    shape, at = "", 0
    for part in _PARTS.finditer(text):
        shape += "".join(_letter(char) for char in text[at : part.start()]) + part.group()
        at = part.end()
    return shape + "".join(_letter(char) for char in text[at:])


def shape_of_letters(text: str) -> str:
    """Return the shape of an electronic address."""
    return "".join(_letter(char) for char in text)


def _separator(char: str) -> str:
    return char if char in _FILLERS or not (char.isalnum() or _HAN.match(char)) else MASK


def _letter(char: str) -> str:
    if char.isascii() and char.isdigit():
        return "0"
    if char in HAN_DIGITS:
        return "零"
    if char.isascii() and char.isalpha():
        return "A" if char.isupper() else "a"
    return MASK if char.isalnum() else char
