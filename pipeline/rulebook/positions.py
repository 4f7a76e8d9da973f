"""YAML with positions: every key, value and item knows its line and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from pipeline.errors import ConfigError
from pipeline.yaml_files import load_yaml

Place = tuple[int, int]
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
        When it cannot be read or :func:`~pipeline.yaml_files.load_yaml` refuses it; the message names line
        and column.
    """
    document = load_yaml(path)
    if not isinstance(document.root, CommentedMap):
        raise ConfigError(f"{path}:1:1: {expected}")
    return Source(path, document.content, document.root)


def place_of(node: object, keys: Sequence[Key], *, key: bool = False) -> Place:
    """Return line and column of what ``keys`` lead to, or of the nearest parent that exists.

    With ``key``, of the last key instead of its value.
    """
    place = (1, 1)
    for depth, step in enumerate(keys):
        if isinstance(node, CommentedMap) and step in node:
            # A key that came with << stands elsewhere, and nothing tells where.
            of_key = node.lc.data.get(step)
            if of_key is not None:
                at = of_key[:2] if key and depth == len(keys) - 1 else of_key[2:]
                place = (at[0] + 1, at[1] + 1)
        elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
            at = node.lc.item(step)
            place = (at[0] + 1, at[1] + 1)
        else:
            break
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
