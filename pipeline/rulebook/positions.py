"""YAML with positions: every key, value and item knows its line and column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from pipeline.errors import ConfigError

Place = tuple[int, int]
REPEATED_KEY = re.compile(r'found duplicate key "([^"]*)"')
# Of a longer message the rest is the file's own text.
MESSAGE_CHARS = 120
Key = str | int
Keys = tuple[Key, ...]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One error or warning: in which file, where (line and column from 1) and what."""

    path: str
    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.place[0]}:{self.place[1]}: {self.message}"


@dataclass(frozen=True, slots=True)
class Source:
    """One YAML file: its path, its bytes and what it says."""

    path: Path
    content: bytes
    root: CommentedMap

    def problem(self, keys: Keys, message: str, *, key: bool = False) -> Problem:
        """Return a problem with what ``keys`` lead to; with ``key``, with the last key itself."""
        return Problem(str(self.path), place_of(self.root, keys, key=key), message)


RULEBOOK = "a rulebook is a mapping (name, title, source, rules)"


def open_source(path: Path, *, expected: str = RULEBOOK) -> Source:
    """Read a YAML 1.2 file whose root is a mapping; otherwise the error says what was ``expected``.

    Raises
    ------
    ConfigError
        When it cannot be read, is not YAML, is not UTF-8 or repeats a key; the message names line and column.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        root = YAML(typ="rt").load(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}:1:1: the file is not UTF-8 (byte {error.start})") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise ConfigError(f"{path}:{line}:{column}: {_in_a_line(error)}") from error
    if not isinstance(root, CommentedMap):
        raise ConfigError(f"{path}:1:1: {expected}")
    return Source(path, content, root)


def _in_a_line(error: MarkedYAMLError) -> str:
    """Say in one short line what is wrong; of a key that is repeated not the whole value."""
    problem = str(error.problem or error.context).splitlines()[0]
    repeated = REPEATED_KEY.match(problem)
    return f"the key {repeated[1]!r} stands twice" if repeated else shorten(problem, MESSAGE_CHARS)


def place_of(node: object, keys: Sequence[Key], *, key: bool = False) -> Place:
    """Return line and column of what ``keys`` lead to, or of the nearest parent that exists.

    With ``key``, of the last key instead of its value.
    """
    place = (1, 1)
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


def items_at(node: object, keys: Sequence[Key]) -> Sequence[object]:
    """Return the items of the list that ``keys`` lead to; none where there is no list."""
    found = value_at(node, keys)
    return found if isinstance(found, CommentedSeq) else ()
