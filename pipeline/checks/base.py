"""What every kind of check is: options that validate themselves, and one method that judges a call."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, ClassVar, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from pipeline.call import Call, Role, Verdict
from pipeline.errors import ConfigError
from pipeline.spans import Span
from pipeline.wording.languages import ENGLISH, MANDARIN, is_english
from pipeline.wording.matching import PhraseMatch
from pipeline.wording.phrases import Phrase, compile_phrase

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check says of one call, before it is tied to a clause.

    Attributes
    ----------
    verdict : Verdict
        A pass carries the interval that shows it.
    reason : str
        One sentence a manager understands.
    confidence : float
        0..1; how sure the check is of the verdict.
    span : Span or None
        Evidence, or the window that was searched, in seconds.
    quote : str
        What was said there, or the nearest candidate for an absence.
    """

    verdict: Verdict
    reason: str
    confidence: float = 1.0
    role: Role | None = None
    span: Span | None = None
    quote: str = ""

    def __post_init__(self) -> None:
        """Reject a pass without evidence and a confidence outside 0..1."""
        if self.verdict is Verdict.PASS and self.span is None:
            raise ValueError(f"a pass needs the interval that shows it: {self.reason}")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence must lie in 0..1, not {self.confidence}")


class Check(BaseModel, ABC):
    """One kind of rule. The fields of a subclass are the options a rulebook may set."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    kind: ClassVar[str]
    wordless: ClassVar[bool] = False
    """Whether it judges by times and sounds alone, in whatever language."""
    in_english: ClassVar[bool] = False
    """Whether the wording it knows by itself is in English as well."""

    @property
    def needs_words(self) -> bool:
        """Whether its verdict rests on wording, which is in some language."""
        return not self.wordless

    @cached_property
    def languages(self) -> frozenset[str]:
        """Languages its wording is in: Mandarin, and English where one way of saying a phrase is English."""
        phrases = [p for name in type(self).model_fields for p in _phrases(getattr(self, name))]
        english = self.in_english or any(is_english(phrase) for phrase in phrases)
        return frozenset((MANDARIN, ENGLISH) if english else (MANDARIN,))

    @cached_property
    def speaker(self) -> Role:
        """Whose words it judges; the agent's unless it has a role."""
        return getattr(self, "role", None) or Role.AGENT

    @abstractmethod
    def judge(self, call: Call) -> Outcome:
        """Judge one call from its stored facts alone."""

    def asks(self, call: Call) -> tuple[PhraseMatch, ...]:  # noqa: ARG002 - most kinds have nothing to ask
        """Return passages that nearly say a phrase: their score on the audio would make the verdict surer."""
        return ()


class Table(Mapping[K, V]):
    """A mapping that cannot be changed: a rulebook is loaded once and shared."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[K, V] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        """Show what is in it as a mapping's text would."""
        return repr(self._items)


def _phrases(value: object) -> Iterator[Phrase]:
    """Phrases among an option's value, in lists and mappings as well."""
    if isinstance(value, Phrase):
        yield value
    elif isinstance(value, tuple | Mapping):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _phrases(item)


def _compile(source: object) -> Phrase:
    if isinstance(source, Phrase):
        return source
    if not isinstance(source, str):
        raise ValueError("a phrase is text")
    try:
        return compile_phrase(source)
    except ConfigError as error:
        raise ValueError(str(error)) from error


Fixed = Annotated[Mapping[K, V], AfterValidator(Table)]
PhraseOption = Annotated[Phrase, BeforeValidator(_compile)]
Phrases = Annotated[tuple[PhraseOption, ...], Field(min_length=1)]
OptionalPhrases = tuple[PhraseOption, ...]
Words = Annotated[tuple[str, ...], Field(min_length=1)]
Seconds = Annotated[float, Field(strict=True, ge=0)]
Number = Annotated[float, Field(strict=True, ge=0)]
Count = Annotated[int, Field(strict=True, ge=0)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]

SEVERITY = (Verdict.FAIL, Verdict.UNDETERMINED, Verdict.PASS, Verdict.NOT_APPLICABLE)


def worst(outcomes: tuple[Outcome, ...]) -> Outcome:
    """Return the outcome that decides a clause judged on several occasions.

    A fail before an undetermined, that before a pass, that before a not applicable; the first of equals,
    but the surest of several fails.
    """
    severest = min((o.verdict for o in outcomes), key=SEVERITY.index)
    same = [o for o in outcomes if o.verdict is severest]
    return max(same, key=lambda o: o.confidence) if severest is Verdict.FAIL else same[0]
