"""Reading the phrase grammar: from the written phrase to its expression, with the column of every error."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.errors import ConfigError

GAP_CHARS = 16
"""Most spoken characters that ``…`` stands for: room for a company's name and a welcome, not a sentence."""

SLOTS = {"name": (1, 4), "company": (2, 16), "number": (1, 24), "any": (0, 6)}
"""Slots and the spoken characters they hold."""


@dataclass(frozen=True)
class Literal:
    """Words as written; ``exact`` ones must be heard syllable for syllable."""

    text: str
    exact: bool = False


@dataclass(frozen=True)
class Gap:
    """Between ``low`` and ``high`` spoken characters of anything."""

    low: int
    high: int


@dataclass(frozen=True)
class Row:
    """Expressions one after the other; empty for nothing."""

    items: tuple[Expression, ...]


@dataclass(frozen=True)
class Choice:
    """One of several expressions."""

    options: tuple[Expression, ...]


Expression = Literal | Gap | Row | Choice

MAX_DEPTH = 20
# A call of an hour has some 15,000 spoken characters; what lies so far apart is no phrase.
MAX_GAP = 10_000

# Exact words are a part of their own; a recogniser may add a syllable at the seam.
_AROUND_EXACT = Gap(0, 1)

# Rulebook authors type on Chinese keyboards; each sign stands for one, so that columns stay true.
_KEYBOARD = str.maketrans(
    "\uff08\uff09\uff3b\uff3d\u3010\u3011\uff5b\uff5d\uff5c\uff1a\uff0b\uff0f\uff1c\uff1e",
    "()[][]{}|:+/<>",
)
_SIGN = re.compile(
    r"""(?P<gap>…+|\.{3,})|(?P<slot>\{[^{}]*\})|(?P<exact><[^<>()\[\]|{}…]*>)|(?P<either>\s/\s)|(?P<also>\s\+\s)
        |(?P<sign>[()\[\]|{}/+<>])
        |(?P<words>(?:(?!\.{3}|\s[/+]\s)[^…()\[\]|{}/+<>])+)""",
    re.VERBOSE,
)
_SLOT = re.compile(r"\{\s*([a-z_]+)\s*(?::\s*(\d+)\s*-\s*(\d+)\s*)?\}")
_CLOSING = {"(": ")", "[": "]"}


def parse(source: str) -> list[list[Expression]]:
    """Read a phrase.

    Parameters
    ----------
    source : str
        As written in the rulebook.

    Returns
    -------
    list of list of Expression
        The top-level alternatives, each with its parts in free order (one unless ``+`` is used).

    Raises
    ------
    ConfigError
        Naming the column, from 1.
    """
    return _Reader(source).phrase()


class _Reader:
    """A recursive descent over the signs of one phrase."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._signs = list(_SIGN.finditer(source.translate(_KEYBOARD)))
        self._at = 0
        self._depth = 0

    def phrase(self) -> list[list[Expression]]:
        alternatives: list[list[Expression]] = [[]]
        while True:
            alternatives[-1].append(self._required_row())
            sign = self._next()
            if sign is None:
                return alternatives
            if sign.lastgroup == "either":
                alternatives.append([])
            elif sign.lastgroup != "also":
                raise self._error(sign, f"{sign[0]!r} outside of ( ) or [ ]; expected words")

    def _required_row(self) -> Row:
        start = self._at
        row = self._row()
        if not row.items:
            sign = self._signs[start] if start < len(self._signs) else None
            raise self._error(sign, "expected words here")
        return row

    def _row(self) -> Row:
        items: list[Expression] = []
        while (sign := self._peek()) is not None:
            if sign.lastgroup in ("either", "also") or sign[0] in (")", "]", "|"):
                break
            self._at += 1
            items += self._item(sign)
        return Row(tuple(items))

    def _item(self, sign: re.Match[str]) -> list[Expression]:
        if sign.lastgroup == "words":
            words = self._source[sign.start() : sign.end()]
            return [Literal(words)] if words.strip() else []
        if sign.lastgroup == "gap":
            return [Gap(0, GAP_CHARS)]
        if sign.lastgroup == "exact":
            return [
                _AROUND_EXACT,
                Literal(self._source[sign.start() + 1 : sign.end() - 1], exact=True),
                _AROUND_EXACT,
            ]
        if sign.lastgroup == "slot":
            return [self._slot(sign)]
        if sign[0] in _CLOSING:
            return [self._group(sign)]
        expected = {
            "/": "alternatives as 'A / B' with spaces, or (A|B)",
            "+": "parts in any order as 'A + B' with spaces",
            "<": "words in < >",
            ">": "words in < >",
        }
        raise self._error(
            sign, f"{sign[0]!r} stands alone; expected {expected.get(sign[0], 'a slot such as {name}')}"
        )

    def _group(self, opening: re.Match[str]) -> Choice:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._error(opening, f"groups nest deeper than {MAX_DEPTH} levels")
        options = [self._row()]
        while (sign := self._next()) is not None and sign[0] == "|":
            options.append(self._row())
        closing = _CLOSING[opening[0]]
        if sign is None:
            raise self._error(opening, f"{opening[0]!r} is never closed; expected {closing!r}")
        if sign[0] != closing:
            raise self._error(
                sign, f"{sign[0].strip()!r} inside of {opening[0]!r}; expected {closing!r} or '|'"
            )
        if any(not option.items for option in options):
            raise self._error(
                opening, "an empty choice; expected words on either side of '|' ([ ] for optional words)"
            )
        self._depth -= 1
        return Choice((*options, Row(()))) if opening[0] == "[" else Choice(tuple(options))

    def _slot(self, sign: re.Match[str]) -> Gap:
        found = _SLOT.fullmatch(sign[0])
        if found is None or found[1] not in SLOTS:
            known = ", ".join(f"{{{name}}}" for name in SLOTS)
            raise self._error(
                sign, f"unknown slot {sign[0]!r}; expected one of {known}, or with bounds {{any:0-6}}"
            )
        low, high = SLOTS[found[1]] if found[2] is None else (int(found[2]), int(found[3]))
        if high > MAX_GAP:
            raise self._error(sign, f"slot {sign[0]!r} is wider than {MAX_GAP} spoken characters")
        if low > high:
            raise self._error(sign, f"slot {sign[0]!r} ends before it starts; expected bounds such as 0-6")
        return Gap(low, high)

    def _peek(self) -> re.Match[str] | None:
        return self._signs[self._at] if self._at < len(self._signs) else None

    def _next(self) -> re.Match[str] | None:
        sign = self._peek()
        self._at += 1
        return sign

    def _error(self, sign: re.Match[str] | None, what: str) -> ConfigError:
        column = len(self._source) + 1 if sign is None else sign.start() + 1
        return ConfigError(f"phrase {self._source!r}, column {column}: {what}")
