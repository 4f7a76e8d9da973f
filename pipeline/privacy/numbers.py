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
    Topic,
    topic_before,
)
from pipeline.privacy.digits import Digit, DigitRun, Group, digit_runs, digit_sound
from pipeline.privacy.entities import EntityKind
from pipeline.privacy.number_kinds import by_line_form, by_long_form, by_topic, uncountable
from pipeline.privacy.values import SHARED, is_same

# A pause this long inside a number is still the same number.
PAUSE_S = 8.0
# What was asked this long before tells what a number is.
CONTEXT_S = 30.0
_AFTER_CHARS = 16
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
    if len(once) < SHARED or (part[-1].counted and not uncountable(once)):
        return None
    if forms.service_number(once) or (part[-1].counted and forms.service_number(once[:-1])):
        # Its groups are none of a person's either.
        desks.append(once)
        return None
    before, after, near = _context(utterances, part)
    if sureness is not Sureness.TOPIC:
        coded = topic_before(before) is Topic.CODE or _LATIN.search(before)
        if sureness is Sureness.LONG_FORM:
            return by_long_form(once, coded=bool(coded))
        return None if coded else by_line_form(once, before, near, part[0].utterance, desks)
    if any(_is_piece(once, desk) for desk in desks):
        return None
    if _LATIN.search(before) and topic_before(before) not in (Topic.ACCOUNT, Topic.IDENTITY):
        return None
    same = next((number for number in known if _is_piece(once, number.digits)), None)
    if same is not None:
        return same.kind
    return by_topic(once, before, after, near, part[0].utterance, desks)


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
