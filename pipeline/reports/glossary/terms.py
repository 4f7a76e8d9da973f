"""Terms of reports with their meanings, read from ``terms.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from pipeline.errors import ConfigError
from pipeline.reports.language import Language

KINDS = ("dimension", "verdict", "status", "role", "score", "event", "hold_sound", "form", "measure", "unit")
"""Kinds of term, in the order of a glossary."""

_WORDED = frozenset({"en", "zh", "en_text", "zh_text"})
_MORE = frozenset({"unit", "en_source", "zh_source"})


@dataclass(frozen=True, slots=True)
class Term:
    """One term in one language.

    Attributes
    ----------
    kind : str
        One of :data:`KINDS`.
    key : str
        As it is stored: ``net_pace``, ``not_applicable``.
    name : str
        As it is shown: ``净语速``; empty for the unit of plain numbers.
    text : str
        What it means, in a sentence or two.
    unit : str
        Of a measure, as it is shown (``字/分钟``); empty for plain numbers and for what is no measure.
    stored_unit : str
        The same as it is stored: ``chars/min``.
    source : str
        Where the definition or its threshold comes from; mostly empty.
    """

    kind: str
    key: str
    name: str
    text: str
    unit: str = ""
    stored_unit: str = ""
    source: str = ""


def terms(language: Language, kind: str | None = None) -> tuple[Term, ...]:
    """Return the glossary in its order, or the terms of one kind.

    Parameters
    ----------
    language : Language
    kind : str, optional
        One of :data:`KINDS`.
    """
    return tuple(t for (of, _), t in _known(language).items() if kind is None or of == kind)


def find(kind: str, key: str, language: Language) -> Term | None:
    """Return one term, or None when the glossary does not have it."""
    return _known(language).get((kind, key))


def name_in(kind: str, key: str, language: Language) -> str:
    """Return what a thing is called, or its key in plain words when the glossary does not have it."""
    term = find(kind, key, language)
    return key.replace("_", " ") if term is None else term.name


@cache
def _known(language: Language) -> Mapping[tuple[str, str], Term]:
    written = _written()
    return MappingProxyType(
        {
            (kind, key): Term(
                kind,
                key,
                name=entry[str(language)],
                text=entry[f"{language}_text"],
                unit=_unit(entry.get("unit", ""), language),
                stored_unit=entry.get("unit", ""),
                source=entry.get(f"{language}_source", ""),
            )
            for kind in KINDS
            for key, entry in written[kind].items()
        }
    )


def _unit(stored: str, language: Language) -> str:
    shown = _written()["unit"].get(stored)
    return stored if shown is None else shown[str(language)]


@cache
def _written() -> dict[str, dict[str, dict[str, str]]]:
    written = tomllib.loads(files(__package__).joinpath("terms.toml").read_text(encoding="utf-8"))
    if set(written) != set(KINDS):
        raise ConfigError(f"terms.toml: has kinds {sorted(written)}; expected {sorted(KINDS)}")
    for kind, entries in written.items():
        for key, entry in entries.items():
            if not _WORDED <= set(entry) <= _WORDED | _MORE:
                raise ConfigError(
                    f"terms.toml: [{kind}.{key}] has {sorted(entry)}; expected {sorted(_WORDED)}, "
                    f"perhaps {sorted(_MORE)}"
                )
    return written
