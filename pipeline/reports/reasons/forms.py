"""Sentence forms: the file they are written in, and what of a sentence their parts are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

import re2

from pipeline.errors import ConfigError
from pipeline.reports.glossary import terms
from pipeline.reports.language import Language
from pipeline.reports.reasons.masking import NUMBER, QUOTE

_PATTERNS = {
    "number": NUMBER,
    "numbers": f"(?:{NUMBER})(?:, (?:{NUMBER}))*(?: …)?",
    "quote": QUOTE,
    "phrase": QUOTE,
    "often": f"never|once|(?:{NUMBER}) times",
    "word": r"\S+",
    "text": None,
    "listed": None,
}
_PART = re2.compile(r"\{(\w+)(?::(\w+))?\}")
_SENTENCES = ("checks", "conditions", "doubts", "judging", "measures", "failures")
_MEMORY_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a form by its name; ``kind`` is None where another form stands."""

    name: str
    kind: str | None


@dataclass(frozen=True)
class Form:
    """A sentence in English with places for its parts, and the same in another language."""

    source: str
    target: str
    parts: tuple[Part, ...]
    literal_chars: int
    lazy: str
    greedy: str

    @cached_property
    def _compiled(self) -> tuple[Any, ...]:
        patterns = (self.lazy,) if self.lazy == self.greedy else (self.lazy, self.greedy)
        return tuple(re2.compile(pattern) for pattern in patterns)

    def parts_of(self, text: str) -> Iterator[tuple[str, ...]]:
        """Yield ways of parting a sentence that fits: what is open ends as early or as late as it may."""
        for compiled in self._compiled:
            found = compiled.fullmatch(text)
            if found is not None:
                yield found.groups()


class Forms:
    """Every form of one language, and the words that stand for words.

    Parameters
    ----------
    forms : tuple of Form
    words : mapping
        By section, then by English word.
    """

    def __init__(self, forms: tuple[Form, ...], words: Mapping[str, Mapping[str, str]]) -> None:
        # The more of a sentence a form says itself, the less is left to chance.
        self.forms = tuple(sorted(forms, key=lambda form: -form.literal_chars))
        self.words = words
        options = re2.Options()
        options.max_mem = _MEMORY_BYTES
        self._all = re2.Set.FullMatchSet(options)
        for form in self.forms:
            self._all.Add(form.lazy)
        self._all.Compile()

    def fitting(self, text: str) -> Iterator[Form]:
        """Yield the forms that fit a sentence, the most literal first."""
        return (self.forms[at] for at in sorted(self._all.Match(text) or ()))

    def word(self, section: str, word: str) -> str:
        """Return a word in the language, or as it is where it is not known."""
        return self.words.get(section, {}).get(word, word)


def read_forms(language: Language) -> Forms:
    """Read the forms of a language that ship with the package."""
    parser = ConfigParser(delimiters=("=",), comment_prefixes=("#",), interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    name = f"{language}.ini"
    parser.read_string(files(__package__).joinpath(name).read_text(encoding="utf-8"), source=name)
    words = {s: dict(parser[s]) for s in parser.sections() if s not in _SENTENCES}
    words["measure"] = {
        key: term.name
        for term in terms(language, "measure")
        for key in (term.key, term.key.replace("_", " "))
    }
    forms = tuple(read_form(*pair, words) for s in _SENTENCES if s in parser for pair in parser[s].items())
    return Forms(forms, words)


def read_form(source: str, target: str, words: Mapping[str, Mapping[str, str]]) -> Form:
    """Return the form that two lines of a file say; ``words`` are those of its sections.

    Raises
    ------
    ConfigError
        When the translation has other parts, or a part is of no kind there is.
    """
    parts = tuple(Part(found[1], found[2]) for found in _PART.finditer(source))
    named = {found[1] for found in _PART.finditer(target)}
    if named - {part.name for part in parts}:
        raise ConfigError(f"{source!r}: its translation {target!r} has parts that it has not")
    literal = _PART.sub("", source)
    lazy, greedy = (_pattern(source, parts, words, open_) for open_ in (".+?", ".+"))
    return Form(source, target, parts, len(literal), lazy, greedy)


def _pattern(source: str, parts: tuple[Part, ...], words: Mapping[str, Mapping[str, str]], open_: str) -> str:
    pattern, at = "(?s)", 0
    for part, found in zip(parts, _PART.finditer(source), strict=True):
        pattern += re2.escape(source[at : found.start()]) + f"({_kind(source, part, words) or open_})"
        at = found.end()
    return f"{pattern}{re2.escape(source[at:])}"


def _kind(source: str, part: Part, words: Mapping[str, Mapping[str, str]]) -> str | None:
    """Return the pattern of a part, or None for any text."""
    if part.kind is None or part.kind in _PATTERNS:
        return _PATTERNS.get(part.kind or "text")
    if part.kind not in words:
        known = ", ".join(sorted((*_PATTERNS, *words)))
        raise ConfigError(f"{source!r}: no such kind of part {part.kind!r}; expected one of {known}")
    return "|".join(re2.escape(word) for word in sorted(words[part.kind], key=len, reverse=True))
