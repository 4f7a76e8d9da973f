"""How written numbers are read aloud in Mandarin: digit by digit, or as an amount.

A number is read as an amount when a unit or measure word follows (三百八十元) and, up to two digits, in any
case; codes, telephone numbers, years and longer numbers without a unit are read digit by digit (三八零).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Reading(NamedTuple):
    """A stretch ``[start, end)`` of the written text and how it is said."""

    start: int
    end: int
    spoken: str


_DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_SIGNS = {"%": "百分之", "‰": "千分之"}
_CURRENCIES = {"¥": "元", "$": "美元", "€": "欧元", "£": "英镑"}
_SYMBOL_UNITS = {
    "kg": "公斤", "km": "公里", "cm": "厘米", "mm": "毫米", "ml": "毫升", "min": "分钟",
    "mb": "兆", "m": "兆", "℃": "摄氏度", "°c": "摄氏度",
}  # fmt: skip
_UNITS = (
    "工作日|自然日|个|块|元|角|毛|分|小时|刻|秒|点|天|日|月|周|星期|年|岁|次|遍|位|名|人|张|件|台|部|条|份|家"
    "|层|楼|页|折|倍|兆|米|公里|千米|厘米|毫米|公斤|千克|克|斤|吨|毫?升|摄氏度|度|百|千|万|亿|本|只|瓶|盒|箱|包|套|组"
    "|项|种|步|字|门|道|级|期|批|轮|瓦|寸|平|美元|美金|欧元|英镑|港币|人民币|多|来|几|余|G(?![A-Za-z])"
)
# 二月, 二号, 二楼 are ordinals; before other measure words a lone 2 is 两.
_ORDINAL_UNITS = ("月", "号", "日", "楼", "层", "级", "折", "期")
_CODE_BEFORE = re.compile(
    r"(?:[尾工编单卡账房]号|号码|代码|密码|验证码|电话|手机|航班|身份证|邮编)(?:码|号|后四位)?(?:是|为)?[\s:\uff1a,\uff0c]*$"
)
_RANGE = r"\s*[-~–—~]\s*"
_UNIT_AFTER = re.compile(rf"(?:{_RANGE}[0-9]+(?:\.[0-9]+)?)?\s*(?:{_UNITS})")
_SYMBOL_AFTER = r"kg|km|cm|mm|ml|min|mb|m|℃|°c"

_DIGIT = re.compile(r"[0-9]")
_WRITTEN = re.compile(
    rf"""
    (?P<date>(?<![0-9])[0-9]{{4}}[-/.](?:0?[1-9]|1[0-2])[-/.](?:[12][0-9]|3[01]|0?[1-9])(?![0-9]))
  | (?P<time>(?<![0-9])(?:[01]?[0-9]|2[0-4])[:\uff1a][0-5][0-9](?:[:\uff1a][0-5][0-9])?(?![0-9]))
  | (?P<ratio>[0-9]+(?:\.[0-9]+)?\s*[%‰])
  | (?P<money>[¥$€£]\s*[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?(?P<money_unit>\s*[百千万亿]?))
  | (?P<fraction>(?<![0-9/])[0-9]{{1,2}}/[0-9]{{1,3}}(?![0-9/]))
  | (?P<grouped>(?<![0-9])[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?(?![0-9]))
  | (?P<dotted>[0-9]+(?:\.[0-9]+)+)
  | (?P<range>(?<=[0-9]){_RANGE}(?=[0-9]))
  | (?P<dialled>\+[0-9]+)
  | (?P<quantity>[0-9]+(?:\.[0-9]+)?\s*(?i:{_SYMBOL_AFTER})(?![A-Za-z]))
  | (?P<number>[0-9]+)
    """,
    re.VERBOSE,
)


def readings(text: str) -> list[Reading]:
    """List every written number of simplified, half-width text with its reading, in order."""
    if not _DIGIT.search(text):
        return []
    return [Reading(m.start(), m.end(), _read(m)) for m in _WRITTEN.finditer(text)]


def _read(found: re.Match[str]) -> str:
    return _READERS[str(found.lastgroup)](found)


def _read_date(found: re.Match[str]) -> str:
    year, month, day = re.split(r"[-/.]", found[0])
    return f"{_by_digit(year)}年{_amount(month)}月{_amount(day)}日"


def _read_time(found: re.Match[str]) -> str:
    hour, minute, *second = re.split("[:\uff1a]", found[0])
    spoken = ("两" if int(hour) == 2 else _amount(hour)) + "点"
    if int(minute):
        spoken += ("零" if int(minute) < 10 else "") + _amount(minute)
    return spoken + (f"分{_amount(second[0])}秒" if second else "")


def _read_ratio(found: re.Match[str]) -> str:
    return _SIGNS[found[0][-1]] + _amount(found[0][:-1].strip())


def _read_money(found: re.Match[str]) -> str:
    number = re.sub(r"[^0-9.]", "", found[0])
    return (
        _counted(number.rstrip("0").rstrip(".") if "." in number else number, "元")
        + found["money_unit"].strip()
        + _CURRENCIES[found[0][0]]
    )


def _read_fraction(found: re.Match[str]) -> str:
    upper, lower = found[0].split("/")
    if 0 < int(upper) < int(lower):
        return f"{_amount(lower)}分之{_amount(upper)}"
    return _amount(upper) + _amount(lower)


def _read_grouped(found: re.Match[str]) -> str:
    return _counted(found[0].replace(",", ""), found.string[found.end() :])


def _read_dotted(found: re.Match[str]) -> str:
    if found[0].count(".") > 1:
        return "点".join(_by_digit(part) for part in found[0].split("."))
    return _amount(found[0])


def _read_range(found: re.Match[str]) -> str:
    before = re.search(r"[0-9:\uff1a]+$", found.string[: found.start()])
    after = re.match(r"[0-9:\uff1a]+", found.string[found.end() :])
    lengths = [len(side[0]) for side in (before, after) if side and side[0].isdigit()]
    counted = after is not None and _UNIT_AFTER.match(found.string, found.end() + after.end())
    # Telephone numbers are written in groups: 400-123-8800.
    return "" if lengths and max(lengths) > 2 and not counted else "到"


def _read_dialled(found: re.Match[str]) -> str:
    return _by_digit(found[0][1:])


def _read_quantity(found: re.Match[str]) -> str:
    number = re.match(r"[0-9.]+", found[0])
    assert number is not None
    unit = _SYMBOL_UNITS[found[0][number.end() :].strip().lower()]
    return _counted(number[0], unit) + unit


def _read_number(found: re.Match[str]) -> str:
    number, before, after = found[0], found.string[: found.start()], found.string[found.end() :]
    if re.match(r"\s*年", after) and len(number) == 4 and number[:2] in ("18", "19", "20"):
        return _by_digit(number)
    if re.match(r"\s*号", after) and len(number) > 2:
        # A round number is a name (一万号), any other is a code.
        return _amount(number) if re.fullmatch(r"[1-9][0-9]?0{2,}", number) else _by_digit(number)
    if (number[0] == "0" and len(number) > 1) or len(number) > 9:
        return _by_digit(number)
    if _UNIT_AFTER.match(after):
        return _amount(number) if before.endswith("第") else _counted(number, after.lstrip())
    if len(number) > 2 or _CODE_BEFORE.search(before):
        return _by_digit(number)
    return _amount(number)


def _by_digit(number: str) -> str:
    return "".join(_DIGITS[digit] for digit in number)


@lru_cache(maxsize=4096)
def _amount(number: str) -> str:
    from cn2an import an2cn

    return str(an2cn(number, "low"))


def _counted(number: str, unit: str) -> str:
    if number == "2" and not unit.startswith(_ORDINAL_UNITS):
        return "两"
    return re.sub("^二(?=[百千万亿])", "两", _amount(number))


_READERS = {
    "date": _read_date,
    "time": _read_time,
    "ratio": _read_ratio,
    "money": _read_money,
    "fraction": _read_fraction,
    "grouped": _read_grouped,
    "dotted": _read_dotted,
    "range": _read_range,
    "dialled": _read_dialled,
    "quantity": _read_quantity,
    "number": _read_number,
}
