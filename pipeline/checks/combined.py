"""``combined``: several checks that make up one clause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pipeline.call import Call, Verdict
from pipeline.checks.base import Check, Outcome, worst
from pipeline.wording.matching import PhraseMatch


def _build(source: object) -> Check:
    from pipeline.checks import KINDS  # the list of kinds names this one

    if isinstance(source, Check):
        return source
    if not isinstance(source, Mapping) or not isinstance(source.get("check"), str):
        raise ValueError("a part is a mapping with a check and its options")
    kind = KINDS.get(source["check"])
    if kind is None:
        raise ValueError(f"check is one of {', '.join(sorted(KINDS))}, not {source['check']!r}")
    try:
        return kind.model_validate({k: v for k, v in source.items() if k != "check"})
    except ValidationError as error:
        wrong = [
            f"{'.'.join(map(str, e['loc']))}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        ]
        raise ValueError(f"in {kind.kind}: {'; '.join(wrong)}") from error


def _part(source: object) -> object:
    if not isinstance(source, Mapping):
        return {"check": source}
    return {"name": source.get("name", ""), "check": {k: v for k, v in source.items() if k != "name"}}


CheckOption = Annotated[Check, BeforeValidator(_build)]


class Part(BaseModel):
    """One of several checks, with the name reasons give to what it wants."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    name: str = ""
    check: CheckOption


PartOption = Annotated[Part, BeforeValidator(_part)]


class Combined(Check):
    """Pass when every part passes; a failed part fails the clause, an undetermined one leaves it open.

    A part that is not applicable is left out; when all are, so is the clause.

    Options: ``parts``, a list of checks, each a mapping with ``check``, the options of that kind and
    perhaps a ``name``: what the part wants, so that the reason can say what is missing. ``fails_too``, a list
    of checks without names that can only fail the clause, where the parts apply: what they leave open holds
    nothing up.
    """

    kind: ClassVar[str] = "combined"

    parts: Annotated[tuple[PartOption, ...], Field(min_length=1)]
    fails_too: tuple[CheckOption, ...] = ()

    @property
    def needs_words(self) -> bool:
        """Whether a part's verdict rests on wording."""
        return any(part.check.needs_words for part in self.parts)

    @cached_property
    def languages(self) -> frozenset[str]:
        """Languages in which every part with wording has some."""
        worded = [part.check.languages for part in self.parts if part.check.needs_words]
        return frozenset.intersection(*worded) if worded else super().languages

    def judge(self, call: Call) -> Outcome:
        """Judge every part; the worst decides."""
        decided = self._weigh([(part.name, part.check.judge(call)) for part in self.parts])
        if decided.verdict is Verdict.NOT_APPLICABLE:
            return decided
        others = (check.judge(call) for check in self.fails_too)
        return worst((decided, *(o for o in others if o.verdict is Verdict.FAIL)))

    def _weigh(self, judged: list[tuple[str, Outcome]]) -> Outcome:
        """Return the worst outcome, with the names of all parts that share its verdict."""
        decides = worst(tuple(outcome for _, outcome in judged))
        same = [(name, outcome) for name, outcome in judged if outcome.verdict is decides.verdict]
        names = ", ".join(name for name, _ in same if name)
        if not names or decides.verdict is Verdict.NOT_APPLICABLE:
            return decides
        reasons = {
            Verdict.PASS: f"all are there: {names}",
            Verdict.FAIL: f"missing: {names} ({decides.reason})",
            Verdict.UNDETERMINED: f"in doubt: {names} ({decides.reason})",
        }
        surest = decides.verdict is Verdict.FAIL
        confidence = decides.confidence if surest else min(outcome.confidence for _, outcome in same)
        return replace(decides, reason=reasons[decides.verdict], confidence=confidence)

    def asks(self, call: Call) -> tuple[PhraseMatch, ...]:
        """What its parts ask."""
        checks = (*(part.check for part in self.parts), *self.fails_too)
        return tuple(match for check in checks for match in check.asks(call))
