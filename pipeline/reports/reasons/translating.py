"""English reasons to Chinese ones, by sentence forms.

Checks say why in English, with numbers and quotations in the sentence, and often one sentence inside
another. A reason is taken apart by the forms of ``zh.ini`` and put together again in Chinese. What no form
fits stays English as a whole: a sentence is never half translated.
"""

from __future__ import annotations

from functools import cache, lru_cache

from pipeline.reports.language import Language
from pipeline.reports.reasons.forms import Form, Forms, Part, read_forms
from pipeline.reports.reasons.masking import as_phrase, mask

MAX_CHARS = 2_000
"""Longer reasons stay English; checks write a sentence or two."""
MAX_DEPTH = 6


def reason_in(reason: str, language: Language) -> str:
    """Return a reason in a language.

    Parameters
    ----------
    reason : str
        As a check, a measure, a score or a failure gives it.
    language : Language

    Returns
    -------
    str
        The same sentence in Chinese, with numbers and quotations as they were; the English one where the
        language is English or no form fits.
    """
    return _in_chinese(reason) if language is Language.ZH else reason


@lru_cache(maxsize=1 << 14)
def _in_chinese(reason: str) -> str:
    masked = mask(reason) if 0 < len(reason) <= MAX_CHARS else None
    found = None if masked is None else _taken_apart(masked.text)
    return reason if masked is None or found is None else masked.fill(found)


@lru_cache(maxsize=1 << 14)
def _taken_apart(masked: str) -> str | None:
    """Return a sentence without numbers and quotations in Chinese: of those there are a few hundred."""
    return _Taking(_forms()).apart(masked)


@cache
def _forms() -> Forms:
    return read_forms(Language.ZH)


class _Taking:
    """One reason taken apart; what was tried is known, so that no part is tried twice."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self._known: dict[str, str | None] = {}

    def apart(self, text: str, depth: int = 0) -> str | None:
        """Return the text in Chinese, or None where no form fits it."""
        if depth > MAX_DEPTH:
            return None
        if text not in self._known:
            # A text inside itself is nothing new.
            self._known[text] = None
            fits = (self._by(form, text, depth) for form in self._forms.fitting(text))
            self._known[text] = next((found for found in fits if found is not None), None)
        return self._known[text]

    def _by(self, form: Form, text: str, depth: int) -> str | None:
        for values in form.parts_of(text):
            said = [self._part(part, value, depth) for part, value in zip(form.parts, values, strict=True)]
            if None not in said:
                names = [part.name for part in form.parts]
                return form.target.format(**dict(zip(names, said, strict=True)))
        return None

    def _part(self, part: Part, value: str, depth: int) -> str | None:
        match part.kind:
            case None:
                return self.apart(value, depth + 1)
            case "phrase":
                return as_phrase(value)
            case "listed":
                # A comma at the edge of a word stands for a pause in rulebooks.
                return "、".join(self._forms.word("words", word.strip("，")) for word in value.split(", "))
            case "often":
                return {"never": "0", "once": "1"}.get(value, value.removesuffix(" times"))
            case "numbers":
                return value.replace(", ", "、")
            case "text":
                # A quoted clause may end in its comma.
                return value.rstrip("，,、")
            case kind:
                return self._forms.word(kind, value)
