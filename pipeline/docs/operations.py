"""The page for operators; its configuration reference and alerts are those of the code and of the example."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from ruamel.yaml import YAML

from pipeline.docs.markdown import code, page, table
from pipeline.docs.options import default_words, value_words
from pipeline.nightly.shapes import NightKeys

_TEXT = Path(__file__).with_name("operations.md")
_DEPLOY = Path(__file__).parents[2] / "configs" / "deploy"


def operations_page() -> str:
    """Return the page."""
    text = _TEXT.read_text(encoding="utf-8")
    text = text.replace("@configuration@", "\n\n".join(_references(NightKeys, "")))
    title, *blocks = text.replace("@alerts@", _alerts()).strip("\n").split("\n\n", 1)
    return page(title.removeprefix("# "), *blocks)


def _references(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """Yield a table of a mapping's keys, then those of the mappings inside it."""
    inner: dict[str, type[BaseModel]] = {}
    rows = []
    for name, field in model.model_fields.items():
        found = _inner(field)
        if found is not None:
            inner[f"{prefix}{name}"] = found
        rows.append(
            (code(f"{prefix}{name}"), _value(field, found), _default(field, found), field.description or "")
        )
    yield " ".join((model.__doc__ or "").split())
    yield table(("key", "value", "when left out", "meaning"), rows)
    for name, found in inner.items():
        yield from _references(found, f"{name}.")


def _inner(field: FieldInfo) -> type[BaseModel] | None:
    """Return the model of a field that holds a mapping, or a list of them."""
    return next(_models(field.annotation), None)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (tuple, Union, UnionType):
        for argument in get_args(annotation):
            yield from _models(argument)


def _value(field: FieldInfo, inner: type[BaseModel] | None) -> str:
    if inner is None:
        return value_words(field).replace("list of text, at least one", "text, or a list of it")
    return "list of mappings" if get_origin(field.annotation) is tuple else "mapping"


def _default(field: FieldInfo, inner: type[BaseModel] | None) -> str:
    if inner is not None and not field.is_required():
        return "none"
    words = default_words(field)
    return words.lower() if isinstance(field.default, bool) else words


def _alerts() -> str:
    rules = YAML(typ="safe").load(_DEPLOY / "callaudit-alerts.yaml")["groups"][0]["rules"]
    return table(
        ("alert", "when", "what to do"),
        [(code(r["alert"]), r["annotations"]["summary"], r["annotations"]["action"]) for r in rules],
    )
