"""YAML with positions: every key, value and item knows its line and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from pipeline.errors import ConfigError

Place = tuple[int, int]
Key = str | int


@dataclass(frozen=True, slots=True)
class Problem:
    """One error: where (line and column from 1) and what."""

    place: Place
    message: str


def load_yaml(path: Path, content: bytes) -> object:
    """Parse YAML 1.2.

    Raises
    ------
    ConfigError
        When it is not YAML, is not UTF-8 or repeats a key; the message names line and column.
    """
    try:
        return YAML(typ="rt").load(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}:1:1: the file is not UTF-8 (byte {error.start})") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = str(error.problem or error.context).splitlines()[0]
        raise ConfigError(f"{path}:{line}:{column}: {problem}") from error


def place_of(node: object, keys: Sequence[Key], start: Place = (1, 1), *, key: bool = False) -> Place:
    """Return line and column of what ``keys`` lead to, or of the nearest parent that exists.

    With ``key``, of the last key instead of its value.
    """
    place = start
    for depth, step in enumerate(keys):
        if isinstance(node, CommentedMap) and step in node:
            at = node.lc.key(step) if key and depth == len(keys) - 1 else node.lc.value(step)
        elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
            at = node.lc.item(step)
        else:
            break
        place = (at[0] + 1, at[1] + 1)
        node = node[step]
    return place


def value_at(node: object, keys: Sequence[Key]) -> object:
    """Return what ``keys`` lead to, or None."""
    for step in keys:
        in_map = isinstance(node, CommentedMap) and step in node
        in_list = isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node)
        if not (in_map or in_list):
            return None
        node = node[step]  # type: ignore[index]
    return node
