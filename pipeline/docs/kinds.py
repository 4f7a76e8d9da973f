"""The vocabulary of rulebooks: kinds of check, conditions, phrases, measures."""

from __future__ import annotations

import numpy as np

from pipeline import dialogue
from pipeline.audio import RATE_HZ
from pipeline.call import Measurement, Role
from pipeline.checks import KINDS, Check
from pipeline.checks.conditions import CONDITIONS
from pipeline.composition import Channel, measure_attribution, measure_leakage
from pipeline.docs.markdown import code, codes, docstring, first_table, summary, table
from pipeline.docs.options import options_table
from pipeline.measures import measure
from pipeline.measures.hearing import measure_hearing
from pipeline.measures.voice import describe_voice
from pipeline.rulebook import Rulebook
from pipeline.spans import Span
from pipeline.speakers.roles import Layout
from pipeline.speakers.separation import Separation
from pipeline.wording import phrases


def kinds_section(books: tuple[Rulebook, ...]) -> str:
    """Return every kind of check: what passes, its options, and the clauses that use it."""
    return "\n\n".join(_kind(name, kind, books) for name, kind in sorted(KINDS.items()))


def _kind(name: str, kind: type[Check], books: tuple[Rulebook, ...]) -> str:
    used = [(book.name, [r.id for r in book.rules if r.check.kind == name]) for book in books]
    examples = "; ".join(f"{codes(ids)} of {code(book)}" for book, ids in used if ids)
    return "\n\n".join(
        [f"### {name}", docstring(kind), options_table(kind), *([f"Used by {examples}."] if examples else [])]
    )


def conditions_table() -> str:
    """Return the conditions that ``applies_when`` and ``excused_when`` may name."""
    rows = [(code(name), summary(condition)) for name, condition in CONDITIONS.items()]
    return table(("condition", "holds when"), rows)


def phrases_table() -> str:
    """Return the grammar of phrases."""
    return first_table(phrases, ("written", "means"))


def measures_table() -> str:
    """Return the measures that are taken of every call, for the check ``measure_in_band``."""
    taken: dict[str, list[Measurement]] = {}
    for measurement in (*_measured(), *_voices(), *_lines()):
        taken.setdefault(measurement.name, []).append(measurement)
    rows = [
        (code(name), _roles(several), several[0].unit, several[0].method) for name, several in taken.items()
    ]
    return table(("measure", "role", "unit", "how it is taken"), rows)


def _roles(several: list[Measurement]) -> str:
    return codes(dict.fromkeys(m.role.value for m in several if m.role is not None)) or "left out: the call's"


def _measured() -> tuple[Measurement, ...]:
    """Measure a small call: every call has the same measures, whatever happens in it."""
    call = dialogue.dialogue_call(
        "[ring 4]\n@ring_s 4\nagent: 您好，请问有什么可以帮您？\ncustomer: 请问几点开门？\nagent: 九点。"
    )
    return (*measure(call), *measure_hearing(call))


def _voices() -> tuple[Measurement, ...]:
    """Measure a few seconds of sound; only the names, units and methods are of use."""
    samples = np.full(2 * RATE_HZ, 0.1, dtype=np.float32)
    speech = (Span(0.0, 1.5),)
    return tuple(
        m for role in (Role.AGENT, Role.CUSTOMER) for m in describe_voice(samples, speech, (), role)[1]
    )


def _lines() -> tuple[Measurement, ...]:
    """Measure how two parties were told apart; only the names, units and methods are of use."""
    roles = (Role.AGENT, Role.CUSTOMER)
    line = Channel(np.zeros(0, np.float32), (), leak_db=-20.0)
    unknown = Layout((Role.UNKNOWN, Role.UNKNOWN), separated=False, confidence=0.0)
    return (
        *measure_leakage((line, line), Layout(roles, separated=True, confidence=1.0)),
        *measure_attribution(unknown, Separation(((), ()), 1.0)),
    )
