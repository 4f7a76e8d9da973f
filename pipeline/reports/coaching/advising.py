"""Advice for a clause, taken from its rule and from nowhere else.

A rule's own ``coaching`` comes first. Without one the advice is derived from the check's options by the lines
of ``texts.toml``: the phrases to say, the limit to keep. Kinds without a line give none.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter

from pipeline.call import Role
from pipeline.checks.base import Check
from pipeline.checks.combined import Combined
from pipeline.reports.glossary import find, name_in
from pipeline.reports.language import Language
from pipeline.rulebook import Rule
from pipeline.wording.phrases import Phrase
from pipeline.wording.readable import readable

SHOWN = 3
"""Phrases or words that a line of advice shows."""


@dataclass(frozen=True, slots=True)
class Coaching:
    """Advice for one clause.

    Attributes
    ----------
    habitual : str
        What is said out of habit, as an example; empty where the clause is not about wording to leave out.
    professional : str
        What to say instead, as an example; empty where the clause is not about wording.
    text : str
        The advice in one or two sentences.
    """

    habitual: str
    professional: str
    text: str


def coaching(rule: Rule, language: Language) -> Coaching | None:
    """Return the advice for a clause, or None where its rule gives none.

    Phrases stand in it as they are said, whatever the language of the advice.
    """
    # What a standard answers to the customer's words is the agent's as well.
    for_agents = rule.check.speaker is Role.AGENT or rule.review
    derived = _derived(rule.check, language) if for_agents else None
    written = rule.coaching_zh if language is Language.ZH else rule.coaching
    if not written:
        return derived
    return Coaching(derived.habitual if derived else "", derived.professional if derived else "", written)


def _derived(check: Check, language: Language) -> Coaching | None:
    if isinstance(check, Combined):
        parts = [found for part in check.parts if (found := _derived(part.check, language))]
        texts = dict.fromkeys(found.text for found in parts)
        return Coaching("", "", "".join(_spaced(texts, language))) if texts else None
    for line in _lines().get(check.kind, ()):
        said = _filled(line[str(language)], check, language)
        if said is not None:
            habitual, professional = (
                _first(getattr(check, line[key])) if key in line else "" for key in ("avoid", "say")
            )
            return Coaching(habitual, professional, said)
    return None


def _spaced(texts: Mapping[str, object], language: Language) -> Iterator[str]:
    gap = "" if language is Language.ZH else " "
    yield from (text if i == 0 else f"{gap}{text}" for i, text in enumerate(texts))


@cache
def _lines() -> dict[str, list[dict[str, str]]]:
    return tomllib.loads(files(__package__).joinpath("texts.toml").read_text(encoding="utf-8"))


def _filled(line: str, check: Check, language: Language) -> str | None:
    """Fill the options of a check in, or return None when it does not set one of them."""
    values: dict[str, str] = {}
    for _, name, _, _ in Formatter().parse(line):
        if name is not None:
            value = _shown(check, name, language)
            if value is None:
                return None
            values[name] = value
    return line.format(**values)


def _shown(check: Check, name: str, language: Language) -> str | None:
    """Return an option as a reader sees it, or None when it is not set."""
    if name == "unit":
        return _unit(check, language)
    value = getattr(check, name)
    if name == "measure":
        return name_in("measure", value, language)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:g}" if value else None
    if isinstance(value, str):
        return value or None
    return _listed(value, language) if value else None


def _unit(check: Check, language: Language) -> str:
    term = find("measure", str(getattr(check, "measure", "")), language)
    # A band of shares is written as in the rulebook, 0 to 1.
    unit = "" if term is None or term.stored_unit == "share" else term.unit
    return f" {unit}" if unit and (unit.isascii() or language is Language.EN) else unit


def _listed(value: object, language: Language) -> str:
    examples = [f"“{said}”" for said in dict.fromkeys(_examples(value)) if said]
    return ("" if language is Language.ZH else ", ").join(examples[:SHOWN])


def _examples(value: object) -> Iterator[str]:
    """Yield what may be said, an example for each of several ways."""
    if isinstance(value, Phrase):
        yield readable(value.source)
    elif isinstance(value, str):
        # A comma at the edge of a word stands for a pause.
        yield value.strip("，,")
    elif isinstance(value, Mapping):
        yield from map(str, value)
    elif isinstance(value, Sequence):
        nested = all(isinstance(item, tuple) for item in value)
        for item in value:
            yield from [next(_examples(item))] if nested else _examples(item)


def _first(value: object) -> str:
    return value if isinstance(value, str) else next(_examples(value), "")
