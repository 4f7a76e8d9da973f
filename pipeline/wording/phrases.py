"""The phrase grammar of rulebooks, for people who write what agents say.

==================  =====================================================================================
``请问``             said as written; punctuation and spaces are ignored, numbers are read aloud
``[请问]``           may be left out
``(什么|其他)``       one of these; ``[到|助]`` is one of these or nothing
``<还>有什么``        the words in < > must be heard syllable for syllable, up to confusable sounds
``A / B``            one of these whole phrases (with a space on either side)
``A + B``            both, in any order, anywhere in what is searched (with a space on either side)
``…`` or ``...``     up to 16 spoken characters of anything
``{name}``           1-4 spoken characters; ``{company}`` 2-16, ``{number}`` 1-24, ``{any}`` 0-6
``{any:0-10}``       any slot with bounds of its own
==================  =====================================================================================

Groups nest. A compiled phrase is a few *variants*, each a list of *chains* (more than one only with ``+``),
each a row of *parts* with bounded gaps between them. A part is the position automaton of its literal text
(Glushkov 1961), so optional syllables and alternatives cost no copies.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import product
from math import prod
from typing import NamedTuple

from pipeline.errors import ConfigError
from pipeline.wording.grammar import Choice, Expression, Gap, Literal, Row, parse
from pipeline.wording.pinyin import syllables
from pipeline.wording.spoken import spoken_tokens

MAX_VARIANTS = 128
MAX_WRITTEN_OUT = 32
_LIGHT = frozenset("的了啊么呢呀嘛啦哦得")


class Syllable(NamedTuple):
    """What a part requires at one place: a Han character (or Latin word) and its sound."""

    text: str
    sound: str

    @property
    def weight(self) -> float:
        """Half for particles, which recognisers drop and which carry little meaning; else 1."""
        return 0.5 if self.text in _LIGHT else 1.0


@dataclass(frozen=True, eq=False)
class Part:
    """Literal text without gaps, as a position automaton; compared by identity.

    Attributes
    ----------
    syllables : tuple of Syllable
        Positions 1, 2, … in an order in which each comes after those that may precede it.
    before : tuple of tuple of int
        For each of them the positions that may precede it; 0 is the start.
    last : tuple of int
        Positions at which the part may end.
    exact : bool
        Whether every syllable must be heard right, up to confusable sounds.
    """

    syllables: tuple[Syllable, ...]
    before: tuple[tuple[int, ...], ...]
    last: tuple[int, ...]
    exact: bool

    @cached_property
    def shortest(self) -> int:
        """Fewest syllables that say it."""
        lengths = [0]
        for before in self.before:
            lengths.append(1 + min(lengths[at] for at in before))
        return min(lengths[at] for at in self.last)

    @cached_property
    def branches(self) -> bool:
        """Whether it can be said in more than one way."""
        return len(self.last) > 1 or any(before != (at,) for at, before in enumerate(self.before))


@dataclass(frozen=True)
class Chain:
    """Parts in order; ``gaps[i]`` bounds the spoken characters before part i, the last those after all."""

    parts: tuple[Part, ...]
    gaps: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Phrase:
    """A compiled phrase; equal to another with the same source.

    Attributes
    ----------
    source : str
        As written in the rulebook.
    variants : tuple of tuple of Chain
        Any one variant is the phrase; all chains of a variant are required, in any order.
    """

    source: str
    variants: tuple[tuple[Chain, ...], ...] = field(compare=False, repr=False)

    @cached_property
    def in_latin_script(self) -> bool:
        """Whether one variant is in Latin script throughout."""
        return any(
            all(
                syllable.text.isascii()
                for chain in variant
                for part in chain.parts
                for syllable in part.syllables
            )
            for variant in self.variants
        )


@lru_cache(maxsize=4096)
def compile_phrase(source: str) -> Phrase:
    """Compile a phrase.

    Parameters
    ----------
    source : str
        In the grammar of this module.

    Returns
    -------
    Phrase
        For :mod:`pipeline.wording.matching`.

    Raises
    ------
    ConfigError
        On bad syntax, a phrase without words, or one with more than 128 variants; the message quotes the
        phrase and names the column, from 1.
    """
    variants: list[tuple[Chain, ...]] = []
    for chains in parse(source):
        rows = [_chains(source, expression) for expression in chains]
        if len(variants) + prod(map(len, rows)) > MAX_VARIANTS:
            raise _too_many(source)
        variants += product(*rows)
    return Phrase(source, tuple(variants))


@lru_cache(maxsize=4096)
def written_out(phrase: Phrase) -> tuple[str, ...]:
    """Return the texts that say a phrase: every choice written out, at most 32.

    Phrases with gaps, slots or parts in any order have no such list; theirs is empty.
    """
    texts: list[str] = []
    for variant in phrase.variants:
        if len(variant) != 1 or len(variant[0].parts) != 1 or any(high for _, high in variant[0].gaps):
            return ()
        part = variant[0].parts[0]
        reached: list[list[str]] = [[""]]
        for syllable, before in zip(part.syllables, part.before, strict=True):
            reached.append([text + syllable.text for at in before for text in reached[at]][:MAX_WRITTEN_OUT])
        texts += [text for at in part.last for text in reached[at]]
    return tuple(dict.fromkeys(texts))[:MAX_WRITTEN_OUT]


def _too_many(source: str) -> ConfigError:
    return ConfigError(
        f"phrase {source!r}, column 1: more than {MAX_VARIANTS} variants; "
        "expected fewer groups with gaps or slots inside"
    )


def _chains(source: str, expression: Expression) -> list[Chain]:
    rows = _expand(source, expression)
    chains = [chain for row in rows for chain in _written_out(source, row)]
    if any(not chain.parts for chain in chains):
        raise ConfigError(f"phrase {source!r}, column 1: nothing in it must be said; expected required words")
    if len(chains) > MAX_VARIANTS:
        raise _too_many(source)
    return chains


def _expand(source: str, expression: Expression) -> list[list[Expression]]:
    """Write out every choice that has a gap inside; others stay as they are."""
    if isinstance(expression, Row):
        rows = [_expand(source, item) for item in expression.items]
        # Counted before it is done: each is a variant at least.
        if prod(map(len, rows)) > MAX_VARIANTS:
            raise _too_many(source)
        return [[item for piece in pieces for item in piece] for pieces in product(*rows)]
    if isinstance(expression, Choice) and _has_gap(expression):
        return [row for option in expression.options for row in _expand(source, option)]
    return [[expression]]


def _has_gap(expression: Expression) -> bool:
    if isinstance(expression, Row):
        return any(_has_gap(item) for item in expression.items)
    if isinstance(expression, Choice):
        return any(_has_gap(option) for option in expression.options)
    return isinstance(expression, Gap)


def _written_out(source: str, row: list[Expression]) -> list[Chain]:
    """Turn a row into chains: with and without each part of which nothing must be said."""
    parts: list[list[Part | None]] = []
    gaps: list[Gap] = [Gap(0, 0)]
    literal: list[Expression] = []
    for item in [*row, Gap(0, 0)]:
        if not isinstance(item, Gap):
            literal.append(item)
            continue
        parts.append(_part(Row(tuple(literal))))
        gaps.append(item)
        literal = []
    if prod(map(len, parts)) > MAX_VARIANTS:
        raise _too_many(source)
    return [_chain(chosen, gaps) for chosen in product(*parts)]


def _chain(parts: tuple[Part | None, ...], around: list[Gap]) -> Chain:
    said: list[Part] = []
    gaps = [(around[0].low, around[0].high)]
    for part, gap in zip(parts, around[1:], strict=True):
        if part is not None:
            said.append(part)
            gaps.append((0, 0))
        gaps[-1] = (gaps[-1][0] + gap.low, gaps[-1][1] + gap.high)
    return Chain(tuple(said), tuple(gaps))


@dataclass
class _Automaton:
    """Under construction: the syllables so far and what may precede each."""

    syllables: list[Syllable] = field(default_factory=list)
    before: list[tuple[int, ...]] = field(default_factory=list)

    def extend(self, expression: Expression, ends: tuple[int, ...]) -> tuple[int, ...]:
        """Append ``expression`` after the positions ``ends``; return where it may end."""
        if isinstance(expression, Row):
            for item in expression.items:
                ends = self.extend(item, ends)
        elif isinstance(expression, Choice):
            reached = [end for option in expression.options for end in self.extend(option, ends)]
            ends = tuple(sorted(set(reached)))
        elif isinstance(expression, Literal):
            for token, sound in zip(spoken_tokens(expression.text), syllables(expression.text), strict=True):
                self.syllables.append(Syllable(token.text, sound))
                self.before.append(ends)
                ends = (len(self.syllables),)
        return ends


def _part(row: Row) -> list[Part | None]:
    automaton = _Automaton()
    ends = automaton.extend(row, (0,))
    options: list[Part | None] = [None] if 0 in ends else []
    if automaton.syllables:
        last = tuple(end for end in ends if end)
        options.append(Part(tuple(automaton.syllables), tuple(automaton.before), last, _is_exact(row)))
    return options


def _is_exact(row: Row) -> bool:
    return any(isinstance(item, Literal) and item.exact for item in row.items)
