"""What a number is: by its form, or by what it was said to be."""

from __future__ import annotations

from pipeline.call import Role, Utterance
from pipeline.privacy import forms
from pipeline.privacy.contexts import (
    LAST_DIGITS,
    Topic,
    is_a_desks,
    is_somebodys,
    topic_after,
    topic_before,
)
from pipeline.privacy.entities import EntityKind

# Longer than any known kind: without a word about what it is, it may be anything of a person.
UNKNOWN_DIGITS = 11
_ACCOUNT_DIGITS, _IDENTITY_DIGITS, _CARD_DIGITS = 6, 5, 8
# The end of a number that nobody can tell it from; six of an identity number are a birthday and more.
_LAST_DIGITS = 4
_NEAR_CHARS = 60


def uncountable(digits: str) -> bool:
    """Whether there are too many digits for an amount or a date, whatever follows them."""
    return len(digits) >= (10 if digits[0] == "1" else 12)


def by_long_form(digits: str, *, coded: bool) -> EntityKind | None:
    """Return the kind of an identity or card number by birth date, first and check digits."""
    if (forms.identity_number(digits) and len(digits) == 18) or (not coded and forms.nearly_identity(digits)):
        return EntityKind.IDENTITY
    long = forms.card_number(digits) or forms.nearly_card(digits)
    return EntityKind.CARD if long and not coded else None


def by_line_form(digits: str, before: str, near: str, said: Utterance, desks: list[str]) -> EntityKind | None:
    """Return the kind of a telephone number whose form leaves no doubt."""
    if forms.like_mobile(digits):
        return EntityKind.MOBILE
    return _line(digits, before, near, said, desks) if forms.landline_number(digits) else None


def by_topic(
    digits: str, before: str, after: str, near: str, said: Utterance, desks: list[str]
) -> EntityKind | None:
    """Return the kind of a number by what it was said to be, its form being nearly that."""
    if len(digits) <= _LAST_DIGITS and LAST_DIGITS.search(before if topic_before(before) else near + before):
        return None
    topic = topic_before(before) or topic_after(after) or topic_before(near)
    if topic is Topic.CODE:
        return None
    count = len(digits)
    if topic is Topic.IDENTITY and count >= _IDENTITY_DIGITS:
        return EntityKind.IDENTITY
    if (topic is Topic.CARD and count >= _CARD_DIGITS) or forms.nearly_card(digits):
        return EntityKind.CARD
    if topic is Topic.ACCOUNT and count >= _ACCOUNT_DIGITS:
        return EntityKind.NUMBER
    if forms.nearly_mobile(digits) and (digits[0] == "1" or topic is Topic.PHONE):
        return EntityKind.MOBILE
    lines = (Topic.LANDLINE, Topic.PHONE)
    if topic in lines and count in range(7, 14):
        if digits[0] == "1" and topic is Topic.PHONE:
            return EntityKind.MOBILE
        return _line(digits, before, near, said, desks)
    if digits[0] == "0" and count in range(10, 13):
        return _line(digits, before, near, said, desks)
    return EntityKind.NUMBER if count >= UNKNOWN_DIGITS else None


def _line(digits: str, before: str, near: str, said: Utterance, desks: list[str]) -> EntityKind | None:
    """A fixed line is a person's, unless the talk is of a desk's, or an agent gives it as nobody's."""
    asked = near[-_NEAR_CHARS:]
    if is_somebodys(before) or (not is_a_desks(said.text) and is_somebodys(asked)):
        return EntityKind.LANDLINE
    if said.role is Role.AGENT or is_a_desks(said.text) or is_a_desks(asked):
        desks.append(digits)
        return None
    return EntityKind.LANDLINE
