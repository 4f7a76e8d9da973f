"""What is wrong with a rulebook, and what is probably not meant: errors and warnings, all at once.

Warnings are for rules without examples, for phrases that stand twice in a rule, for phrases that can never
count, because saying exactly them does not make the rule find them, and for signs of a single kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path

from pydantic import BaseModel

from pipeline.call import Role, Verdict
from pipeline.checks import combined
from pipeline.checks.phrase_forbidden import PhraseForbidden
from pipeline.dialogue import dialogue_call
from pipeline.rulebook.layers import Entry
from pipeline.rulebook.positions import Keys, Problem
from pipeline.rulebook.reading import examine
from pipeline.rulebook.rules import Rule
from pipeline.wording.matching import THRESHOLD, find_first
from pipeline.wording.phrases import Chain, Part, Phrase
from pipeline.wording.script import simplify

# Ways of saying a phrase that are tried before it is called impossible.
TRIED = 8
FILLER = "某"
Written = tuple[Keys, Phrase, BaseModel]
NO_SOUND = re.compile(r"[\s，。！？、；：,.!?;:]+")


@dataclass(frozen=True, slots=True)
class Lint:
    """What was found: errors, with which the rulebook cannot be used, and warnings."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def lint(path: Path) -> Lint:
    """Look through a rulebook; of what it extends only the errors are told.

    Raises
    ------
    ConfigError
        When a file cannot be read or is not YAML.
    """
    reading = examine(path)
    warnings = [w for entry, rule in reading.rules for w in _warnings(entry, rule)]
    return Lint(reading.problems, tuple(sorted(w for w in set(warnings) if w.path == str(path))))


def _warnings(entry: Entry, rule: Rule) -> Iterator[Problem]:
    wanted = (Verdict.UNDETERMINED,) if rule.review else (Verdict.PASS, Verdict.FAIL)
    for verdict in wanted:
        if not rule.wanting(verdict):
            name = "review" if rule.review else verdict.value
            yield entry.problem(("id",), f"{rule.id} has no example under {name}")
    phrases = list(_phrases(rule.check, (), rule.check))
    yield from _twice(entry, phrases)
    yield from _lone(entry, phrases)
    for keys, phrase, owner in phrases:
        if not _can_count(owner, keys, phrase):
            polite = isinstance(owner, PhraseForbidden)
            why = "it is polite or inside wording that is allowed" if polite else "it is not found even then"
            yield entry.problem(keys, f"phrase {phrase.source!r} can never count: said as written, {why}")


def _phrases(value: object, keys: Keys, owner: BaseModel) -> Iterator[Written]:
    """Phrases among a check's options, with the keys that lead to them and the options they stand among."""
    if isinstance(value, Phrase):
        yield keys, value, owner
    elif isinstance(value, combined.Part):
        yield from _phrases(value.check, keys, owner)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _phrases(getattr(value, name), (*keys, name), value)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _phrases(item, (*keys, index), owner)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _phrases(item, (*keys, key), owner)


def _twice(entry: Entry, phrases: list[Written]) -> Iterator[Problem]:
    """Phrases that stand twice in one list, or in two options of a rule."""
    seen: dict[str, Keys] = {}
    for keys, phrase, _ in phrases:
        first = seen.setdefault(NO_SOUND.sub("", phrase.source), keys)
        if first != keys and (first[:-1] == keys[:-1] or first[0] != keys[0]):
            line = entry.problem(first, "").place[0]
            yield entry.problem(keys, f"phrase {phrase.source!r} already stands on line {line}")


def _lone(entry: Entry, phrases: list[Written]) -> Iterator[Problem]:
    """Signs with none of another kind beside them."""
    why = "signs of one kind can never count: only two of different kinds in one turn do"
    for keys, _, owner in phrases:
        if isinstance(owner, PhraseForbidden) and "signs" in keys[-3:-2] and len(owner.signs) == 1:
            yield entry.problem(keys[:-1], why)


def _can_count(owner: BaseModel, keys: Keys, phrase: Phrase) -> bool:
    """Whether the phrase is found in at least one of the ways of saying just that."""
    role = getattr(owner, "role", Role.AGENT)
    speaker = role if isinstance(role, Role) else Role.AGENT
    for text in islice(_said(phrase), TRIED):
        call = dialogue_call(f"{speaker}: {simplify(text)}")
        if isinstance(owner, PhraseForbidden) and keys[-2] == "phrases":
            alone = owner.model_copy(update={"phrases": (phrase,), "near": (), "after": (), "until": None})
            if alone.judge(call).verdict in (Verdict.FAIL, Verdict.UNDETERMINED):
                return True
        elif find_first([phrase], call.utterances, threshold=getattr(owner, "threshold", THRESHOLD)).match:
            return True
    return False


def _said(phrase: Phrase) -> Iterator[str]:
    """Texts that say a phrase, with as little as possible in its gaps."""
    for variant in phrase.variants:
        for chains in islice(product(*(_chain_texts(chain) for chain in variant)), TRIED):
            yield "，".join(chains)


def _chain_texts(chain: Chain) -> list[str]:
    texts = [FILLER * chain.gaps[0][0]]
    for part, (low, _) in zip(chain.parts, chain.gaps[1:], strict=True):
        texts = [text + said + FILLER * low for text in texts for said in _part_texts(part)][:TRIED]
    return texts


def _part_texts(part: Part) -> list[str]:
    reached: list[list[str]] = [[""]]
    for syllable, before in zip(part.syllables, part.before, strict=True):
        word = f" {syllable.text} " if syllable.text.isascii() else syllable.text
        reached.append([text + word for at in before for text in reached[at]][:TRIED])
    return [text for at in part.last for text in reached[at]][:TRIED]
