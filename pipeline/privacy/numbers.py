"""Telephone, identity, card and other long numbers of persons in what is said.

A number is found by its form, by what was named or asked for before it, and by being said again. It may be
read out in groups, over several utterances, with fillers between, and with digits dropped, doubled or
misheard. Service numbers, numbers of a desk, orders, shipments, flights and other codes are nobody's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

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
from pipeline.privacy.digits import Digit, DigitRun, Group, digit_runs, digit_sound
from pipeline.privacy.entities import EntityKind
from pipeline.privacy.values import SHARED, is_same

# A pause this long inside a number is still the same number.
PAUSE_S = 8.0
# What was asked this long before tells what a number is.
CONTEXT_S = 30.0
# Longer than any known kind: without a word about what it is, it may be anything of a person.
UNKNOWN_DIGITS = 11
_ACCOUNT_DIGITS, _IDENTITY_DIGITS, _CARD_DIGITS = 6, 5, 8
# The end of a number that nobody can tell it from; six of an identity number are a birthday and more.
_LAST_DIGITS = 4
_AFTER_CHARS, _NEAR_CHARS = 16, 60
_LATIN = re.compile(r"[A-Za-z]-?$")


@dataclass(frozen=True, slots=True)
class Piece:
    """The digits of a number that stand in one utterance."""

    utterance: Utterance
    digits: tuple[Digit, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A person's number as it was said once."""

    kind: EntityKind
    pieces: tuple[Piece, ...]

    @property
    def digits(self) -> str:
        """The digits' values."""
        return "".join(d.value for p in self.pieces for d in p.digits)


@dataclass(frozen=True, slots=True)
class _Said:
    """A group of digits in its utterance; ``counted`` when a unit follows it."""

    utterance: Utterance
    group: Group
    counted: bool


_Row = tuple[_Said, ...]


class Sureness(Enum):
    """What a number is known by, in the order in which it is tried."""

    LONG_FORM = auto()
    LINE_FORM = auto()
    TOPIC = auto()


def find_numbers(utterances: Sequence[Utterance]) -> tuple[Number, ...]:
    """Find the numbers of persons in a call's utterances.

    Parameters
    ----------
    utterances : sequence of Utterance
        All of a call's, in order of time.

    Returns
    -------
    tuple of Number
        By start.
    """
    rows = sorted(_rows(utterances), key=lambda row: row[0].utterance.start_s)
    found: list[Number] = []
    left: list[_Row] = []
    desks: list[str] = []
    for row in rows:
        for part, kind in _cut(utterances, row, found, desks):
            if kind is None:
                left.append(part)
            else:
                found.append(_number(kind, part))
    # The last digits of a number may be said before the whole of it.
    for part in left:
        known = next((n for n in found if _is_piece(_digits(part), n.digits)), None)
        if known is not None and not part[-1].counted:
            found.append(_number(known.kind, part))
    return tuple(sorted(found, key=lambda n: (n.pieces[0].utterance.start_s, n.pieces[0].digits[0].start)))


def _rows(utterances: Sequence[Utterance]) -> Iterator[_Row]:
    """Yield groups of digits that follow each other in what one party says, over utterances too."""
    for role in Role:
        row: list[_Said] = []
        open_until_s = -1.0
        for utterance in (u for u in utterances if u.role is role):
            for run in digit_runs(utterance.text):
                if row and not (run.opens and utterance.start_s <= open_until_s):
                    yield tuple(row)
                    row = []
                row += _said(utterance, run)
                open_until_s = utterance.end_s + PAUSE_S if run.closes and not run.counted else -1.0
        if row:
            yield tuple(row)


def _said(utterance: Utterance, run: DigitRun) -> Iterator[_Said]:
    for group in run.groups:
        yield _Said(utterance, group, run.counted and group is run.groups[-1])


def _cut(
    utterances: Sequence[Utterance], row: _Row, known: Sequence[Number], desks: list[str]
) -> Iterator[tuple[_Row, EntityKind | None]]:
    """Cut a row of groups into numbers and what is none: the longest part first that is one by its form."""
    for sureness in Sureness:
        for first in range(len(row)):
            for stop in range(len(row), first, -1):
                part = row[first:stop]
                kind = _kind(utterances, part, known, desks, sureness)
                if kind is not None:
                    if first:
                        yield from _cut(utterances, row[:first], known, desks)
                    yield _widened(part, kind), kind
                    if stop < len(row):
                        yield from _cut(utterances, row[stop:], [*known, _number(kind, part)], desks)
                    return
    yield row, None


def _kind(
    utterances: Sequence[Utterance], part: _Row, known: Sequence[Number], desks: list[str], sureness: Sureness
) -> EntityKind | None:
    digits = _digits(part)
    once = digits[: len(digits) // 2] if _is_twice(digits) else digits
    if len(once) < SHARED or (part[-1].counted and not _uncountable(once)):
        return None
    if forms.service_number(once) or (part[-1].counted and forms.service_number(once[:-1])):
        # Its groups are none of a person's either.
        desks.append(once)
        return None
    before, after, near = _context(utterances, part)
    if sureness is not Sureness.TOPIC:
        coded = topic_before(before) is Topic.CODE or _LATIN.search(before)
        if sureness is Sureness.LONG_FORM:
            return _by_long_form(once, coded=bool(coded))
        return None if coded else _by_line_form(once, before, near, part, desks)
    if any(_is_piece(once, desk) for desk in desks):
        return None
    if _LATIN.search(before) and topic_before(before) not in (Topic.ACCOUNT, Topic.IDENTITY):
        return None
    same = next((number for number in known if _is_piece(once, number.digits)), None)
    if same is not None:
        return same.kind
    return _by_topic(once, before, after, near, part, desks)


def _uncountable(digits: str) -> bool:
    """Whether there are too many digits for an amount or a date, whatever follows them."""
    return len(digits) >= (10 if digits[0] == "1" else 12)


def _by_long_form(digits: str, *, coded: bool) -> EntityKind | None:
    """Return the kind of an identity or card number by birth date, first and check digits."""
    if (forms.identity_number(digits) and len(digits) == 18) or (not coded and forms.nearly_identity(digits)):
        return EntityKind.IDENTITY
    long = forms.card_number(digits) or forms.nearly_card(digits)
    return EntityKind.CARD if long and not coded else None


def _by_line_form(digits: str, before: str, near: str, part: _Row, desks: list[str]) -> EntityKind | None:
    """Return the kind of a telephone number whose form leaves no doubt."""
    if forms.like_mobile(digits):
        return EntityKind.MOBILE
    return _line(digits, before, near, part, desks) if forms.landline_number(digits) else None


def _by_topic(
    digits: str, before: str, after: str, near: str, part: _Row, desks: list[str]
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
        return _line(digits, before, near, part, desks)
    if digits[0] == "0" and count in range(10, 13):
        return _line(digits, before, near, part, desks)
    return EntityKind.NUMBER if count >= UNKNOWN_DIGITS else None


def _line(digits: str, before: str, near: str, part: _Row, desks: list[str]) -> EntityKind | None:
    """A fixed line is a person's, unless the talk is of a desk's, or an agent gives it as nobody's."""
    said = part[0].utterance
    asked = near[-_NEAR_CHARS:]
    if is_somebodys(before) or (not is_a_desks(said.text) and is_somebodys(asked)):
        return EntityKind.LANDLINE
    if said.role is Role.AGENT or is_a_desks(said.text) or is_a_desks(asked):
        desks.append(digits)
        return None
    return EntityKind.LANDLINE


def _context(utterances: Sequence[Utterance], part: _Row) -> tuple[str, str, str]:
    """Return what its utterance says before and after a number, and what both said shortly before that."""
    first, last = part[0], part[-1]
    before = first.utterance.text[: first.group.digits[0].start]
    after = last.utterance.text[last.group.digits[-1].end :][:_AFTER_CHARS]
    since_s = first.utterance.start_s - CONTEXT_S
    near = [u.text for u in utterances if since_s <= u.end_s and u.start_s < first.utterance.start_s]
    return before, after, " ".join(near)


def _widened(part: _Row, kind: EntityKind) -> _Row:
    """Take in a misheard first or last digit of a telephone number that is one short."""
    if kind is not EntityKind.MOBILE or len(_digits(part)) != 10:
        return part
    first, last = part[0], part[-1]
    text, start = first.utterance.text, first.group.digits[0].start
    if _digits(part)[0] != "1" and start and digit_sound(text[start - 1]) == "1":
        missed = Digit("1", "某", start - 1, start)
        return (_Said(first.utterance, Group((missed, *first.group.digits)), first.counted), *part[1:])
    text, end = last.utterance.text, last.group.digits[-1].end
    sound = digit_sound(text[end]) if end < len(text) else None
    if _digits(part)[0] == "1" and sound:
        missed = Digit(sound, "某", end, end + 1)
        return (*part[:-1], _Said(last.utterance, Group((*last.group.digits, missed)), last.counted))
    return part


def _number(kind: EntityKind, part: _Row) -> Number:
    pieces: dict[int, tuple[Utterance, list[Digit]]] = {}
    for said in part:
        pieces.setdefault(said.utterance.idx, (said.utterance, []))[1].extend(said.group.digits)
    return Number(kind, tuple(Piece(u, tuple(digits)) for u, digits in pieces.values()))


def _digits(part: _Row) -> str:
    return "".join(said.group.text for said in part)


def _is_twice(digits: str) -> bool:
    half = len(digits) // 2
    return half >= 5 and digits[:half] == digits[half:]


def _is_piece(digits: str, value: str) -> bool:
    return len(digits) >= SHARED and is_same(digits, value)
