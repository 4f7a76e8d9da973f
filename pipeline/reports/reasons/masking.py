"""Numbers and quotations of a sentence out of the way, so that one sentence form is one text."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from pipeline.wording.readable import readable

MOST = 64
"""Numbers, and quotations, that a sentence may hold."""

# Characters for private use: one stands for each number, quotation, and phrase to be shown readably.
_NUMBERS, _QUOTES, _PHRASES, _END = 0xE000, 0xE100, 0xE200, 0xE300
NUMBER = f"[{chr(_NUMBERS)}-{chr(_QUOTES - 1)}]|0(?:\\.0+)?"
QUOTE = f"[{chr(_QUOTES)}-{chr(_PHRASES - 1)}]"
_MASK = re.compile(f"[{chr(_NUMBERS)}-{chr(_END)}]")
# Python writes text in either kind of quotation mark; an apostrophe follows a letter, a quotation does not.
# Nothing (0, 0.0) stays as it is: a sentence form may have other words for it.
_TAKEN_OUT = re.compile(
    r"(?:(?<=^)|(?<=[\s(]))(?P<quote>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?<![\w.])(?P<number>(?!0(?:\.0+)?(?![\w.,:%]))[-+]?[0-9](?:[0-9.,:%-]*[0-9%])?)(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A sentence and what was taken out of it."""

    text: str
    numbers: tuple[str, ...]
    quotes: tuple[str, ...]

    def fill(self, text: str) -> str:
        """Put everything back into a text with the same marks; quotations in Chinese quotation marks."""
        return _MASK.sub(self._put_back, text)

    def _put_back(self, mark: re.Match[str]) -> str:
        at = ord(mark[0])
        if at < _QUOTES:
            return self.numbers[at - _NUMBERS]
        quote = _unquoted(self.quotes[at - (_QUOTES if at < _PHRASES else _PHRASES)])
        return f"“{quote if at < _PHRASES else readable(quote)}”"


def mask(sentence: str) -> Masked | None:
    """Take numbers and quotations out of a sentence; None where it has too many, or marks of its own."""
    if _MASK.search(sentence):
        return None
    numbers: list[str] = []
    quotes: list[str] = []

    def taken(found: re.Match[str]) -> str:
        into, first = (numbers, _NUMBERS) if found["quote"] is None else (quotes, _QUOTES)
        into.append(found[0])
        return chr(first + min(len(into) - 1, MOST))

    text = _TAKEN_OUT.sub(taken, sentence)
    return None if max(len(numbers), len(quotes)) > MOST else Masked(text, tuple(numbers), tuple(quotes))


def as_phrase(quote: str) -> str:
    """Return the mark of a quotation that is a rulebook's phrase and is to be shown as a readable example."""
    return chr(ord(quote) - _QUOTES + _PHRASES)


def _unquoted(quote: str) -> str:
    """Return the text in quotation marks; what redaction changed in it may be no literal any more."""
    if "\\" not in quote:
        return quote[1:-1]
    try:
        return str(ast.literal_eval(quote))
    except (SyntaxError, ValueError):
        return quote[1:-1]
