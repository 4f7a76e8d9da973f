"""What is wrong with a value, in words: what was seen, what is permitted, what may have been meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from rapidfuzz import fuzz, process
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from pipeline.rulebook.positions import Keys

SEEN_CHARS = 60
# A message may quote a whole phrase; what is wrong with it comes after.
HEAD_CHARS, TAIL_CHARS = 200, 300
# Two letters of a word of six may be wrong; less alike is another word.
MEANT_PERCENT = 66
# More words than these are not read by anyone who has been told which one was meant.
MANY = 20


_LIST = "expected a list, such as [one, two]"
_WHOLE = "expected a whole number without a unit, such as 30"
_NUMBER = "expected a number without a unit, such as 2.5"
_SWITCH = "expected true or false"
_WORDS = {
    # Kinds of errors as pydantic names them.
    "tuple_type": _LIST,
    "list_type": _LIST,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "bool_type": _SWITCH,
    "bool_parsing": _SWITCH,
    "string_type": 'expected text, in quotes where it looks like a number, such as "7"',
    "model_type": "expected a mapping (name: value)",
    "dict_type": "expected a mapping (name: value)",
    "too_short": "expected at least {min_length}",
    "greater_than_equal": "expected {ge} or more",
    "greater_than": "expected more than {gt}",
    "less_than_equal": "expected {le} or less",
    "less_than": "expected less than {lt}",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing wrong with a mapping: under which keys, and what; ``key`` when the key itself is wrong."""

    keys: Keys
    message: str
    key: bool = False


def complaints(
    model: type[BaseModel], data: Mapping[str, object], *, also: Iterable[str] = ()
) -> Iterator[Complaint]:
    """Validate ``data`` and yield everything that is wrong with it; ``also`` are keys that others read."""
    try:
        model.model_validate(data)
    except ValidationError as error:
        wrong = error.errors(include_url=False)
        for entry in wrong:
            # A list whose items are wrong counts as empty.
            inside = any(
                other["loc"][: len(entry["loc"])] == entry["loc"] for other in wrong if other is not entry
            )
            if not (entry["type"] == "too_short" and inside):
                yield _complaint(dict(entry), model, also)


def _complaint(error: Mapping[str, Any], model: type[BaseModel], also: Iterable[str]) -> Complaint:
    keys: Keys = tuple(error["loc"])
    if error["type"] == "extra_forbidden":
        permitted = _keys_of(_inside(model, keys[:-1])) + ([] if keys[1:] else list(also))
        return Complaint(keys, f"unknown key {unknown(keys[-1], permitted)}", key=True)
    if error["type"] == "missing":
        return Complaint(keys, f"missing key {keys[-1]!r}")
    message = _without_middle(_in_words(error))
    if not keys:
        return Complaint(keys, message)
    path, seen = ".".join(str(k) for k in keys), shown(error["input"])
    expected = str((error.get("ctx") or {}).get("expected", ""))
    if not expected:
        return Complaint(keys, f"{path}: {message} (seen {seen})")
    meant = _meant(error["input"], re.findall(r"'([^']*)'", expected))
    return Complaint(keys, f"{path}: {seen} ({meant}permitted {expected})")


def _in_words(error: Mapping[str, Any]) -> str:
    """Say what was expected as a person would, where the library's words are those of a programmer."""
    words = _WORDS.get(str(error["type"]))
    if words is None:
        return str(error["msg"]).removeprefix("Value error, ")
    return words.format(**(error.get("ctx") or {}))


def _inside(model: type[BaseModel], keys: Keys) -> type[BaseModel]:
    """Return the model of the mapping that ``keys`` lead to inside a mapping of ``model``."""
    for key in keys:
        field = next((f for name, f in model.model_fields.items() if key in (name, f.alias)), None)
        if field is not None:
            model = next(_models(field.annotation), model)
    return model


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _keys_of(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def unknown(seen: object, permitted: Iterable[str]) -> str:
    """Return the word seen, the one that was probably meant, and all that are permitted.

    Where they are many, they are listed only when none was probably meant.
    """
    among = sorted(permitted)
    meant = _meant(seen, among)
    if meant and len(among) > MANY:
        return f"{shown(seen)} ({meant.strip()})"
    return f"{shown(seen)} ({meant}permitted {', '.join(among)})"


def _meant(seen: object, permitted: Iterable[str]) -> str:
    """Ask whether the most similar word was meant; empty when none is similar."""
    if not isinstance(seen, str):
        return ""
    near = process.extractOne(seen, list(permitted), scorer=fuzz.ratio, score_cutoff=MEANT_PERCENT)
    return f"did you mean {near[0]!r}? " if near else ""


def _without_middle(message: str) -> str:
    if len(message) <= HEAD_CHARS + TAIL_CHARS:
        return message
    return f"{message[:HEAD_CHARS]} … {message[-TAIL_CHARS:]}"


def shown(value: object) -> str:
    """Return a value as a message shows it: shortened, a list or mapping by its kind."""
    if isinstance(value, CommentedMap):
        return "a mapping"
    if isinstance(value, CommentedSeq):
        return "a list"
    text = repr(value)
    return text if len(text) <= SEEN_CHARS else f"{text[:SEEN_CHARS]}…"
