"""Options of checks in words: what each may be, and what it is when it is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from pipeline.checks import Check
from pipeline.checks.combined import Part
from pipeline.docs.markdown import code, codes, table
from pipeline.wording.phrases import Phrase

_WORDS = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Phrase: "phrase",
    Check: "mapping with `check` and the options of that kind",
    Part: "mapping with `check`, the options of that kind and perhaps a `name`",
}
_PLURALS = {"text": "text", "mapping": "mappings", "list": "lists", "phrase": "phrases"}


def options_table(kind: type[Check]) -> str:
    """Return the options of a kind of check, or a sentence when it has none."""
    if not kind.model_fields:
        return "No options."
    return table(
        ("option", "value", "when left out"),
        [(code(name), value_words(f), default_words(f)) for name, f in kind.model_fields.items()],
    )


def value_words(field: FieldInfo) -> str:
    """Say what a field takes."""
    words, bounds = _type_words(field.annotation), _bound_words(field.metadata)
    return words if words.endswith(bounds) else f"{words}{bounds}"


def default_words(field: FieldInfo) -> str:
    """Say what holds when a field is left out."""
    value = field.default
    if value is PydanticUndefined:
        return "**required**"
    if value in (None, (), {}):
        return "none"
    if isinstance(value, Enum):
        return code(str(value.value))
    return code(f"{value:g}" if isinstance(value, float) else str(value))


def _type_words(annotation: Any) -> str:
    if annotation in _WORDS:
        return _WORDS[annotation]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _one_of(str(member.value) for member in annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"mapping with {codes(annotation.model_fields)}"
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return f"{_type_words(arguments[0])}{_bound_words(arguments[1:])}"
    if origin is Literal:
        return _one_of(arguments)
    if origin in (Union, UnionType):
        first, *others = (_type_words(a) for a in arguments if a is not NoneType)
        alike = first.startswith("one of ") and all(words.startswith("one of ") for words in others)
        return (
            ", ".join([first, *(w.removeprefix("one of ") for w in others)])
            if alike
            else " or ".join([first, *others])
        )
    if origin is tuple:
        return f"list of {_plural(_type_words(arguments[0]))}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"mapping from a name to a {_type_words(arguments[1])}"
    raise TypeError(f"no words for an option of type {annotation}")


def _one_of(values: Iterable[str]) -> str:
    return f"one of {codes(values)}"


def _plural(words: str) -> str:
    first = words.split()[0]
    return words if words.startswith("one of") else words.replace(first, _PLURALS[first], 1)


def _bound_words(metadata: Iterable[object]) -> str:
    """Say which values a field's limits leave."""
    limits = [
        part for item in metadata for part in (item.metadata if isinstance(item, FieldInfo) else [item])
    ]
    low, above, high, fewest = (_limit(limits, name) for name in ("ge", "gt", "le", "min_length"))
    if low is not None and high is not None:
        return f", {low} to {high}"
    if low is not None:
        return f", {low} or more"
    if above is not None:
        return f", more than {above}"
    return ", at least one" if fewest else ""


def _limit(limits: Iterable[object], name: str) -> object:
    return next((getattr(limit, name) for limit in limits if hasattr(limit, name)), None)
