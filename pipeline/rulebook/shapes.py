"""Keys of a rulebook and of its rules, and what they may hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.call import Verdict
from pipeline.scoring import DIMENSIONS

Text = Annotated[str, Field(min_length=1)]
Advice = Annotated[str, Field(min_length=1, max_length=300)]
How = Literal["A", "M", "A/M", "A/H", "H"]
RuleId = Annotated[str, Field(pattern=r"^[A-Z]{2,5}-[0-9]{2,3}$")]


class Examples(BaseModel):
    """Dialogues by what the rule must say of them."""

    model_config = ConfigDict(extra="forbid")

    passing: tuple[str, ...] = Field(default=(), alias="pass")
    failing: tuple[str, ...] = Field(default=(), alias="fail")
    review: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()


WANTED = {
    "pass": Verdict.PASS,
    "fail": Verdict.FAIL,
    "review": Verdict.UNDETERMINED,
    "not_applicable": Verdict.NOT_APPLICABLE,
}


class Head(BaseModel):
    """The keys every rule has, whatever its kind."""

    model_config = ConfigDict(extra="forbid")

    id: RuleId
    title: Text
    title_zh: Text | None = None
    how: How | None = None
    dimension: Literal[*DIMENSIONS]  # type: ignore[valid-type]
    points: Annotated[float, Field(strict=True, gt=0)] | None = None
    critical: Literal[True] | None = None
    review: Literal[True] | None = None
    check: str
    applies_when: tuple[str, ...] = ()
    excused_when: tuple[str, ...] = ()
    coaching: Advice | None = None
    coaching_zh: Advice | None = None
    examples: Examples = Examples()


class Unobservable(BaseModel):
    """A clause of the standard that no recording can show."""

    model_config = ConfigDict(extra="forbid")

    id: RuleId
    title: Text
    title_zh: Text | None = None
    how: Literal["X", "—"] = "X"
    why: Text


class Book(BaseModel):
    """The keys of a rulebook that stands alone."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Text
    title_zh: Text | None = None
    source: Text
    extends: Text | None = None
    review_below: Annotated[float, Field(strict=True, ge=0, le=1)] | None = None
    least_decided: Annotated[float, Field(strict=True, ge=0, le=1)] | None = None
    disable: tuple[str, ...] = ()
    not_observable: tuple[Unobservable, ...] = ()
    rules: Annotated[list[object], Field(min_length=1)]


class ExtendingBook(Book):
    """The keys of a rulebook that extends another, whose title and source it may leave to it."""

    title: Text | None = None  # type: ignore[assignment]
    source: Text | None = None  # type: ignore[assignment]
    rules: list[object] = []


HEAD_KEYS = tuple(Head.model_fields)
COACHING = ("coaching", "coaching_zh")
WORTH = ("points", "critical", "review")
