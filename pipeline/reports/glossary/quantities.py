"""Numbers with their units, as people write them."""

from __future__ import annotations

from pipeline.reports.glossary.terms import find
from pipeline.reports.language import Language

_TIGHT = frozenset("%°")
_WHOLE = frozenset({"chars/min", "words/min", "syllables/min", "count", "Hz", "dB", "dBFS", "calls"})


def unit_in(unit: str, language: Language) -> str:
    """Return a stored unit as it is shown: ``chars/min`` as ``字/分钟``, a share in ``%``."""
    term = find("unit", unit, language)
    return unit if term is None else term.name


def amount(value: float | None, unit: str, language: Language) -> str:
    """Return a stored value with its unit: ``219 字/分钟``, ``0.6 s``, ``84%``; ``–`` where there is none.

    Parameters
    ----------
    value : float or None
        As it is stored: a share from 0 to 1.
    unit : str
        As it is stored.
    language : Language
    """
    if value is None:
        return "–"
    shown = unit_in(unit, language)
    number = f"{100 * value:.0f}" if unit == "share" else _number(value, unit)
    gap = "" if not shown or shown[0] in _TIGHT or shown in ("秒", "倍", "通", "分", "个半音") else " "
    return f"{number}{gap}{shown}"


def _number(value: float, unit: str) -> str:
    whole = unit in _WHOLE or abs(value) >= 100
    text = f"{value:.0f}" if whole else f"{value:.1f}" if abs(value) >= 1 else f"{value:.2g}"
    return "0" if text in ("-0", "-0.0") else text.replace("-", "−")
