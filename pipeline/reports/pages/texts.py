"""What pages say, in Chinese and in English: YAML files of the same keys and placeholders, a folder each.

A text may hold placeholders in braces. One that counts things may have two forms, ``one`` and ``other``; the
value of its placeholder ``n`` chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter

from ruamel.yaml import YAML

from pipeline.reports.language import Language


@dataclass(frozen=True, slots=True)
class Text:
    """One text with its forms for one thing and for any other number; most texts have one form."""

    other: str
    one: str | None = None

    def __post_init__(self) -> None:
        """Reject a form that is no text: YAML reads ``yes`` as a truth value."""
        if not isinstance(self.other, str) or not isinstance(self.one, str | None):
            raise ValueError(f"a text is written as text, not as {self.other!r} or {self.one!r}")

    @property
    def placeholders(self) -> frozenset[str]:
        """Names of the values that it takes."""
        forms = (self.other, self.one or "")
        return frozenset(name for form in forms for _, name, _, _ in Formatter().parse(form) if name)


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of one language.

    Attributes
    ----------
    language : Language
    texts : mapping of str to Text
        By key.
    """

    language: Language
    texts: Mapping[str, Text]

    def __call__(self, key: str, /, **values: object) -> str:
        """Return a text with its placeholders filled in.

        Raises
        ------
        KeyError
            When there is no such text, or a placeholder has no value.
        """
        text = self.texts[key]
        form = text.one if text.one is not None and values.get("n") == 1 else text.other
        return form.format(**{name: _shown(value) for name, value in values.items()})

    def has(self, key: str) -> bool:
        """Return whether there is such a text."""
        return key in self.texts


def _shown(value: object) -> object:
    """Return whole numbers with separators of thousands, as they are everywhere on the pages."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value


@cache
def texts(language: Language) -> Texts:
    """Read the texts of a language, of every file in its folder.

    Raises
    ------
    ValueError
        When two files have a text of the same key.
    """
    found: dict[str, Text] = {}
    folder = files(__package__).joinpath("texts", language.value)
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        read = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        forms = {key: Text(**said) if isinstance(said, dict) else Text(said) for key, said in read.items()}
        if twice := found.keys() & forms.keys():
            raise ValueError(f"{file.name}: {', '.join(sorted(twice))} is in another file of {language} too")
        found |= forms
    return Texts(language, found)
