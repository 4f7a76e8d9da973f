"""What digits may be by their form alone, with room for what a recogniser drops, doubles or mishears."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from pipeline.privacy.digits import UNKNOWN
from pipeline.privacy.entities import Form

_PREFIX = re.compile(r"^(?:0086|86)(?=1[3-9])")
_MOBILE = re.compile(r"1[3-9?][\d?]{9}")
_NEARLY_MOBILE = re.compile(r"1[3-9][\d?]{8}|1[3-9][\d?]{10}|11[3-9][\d?]{9}|[3-9][\d?]{9}")
_SERVICE = re.compile(r"[48]00[\d?]{7}|9[56]\d{3,4}|100\d\d|1[12]\d{1,3}|12\d{3}|106\d{5,}")
_BIRTH = re.compile(r"(?=((?:19[2-9]\d|20[0-2]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])))")
_CARD_LENGTHS = range(16, 20)


def mobile_number(digits: str) -> bool:
    """Whether digits are a mobile telephone number of mainland China, 86 before it allowed."""
    return re.fullmatch(r"(?:86)?1[3-9]\d{9}", digits) is not None


def identity_number(digits: str) -> bool | None:
    """Whether digits hold a resident identity number (GB 11643): 18 with a birth date and a check digit.

    None when the date is there and the check digit does not fit, as when one digit was misheard.
    """
    from stdnum.cn import ric

    for at in range(max(0, len(digits) - 17)):
        number = digits[at : at + 18]
        dated = (
            len(number) == 18 and number[:17].isdigit() and number[0] in "12345689" and _is_date(number[6:14])
        )
        if dated:
            return True if ric.calc_check_digit(number) == number[17] else None
    return False


def card_number(digits: str) -> bool:
    """Whether digits are a bank card's: 16 to 19 with the check digit of ISO/IEC 7812 (Luhn)."""
    from stdnum import luhn

    plausible = len(digits) in _CARD_LENGTHS and digits.isdigit() and digits[0] in "3456"
    return plausible and bool(luhn.is_valid(digits))


@lru_cache(maxsize=1024)
def landline_number(digits: str) -> bool:
    """Whether digits are a fixed line of mainland China with its area code."""
    import phonenumbers

    if not digits.isdigit() or len(digits) not in range(10, 13):
        return False
    try:
        number = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        return False
    return digits[0] == "0" and phonenumbers.number_type(number) is phonenumbers.PhoneNumberType.FIXED_LINE


def like_mobile(digits: str) -> bool:
    """Whether digits are a mobile number up to one that was misheard."""
    return _MOBILE.fullmatch(_PREFIX.sub("", digits)) is not None


def nearly_mobile(digits: str) -> bool:
    """Whether digits are a mobile number with one dropped or doubled."""
    return _NEARLY_MOBILE.fullmatch(_PREFIX.sub("", digits)) is not None


def nearly_identity(digits: str) -> bool:
    """Whether 17 to 19 digits hold a birth date about where an identity number has it."""
    if len(digits) not in range(16, 21) or digits[0] not in "123456789":
        return False
    return any(5 <= found.start() <= 7 for found in _BIRTH.finditer(digits))


def nearly_card(digits: str) -> bool:
    """Whether digits begin as a UnionPay card does and are about as long, a third of it dropped at most."""
    return digits.startswith("62") and len(digits) in range(12, 21)


def service_number(digits: str) -> bool:
    """Whether digits are a public service's: 10086, 95588, 12306, 400 and 800 numbers."""
    return _SERVICE.fullmatch(digits) is not None


def form_of(digits: str) -> Form:
    """Return what checks of form and check digit say of a value."""
    if UNKNOWN in digits:
        return Form.PLAIN
    identity = identity_number(digits)
    if identity:
        return Form.IDENTITY
    if identity is None:
        return Form.IDENTITY_MISHEARD
    if card_number(digits):
        return Form.CARD
    if mobile_number(digits):
        return Form.MOBILE
    return Form.DATED if len(digits) > 13 and _is_date(digits[6:14]) else Form.PLAIN


def _is_date(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1920 <= born.year <= date.today().year
